"""Documents of governance: references to them by digest, and records that are kept as canonical JSON."""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import pulumi_gcp as gcp

from groundplan.core.component import Args, Component
from groundplan.core.references import BucketRef
from groundplan.core.validation import Checks

SCHEMA_VERSION: Final = 1
"""Version of the form of reviews and agreements."""
_DIGEST: Final = r"sha256:[0-9a-f]{64}"
# A path inside the project, or an address that names one object or page.
_URI: Final = re.compile(
    r"(?:gs://[a-z0-9][a-z0-9._-]+|https://[A-Za-z0-9.-]+)/[^\s\\]{1,400}|[A-Za-z0-9_][^\s\\:]{0,400}"
)


@dataclass(frozen=True, kw_only=True)
class DocumentReference:
    """A document and what it said when it was referred to. No construct opens it; a check may."""

    uri: str
    """A path inside the project such as ``cards/income.md``, or an address ``gs://…`` or ``https://…``."""
    digest: str
    """``sha256:`` and the 64 hexadecimal digits of its bytes, as ``sha256sum`` prints them."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the reference."""
        checks.that(
            isinstance(self.uri, str) and _URI.fullmatch(self.uri) and ".." not in self.uri.split("/"),
            f"{field}.uri",
            "names no document that can be opened",
            given=self.uri,
            allowed="a path inside the project such as cards/income.md, or gs://… or https://…",
            do="write the path from the project's directory, without a leading slash and without ..",
        )
        checks.matches(
            f"{field}.digest",
            self.digest,
            _DIGEST,
            "sha256: and 64 hexadecimal digits",
            "take the digest that `sha256sum` prints for the file",
        )


def record(args: Args, *left_out: str) -> dict[str, object]:
    """Return what arguments state as JSON has it: without what every construct takes, and without what is empty."""
    without = {each.name for each in dataclasses.fields(Args)} | set(left_out)
    return {key: value for key, value in _record(args, without).items() if value not in ("", [], {})}


def _record(holder: object, without: Collection[str] = ()) -> dict[str, object]:
    """Return a dataclass with names in camelCase; what is absent is left out."""
    found: dict[str, object] = {}
    for each in dataclasses.fields(holder):  # type: ignore[arg-type] # called with dataclasses only
        value = getattr(holder, each.name)
        if value is not None and each.name not in without:
            found[re.sub("_([a-z])", lambda match: match[1].upper(), each.name)] = _plain(value)
    return found


def _plain(value: object) -> object:
    if isinstance(value, enum.Enum):
        return value.value
    if dataclasses.is_dataclass(value):
        return _record(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    # Whole numbers have one form, as an engine may hand them on as floats.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def canonical(value: Mapping[str, object]) -> str:
    """Return JSON in the one form that has a digest: keys sorted, no spaces, whole numbers without a point."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest_of(value: Mapping[str, object]) -> str:
    """Return ``sha256:`` and the digest of the canonical JSON."""
    return f"sha256:{hashlib.sha256(canonical(value).encode()).hexdigest()}"


def keep_record(
    component: Component, folder: str, value: Mapping[str, object], bucket: BucketRef
) -> gcp.storage.BucketObject:
    """Keep a record in a bucket, as the child ``record``.

    The digest is part of the object's name, so that a record is never changed: another takes its place, and the earlier
    one stays in the bucket for as long as that keeps old versions.
    """
    return component.make(
        "record",
        gcp.storage.BucketObject,
        gcp.storage.BucketObjectArgs(
            bucket=bucket.bucket_name,
            name=f"{folder}/{component.label}/{digest_of(value).removeprefix('sha256:')}.json",
            content=canonical(value),
            content_type="application/json",
        ),
        project=bucket.project,
    )
