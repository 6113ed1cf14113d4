"""RAI-20: rollback is possible."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import every, is_number, is_one_of, is_set, is_true
from groundplan_policies.engine.names import token
from groundplan_policies.engine.paths import Path, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import (
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    any_of,
    fail,
    indeterminate,
)
from groundplan_policies.flow import Kind, Role, data_flow
from groundplan_policies.flow.places import BUCKET
from groundplan_policies.rules.data.lifecycle import LIVE, NONCURRENT, RULES, deletes_within
from groundplan_policies.rules.data.numbers import number
from groundplan_policies.rules.responsible.declarations import REVIEW, each_review, reviews_of

_EXPECTED: Final = (
    is_number("review.rollback.keptVersions", at_least=1, unit="version"),
    is_one_of("review.rollback.strategy", "split", "canary", "blue-green"),
    is_set("review.rollback.owner", expected="who takes a version back"),
)
_RULES: Final = Path(RULES)
_NEWER: Final = "numNewerVersions"
_DAYS: Final = 7
"""For how many days an earlier object is there at least: until somebody has seen what a new version does."""
_VERSIONED: Final = is_true("versioning.enabled")
_LOCKED: Final = every(
    is_true("retentionPolicy.isLocked"),
    is_number("retentionPolicy.retentionPeriod", at_least=_DAYS * 86_400, unit="seconds"),
)


def _check(review: Resource, context: Context) -> Outcome:
    said = [each(review, context) for each in _EXPECTED]
    nothing = fail("has no training that writes to a bucket of this document")
    stores = {each.urn: each for each in _written(review, context)}
    kept = [_of_store(each, _keeps(each, context)) for each in stores.values()]
    return all_of([*said, *(kept or [nothing])])


def _keeps(store: Resource, context: Context) -> Outcome:
    """Judge whether a bucket keeps earlier objects for some days: by versions that no rule deletes, or by a lock."""
    return any_of([all_of([_VERSIONED(store, context), _is_let_be(store)]), _LOCKED(store, context)])


def _is_let_be(store: Resource) -> Outcome:
    early = [deletes_within(store, kind, _DAYS) for kind in (LIVE, NONCURRENT)]
    if PASS in early or _keeps_one(store):
        return fail(f"is deleted within {_DAYS} days, or as soon as there is a newer one", RULES)
    return next((each for each in early if each.verdict is Verdict.INDETERMINATE), PASS)


def _keeps_one(store: Resource) -> bool:
    """Whether a rule deletes each object that has a newer version, on no other condition."""
    rules = [each.value for each in entries(_RULES.one(store)) if isinstance(each.value, dict)]
    return any(_leaves_one(each.get("action"), each.get("condition")) for each in rules)


def _leaves_one(action: Value, condition: Value) -> bool:
    if not isinstance(action, dict) or action.get("type") != "Delete" or not isinstance(condition, dict):
        return False
    return number(condition.get(_NEWER)) == 1 and not {key for key in condition if key not in {_NEWER, "withState"}}


def _of_store(store: Resource, outcome: Outcome) -> Outcome:
    """Say of a review what is wrong with a bucket; its name is shown apart."""
    if outcome is PASS:
        return PASS
    if outcome.verdict is Verdict.FAIL:
        return fail("has training that writes to a bucket which keeps no earlier objects", "", store.name)
    return indeterminate("has training that writes to a bucket of which nobody can tell what it keeps", "", store.name)


def _written(review: Resource, context: Context) -> Iterator[Resource]:
    """Give the buckets that the accounts of the review's training write."""
    flow = context.graph.once(data_flow)
    for training in flow.of(Role.TRAINING):
        if training.resource is None or review.urn not in reviews_of(training.resource, context.graph):
            continue
        accounts = (edge.source for edge in flow.into(training.key) if edge.kind is Kind.RUNS_AS)
        for edge in (each for account in accounts for each in flow.out(account)):
            store = flow.nodes[edge.target].resource
            if edge.kind is Kind.GRANT and edge.sure and store is not None and store.type == token(BUCKET):
                yield store


CONTROL = Control(
    id="RAI-20",
    title="Rollback is possible",
    why=(
        "When a new version does harm, the one before must be back within minutes, by somebody who knows that it is "
        "their task. The review says how many versions are kept, by which strategy traffic moves (split, canary, "
        "blue-green) and who takes one back; and training that answers to it writes to buckets of which each keeps "
        "earlier objects for a week at least, by versions that no rule deletes or by a locked retention. Whether "
        "traffic shares sum to a hundred is a matter of SRV-03. That versions are really kept in the registry is not "
        "seen."
    ),
    remedy="Give `rollback=` to the review, and let training write to a DataBucket, which keeps versions.",
    ask="Have a version taken back on a test endpoint, and see how long it takes.",
    severity=Severity.MEDIUM,
    evidence=Evidence.DECLARATION,
    objectives=("4.1.d", "5.3.b"),
    clauses=(
        evidence("eu-ai-act", "14", "Oversight beside taking a version back."),
        evidence("nist-ai-rmf-1.0", "MANAGE 2.4", "That somebody tried it."),
        evidence("iso-42001-2023", "A.6.2.5", "The plan of deployment beside rollback."),
    ),
    reads=(
        *(each.reads(REVIEW) for each in _EXPECTED),
        Read(BUCKET, "versioning.enabled", wrong=Verdict.INDETERMINATE),
        Read.aside(BUCKET, "retentionPolicy.isLocked"),
        Read.aside(BUCKET, "retentionPolicy.retentionPeriod"),
        Read.aside(BUCKET, RULES),
    ),
    stack=each_review(_check, "can be taken back, as somebody says"),
)
