"""Certificates that services issue. They are real, and worth nothing: the keys are made of the cloud's seed."""

from datetime import timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mockcloud.cloud.cloud import Cloud

_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many points P-256 has (SEC 2, 2.4.2)."""
_LONGEST: Final = 64
"""Characters of a common name (RFC 5280, appendix A)."""


def issue(
    cloud: Cloud, kind: str, name: str, life: timedelta, key: ec.EllipticCurvePublicKey | None = None
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Issue a certificate from now on; give it with the key that signed it, which is its own unless another is given.

    Args:
        cloud: The cloud, whose seed makes the key: the same cloud issues the same certificates.
        kind: For what: kinds do not disturb one another's seeds.
        name: Common name.
        life: How long it is good.
        key: Key of whom it is issued to.
    """
    seed = int(cloud.ids.hexadecimal(kind, 64), 16)
    private = ec.derive_private_key(1 + seed % (_ORDER - 1), ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:_LONGEST])])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key or private.public_key())
        .serial_number(1 + seed % 2**64)
        .not_valid_before(cloud.clock.now)
        .not_valid_after(cloud.clock.now + life)
    )
    # A deterministic signature, so that the same cloud has the same certificate.
    return builder.sign(private, hashes.SHA256(), ecdsa_deterministic=True), private


def pem_of(certificate: x509.Certificate) -> str:
    """Give a certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
