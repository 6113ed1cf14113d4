"""RAI-04: model cards are complete."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity
from groundplan_policies.rules.responsible.declarations import REVIEW, each_review
from groundplan_policies.rules.responsible.documents import Referred

_CARD: Final = Referred(
    "review.modelCard",
    "a model card",
    {
        "what the model is for": ("purpose", "intended use", "intended_use", "use case", "use_case"),
        "which data it was made of": ("data",),
        "how well it does": ("metric", "performance", "evaluation", "quantitative"),
        "what it cannot do": ("limit", "caveat", "out of scope", "out-of-scope", "tradeoff"),
    },
)


def _check(review: Resource, context: Context) -> Outcome:
    return _CARD(review, context)


CONTROL = Control(
    id="RAI-04",
    title="Model cards are complete",
    why=(
        "Whoever uses a model must be able to read what it is for, on which data it was trained, how well it does and "
        "what it cannot do. The review names the card by its digest, so that the card that was reviewed is the one "
        "that is there. A check opens cards that are files of the project: it fails on one that is gone, has another "
        "digest, or has nothing under one of the four headings, in Markdown, YAML or JSON. A card elsewhere is not "
        "opened, and stays declared. Whether a card is true is for people to read."
    ),
    remedy="Write the card, and give `model_card=` with its path and the digest that `sha256sum` prints.",
    ask="Read the model card: is what it says of limits and results true of the version that is deployed?",
    severity=Severity.MEDIUM,
    evidence=Evidence.DECLARATION,
    objectives=("6.1.d",),
    clauses=(
        evidence("eu-ai-act", "11", "The technical documentation beside the card."),
        evidence("eu-ai-act", "13", "That users get to see it."),
        evidence("nist-ai-rmf-1.0", "MAP 2.2", "Whether what it says of limits is true."),
        evidence("iso-42001-2023", "A.8.2", "That users get to see it."),
    ),
    reads=(Read(REVIEW, "review.modelCard.uri"), Read(REVIEW, "review.modelCard.digest")),
    stack=each_review(_check, "names a model card that was opened, and is as it says"),
)
