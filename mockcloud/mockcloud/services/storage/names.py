"""Names of buckets and objects, and under which names they are kept."""

import ipaddress
import re
from typing import Final

from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.discovery.schemas import Violation

_BUCKET: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])")
_LONGEST_PART: Final = 63
_LONGEST: Final = 222
_SHORTEST: Final = 3
_LONGEST_OBJECT: Final = 1024
_ADDRESS: Final = 4
"""Parts of an address, which no bucket may be called by."""


def hold_bucket_name(name: str) -> None:
    """Hold a name to the rules (https://cloud.google.com/storage/docs/buckets#naming, 2026-11).

    Raises:
        ApiError: It breaks one.
    """
    parts = name.split(".")
    fits = (
        _BUCKET.fullmatch(name)
        and _SHORTEST <= len(name) <= (_LONGEST if len(parts) > 1 else _LONGEST_PART)
        and all(0 < len(part) <= _LONGEST_PART for part in parts)
        and not name.startswith("goog")
        and "google" not in name
        and not (len(parts) == _ADDRESS and _is_address(name))
    )
    if not fits:
        raise invalid(f"Invalid bucket name: '{name}'", Violation("name", "It breaks a rule."), reason="invalid")


def _is_address(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True


def hold_object_name(name: str) -> None:
    """Hold the name of an object to the rules.

    Raises:
        ApiError: It is empty or too long, or holds what it may not.
    """
    if not name:
        raise invalid("Required parameter: name", reason="required")
    if (
        len(name.encode(errors="surrogatepass")) > _LONGEST_OBJECT
        or name in {".", ".."}
        or "\r" in name
        or "\n" in name
        or name.startswith(".well-known/acme-challenge/")
    ):
        raise invalid("Disallowed unicode characters present in object name, or it is too long.", reason="invalid")


def bucket(name: str) -> str:
    """Give the full name of a bucket."""
    return f"b/{name}"


def live(bucket_name: str) -> str:
    """Give the collection of a bucket's live objects."""
    return f"b/{bucket_name}/o"


def noncurrent(bucket_name: str) -> str:
    """Give the collection of a bucket's objects that a newer generation replaced; ids are `NAME#GENERATION`."""
    return f"b/{bucket_name}/generations"


def soft_deleted(bucket_name: str) -> str:
    """Give the collection of a bucket's objects that can be restored; ids are `NAME#GENERATION`."""
    return f"b/{bucket_name}/softDeleted"


def no_bucket() -> ApiError:
    """There is no such bucket."""
    return ApiError(404, "NOT_FOUND", "The specified bucket does not exist.", reason="notFound")


def no_object(bucket_name: str, name: str) -> ApiError:
    """There is no such object."""
    return ApiError(404, "NOT_FOUND", f"No such object: {bucket_name}/{name}", reason="notFound")
