"""IAM-23: model artifacts are read by workloads only."""

import re
from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.principals import Kind
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, fail, indeterminate
from groundplan_policies.rules.identity.forms import (
    ACLS,
    WIDE,
    acl_reads,
    each_grant,
    grant_reads,
    iam_types,
    unclear,
    unclear_member,
)
from groundplan_policies.rules.identity.members import is_people
from groundplan_policies.rules.identity.roles import is_basic, reads_objects, role_as_written

_BUCKETS: Final = iam_types("storage.BucketIAM", "storage.ManagedFolderIam")
_BUCKET: Final = Path("bucket")
_PURPOSE: Final = Path("labels.purpose")
_MODELS: Final = re.compile(r"(?:^|[-_.])models?(?:[-_.]|$)")


def _models(graph: Graph) -> Mapping[str, bool]:
    """Tell of each bucket of the document whether it holds models: its label `purpose` says so, or part of its name."""
    return {each.urn: _is_models(each) for each in graph.of("storage.Bucket")}


def _is_models(bucket: Resource) -> bool:
    name = bucket.inputs.get("name")
    names = (name if isinstance(name, str) else "", bucket.name)
    return _PURPOSE.one(bucket).text.lower() == "models" or any(_MODELS.search(each.lower()) for each in names)


def _known(graph: Graph) -> Mapping[str, bool]:
    """Tell of each bucket of the document, by its name, whether it holds models. Names of buckets are unique."""
    found: dict[str, bool] = {}
    for each in graph.of("storage.Bucket"):
        name = each.inputs.get("name") or each.outputs.get("name")
        if isinstance(name, str):
            found[name.lower()] = graph.once(_models)[each.urn]
    return found


def _of_models(grant: Grant, context: Context) -> bool | None:
    """Whether a grant is on a bucket of models, or below it; None if nobody can say which bucket it is."""
    reading = _BUCKET.one(grant.resource)
    if reading.state is State.KNOWN:
        name = reading.text.strip().rstrip("/").rpartition("/")[2].lower()  # also of `b/name` and `gs://name`
        known = context.graph.once(_known).get(name)
        return _MODELS.search(name) is not None if known is None else known
    bucket = context.graph.resolve(grant.resource, reading, "storage.Bucket")
    if bucket is None:
        return None
    known = context.graph.once(_models).get(bucket.urn)
    return _is_models(bucket) if known is None else known


def _on_bucket(grant: Grant, context: Context) -> Outcome:
    models = _of_models(grant, context)
    if models is False:
        return NOT_APPLICABLE
    missing = unclear(grant.role) or unclear_member(grant)
    if missing is not None:
        return missing
    reads = reads_objects(grant, context)
    if reads is False or _is_workload(grant):
        return PASS if models else NOT_APPLICABLE
    if models is None or reads is None:
        return indeterminate("may read models, which only workloads may", grant.member.path)
    return fail("reads models, which only workloads may", grant.member.path)


def _is_workload(grant: Grant) -> bool:
    """Whether it is a service agent, an account that is no default one, or one federated workload."""
    who = grant.principal
    if who.kind is Kind.SERVICE_ACCOUNT:
        return not who.default
    federated = who.kind is Kind.PRINCIPAL or (who.kind is Kind.PRINCIPAL_SET and "/attribute." in who.name)
    return federated and not is_people(who)


def _wide(grant: Grant, context: Context) -> Outcome:
    missing = unclear(grant.role) or unclear_member(grant)
    if missing is not None:
        return missing
    if grant.condition is not None and grant.condition.state is State.WRONG:
        return indeterminate("is not what the provider takes there", grant.condition.path)
    reads = reads_objects(grant, context)
    if is_basic(grant.role) or (reads is not False and grant.principal.agent):
        return NOT_APPLICABLE
    return PASS if reads is False else _every_bucket(grant, sure=reads is True)


def _every_bucket(grant: Grant, *, sure: bool) -> Outcome:
    """Judge a role on a whole project: a condition on names may keep it from models, which nobody can read off."""
    condition = grant.condition
    named = condition is not None and (condition.state is State.UNKNOWN or "resource." in condition.text)
    named = named or (condition is not None and condition.state is State.SECRET)
    if sure and not named:
        return fail("reads every bucket, also those of models", grant.role.path, role_as_written(grant.role))
    return indeterminate("may read every bucket, also those of models", grant.role.path, role_as_written(grant.role))


_NOWHERE: Final = Verdict.NOT_APPLICABLE
_PASS: Final = Verdict.PASS
_SINGLE: Final = tuple(each for each in ACLS if each.endswith("AccessControl"))

CONTROL = Control(
    id="IAM-23",
    title="Model artifacts are read by workloads only",
    why=(
        "A model tells what it was trained on, and whoever has its file can attack it at leisure or run it elsewhere. "
        "Its bucket is read by the accounts that serve and build it: no person, no group, nobody who merely holds a "
        "role on the project, no default account. A bucket holds models if its label `purpose` is models, or a part of "
        "its name is model or models. A role on a project or above it that reads objects reads every bucket, so it "
        "fails for all but Google's service agents; custom roles are looked into where this document has them. Basic "
        "roles are judged by IAM-03. Roles of other services that also read objects, such as those of workers, are not "
        "told by their names."
    ),
    remedy="Use `grant_read` of the bucket with the account of the workload.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("4.1.c", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "AC-3", "Buckets that nothing marks as those of models."),),
    reads=(
        *grant_reads(_BUCKETS),
        *(
            Read(type_, "bucket", absent=_NOWHERE, empty=_NOWHERE, wrong=_NOWHERE, secret=_NOWHERE, unknown=_NOWHERE)
            for type_ in (*_BUCKETS, *ACLS)
        ),
        *acl_reads(_NOWHERE),
        *(Read(type_, "role", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE) for type_ in _SINGLE),
        *grant_reads(WIDE),
        *(
            Read(type_, "condition.expression", absent=_PASS, empty=_PASS, secret=_PASS, unknown=_PASS)
            for type_ in WIDE
            if not type_.endswith("Policy")
        ),
    ),
    checks={**dict.fromkeys((*_BUCKETS, *ACLS), each_grant(_on_bucket)), **dict.fromkeys(WIDE, each_grant(_wide))},
)
