"""References to reviews and data use agreements: what models and data answer to."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from groundplan.core.data_class import DataClass
from groundplan.core.environment import Project
from groundplan.core.principals import Identity
from groundplan.core.references.base import Exported, Reference, export_project, import_project
from groundplan.core.validation import Checks, checked


class ReviewRef(Reference):
    """A review of a use of models, that the models answer to."""

    review_urn: pulumi.Input[str]
    """The review's name in the program that makes it, by which rules find it."""
    digest: str
    """``sha256:`` and the digest of the review's text."""
    purposes: tuple[str, ...]
    """Uses that were reviewed, such as ``credit-scoring``."""

    def exported(self) -> dict[str, Any]:
        """Return the review as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "review_urn": self.review_urn,
            "digest": self.digest,
            "purposes": list(self.purposes),
        }

    @staticmethod
    def imported(exported: Exported) -> ReviewRef:
        """Return the review that another stack exported."""
        return ExistingReview(
            **{
                **exported,
                "project": import_project(exported["project"]),
                "purposes": tuple(exported["purposes"]),
            }
        )


class ExistingReview(ReviewRef):
    """A review that another program made."""

    def __init__(
        self,
        *,
        label: str,
        project: Project,
        review_urn: pulumi.Input[str],
        digest: str,
        purposes: tuple[str, ...],
    ) -> None:
        """Take the attributes of ``ReviewRef``."""
        self.label = label
        self.project = project
        self.review_urn = review_urn
        self.digest = digest
        self.purposes = purposes


@dataclass(frozen=True, kw_only=True)
class AgreementTerms:
    """What was agreed about data, as far as the constructs that hold or use it obey it."""

    owner: str
    """Who answers for the data, and may always be given access."""
    purposes: tuple[str, ...]
    """What the data may be used for."""
    data_class: DataClass
    """How sensitive it is; nothing that holds it is of a laxer class."""
    personal_data: tuple[str, ...] = ()
    """Kinds of personal data in it, such as ``pii``; empty where there are none."""
    personal_fields: Mapping[str, str] = field(default_factory=dict)
    """Columns that are about somebody, and what they say: ``identifier``, ``date`` or ``sensitive``."""
    retention_days: int
    """Days after which it is deleted."""
    residency: tuple[str, ...]
    """Regions, or multi-regions (``EU``, ``US``), that it may be in."""
    consumers: tuple[str, ...]
    """Principals who may be given access to it."""


class AgreementRef(Reference):
    """An agreement on the use of data, that whoever holds or uses the data obeys."""

    agreement_urn: pulumi.Input[str]
    """The agreement's name in the program that makes it, by which rules find it."""
    digest: str
    """``sha256:`` and the digest of the agreement's text."""
    terms: AgreementTerms
    """What was agreed."""

    def exported(self) -> dict[str, Any]:
        """Return the agreement as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "agreement_urn": self.agreement_urn,
            "digest": self.digest,
            "terms": {
                **{each.name: _plain(getattr(self.terms, each.name)) for each in dataclasses.fields(AgreementTerms)},
                "data_class": self.terms.data_class.value,
            },
        }

    @staticmethod
    def imported(exported: Exported) -> AgreementRef:
        """Return the agreement that another stack exported."""
        terms: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in exported["terms"].items()
        }
        terms |= {"data_class": DataClass(terms["data_class"]), "retention_days": int(terms["retention_days"])}
        return ExistingAgreement(
            **{
                **exported,
                "project": import_project(exported["project"]),
                "terms": AgreementTerms(**terms),
            }
        )


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


class ExistingAgreement(AgreementRef):
    """An agreement that another program made."""

    def __init__(
        self, *, label: str, project: Project, agreement_urn: pulumi.Input[str], digest: str, terms: AgreementTerms
    ) -> None:
        """Take the attributes of ``AgreementRef``."""
        self.label = label
        self.project = project
        self.agreement_urn = agreement_urn
        self.digest = digest
        self.terms = terms


def admitted(agreements: tuple[AgreementRef, ...], identity: Identity, where: str) -> Identity:
    """Return an identity that may be given access to data under agreements.

    Somebody who is not among the consumers of each raises ``ArgumentError``: at once where the address is known, else
    as soon as it is. Google's own agents, which do what constructs set them up to do, need no mention.
    """
    if not agreements or identity.agent:
        return identity
    if isinstance(identity.member, str):
        checks = Checks(where)
        _check_consumer(checks, identity.member, agreements)
        checks.finish()
        return identity

    def check(checks: Checks, known: str) -> None:
        _check_consumer(checks, known, agreements)

    return dataclasses.replace(identity, member=checked(identity.member, check, where))


def _check_consumer(checks: Checks, member: str, agreements: tuple[AgreementRef, ...]) -> None:
    for agreement in agreements:
        consumers = (*agreement.terms.consumers, agreement.terms.owner)
        checks.that(
            member in consumers,
            "principal",
            f"is no consumer by the agreement {agreement.label}",
            given=member,
            allowed=", ".join(consumers),
            do="grant it to a consumer, or have the agreement changed by whoever answers for the data",
        )


def exported_agreements(agreements: tuple[AgreementRef, ...]) -> dict[str, Any]:
    """Return the agreements on something that is exported, as a part of it; nothing where there are none."""
    return {"agreements": [agreement.exported() for agreement in agreements]} if agreements else {}


def imported_agreements(exported: Exported) -> tuple[AgreementRef, ...]:
    """Return the agreements on something that another stack exported."""
    return tuple(AgreementRef.imported(each) for each in exported.get("agreements", ()))
