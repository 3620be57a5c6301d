"""A small certificate authority of the tests: a root, and certificates for loopback servers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Files in PEM."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates; ``root`` is the file that a client must trust."""

    def __init__(self, folder: Path, name: str = "Authority of the tests") -> None:
        self._folder = folder
        self._name = _named(name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.root = folder / "root.pem"
        self.root.write_bytes(self._certificate(self._name, self._key, is_root=True).public_bytes(_PEM))

    def issue(self, *names: str, days: int = 30) -> Pair:
        """Sign a certificate for host names and addresses; negative days make one that has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        signed = self._certificate(_named(names[0]), key, names=names, days=days)
        pair = Pair(certificate=self._folder / f"{names[0]}.pem", key=self._folder / f"{names[0]}.key")
        pair.certificate.write_bytes(signed.public_bytes(_PEM))
        pair.key.write_bytes(key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        return pair

    def _certificate(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *,
        names: tuple[str, ...] = (),
        days: int = 30,
        is_root: bool = False,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_general(name) for name in names]), critical=False
            )
        return builder.sign(self._key, hashes.SHA256())


_PEM = serialization.Encoding.PEM


def _named(name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, name), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
