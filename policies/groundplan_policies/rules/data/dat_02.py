"""DAT-02: buckets name an owner."""

import re
from functools import lru_cache
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown
from groundplan_policies.engine.verdicts import Outcome, Severity, declared, fail, indeterminate

_OWNER = Path("labels.owner")
_OWNED: Final = declared("names an owner", _OWNER.text)


@lru_cache(maxsize=4096)
def _is_owner(text: str, pattern: str) -> bool:
    return bool(text.strip()) and not is_unknown(text) and re.fullmatch(pattern, text) is not None


def _owned(resource: Resource, context: Context) -> Outcome:
    owner, pattern = _OWNER.plain(resource.inputs), context.parameters.owner_pattern
    if pattern is not None and isinstance(owner, str) and _is_owner(owner, pattern):
        return _OWNED
    reading = _OWNER.one(resource)
    missing = unreadable(reading, absent=fail("is absent: nobody answers for this data", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    if not reading.value.strip():
        return fail("is blank: nobody answers for this data", reading.path)
    if pattern is None:
        return indeterminate("the settings do not say what owners are called", reading.path)
    return fail("is not what owners are called", reading.path)


CONTROL = Control(
    id="DAT-02",
    title="Buckets name an owner",
    why=(
        "Somebody has to say who may read a bucket, how long its data is kept, and whether an alert about it is one. "
        "The label is a declaration: it is held to the pattern that the settings give, whole, and must be the "
        "bucket's own. One that the provider gives to all its resources names the platform's team, not the data's."
    ),
    remedy="Use DataBucket with `owner`, or set the label `owner`.",
    ask="Ask the owners who are named whether they know that the data is theirs.",
    severity=Severity.LOW,
    evidence=Evidence.DECLARATION,
    objectives=("2.1.a", "2.1.e"),
    clauses=(partial("google-ai", "GCS-CO-6.8", "Whether the label is true."),),
    reads=(Read("storage.Bucket", _OWNER.text),),
    checks={"storage.Bucket": _owned},
    settings=("owner_pattern",),
)
