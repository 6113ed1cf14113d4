"""A certificate authority of the proxy's own, which vouches for the hosts of Google and for nothing else."""

import os
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mockcloud.errors import Error

DOMAINS: Final = (
    "googleapis.com",
    "google.com",
    "pkg.dev",
    "gcr.io",
    "run.app",
    "cloudfunctions.net",
    "googleusercontent.com",
    "vertexai.goog",
    "google.internal",
)
"""Domains for which the authority may vouch. It is constrained to them: in other hands, its key opens nothing else."""

_NO_ADDRESSES: Final = [x509.IPAddress(ip_network(each)) for each in ("0.0.0.0/0", "::/0")]
"""What it may not vouch for: a constraint to domains says nothing of addresses (RFC 5280, section 4.2.1.10)."""

_CA_DAYS: Final = 825
_LEAF_DAYS: Final = 90
_KEPT: Final = 256
"""Hosts whose certificates are kept."""


class UnusableAuthority(Error):
    """The folder of an authority cannot be used."""


class Authority:
    """An authority. Its key is in memory, or in a folder so that it is the same one next time.

    Args:
        folder: Where key and certificate are kept, `ca-key.pem` for its owner only, and `ca.pem`; None for nowhere.

    Raises:
        UnusableAuthority: What is in the folder is no authority, or the folder cannot be written.
    """

    def __init__(self, folder: Path | None = None) -> None:
        # Certificates are held to the clock of the machine, which has nothing to do with the cloud's time.
        self._now = datetime.now(UTC)
        self._contexts: dict[str, ssl.SSLContext] = {}
        if folder is None:
            self.key, self.certificate = self._made()
        else:
            self.key, self.certificate = self._kept(folder)
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())

    @property
    def pem(self) -> bytes:
        """The certificate that clients are to trust."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def context(self, host: str) -> ssl.SSLContext:
        """Give the TLS settings of a server that is a host, with a certificate for it."""
        found = self._contexts.get(host)
        if found is None:
            if len(self._contexts) >= _KEPT:
                self._contexts.clear()
            found = self._contexts[host] = self._context(host)
        return found

    def _context(self, host: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        # Who speaks both gets HTTP/1.1: only gRPC asks for h2 alone.
        context.set_alpn_protocols(["http/1.1", "h2"])
        # ssl reads files only. mkstemp makes one that nobody else can open, and it is gone at once.
        handle, name = tempfile.mkstemp(suffix=".pem")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_key_pem(self._leaf_key) + self._leaf(host).public_bytes(serialization.Encoding.PEM))
            context.load_cert_chain(name)
        finally:
            Path(name).unlink()
        return context

    def _leaf(self, host: str) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
        builder = self._builder(subject, self._leaf_key.public_key(), _LEAF_DAYS)
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return (
            builder.issuer_name(self.certificate.subject)
            .add_extension(names, critical=False)
            .add_extension(usage, critical=False)
            .add_extension(signer, critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def _made(self) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mock cloud, for tests only")])
        builder = self._builder(name, key.public_key(), _CA_DAYS).issuer_name(name)
        only = x509.NameConstraints([x509.DNSName(each) for each in DOMAINS], _NO_ADDRESSES)
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        certificate = (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(only, critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        return key, certificate

    def _builder(self, name: x509.Name, key: ec.EllipticCurvePublicKey, days: int) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - timedelta(days=1))
            .not_valid_after(self._now + timedelta(days=days))
        )

    def _kept(self, folder: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        """Read key and certificate, or make them where there are none, or none that holds for long enough."""
        key_file, certificate_file = folder / "ca-key.pem", folder / "ca.pem"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if key_file.exists() and certificate_file.exists():
                key = serialization.load_pem_private_key(key_file.read_bytes(), None)
                certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
                fits = isinstance(key, ec.EllipticCurvePrivateKey) and key.public_key() == certificate.public_key()
                if fits and certificate.not_valid_after_utc > self._now + timedelta(days=_LEAF_DAYS):
                    key_file.chmod(0o600)
                    return key, certificate  # type: ignore[return-value] # `fits` says of which type the key is
            key, certificate = self._made()
            handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(_key_pem(key))
            key_file.chmod(0o600)
            certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        except (OSError, ValueError) as error:
            raise UnusableAuthority(
                "The certificate authority cannot be kept there",
                given=f"{folder} ({error})",
                allowed="a folder of yours that is empty, or that holds ca-key.pem and ca.pem of an earlier run",
                remedy="Name another folder, or remove both files; leave it out for an authority in memory.",
            ) from error
        return key, certificate


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
