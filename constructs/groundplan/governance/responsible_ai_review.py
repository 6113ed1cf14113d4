"""A review of a use of models: what it is for, whom it affects, what it has to show, who may stop it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import pulumi

from groundplan.core.component import Args, Component
from groundplan.core.environment import Project
from groundplan.core.references import BucketRef, ExistingReview, ReviewRef
from groundplan.core.validation import Checks
from groundplan.governance.checks import check_days, check_named
from groundplan.governance.documents import SCHEMA_VERSION, DocumentReference, digest_of, keep_record, record
from groundplan.governance.review_parts import (
    Approval,
    Baseline,
    ExplanationDuty,
    FairnessThreshold,
    IncidentContact,
    Oversight,
    ProtectedAttribute,
    RetrainingPolicy,
    RiskClass,
    RollbackPlan,
)

_TEXT: Final = 4000
_LINE: Final = 500
_DIGEST: Final = r"sha256:[0-9a-f]{64}"
_URN: Final = r"urn:pulumi:\S+"


class _Part(Protocol):
    def check(self, checks: Checks, field: str) -> None: ...


# What a part is, where it is given; the key is its field.
_PARTS: Final[Mapping[str, type[_Part]]] = {
    "oversight": Oversight,
    "impact_assessment": DocumentReference,
    "model_card": DocumentReference,
    "explanation": ExplanationDuty,
    "baseline": Baseline,
    "rollback": RollbackPlan,
    "retraining": RetrainingPolicy,
    "approval": Approval,
    "incident": IncidentContact,
}
_NEEDED_AT_HIGH_RISK: Final = {
    "oversight": "Article 14",
    "impact_assessment": "Article 27",
    "explanation": "Article 86",
}


@dataclass(frozen=True, kw_only=True)
class ResponsibleAiReviewArgs(Args):
    """What a ``ResponsibleAiReview`` takes. Articles are those of Regulation (EU) 2024/1689 (AI Act)."""

    bucket: BucketRef
    """Bucket that keeps the review; best one whose objects cannot be deleted for a time."""
    owner: str
    """Who answers for the models, as an e-mail address, ``user:`` or ``group:``."""
    reviewer: str
    """Who reviewed the use; somebody else than the owner."""
    contact: str
    """Whom people who are concerned can ask."""
    reviewed: str
    """Day of the review, as 2026-11-02."""
    next_review: str
    """Day on which it is due again."""
    purposes: tuple[str, ...]
    """The uses that were reviewed, as slugs: ``credit-scoring``."""
    intended_use: str
    """What the models are for and what not, in words."""
    risk_class: RiskClass
    """How risky the use is; a prohibited one is refused."""
    risk_reason: str
    """Why it is in this class, with the article or annex."""
    affected_groups: tuple[str, ...]
    """Whom the decisions affect, in words."""
    protected_attributes: tuple[ProtectedAttribute, ...] = ()
    """What decisions should not rest on."""
    fairness: tuple[FairnessThreshold, ...] = ()
    """What an evaluation has to show for each protected attribute."""
    oversight: Oversight | None = None
    """Who watches over the decisions; needed at high risk."""
    impact_assessment: DocumentReference | None = None
    """Assessment of the impact on fundamental rights; needed at high risk."""
    model_card: DocumentReference | None = None
    """What the model is, was trained on, and cannot do."""
    explanation: ExplanationDuty | None = None
    """How decisions are explained; needed at high risk."""
    baseline: Baseline | None = None
    """What the models have to be better than."""
    rollback: RollbackPlan | None = None
    """How a version is taken back."""
    retraining: RetrainingPolicy | None = None
    """When the models are trained again."""
    approval: Approval | None = None
    """Who lets a version through."""
    incident: IncidentContact | None = None
    """Who is told when a model does harm."""

    @property
    def review(self) -> dict[str, object]:
        """The review as it is kept and as rules read it."""
        return record(self, "bucket")

    def declared(self) -> dict[str, Any]:
        """Return what the construct says of itself in the deployment document."""
        review = self.review
        return {
            **super().declared(),
            "schemaVersion": SCHEMA_VERSION,
            "digest": digest_of(review),
            "review": review,
        }

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.instance("bucket", self.bucket, BucketRef, "a DataBucket, or DataBucket.from_existing(…)")
        for field in ("owner", "reviewer", "contact"):
            checks.person(field, getattr(self, field))
        self._check_reviewer(checks)
        check_days(checks, self, "reviewed", "next_review")
        check_named(checks, "purposes", self.purposes, "use")
        for index, purpose in enumerate(self.purposes):
            checks.slug(f"purposes[{index}]", purpose)
        checks.text("intended_use", self.intended_use, _TEXT, "what the models are for")
        checks.text("risk_reason", self.risk_reason, _TEXT, "why the use is in its class")
        check_named(checks, "affected_groups", self.affected_groups, "group of people")
        for index, group in enumerate(self.affected_groups):
            checks.text(f"affected_groups[{index}]", group, _LINE, "whom decisions affect")
        self._check_fairness(checks)
        for field, kind in _PARTS.items():
            part = getattr(self, field)
            if part is not None and checks.instance(field, part, kind, f"one {kind.__name__}, or nothing"):
                part.check(checks, field)
        if checks.instance("risk_class", self.risk_class, RiskClass, "a RiskClass, such as RiskClass.LIMITED"):
            self._check_risk(checks)

    def _check_reviewer(self, checks: Checks) -> None:
        owner, reviewer = (str(each).rsplit(":", 1)[-1].lower() for each in (self.owner, self.reviewer))
        checks.that(
            owner != reviewer,
            "reviewer",
            "is the owner, who would judge their own work",
            given=self.reviewer,
            allowed="somebody else than the owner",
            do="have it reviewed by somebody who does not answer for the models",
        )

    def _check_fairness(self, checks: Checks) -> None:
        for index, attribute in enumerate(self.protected_attributes):
            place = f"protected_attributes[{index}]"
            if checks.instance(place, attribute, ProtectedAttribute, "a ProtectedAttribute"):
                attribute.check(checks, place)
        known = [each.name for each in self.protected_attributes if isinstance(each, ProtectedAttribute)]
        checks.unique("protected_attributes", map(str, known), "attribute")
        for index, threshold in enumerate(self.fairness):
            if checks.instance(f"fairness[{index}]", threshold, FairnessThreshold, "a FairnessThreshold"):
                threshold.check(checks, f"fairness[{index}]")
                checks.one_of(f"fairness[{index}].attribute", threshold.attribute, known)
        bounded = [each for each in self.fairness if isinstance(each, FairnessThreshold)]
        checks.unique("fairness", (f"{each.attribute} {each.metric} {each.slice}" for each in bounded), "threshold")

    def _check_risk(self, checks: Checks) -> None:
        checks.that(
            self.risk_class is not RiskClass.PROHIBITED,
            "risk_class",
            "is prohibited by Article 5, and no review changes that",
            given=self.risk_class.value,
            allowed="high, limited, minimal",
            do="do not build it; where the class is wrong, say why in risk_reason",
        )
        if self.risk_class is not RiskClass.HIGH:
            return
        for field, article in _NEEDED_AT_HIGH_RISK.items():
            checks.that(
                getattr(self, field) is not None,
                field,
                f"is missing, and a high-risk use needs it ({article})",
                given="nothing",
                allowed=f"one {_PARTS[field].__name__}",
                do="say it, or have the risk class reviewed",
            )
        checks.that(
            not isinstance(self.oversight, Oversight) or self.oversight.can_stop is not False,
            "oversight.can_stop",
            "is no, and people must be able to stop a high-risk use (Article 14)",
            given=False,
            allowed="true",
            do="give those who watch a way to stop it",
        )


class ResponsibleAiReview(Component, ReviewRef):
    """A review of a use of models, which endpoints, training and pipelines are given to answer to.

    It is a declaration: what people say, in a form that rules read and hold against the rest. Child: ``record``, the
    review as canonical JSON in the bucket, under its digest (``digest``).
    """

    kind = "groundplan:governance:ResponsibleAiReview"
    objectives = ("6.1.b", "6.1.c", "6.1.d")

    def __init__(self, name: str, args: ResponsibleAiReviewArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Keep the review; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.bucket.project
        self.review_urn = self.urn
        self.purposes = args.purposes
        self.digest = digest_of(args.review)
        self.record = keep_record(self, "reviews", args.review, args.bucket)
        self.finish(
            {
                "digest": self.digest,
                "uri": pulumi.Output.concat("gs://", args.bucket.bucket_name, "/", self.record.output_name),
                "riskClass": args.risk_class.value,
                "nextReview": args.next_review,
            }
        )

    @staticmethod
    def from_existing(
        urn: str, *, digest: str, purposes: tuple[str, ...], project: Project, label: str | None = None
    ) -> ReviewRef:
        """Return a review that another program keeps, by its URN there.

        ``digest`` and ``purposes`` are those of the review; ``project`` is that of its bucket. A rule that does
        not find it in the document says so: what it cannot read stays declared.
        """
        checks = Checks("ResponsibleAiReview.from_existing")
        checks.matches("urn", urn, _URN, "a URN, urn:pulumi:…", "take it from `pulumi stack --show-urns`")
        checks.matches("digest", digest, _DIGEST, "sha256: and 64 hexadecimal digits", "take the review's digest")
        for index, purpose in enumerate(purposes):
            checks.slug(f"purposes[{index}]", purpose)
        checks.finish()
        return ExistingReview(
            label=label or re.sub(".*::", "", urn), project=project, review_urn=urn, digest=digest, purposes=purposes
        )
