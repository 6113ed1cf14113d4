"""Governance, on the platform: reviews that models answer to, and agreements that data answers to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import groundplan as gp
from blueprint.context import Context
from blueprint.settings.governance import fields
from blueprint.stages import lookup

# The sections of a review that are a part of one kind each.
_PARTS: Final = {
    "oversight": gp.Oversight,
    "explanation": gp.ExplanationDuty,
    "baseline": gp.Baseline,
    "rollback": gp.RollbackPlan,
    "retraining": gp.RetrainingPolicy,
    "approval": gp.Approval,
    "incident": gp.IncidentContact,
}


def build(context: Context) -> None:
    """Keep the reviews and the agreements, for what comes after to answer to."""
    for name in context.settings.reviews:
        context.keep(f"review-{name}", gp.ResponsibleAiReview(name, review_args(context, name)))
    for name in context.settings.agreements:
        context.keep(f"agreement-{name}", gp.DataUseAgreement(name, agreement_args(context, name)))


def review_args(context: Context, name: str) -> gp.ResponsibleAiReviewArgs:
    """Return the arguments of a review."""
    settings = context.settings.reviews[name]
    parts = {
        part: kind(**fields(section))
        for part, kind in _PARTS.items()
        if (section := getattr(settings, part)) is not None
    }
    assessment, card = settings.impact_assessment, settings.model_card
    return gp.ResponsibleAiReviewArgs(
        env=context.env,
        bucket=lookup.bucket(context, settings.bucket),
        risk_class=gp.RiskClass(settings.risk_class),
        protected_attributes=tuple(gp.ProtectedAttribute(**fields(each)) for each in settings.protected_attributes),
        fairness=tuple(gp.FairnessThreshold(**fields(each)) for each in settings.fairness),
        impact_assessment=assessment.make() if assessment else None,
        model_card=card.make() if card else None,
        **fields(
            settings,
            "bucket",
            "risk_class",
            "protected_attributes",
            "fairness",
            "impact_assessment",
            "model_card",
            *_PARTS,
        ),
        **parts,
    )


def agreement_args(context: Context, name: str) -> gp.DataUseAgreementArgs:
    """Return the arguments of an agreement."""
    settings = context.settings.agreements[name]
    return gp.DataUseAgreementArgs(
        env=context.env,
        bucket=lookup.bucket(context, settings.bucket),
        data_class=gp.DataClass(settings.data_class),
        lawful_basis=gp.LawfulBasis(settings.lawful_basis) if settings.lawful_basis else None,
        personal_data=tuple(gp.PersonalData(kind) for kind in settings.personal_data),
        consumers=tuple(_member(context, who) for who in settings.consumers),
        data_sheet=settings.data_sheet.make() if settings.data_sheet else None,
        **fields(
            settings,
            "bucket",
            "data_class",
            "lawful_basis",
            "personal_data",
            "consumers",
            "data_sheet",
        ),
    )


def agreements(context: Context, names: Sequence[str]) -> tuple[gp.AgreementRef, ...]:
    """Return the agreements of some names."""
    return tuple(lookup.agreement(context, name) for name in names)


def _member(context: Context, who: str) -> str:
    """Return a consumer as IAM writes it: the text of an agreement is known before anything is made."""
    if ":" in who:
        return who
    identity = context.settings.identities.get(who)
    existing = identity.existing if identity is not None else None
    return f"serviceAccount:{existing or gp.ServiceIdentity.address(context.env, who)}"
