"""What constructs take that answer to a review or to agreements, and what these refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from groundplan.core.component import Args
from groundplan.core.data_class import DataClass
from groundplan.core.references.governance import AgreementRef, ReviewRef
from groundplan.core.regions import holds
from groundplan.core.validation import Checks


@dataclass(frozen=True, kw_only=True)
class AgreedArgs(Args):
    """What every construct takes that holds data."""

    agreements: tuple[AgreementRef, ...] = ()
    """Agreements on the data: they say who may be given access, and what they contradict is refused."""

    @property
    def known_agreements(self) -> tuple[AgreementRef, ...]:
        """The agreements that hold, also while it has not been checked that they are such."""
        return tuple(each for each in self.agreements if isinstance(each, AgreementRef))

    @property
    def strictest_agreed(self) -> DataClass | None:
        """The strictest class that the agreements say the data is of; None where there are none."""
        return max((each.terms.data_class for each in self.known_agreements), key=lambda each: each.rank, default=None)

    @property
    def agreed_days(self) -> int | None:
        """Days after which data is deleted by the shortest of the agreements; None where there are none."""
        return min((each.terms.retention_days for each in self.known_agreements), default=None)

    def declared(self) -> dict[str, Any]:
        """Return what the construct says of itself in the deployment document."""
        governance = self._governance()
        return {**super().declared(), **({"governance": governance} if governance else {})}

    def _governance(self) -> dict[str, Any]:
        agreements = [each.agreement_urn for each in self.known_agreements]
        return {"agreements": agreements} if agreements else {}


@dataclass(frozen=True, kw_only=True)
class ReviewedArgs(AgreedArgs):
    """What every construct takes that is part of a model's life."""

    review: ReviewRef | None = None
    """The review that the model answers to."""
    purpose: str | None = None
    """What the model is for, such as ``credit-scoring``: one of the uses that the review and the agreements allow."""

    def _governance(self) -> dict[str, Any]:
        review = {"review": self.review.review_urn} if isinstance(self.review, ReviewRef) else {}
        purpose = {"purpose": self.purpose} if self.purpose is not None else {}
        return {**review, **super()._governance(), **purpose}

    def check_review(self, checks: Checks) -> None:
        """Record where the purpose is not one that was reviewed and agreed."""
        reviewed = self.review is None or checks.instance(
            "review", self.review, ReviewRef, "a ResponsibleAiReview, or one of another stack"
        )
        if self.purpose is None or not checks.slug("purpose", self.purpose):
            return
        if self.review is not None and reviewed:
            _check_purpose(checks, self.purpose, f"the review {self.review.label}", self.review.purposes)
        for agreement in self.known_agreements:
            _check_purpose(checks, self.purpose, f"the agreement {agreement.label}", agreement.terms.purposes)


def check_held(checks: Checks, agreements: Sequence[AgreementRef], data_class: DataClass | None, *places: str) -> None:
    """Record where agreements contradict the class of the data (None: not judged) or the places it is in."""
    for index, agreement in enumerate(agreements):
        field = f"agreements[{index}]"
        if checks.instance(field, agreement, AgreementRef, "a DataUseAgreement, or one of another stack"):
            _check_class(checks, agreement, data_class)
            for place in dict.fromkeys(each for each in places if isinstance(each, str)):
                _check_place(checks, field, agreement, place)
    known = [each.label for each in agreements if isinstance(each, AgreementRef)]
    checks.unique("agreements", known, "agreement")


def _check_class(checks: Checks, agreement: AgreementRef, data_class: DataClass | None) -> None:
    agreed = agreement.terms.data_class
    checks.that(
        data_class is None or data_class.rank >= agreed.rank,
        "data_class",
        f"is laxer than the agreement {agreement.label} says that the data is",
        given=data_class,
        allowed=", ".join(known.value for known in DataClass if known.rank >= agreed.rank),
        do=f"say DataClass.{agreed.name}, or hold what was de-identified, under an agreement of its own",
    )


def _check_place(checks: Checks, field: str, agreement: AgreementRef, place: str) -> None:
    residency = agreement.terms.residency
    checks.that(
        any(holds(location, place) for location in residency),
        field,
        f"does not allow the data to be in {place}",
        given=f"{place}, under {agreement.label}",
        allowed=", ".join(residency),
        do="keep the data where the agreement allows it, or have the agreement changed by whoever answers for the data",
    )


def _check_purpose(checks: Checks, purpose: str, where: str, allowed: Sequence[str]) -> None:
    checks.that(
        purpose in allowed,
        "purpose",
        f"is not one that {where} allows",
        given=purpose,
        allowed=", ".join(allowed),
        do="use it for what was agreed, or have the new use reviewed first",
    )
