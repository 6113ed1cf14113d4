"""How far evidence reaches: from what a program asks for to what a cloud says that there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.results import Proof
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
            proves=f"A pass proves {PROOF[Proof.MOCK_APPLIED]}",
            watermark="MOCK CLOUD · no evidence of anything that is deployed",
            next="Deploy, and write the evidence from the state: pulumi stack export, then groundplan evidence FILE.",
        ),
        Reach(
            id=Proof.STATE.value,
            title="The state of a deployment",
            proves=f"A pass proves {PROOF[Proof.STATE]} A state does not say which cloud answered, Google's or a mock.",
            watermark="",
            next="Compare with the cloud: groundplan drift reads what is there, and says what differs from the state.",
        ),
        Reach(
            id=_LIVE,
            title="The cloud itself",
            proves="A pass proves what the cloud itself answered on the day of the evidence.",
            watermark="",
            next="",
        ),
    )
}
"""The levels, from the weakest to the strongest. No document reaches the last one: a state is compared with the cloud
by another command, and what that found is not in the document."""


def reach(proof: Proof) -> Reach:
    """Give the level that a document reaches."""
    return REACHES[proof.value]
