"""Raw encryption: the algorithm's own form, with a vector that the client sees."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.padding import PKCS7

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.services.cloudkms import material
from mockcloud.services.cloudkms.service import SERVICE, VERSIONS
from mockcloud.services.cloudkms.using import checksum, encoded, given, of_version

_BLOCK = 16
_NONCE = 12


def _key(version: Record) -> bytes:
    return material.symmetric(version, 16 if "_128_" in version.body["algorithm"] else 32)


@SERVICE.method(f"{VERSIONS}.rawEncrypt")
def encrypt(call: Call) -> Answer | Body:
    """Encrypt; the initialisation vector is made here, unless it is given."""
    version = of_version(call, "RAW_ENCRYPT_DECRYPT")
    mode = version.body["algorithm"].rpartition("_")[2]
    size = _NONCE if mode == "GCM" else _BLOCK
    vector = given(call, "initializationVector") or bytes.fromhex(call.cloud.ids.hexadecimal("cloudkms/iv", 2 * size))
    plain, extra = given(call, "plaintext"), given(call, "additionalAuthenticatedData")
    if mode == "GCM":
        content = AESGCM(_key(version)).encrypt(vector, plain, extra)
    else:
        padder = PKCS7(8 * _BLOCK).padder()
        padded = padder.update(plain) + padder.finalize() if mode == "CBC" else plain
        sealing = Cipher(algorithms.AES(_key(version)), _mode(mode, vector)).encryptor()
        content = sealing.update(padded) + sealing.finalize()
    return {
        "name": version.name,
        "ciphertext": encoded(content),
        "ciphertextCrc32c": checksum(content),
        "initializationVector": encoded(vector),
        "initializationVectorCrc32c": checksum(vector),
        "tagLength": _BLOCK if mode == "GCM" else 0,
        "verifiedPlaintextCrc32c": "plaintextCrc32c" in call.body,
        "protectionLevel": version.body["protectionLevel"],
    }


@SERVICE.method(f"{VERSIONS}.rawDecrypt")
def decrypt(call: Call) -> Answer | Body:
    """Decrypt what was encrypted in the algorithm's own form."""
    version = of_version(call, "RAW_ENCRYPT_DECRYPT")
    mode = version.body["algorithm"].rpartition("_")[2]
    content, vector = given(call, "ciphertext"), given(call, "initializationVector")
    try:
        if mode == "GCM":
            plain = AESGCM(_key(version)).decrypt(vector, content, given(call, "additionalAuthenticatedData"))
        else:
            opening = Cipher(algorithms.AES(_key(version)), _mode(mode, vector)).decryptor()
            plain = opening.update(content) + opening.finalize()
            if mode == "CBC":
                unpadder = PKCS7(8 * _BLOCK).unpadder()
                plain = unpadder.update(plain) + unpadder.finalize()
    except (InvalidTag, ValueError):
        raise invalid("Decryption failed: the ciphertext or its vector is not of this key.") from None
    return {
        "plaintext": encoded(plain),
        "plaintextCrc32c": checksum(plain),
        "verifiedCiphertextCrc32c": "ciphertextCrc32c" in call.body,
        "protectionLevel": version.body["protectionLevel"],
    }


def _mode(name: str, vector: bytes) -> modes.CBC | modes.CTR:
    if len(vector) != _BLOCK:
        raise invalid(f"The initialisation vector must have {_BLOCK} bytes.")
    return modes.CBC(vector) if name == "CBC" else modes.CTR(vector)
