"""Settings of governance: reviews of models, and agreements on the use of data."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

import groundplan as gp
from blueprint.settings.base import Section, verify, verify_each
from blueprint.settings.data import DataClassName

Strategy = Literal["split", "canary", "blue-green"]


class DocumentSettings(Section):
    """A document, and what it said when it was referred to."""

    uri: str
    """A path inside this repository, or an address gs://… or https://…."""
    digest: str
    """sha256: and the 64 hexadecimal digits of its bytes, as sha256sum prints them."""

    def make(self) -> gp.DocumentReference:
        """Return the document as constructs take it."""
        return gp.DocumentReference(uri=self.uri, digest=self.digest)


class ProtectedAttributeSettings(Section):
    """Something about people that a decision should not rest on."""

    name: str
    """Name as columns and features have it."""
    proxies: list[str] = Field(default_factory=list)
    """Columns and features from which it can be guessed."""
    reason: str = ""
    """Why it, or a proxy of it, may be a feature all the same."""


class FairnessSettings(Section):
    """What an evaluation has to show for the groups of a protected attribute."""

    attribute: str
    """The protected attribute."""
    metric: str
    """What is measured, as the evaluation reports it."""
    slice: str
    """Which cases are looked at, such as all."""
    minimum: float | None = None
    """The least that is acceptable."""
    maximum: float | None = None
    """The most that is acceptable."""


class OversightSettings(Section):
    """Who watches over the decisions."""

    who: str
    """The people, by their role."""
    how: str
    """What they see, and what they do with it."""
    can_stop: bool
    """Whether they can stop the use, or overrule a decision."""


class ExplanationSettings(Section):
    """How decisions are explained to those who are concerned."""

    method: str
    """How the parts of the features are found."""
    audience: str
    """Who is told."""
    output: str
    """What they get."""


class BaselineSettings(Section):
    """What a model has to be better than."""

    kind: Literal["rule", "model", "previous-version"]
    """A rule, a simpler model, or the version before."""
    name: str
    """Which one."""
    metric: str
    """What is compared, as the evaluation reports it."""
    minimum_gain: float
    """By how much the model has to be better."""


class RollbackSettings(Section):
    """How a version is taken back."""

    kept_versions: int
    """Versions that can be served again."""
    strategy: Strategy
    """How traffic moves."""
    owner: str
    """Who decides."""


class RetrainingSettings(Section):
    """When a model is trained again."""

    trigger: Literal["schedule", "drift", "manual"]
    """What starts it."""
    data_window_days: int
    """Days of data that it learns from."""
    gate: str
    """What a new version has to pass."""
    maximum_age_days: int
    """Days after which a version is no longer served."""
    owner: str
    """Who answers for it."""


class ApprovalSettings(Section):
    """Who lets a version through, and who builds it."""

    approvers: list[str]
    """Principals who approve."""
    builders: list[str]
    """Principals who build and train."""


class IncidentSettings(Section):
    """Who is told when a model does harm."""

    contact: str
    """E-mail address of whoever is on call."""
    severity: Literal["critical", "error", "warning"]
    """How grave a failure is."""
    first_step: str
    """What is done first."""


class ReviewSettings(Section):
    """A review of a use of models."""

    bucket: str
    """Name of the bucket that keeps the record."""
    owner: str
    """Who answers for the models."""
    reviewer: str
    """Who reviewed the use; not the owner."""
    contact: str
    """Whom people who are concerned can ask."""
    reviewed: str
    """Day of the review, as 2026-11-02."""
    next_review: str
    """Day on which it is due again."""
    purposes: list[str]
    """The uses that were reviewed, such as credit-scoring."""
    intended_use: str
    """What the models are for and what not."""
    risk_class: Literal["prohibited", "high", "limited", "minimal"]
    """How risky the use is, after the EU AI Act; a prohibited one is refused."""
    risk_reason: str
    """Why, with the article or annex."""
    affected_groups: list[str]
    """Whom the decisions affect."""
    protected_attributes: list[ProtectedAttributeSettings] = Field(default_factory=list)
    """What decisions should not rest on."""
    fairness: list[FairnessSettings] = Field(default_factory=list)
    """What an evaluation has to show for each of them."""
    oversight: OversightSettings | None = None
    """Who watches over the decisions."""
    impact_assessment: DocumentSettings | None = None
    """Assessment of the impact on fundamental rights."""
    model_card: DocumentSettings | None = None
    """What the model is, was trained on, and cannot do."""
    explanation: ExplanationSettings | None = None
    """How decisions are explained."""
    baseline: BaselineSettings | None = None
    """What the models have to be better than."""
    rollback: RollbackSettings | None = None
    """How a version is taken back."""
    retraining: RetrainingSettings | None = None
    """When the models are trained again."""
    approval: ApprovalSettings | None = None
    """Who lets a version through."""
    incident: IncidentSettings | None = None
    """Who is told when a model does harm."""


class AgreementSettings(Section):
    """An agreement on the use of data."""

    bucket: str
    """Name of the bucket that keeps the record."""
    owner: str
    """Who answers for the data."""
    purposes: list[str]
    """What the data may be used for, such as credit-scoring."""
    lawful_basis: str | None = None
    """On what ground personal data may be processed, such as contract."""
    data_class: DataClassName
    """How sensitive the data is."""
    personal_data: list[str] = Field(default_factory=list)
    """Kinds of personal data in it, such as pii."""
    personal_fields: dict[str, Literal["identifier", "date", "sensitive"]] = Field(default_factory=dict)
    """Columns that are about somebody, and what they say; warehouses mask them."""
    retention_days: int
    """Days after which the data is deleted."""
    residency: list[str]
    """Regions, or EU and US, that it may be in."""
    consumers: list[str]
    """Principals, or names of identities of these settings, who may be given access."""
    origin: str
    """Where the data comes from."""
    collection: str
    """How it was collected."""
    known_bias: str
    """Whom it leaves out or shows wrongly."""
    collected: str
    """Day on which the collection ended."""
    agreed: str
    """Day of the agreement."""
    expires: str
    """Day on which it ends."""
    data_sheet: DocumentSettings | None = None
    """What the data is, how it came to be, what it is not good for."""

    @field_validator("lawful_basis")
    @classmethod
    def _basis(cls, value: str | None) -> str | None:
        if value is not None:
            verify(lambda checks: checks.one_of("lawful_basis", value, [each.value for each in gp.LawfulBasis]))
        return value

    @field_validator("personal_data")
    @classmethod
    def _kinds(cls, value: list[str]) -> list[str]:
        known = [each.value for each in gp.PersonalData]
        verify_each(value, lambda checks, name: checks.one_of("personal_data", name, known))
        return value


def fields(section: Section, *left_out: str) -> dict[str, Any]:
    """Return the values of a section as arguments have them: lists as tuples, sections as they are."""
    names = [name for name in type(section).model_fields if name not in left_out]
    found = {name: getattr(section, name) for name in names}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
