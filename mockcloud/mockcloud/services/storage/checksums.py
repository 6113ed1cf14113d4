"""What tells one content from another: CRC32C, MD5, and the etag of a generation."""

import base64
import hashlib
from collections.abc import Mapping

import google_crc32c

from mockcloud.cloud.errors import invalid


def crc32c(content: bytes) -> str:
    """Give the CRC32C in base64, high byte first."""
    return base64.b64encode(google_crc32c.value(content).to_bytes(4, "big")).decode()


def md5(content: bytes) -> str:
    """Give the MD5 in base64. Google names contents by it; nothing is secured with it."""
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def etag(metageneration: int, generation: int = 0) -> str:
    """Give an etag as Google forms it: a message of generation and metageneration."""
    front = b"\x08" + _varint(generation) + b"\x10" if generation else b"\x08"
    return base64.b64encode(front + _varint(metageneration)).decode()


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits a byte
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def hold_checksums(content: bytes, stated: Mapping[str, str], header: str) -> None:
    """Hold a content to the checksums that were sent with it.

    Args:
        content: The content.
        stated: The metadata, with `crc32c` and `md5Hash` or without.
        header: `x-goog-hash`: `crc32c=…,md5=…`.

    Raises:
        ApiError: They belong to another content.
    """
    pairs = [part.strip().partition("=") for part in header.split(",") if "=" in part]
    of_header = {name: value for name, _, value in pairs}
    found = {"crc32c": crc32c(content), "md5": md5(content)}
    for name, field in (("crc32c", "crc32c"), ("md5", "md5Hash")):
        for given in (stated.get(field), of_header.get(name)):
            if given and given != found[name]:
                raise invalid(
                    f'Provided {name.upper()} hash "{given}" doesn\'t match calculated {name.upper()} hash '
                    f'"{found[name]}".',
                    reason="invalid",
                )
