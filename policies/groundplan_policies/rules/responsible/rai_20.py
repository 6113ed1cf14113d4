"""RAI-20: rollback is possible."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import either, is_number, is_one_of, is_set, is_true
from groundplan_policies.engine.names import token
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, Verdict, all_of, any_of, fail
from groundplan_policies.flow import Kind, Role, data_flow
from groundplan_policies.flow.places import BUCKET
from groundplan_policies.rules.responsible.declarations import REVIEW, each_review, reviews_of

_EXPECTED: Final = (
    is_number("review.rollback.keptVersions", at_least=1, unit="version"),
    is_one_of("review.rollback.strategy", "split", "canary", "blue-green"),
    is_set("review.rollback.owner", expected="who takes a version back"),
)
_VERSIONED: Final = is_true("versioning.enabled")
_LOCKED: Final = is_true("retentionPolicy.isLocked")
_KEEPS: Final = either(_VERSIONED, _LOCKED)


def _check(review: Resource, context: Context) -> Outcome:
    said = [each(review, context) for each in _EXPECTED]
    nothing = fail("has no training that writes to a bucket of this document which keeps earlier versions")
    return all_of([*said, any_of([nothing, *(_KEEPS(each, context) for each in _written(review, context))])])


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
        "blue-green) and who takes one back; and training that answers to it writes to a bucket that keeps earlier "
        "objects, by versions or by a locked retention. Whether traffic shares sum to a hundred is a matter of SRV-03. "
        "That versions are really kept in the registry is not seen."
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
    ),
    stack=each_review(_check, "can be taken back, as somebody says"),
)
