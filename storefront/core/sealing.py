"""Encrypt what must be read back, hash what is only compared."""

import base64
import hashlib
import hmac
import json
import os
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storefront.core.config import Config

RING = "ring.json"  # {"current": "k2", "keys": {"k1": "base64…", "k2": "base64…"}}
NONCE_BYTES = 12


class Unsealable(ValueError):
    """A sealed value was altered, belongs to another purpose, or its key is gone."""


@lru_cache(maxsize=8)
def _ring(path: Path, _changed: int) -> tuple[str, dict[str, bytes]]:
    found = json.loads(path.read_text())
    return found["current"], {name: base64.b64decode(key) for name, key in found["keys"].items()}


def _keys(config: Config) -> tuple[str, dict[str, bytes]]:
    path = config.keys_dir / RING
    return _ring(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _derived(master: bytes, purpose: str, owner: str) -> bytes:
    info = f"vitrine/{purpose}/{owner}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(master)


def seal(config: Config, plain: str, *, purpose: str, owner: UUID | None = None) -> str:
    """Encrypt a value for one purpose and one reseller. The key's id is part of the result."""
    name, keys = _keys(config)
    nonce = os.urandom(NONCE_BYTES)
    key = _derived(keys[name], purpose, str(owner or ""))
    return f"{name}." + base64.urlsafe_b64encode(nonce + AESGCM(key).encrypt(nonce, plain.encode(), None)).decode()


def unseal(config: Config, sealed: str, *, purpose: str, owner: UUID | None = None) -> str:
    """Decrypt what ``seal`` made for the same purpose and reseller; raise ``Unsealable`` otherwise."""
    name, _, body = sealed.partition(".")
    _, keys = _keys(config)
    try:
        raw = base64.urlsafe_b64decode(body)
        key = _derived(keys[name], purpose, str(owner or ""))
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None).decode()
    except (KeyError, ValueError, InvalidTag) as error:
        raise Unsealable(purpose) from error


def sign(config: Config, message: str, *, purpose: str, owner: UUID | None = None) -> str:
    """Return a signature of a message for one purpose and one reseller, with the current key's id."""
    name, keys = _keys(config)
    return f"{name}.{_signature(keys[name], message, purpose, owner)}"


def is_signed(config: Config, message: str, signature: str, *, purpose: str, owner: UUID | None = None) -> bool:
    """Whether ``sign`` made this signature for the same message, purpose and reseller."""
    name, _, given = signature.partition(".")
    _, keys = _keys(config)
    wanted = _signature(keys[name], message, purpose, owner) if name in keys else ""
    return bool(wanted) and hmac.compare_digest(wanted.encode(), given.encode())


def _signature(master: bytes, message: str, purpose: str, owner: UUID | None) -> str:
    key = _derived(master, f"sign/{purpose}", str(owner or ""))
    return base64.urlsafe_b64encode(hmac.digest(key, message.encode(), "sha256")).decode().rstrip("=")


def hash_token(token: str) -> str:
    """Hash a random secret for storing; only for secrets of 128 bits and more, passwords go to Argon2."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_ring() -> str:
    """Make the first key ring of an installation, as the file's text."""
    return json.dumps({"current": "k1", "keys": {"k1": base64.b64encode(os.urandom(32)).decode()}})


def rotated(ring: str) -> str:
    """Add a fresh key to a ring and make it current; older keys still open what they sealed."""
    found = json.loads(ring)
    name = f"k{len(found['keys']) + 1}"
    found["keys"][name] = base64.b64encode(os.urandom(32)).decode()
    return json.dumps({"current": name, "keys": found["keys"]})


def session_key(config: Config) -> bytes:
    """Return the key that signs Flask's cookie of messages."""
    name, keys = _keys(config)
    return _derived(keys[name], "flask", "")


def ensure_ring(config: Config) -> None:
    """Make the key ring of a new installation, readable by its owner only."""
    path = config.keys_dir / RING
    config.keys_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _write(path, new_ring())


def rotate(config: Config) -> str:
    """Add a fresh key to this installation's ring, make it current and return its name."""
    path = config.keys_dir / RING
    ring = rotated(path.read_text())
    _write(path, ring)
    return str(json.loads(ring)["current"])


def _write(path: Path, ring: str) -> None:
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(ring)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
