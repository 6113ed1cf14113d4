"""The material of keys, made of a seed, so that the same cloud has the same keys.

RSA is the exception: OpenSSL takes no seed. Such a key is made when it is first used, and kept.
"""

import re
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import not_modelled
from mockcloud.cloud.store import Record
from mockcloud.services.cloudkms.service import API

_CURVES: Final = {
    "EC_SIGN_P256_SHA256": (ec.SECP256R1, 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551),
    "EC_SIGN_P384_SHA384": (
        ec.SECP384R1,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    ),
    "EC_SIGN_SECP256K1_SHA256": (ec.SECP256K1, 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141),
}
"""Algorithm -> its curve, and how many points that has (SEC 2, 2.4 and 2.5)."""
_RSA_SIZE: Final = re.compile(r"RSA_\w+?_(2048|3072|4096)(?:_|$)")
_EXPONENT: Final = 65537

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def symmetric(version: Record, size: int = 32) -> bytes:
    """Give the secret bytes of a version, 32 by default."""
    return bytes.fromhex(str(version.hidden.get("bytes") or version.hidden["seed"]))[:size]


def private(cloud: Cloud, version: Record) -> Private:
    """Give the private key of an asymmetric version.

    Raises:
        ApiError: 501, for an algorithm that is not modelled.
    """
    kept = version.hidden.get("pem")
    if kept:
        loaded = serialization.load_pem_private_key(str(kept).encode(), None)
        if isinstance(loaded, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey)):
            return loaded
    algorithm = version.body["algorithm"]
    if algorithm == "EC_SIGN_ED25519":
        return ed25519.Ed25519PrivateKey.from_private_bytes(symmetric(version))
    if algorithm in _CURVES:
        curve, points = _CURVES[algorithm]
        return ec.derive_private_key(1 + int.from_bytes(symmetric(version), "big") % (points - 1), curve())
    size = _RSA_SIZE.match(algorithm)
    if size is None:
        raise not_modelled(f"keys of the algorithm {algorithm}")
    made = rsa.generate_private_key(_EXPONENT, int(size[1]))
    keep(cloud, version, made)
    return made


def keep(cloud: Cloud, version: Record, key: Private) -> None:
    """Keep a private key that no seed gives."""
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    current = cloud.store.get(API, version.name)
    if current is not None:
        cloud.change(current, current.body, hidden={**current.hidden, "pem": pem})


def public_pem(cloud: Cloud, version: Record) -> str | None:
    """Give the public key of a version as PEM; None for what has none."""
    if not version.body["algorithm"].startswith(("RSA", "EC")):
        return None
    key = private(cloud, version).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
