"""MON-03: logs are kept long enough, and locked."""

import math
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence, partial
from groundplan_policies.engine.expect import is_known, is_true
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, all_of, fail, indeterminate
from groundplan_policies.rules.data.numbers import number, within

_BUCKET: Final = "logging.ProjectBucketConfig"
_OTHERS: Final = (
    "logging.FolderBucketConfig",
    "logging.OrganizationBucketConfig",
    "logging.BillingAccountBucketConfig",
)
_REVIEW: Final = "groundplan:governance:ResponsibleAiReview"
_HIGH_RISK_DAYS: Final = 183
"""Six months, the least for which the AI Act (Regulation (EU) 2024/1689, articles 19 and 26) has logs kept."""
_GOOGLES_DAYS: Final = 30
"""For how long Google keeps the entries of a log bucket that says nothing, or 0."""

_NAME, _DAYS = Path("bucketId"), Path("retentionDays")
_LOCKED = is_true("locked")
_LOCK_IS_KNOWN = is_known("locked", "a boolean", bool)


def _is_high_risk(graph: Graph) -> bool:
    """Whether a review of this document says that a use is of high risk, or does not say of which risk it is."""
    reviews = (each.inputs.get("review") for each in graph.document.resources if each.type == _REVIEW)
    classes = [each.get("riskClass") if isinstance(each, dict) else None for each in reviews]
    return any(each not in ("limited", "minimal") for each in classes)


def _kept(resource: Resource, context: Context) -> Outcome:
    if _NAME.plain(resource.inputs) == "_Required":
        return NOT_APPLICABLE  # Google keeps it for 400 days, and nobody can change that
    days = _DAYS.one(resource)
    if context.parameters.audit_retention_days is None:
        return indeterminate("the settings do not say for how long logs are kept", days.path)
    least = max(context.parameters.audit_retention_days, _HIGH_RISK_DAYS if context.graph.once(_is_high_risk) else 0)
    if least <= _GOOGLES_DAYS and number(days.value) == 0:
        return PASS
    expected = f"at least {least} days"
    missing = fail(f"is absent, which means {_GOOGLES_DAYS} days; expected is {expected}", days.path)
    return within(days, least, math.inf, expected, absent=PASS if least <= _GOOGLES_DAYS else missing)


def _locked(resource: Resource, context: Context) -> Outcome:
    found = _LOCKED(resource, context)
    if found is PASS or context.parameters.audit_locked:
        return found
    if context.parameters.audit_locked is None:
        return indeterminate("the settings do not say whether logs must be locked", "locked")
    return _LOCK_IS_KNOWN(resource, context)


def _bucket(resource: Resource, context: Context) -> Outcome:
    kept = _kept(resource, context)
    return kept if kept is NOT_APPLICABLE else all_of([kept, _locked(resource, context)])


CONTROL = Control(
    id="MON-03",
    title="Logs are kept long enough, and locked",
    why=(
        "What somebody did half a year ago is found in the logs or nowhere. A log bucket that says nothing, or 0, "
        "keeps entries for 30 days. How long is long enough is the settings', and at least 183 days where a review in "
        "this document says that a use is of high risk, or does not say of which risk it is. Whether it must "
        "be locked, so that no administrator can shorten it, is the settings' as well. Log buckets of folders, "
        "organisations and billing accounts have no lock. Cloud Storage buckets that logs go to are a matter of DAT-08."
    ),
    remedy="Use LogArchive, or set `retention_days` and `locked`.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("6.1.a",),
    clauses=(
        partial("nist-800-53-r5", "AU-11", "Logs that go elsewhere.", audit_retention_days=90),
        evidence("eu-ai-act", "19", "Logs that go elsewhere, and longer periods that other law asks for."),
    ),
    reads=(
        *(Read(each, "retentionDays") for each in (_BUCKET, *_OTHERS)),
        _LOCKED.reads(_BUCKET),
        Read.aside(_BUCKET, "bucketId"),
        *(Read.aside(each, "bucketId") for each in _OTHERS),
    ),
    checks={_BUCKET: _bucket, **dict.fromkeys(_OTHERS, _kept)},
    settings=("audit_retention_days", "audit_locked"),
)
