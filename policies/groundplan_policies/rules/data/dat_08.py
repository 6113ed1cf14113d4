"""DAT-08: buckets of logs and models are locked."""

import math
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import is_known, is_true, unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import SIGNATURE, split_unknown
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.numbers import within
from groundplan_policies.rules.data.targets import bucket

_SINKS: Final = ("logging.ProjectSink", "logging.FolderSink", "logging.OrganizationSink", "logging.BillingAccountSink")
_DAY_SECONDS = 86_400
_PURPOSES = ("audit", "logs", "models")
_STORAGE = "storage.googleapis.com/"
_WITHIN = f"//{_STORAGE}"
_PURPOSE = Path("labels.purpose")
_PERIOD = Path("retentionPolicy.retentionPeriod")
_DESTINATION = Path("destination")
_LOCKED = is_true("retentionPolicy.isLocked")
_LOCK_IS_KNOWN = is_known("retentionPolicy.isLocked", "a boolean", bool)


def _log_buckets(graph: Graph) -> frozenset[str]:
    named = (bucket(graph, sink, _plain(_DESTINATION.one(sink))) for sink in graph.of(*_SINKS))
    return frozenset(each.urn for each in named if each is not None)


def _plain(target: Reading) -> Reading:
    """Give a destination without the slashes in front that full names of resources have."""
    return target._replace(value=target.text.removeprefix("//")) if target.text.startswith(_WITHIN) else target


def _bucket(resource: Resource, context: Context) -> Outcome:
    labels = resource.inputs.get("labels")
    is_log = resource.urn in context.graph.once(_log_buckets)
    if not is_log and type(labels) is dict and not labels.keys() & {"purpose", SIGNATURE}:
        return NOT_APPLICABLE  # the usual case at once
    purpose = _PURPOSE.one(resource)
    if not is_log and purpose.text.lower() not in _PURPOSES:
        missing = unreadable(purpose, absent=NOT_APPLICABLE)
        return missing or (NOT_APPLICABLE if purpose.text else wrong_type(purpose, "a text"))
    return all_of([_kept(_PERIOD.one(resource), context), _locked(resource, context)])


def _kept(period: Reading, context: Context) -> Outcome:
    days = context.parameters.audit_retention_days
    if days is None:
        return indeterminate("the settings do not say for how long such buckets keep objects", period.path)
    expected = f"at least {days} days, in seconds"
    absent = fail(f"is absent; expected is {expected}", period.path)
    return within(period, max(1, days * _DAY_SECONDS), math.inf, expected, absent=absent)


def _locked(resource: Resource, context: Context) -> Outcome:
    found = _LOCKED(resource, context)
    if found is PASS or context.parameters.audit_locked:
        return found
    if context.parameters.audit_locked is None:
        return indeterminate("the settings do not say whether such buckets must be locked", "retentionPolicy.isLocked")
    return _LOCK_IS_KNOWN(resource, context)


def _sink(resource: Resource, context: Context) -> Outcome:
    target = _DESTINATION.one(resource)
    missing = unreadable(target, absent=indeterminate("names no destination", target.path))
    if missing is not None and target.state is not State.UNKNOWN:
        return missing
    if not isinstance(target.value, str):
        return wrong_type(target, "a text")
    start = split_unknown(target.value)[0]
    if not start:
        return _made(resource, target, context)
    target, start = _plain(target), start.removeprefix("//") if start.startswith(_WITHIN) else start
    if not start.startswith(_STORAGE):
        unclear = any(each.startswith(start) for each in (_STORAGE, _WITHIN))
        return indeterminate("may be any bucket", target.path) if unclear else NOT_APPLICABLE
    if bucket(context.graph, resource, target) is not None:
        return PASS
    return indeterminate("may be a bucket that this document does not hold", target.path)


def _made(resource: Resource, target: Reading, context: Context) -> Outcome:
    """Judge a destination that a program makes of outputs: those of one bucket, and of nothing else, are its name."""
    if len(context.graph.origins(resource, target)) == 1 and bucket(context.graph, resource, target) is not None:
        return PASS
    return indeterminate("is made in the deployment, so that nobody can see what it names", target.path)


CONTROL = Control(
    id="DAT-08",
    title="Buckets of logs and models are locked",
    why=(
        "Whoever covers tracks deletes the logs first, and whoever swaps a model deletes the one that was tested. A "
        "locked retention lets nobody, not even an owner, delete or shorten. A bucket counts if a log sink of this "
        "document writes to it, or if its own label `purpose` is audit, logs or models: what objects are cannot be "
        "seen otherwise. A sink whose bucket is elsewhere is indeterminate, and so is one whose destination is made of "
        "outputs of anything but one bucket."
    ),
    remedy="Use DataBucket with `retention_days` and `retention_locked`, or set `retention_policy`.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("4.1.c", "5.3.b", "6.1.a"),
    clauses=(
        partial("google-ai", "GCS-CO-6.1", "Buckets other than those of logs and models.", audit_locked=True),
        partial("google-ai", "GCS-CO-6.17", "Buckets other than those of logs and models.", audit_retention_days=90),
        partial("cis-gcp-5.0", "2.4", "Sinks that are made outside of this document.", audit_locked=True),
    ),
    reads=(
        Read("storage.Bucket", "retentionPolicy.retentionPeriod"),
        _LOCKED.reads("storage.Bucket"),
        Read(
            "storage.Bucket",
            "labels.purpose",
            absent=Verdict.NOT_APPLICABLE,
            empty=Verdict.NOT_APPLICABLE,
        ),
        *(Read(sink, "destination", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE) for sink in _SINKS),
    ),
    checks={"storage.Bucket": _bucket, **dict.fromkeys(_SINKS, _sink)},
    settings=("audit_retention_days", "audit_locked"),
)
