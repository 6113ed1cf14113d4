"""Objects of buckets that run as code: in a bucket that the settings trust, and pinned to what was reviewed."""

import re
from typing import Final, NamedTuple

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import UNKNOWN, is_unknown, split_unknown
from groundplan_policies.engine.verdicts import PASS, Outcome, all_of, fail, indeterminate
from groundplan_policies.rules.data.targets import bucket

_SCHEMES: Final = ("gs://", "https://storage.googleapis.com/")
_PIN: Final = re.compile(r"(?:.*[^0-9a-f])?[0-9a-f]{64}(?:[^0-9a-f].*)?|.+#[0-9]+", re.DOTALL)
"""What pins an object: the SHA-256 digest of its content in its name, or its generation at the end."""
_NAME = Path("name")


class _Object(NamedTuple):
    bucket: str
    name: str


def judge_object(resource: Resource, reading: Reading, context: Context, *, pinned: bool, absent: Outcome) -> Outcome:
    """Say whether an object is in a trusted bucket.

    Args:
        resource: The resource that names it.
        reading: Its address: `gs://bucket/name`.
        context: What checks are given.
        pinned: Whether its content must be pinned too.
        absent: What to say where nothing is named.
    """
    if reading.state is not State.UNKNOWN:
        missing = unreadable(reading, absent=absent)
        if missing is not None:
            return missing
        if not isinstance(reading.value, str):
            return wrong_type(reading, "the address of an object")
    found = _split(reading.text)
    if found is None:
        later = indeterminate("is known only after the deployment", reading.path)
        return later if is_unknown(reading.text) else fail("is no object of a bucket of ours", reading.path)
    trust = _trusted(resource, reading, found.bucket, context)
    return all_of([trust, _pinned(found.name, reading)]) if pinned else trust


def _split(text: str) -> _Object | None:
    for scheme in _SCHEMES:
        if text.startswith(scheme):
            name, _, rest = text.removeprefix(scheme).partition("/")
            return _Object(name, rest) if name and rest else None
    return None


def _pinned(name: str, reading: Reading) -> Outcome:
    if any(map(_PIN.fullmatch, split_unknown(name))):
        return PASS
    if is_unknown(name):
        return indeterminate("is known only after the deployment", reading.path)
    return fail(
        "is not pinned: neither the SHA-256 digest of its content is in its name, nor its generation after a #",
        reading.path,
    )


def _trusted(resource: Resource, reading: Reading, name: str, context: Context) -> Outcome:
    trusted = context.parameters.code_buckets
    if trusted is None:
        return indeterminate("cannot be judged: the settings do not say which buckets hold code", reading.path)
    if is_unknown(name):
        made = bucket(context.graph, resource, reading) if name == UNKNOWN else None
        name = _NAME.one(made).text if made is not None else ""
        if not name or is_unknown(name):
            return indeterminate("is in a bucket whose name is known only after the deployment", reading.path)
    if name in trusted:
        return PASS
    return fail("is in a bucket that the settings do not list among those that hold code", reading.path)
