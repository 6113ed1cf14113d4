"""RSA keys: of service accounts, and the one with which the cloud itself signs.

They are made when first needed, as making one takes a tenth of a second, and are the one thing here that differs from
run to run: RSA keys cannot be made from a seed with the library that makes them well.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_EXPONENT: Final = 65537
_USUAL_BITS: Final = 2048


class BadToken(Exception):
    """A token is no signed JWT, or its signature is another's."""


def new_key(bits: int = _USUAL_BITS) -> str:
    """Make a private key, as PEM (PKCS 8)."""
    key = rsa.generate_private_key(public_exponent=_EXPONENT, key_size=bits)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@lru_cache(maxsize=1)
def own_key() -> str:
    """Give the key with which the clouds of this process sign: one for all, made once."""
    return new_key()


@lru_cache(maxsize=1)
def owner_key() -> str:
    """Give the key with which the owner of this process's clouds signs: what a server hands out in a file."""
    return new_key()


@lru_cache(maxsize=256)
def _private(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise BadToken("only RSA keys sign here")
    return key


def public_pem(pem: str) -> str:
    """Give the public half of a private key, as PEM."""
    return (
        _private(pem)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def certificate(pem: str, subject: str) -> str:
    """Give a self-signed certificate of a private key, as Google publishes them.

    Args:
        pem: The private key.
        subject: Name in it; the first 64 characters count.
    """
    from datetime import UTC, datetime

    from cryptography import x509
    from cryptography.x509.oid import NameOID

    most = 64
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject[:most])])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(_private(pem).public_key())
        .serial_number(int(key_id(pem), 16) >> 1)
        # Long enough for any clock, the machine's and a cloud's.
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(9999, 12, 31, tzinfo=UTC))
        .sign(_private(pem), hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
        .decode()
    )


def key_id(pem: str) -> str:
    """Give the id of a private key: 40 hexadecimal digits of its public half."""
    return hashlib.sha256(public_pem(pem).encode()).hexdigest()[:40]


def jwk(pem: str) -> dict[str, str]:
    """Give the public half of a private key as a JSON Web Key (RFC 7517)."""
    numbers = _private(pem).public_key().public_numbers()

    def number(value: int) -> str:
        return _encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))

    return {
        "kty": "RSA",
        "alg": "RS256",
        "use": "sig",
        "kid": key_id(pem),
        "n": number(numbers.n),
        "e": number(numbers.e),
    }


def public_of_jwk(entry: Mapping[str, Any]) -> str:
    """Give the public key of a JSON Web Key of the kind RSA, as PEM."""
    exponent, modulus = (int.from_bytes(_decoded(str(entry.get(name, ""))), "big") for name in ("e", "n"))
    key = rsa.RSAPublicNumbers(exponent or _EXPONENT, modulus).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def sign(pem: str, data: bytes) -> bytes:
    """Sign bytes with a private key: RSA with SHA-256, PKCS 1 version 1.5, as service accounts sign."""
    return _private(pem).sign(data, padding.PKCS1v15(), hashes.SHA256())


def verified(public: str, signature: bytes, data: bytes) -> bool:
    """Whether a signature is by the private half of a public key or certificate, which is PEM."""
    try:
        key = _public(public)
        if key is None:
            return False
        key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def _public(pem: str) -> rsa.RSAPublicKey | None:
    from cryptography import x509

    if "BEGIN CERTIFICATE" in pem:
        certified = x509.load_pem_x509_certificate(pem.encode()).public_key()
        return certified if isinstance(certified, rsa.RSAPublicKey) else None
    key = serialization.load_pem_public_key(pem.encode())
    return key if isinstance(key, rsa.RSAPublicKey) else None


# JSON Web Tokens
# ---------------------------------------------------------------------------------------------------------------------


def signed_jwt(pem: str, claims: Mapping[str, object], *, kid: str = "") -> str:
    """Sign claims as a JSON Web Token (RFC 7519)."""
    header = {"alg": "RS256", "kid": kid or key_id(pem), "typ": "JWT"}
    text = ".".join(_encoded(json.dumps(each, separators=(",", ":")).encode()) for each in (header, claims))
    return f"{text}.{_encoded(sign(pem, text.encode()))}"


def read_jwt(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read header and claims of a JSON Web Token, without asking whose it is.

    Raises:
        BadToken: It is none.
    """
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, claims, signature
        raise BadToken("a JSON Web Token has three parts")
    try:
        header, claims = (json.loads(_decoded(each)) for each in parts[:2])
    except (ValueError, RecursionError):
        raise BadToken("its parts are no JSON") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise BadToken("its parts are no objects")
    return header, claims


def jwt_signed_by(token: str, public: str) -> bool:
    """Whether a JSON Web Token is signed by the private half of a public key."""
    text, _, signature = token.rpartition(".")
    try:
        return verified(public, _decoded(signature), text.encode())
    except ValueError:
        return False


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
