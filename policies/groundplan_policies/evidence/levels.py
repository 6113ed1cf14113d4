"""How far evidence reaches: from what a program asks for to what a cloud says that there is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from groundplan_policies.engine.results import Proof
from groundplan_policies.evidence.comparison import Comparison
from groundplan_policies.reports.words import PROOF


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """One level of evidence.

    Attributes:
        id: Its name in files: `program`, `mock-applied`, `state` or `live`.
        title: Its name for people.
        proves: What a pass proves at this level, and what it does not.
        watermark: What is written across every page, and at the head of every other format; "" where the evidence is of
            something that exists.
        next: How to get to the next level.
    """

    id: str
    title: str
    proves: str
    watermark: str
    next: str


_LIVE: Final = "live"

REACHES: Final[Mapping[str, Reach]] = {
    each.id: each
    for each in (
        Reach(
            id=Proof.PROGRAM.value,
            title="The program",
            proves=f"A pass proves {PROOF[Proof.PROGRAM]}",
            watermark="PLAN ONLY · nothing here is deployed",
            next="Write the evidence again with --applied, and then from the state that a deployment leaves.",
        ),
        Reach(
            id=Proof.MOCK_APPLIED.value,
            title="The program on a mock cloud",
            proves=f"A pass proves {PROOF[Proof.MOCK_APPLIED]} What that cloud would not make is as the program says.",
            watermark="MOCK CLOUD · no evidence of anything that is deployed",
            next="Deploy, and write the evidence from the state: pulumi stack export, then groundplan evidence FILE.",
        ),
        Reach(
            id=Proof.STATE.value,
            title="The state of a deployment",
            proves=f"A pass proves {PROOF[Proof.STATE]} A state does not say which cloud answered, Google's or a mock.",
            watermark="",
            next="Compare with the cloud: groundplan drift --out FILE, and then the evidence again with --drift FILE.",
        ),
        Reach(
            id=_LIVE,
            title="The cloud itself",
            proves="A pass proves what Pulumi knows of what exists, and the cloud confirmed. Whoever asked knows when.",
            watermark="",
            next="",
        ),
    )
}
"""The levels, from the weakest to the strongest. A state reaches the last one together with a look for drift."""


def reach(proof: Proof, comparison: Comparison | None = None) -> Reach:
    """Give the level that a document reaches.

    Args:
        proof: What the document can prove.
        comparison: What came out where it was compared with a cloud; None if nobody did.
    """
    if comparison is None or proof is not Proof.STATE:
        return REACHES[proof.value]
    if comparison.mock:
        return replace(REACHES[proof.value], watermark=REACHES[Proof.MOCK_APPLIED.value].watermark)
    return REACHES[_LIVE if comparison.same else proof.value]
