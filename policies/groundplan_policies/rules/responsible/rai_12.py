"""RAI-12: high-risk use is explained."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, evidence
from groundplan_policies.engine.expect import is_set
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import State, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_special, is_unknown
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, all_of, fail, indeterminate
from groundplan_policies.rules.responsible.declarations import REVIEW, answering, each_review, is_high_risk

_EXPECTED: Final = (
    is_set("review.explanation.method", expected="the method of explanation"),
    is_set("review.explanation.audience", expected="who gets the explanation"),
    is_set("review.explanation.output", expected="what the explanation is made of"),
)
_CONTRACT: Final = "deployContract"


def _check(review: Resource, context: Context) -> Outcome:
    if not is_high_risk(review):
        return NOT_APPLICABLE
    said = all_of([each(review, context) for each in _EXPECTED])
    served = [_configured(each, context.graph) for each in answering(review, context.graph, "vertex.AiEndpoint")]
    return all_of([said, *served])


def _configured(endpoint: Resource, graph: Graph) -> Outcome:
    """Say whether whoever deploys models to an endpoint is told to have them explained."""
    around = graph.parent(endpoint)
    contract = read_value(around.outputs.get(_CONTRACT) if around is not None else None, _CONTRACT)[0]
    if contract.state is not State.KNOWN or not isinstance(contract.value, dict):
        return indeterminate("has an endpoint of which nobody can tell whether its models are explained")
    asked = contract.value.get("explanation")
    if isinstance(asked, dict) and asked and not is_special(asked):
        return PASS
    if is_special(asked) or is_unknown(asked):
        return indeterminate("has an endpoint of which nobody can tell whether its models are explained")
    return fail("has an endpoint whose contract asks for no attributions", "review.explanation")


CONTROL = Control(
    id="RAI-12",
    title="High-risk use is explained",
    why=(
        "Somebody about whom a model decides has the right to hear why. For a high-risk use the review says by which "
        "method, to whom, and what the explanation is made of; and the contract of each endpoint that answers to the "
        "review asks whoever deploys to it for attributions. Any other use does not need it. The contract binds the "
        "deployment, which a document of resources does not show; so a pass is declared."
    ),
    remedy="Give `explanation=` to the review and to OnlineEndpoint.",
    ask="Ask for an explanation that somebody got, and see that they could understand it.",
    severity=Severity.HIGH,
    evidence=Evidence.DECLARATION,
    objectives=("6.1.b", "6.2.c"),
    clauses=(
        evidence("eu-ai-act", "13", "What users are told beside attributions."),
        evidence("eu-ai-act", "86", "That people get the explanation which they ask for."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.9", "Whether people understand the explanation."),
        evidence("iso-42001-2023", "A.8.2", "Information for users beside attributions."),
    ),
    reads=tuple(each.reads(REVIEW) for each in _EXPECTED),
    stack=each_review(_check, "is said to be explained, and its endpoints' contracts ask for it"),
)
