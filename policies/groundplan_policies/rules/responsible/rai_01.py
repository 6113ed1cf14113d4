"""RAI-01: every model answers to a review."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, evidence
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, declared, fail
from groundplan_policies.rules.responsible.declarations import REVIEW, reviews_of, served

_JOB: Final = Path("createPipelineJobRequest.pipelineJob")


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    for resource in (*served(context.graph), *_pipelines(context.graph)):
        yield resource, _judge(reviews_of(resource, context.graph), context.graph)


def _pipelines(graph: Graph) -> Iterator[Resource]:
    """Give the schedules that run pipelines: what they train, they may also put behind an endpoint of elsewhere."""
    return (each for each in graph.of("colab.Schedule") if not _JOB.is_absent(each.inputs))


def _judge(urns: tuple[str, ...], graph: Graph) -> Outcome:
    if not urns:
        return fail("answers to no review")
    if len(urns) > 1:
        return fail("answers to several reviews, so that nobody knows which of them holds")
    review = graph.document.get(urns[0])
    if review is None or review.type != REVIEW:
        return fail("answers to a review that is not in this document")
    return declared("is said to answer to a review of this document")


CONTROL = Control(
    id="RAI-01",
    title="Every model answers to a review",
    why=(
        "A model that nobody reviewed decides about people all the same, and when it does harm nobody can say what "
        "it was meant for. Endpoints, index endpoints, agents and scheduled pipelines name one review, by the "
        "construct around them; two would leave open which of them holds. That they name it is declared: no resource "
        "in the cloud tells it. The other controls on reviews look at what is named here, so a model without one is "
        "reported once."
    ),
    remedy="Give `review=` to OnlineEndpoint and PipelineEnvironment, made with ResponsibleAiReview.",
    ask="Compare the models that are deployed in Vertex AI with the review: is each of them the one that was reviewed?",
    severity=Severity.HIGH,
    evidence=Evidence.DECLARATION,
    objectives=("6.1.b", "6.1.d"),
    clauses=(
        evidence("eu-ai-act", "9", "That the review is any good, and that risks are managed from day to day."),
        evidence("nist-ai-rmf-1.0", "GOVERN 1.4", "The process of risk management around the review."),
        evidence("iso-42001-2023", "A.5.2", "How the assessment of impact is made."),
    ),
    stack=_stack,
)
