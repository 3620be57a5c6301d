"""An authenticator in software: makes passkeys and uses them as a device would (WebAuthn Level 2, section 6)."""

import base64
import hashlib
import json
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, ATTESTED = 0x01, 0x40


def text(raw: bytes) -> str:
    """Write bytes as WebAuthn does."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass(kw_only=True)
class SoftKey:
    """One passkey for one host."""

    host: str
    origin: str
    count: int = 0
    credential: bytes = field(
        default_factory=lambda: (
            ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(32, "big")
        )
    )
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": text(challenge.encode()), "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, flags: int) -> bytes:
        self.count += 1
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def made(self, challenge: str) -> str:
        """Answer a page that asks for a new passkey."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(public)
        data = self._data(PRESENT | ATTESTED) + attested
        response = {
            "clientDataJSON": text(self._client("webauthn.create", challenge)),
            "attestationObject": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._answer(response)

    def used(self, challenge: str) -> str:
        """Answer a page that asks for the passkey."""
        client, data = self._client("webauthn.get", challenge), self._data(PRESENT)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {"clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature)}
        )

    def _answer(self, response: dict[str, str]) -> str:
        name = text(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
