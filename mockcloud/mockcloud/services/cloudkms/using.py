"""What is done with keys: encrypted, decrypted, signed. It is done for real, with keys that are worth nothing."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

import google_crc32c
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.cloudkms import material
from mockcloud.services.cloudkms.service import KEYS, SERVICE, VERSIONS
from mockcloud.services.cloudkms.versions import usable
from mockcloud.services.reading import found

_MAGIC: Final = b"\x0a\x24\x00"
"""How ciphertexts begin, so that one of another key or program is told apart at once."""
_NONCE: Final = 12
_NUMBER: Final = 4
_LARGEST: Final = 64 * 1024

_HASHES: Final[Mapping[str, type[hashes.HashAlgorithm]]] = {
    "SHA1": hashes.SHA1,
    "SHA224": hashes.SHA224,
    "SHA256": hashes.SHA256,
    "SHA384": hashes.SHA384,
    "SHA512": hashes.SHA512,
}


def decoded(text: str) -> bytes:
    """Read bytes in base64, of either alphabet."""
    return base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))


def encoded(content: bytes) -> str:
    """Write bytes in base64."""
    return base64.b64encode(content).decode()


def checksum(content: bytes) -> str:
    """Give the CRC32C as the API has it: a number."""
    return str(google_crc32c.value(content))


def given(call: Call, field: str) -> bytes:
    """Read bytes of a request, and hold them to the checksum that was sent with them.

    Raises:
        ApiError: 400, for what is too long or was changed on its way.
    """
    content = decoded(call.body.get(field, ""))
    sent = call.body.get(f"{field}Crc32c")
    if sent is not None and str(sent) != checksum(content):
        raise invalid(
            f"The checksum in field {field}_crc32c did not match the data in field {field}.",
            Violation(f"{field}_crc32c", "It belongs to other bytes."),
        )
    if len(content) > _LARGEST:
        raise invalid(f"The field {field} is too long.", Violation(field, f"It must have at most {_LARGEST} bytes."))
    return content


def purpose(call: Call, key: Record, wanted: str) -> None:
    """Hold a key to its purpose.

    Raises:
        ApiError: 400, for a key with another one.
    """
    del call
    if key.body["purpose"] != wanted:
        raise failed_precondition(f"'{key.name}' is for {key.body['purpose']}, and this needs {wanted}.")


def of_version(call: Call, wanted: str) -> Record:
    """Give the version that a call is about, of a key with a purpose."""
    version = found(call)
    purpose(call, found(call, version.name.partition("/cryptoKeyVersions/")[0]), wanted)
    return usable(call, version)


# Symmetric
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(f"{KEYS}.encrypt")
def encrypt(call: Call) -> Answer | Body:
    """Encrypt with the primary version of a key, or with a version that is named."""
    name, _, number = call.name.partition("/cryptoKeyVersions/")
    key = found(call, name)
    purpose(call, key, "ENCRYPT_DECRYPT")
    number = number or str(key.hidden.get("primary", ""))
    if not number:
        raise failed_precondition(f"'{key.name}' has no primary version.")
    version = usable(call, found(call, f"{key.name}/cryptoKeyVersions/{number}"))
    plain, extra = given(call, "plaintext"), given(call, "additionalAuthenticatedData")
    nonce = bytes.fromhex(call.cloud.ids.hexadecimal("cloudkms/nonce", 2 * _NONCE))
    sealed = AESGCM(material.symmetric(version)).encrypt(nonce, plain, extra)
    content = _MAGIC + int(number).to_bytes(_NUMBER, "big") + nonce + sealed
    return {
        "name": version.name,
        "ciphertext": encoded(content),
        "ciphertextCrc32c": checksum(content),
        "verifiedPlaintextCrc32c": "plaintextCrc32c" in call.body,
        "verifiedAdditionalAuthenticatedDataCrc32c": "additionalAuthenticatedDataCrc32c" in call.body,
        "protectionLevel": version.body["protectionLevel"],
    }


@SERVICE.method(f"{KEYS}.decrypt")
def decrypt(call: Call) -> Answer | Body:
    """Decrypt with the version that encrypted."""
    key = found(call)
    purpose(call, key, "ENCRYPT_DECRYPT")
    content, extra = given(call, "ciphertext"), given(call, "additionalAuthenticatedData")
    start = len(_MAGIC) + _NUMBER
    number = int.from_bytes(content[len(_MAGIC) : start], "big")
    version = call.cloud.store.get(call.api, f"{key.name}/cryptoKeyVersions/{number}")
    if not content.startswith(_MAGIC) or version is None:
        raise _undecipherable()
    version = usable(call, version)
    try:
        nonce, sealed = content[start : start + _NONCE], content[start + _NONCE :]
        plain = AESGCM(material.symmetric(version)).decrypt(nonce, sealed, extra)
    except (InvalidTag, ValueError):
        raise _undecipherable() from None
    return {
        "plaintext": encoded(plain),
        "plaintextCrc32c": checksum(plain),
        "usedPrimary": str(number) == key.hidden.get("primary"),
        "protectionLevel": version.body["protectionLevel"],
    }


def _undecipherable() -> Exception:
    return invalid("Decryption failed: verify that 'name' refers to the correct CryptoKey.", reason="badRequest")


# Asymmetric
# ---------------------------------------------------------------------------------------------------------------------


def algorithm_hash(algorithm: str) -> hashes.HashAlgorithm:
    """Give the hash of an algorithm: its last word."""
    return _HASHES.get(algorithm.rpartition("_")[2], hashes.SHA256)()


@SERVICE.method(f"{VERSIONS}.asymmetricSign")
def sign(call: Call) -> Answer | Body:
    """Sign a digest, or data whose digest is taken here."""
    version = of_version(call, "ASYMMETRIC_SIGN")
    algorithm = version.body["algorithm"]
    key = material.private(call.cloud, version)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        signature = key.sign(given(call, "data"))
    elif "RAW" in algorithm and isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(given(call, "data"), padding.PKCS1v15(), hashes.SHA256())
    else:
        signature = _signed(key, algorithm, _digest(call, algorithm))
    return {
        "name": version.name,
        "signature": encoded(signature),
        "signatureCrc32c": checksum(signature),
        "verifiedDigestCrc32c": "digestCrc32c" in call.body,
        "verifiedDataCrc32c": "dataCrc32c" in call.body,
        "protectionLevel": version.body["protectionLevel"],
    }


def _digest(call: Call, algorithm: str) -> bytes:
    wanted = algorithm_hash(algorithm)
    sent = call.body.get("digest")
    if not sent:
        return hashlib.new(wanted.name, given(call, "data")).digest()
    name = wanted.name
    if name not in sent:
        raise invalid(f"The key signs {name} digests.", Violation("digest", f"It must be a {name} digest."))
    content = decoded(sent[name])
    checked = call.body.get("digestCrc32c")
    if checked is not None and str(checked) != checksum(content):
        raise invalid(
            "The checksum of the digest did not match.", Violation("digest_crc32c", "It belongs to other bytes.")
        )
    if len(content) != wanted.digest_size:
        raise invalid(f"A {name} digest has {wanted.digest_size} bytes.", Violation("digest", "It has another length."))
    return content


def _signed(key: material.Private, algorithm: str, digest: bytes) -> bytes:
    used = utils.Prehashed(algorithm_hash(algorithm))
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(digest, ec.ECDSA(used))
    if isinstance(key, rsa.RSAPrivateKey):
        if "PSS" in algorithm:
            inner = algorithm_hash(algorithm)
            return key.sign(digest, padding.PSS(padding.MGF1(inner), inner.digest_size), used)
        return key.sign(digest, padding.PKCS1v15(), used)
    raise failed_precondition(f"The algorithm {algorithm} signs no digests.")


@SERVICE.method(f"{VERSIONS}.asymmetricDecrypt")
def asymmetric_decrypt(call: Call) -> Answer | Body:
    """Decrypt what was encrypted with the public key."""
    version = of_version(call, "ASYMMETRIC_DECRYPT")
    key = material.private(call.cloud, version)
    inner = algorithm_hash(version.body["algorithm"])
    if not isinstance(key, rsa.RSAPrivateKey):
        raise failed_precondition(f"The algorithm {version.body['algorithm']} decrypts nothing.")
    try:
        plain = key.decrypt(given(call, "ciphertext"), padding.OAEP(padding.MGF1(inner), inner, None))
    except ValueError:
        raise _undecipherable() from None
    return {
        "plaintext": encoded(plain),
        "plaintextCrc32c": checksum(plain),
        "verifiedCiphertextCrc32c": "ciphertextCrc32c" in call.body,
        "protectionLevel": version.body["protectionLevel"],
    }


# MAC
# ---------------------------------------------------------------------------------------------------------------------


def _mac(version: Record, data: bytes) -> bytes:
    name = version.body["algorithm"].rpartition("_")[2].lower()
    return hmac.new(material.symmetric(version), data, name).digest()


@SERVICE.method(f"{VERSIONS}.macSign")
def mac_sign(call: Call) -> Answer | Body:
    """Give the tag of data."""
    version = of_version(call, "MAC")
    tag = _mac(version, given(call, "data"))
    return {
        "name": version.name,
        "mac": encoded(tag),
        "macCrc32c": checksum(tag),
        "verifiedDataCrc32c": "dataCrc32c" in call.body,
        "protectionLevel": version.body["protectionLevel"],
    }


@SERVICE.method(f"{VERSIONS}.macVerify")
def mac_verify(call: Call) -> Answer | Body:
    """Say whether a tag belongs to data."""
    version = of_version(call, "MAC")
    good = hmac.compare_digest(_mac(version, given(call, "data")), given(call, "mac"))
    answer: dict[str, Any] = {
        "name": version.name,
        "success": good,
        "verifiedDataCrc32c": "dataCrc32c" in call.body,
        "verifiedMacCrc32c": "macCrc32c" in call.body,
        "verifiedSuccessIntegrity": good,
        "protectionLevel": version.body["protectionLevel"],
    }
    return answer


@SERVICE.method("projects.locations.generateRandomBytes")
def random_bytes(call: Call) -> Answer | Body:
    """Give bytes that look random. They come of the cloud's seed, so that a test is the same each time."""
    length = int(call.body.get("lengthBytes", 0))
    if not 8 <= length <= 1024:  # noqa: PLR2004 - the bounds that the API states
        raise invalid(f"Cannot give {length} bytes.", Violation("length_bytes", "It must be between 8 and 1024."))
    content = b""
    while len(content) < length:
        content += bytes.fromhex(call.cloud.ids.hexadecimal("cloudkms/random", 64))
    content = content[:length]
    return {"data": encoded(content), "dataCrc32c": checksum(content)}
