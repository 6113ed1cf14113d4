"""What the tests of governance are given: a bucket for records, a review and an agreement that are in order."""

from __future__ import annotations

from typing import Any

import groundplan as gp
from tests.constructs.plan import environment

DIGEST = "sha256:" + "ab" * 32
TRAINER = "serviceAccount:gp-trainer@acme-ml-dev.iam.gserviceaccount.com"


def records(*, managed: bool = True) -> gp.BucketRef:
    return gp.DataBucket.from_existing(
        "acme-records",
        project=gp.Project(id="acme-ml-dev", number="123456789012", managed=managed),
        location="europe-west4",
        data_class=gp.DataClass.INTERNAL,
    )


def card(uri: str = "cards/income.md", digest: str = DIGEST) -> gp.DocumentReference:
    return gp.DocumentReference(uri=uri, digest=digest)


def review_args(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.ResponsibleAiReviewArgs:
    given: dict[str, Any] = {
        "env": environment(tier),
        "bucket": records(),
        "owner": "group:ml@acme.test",
        "reviewer": "group:risk@acme.test",
        "contact": "ml-contact@acme.test",
        "reviewed": "2026-11-02",
        "next_review": "2027-05-03",
        "purposes": ("credit-scoring",),
        "intended_use": "Ranks applications for small loans; a person decides.",
        "risk_class": gp.RiskClass.HIGH,
        "risk_reason": "Annex III, point 5(b): creditworthiness of natural persons",
        "affected_groups": ("people who apply for a loan",),
        "protected_attributes": (gp.ProtectedAttribute(name="sex", proxies=("relationship",)),),
        "fairness": (
            gp.FairnessThreshold(attribute="sex", metric="selection_rate_ratio", slice="all", minimum=0.8, maximum=1.0),
        ),
        "oversight": gp.Oversight(who="loan officers", how="They see the reasons and decide.", can_stop=True),
        "impact_assessment": card("assessments/income.md"),
        "model_card": card(),
        "explanation": gp.ExplanationDuty(
            method="sampled-shapley", audience="applicants", output="the three features that weighed most"
        ),
    }
    return gp.ResponsibleAiReviewArgs(**{**given, **more})


def agreement_args(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.DataUseAgreementArgs:
    given: dict[str, Any] = {
        "env": environment(tier),
        "bucket": records(),
        "owner": "group:data@acme.test",
        "purposes": ("credit-scoring",),
        "data_class": gp.DataClass.PERSONAL,
        "personal_data": (gp.PersonalData.PII, gp.PersonalData.FINANCIAL),
        "personal_fields": {"person": "identifier"},
        "lawful_basis": gp.LawfulBasis.CONTRACT,
        "retention_days": 200,
        "residency": ("europe-west4",),
        "consumers": (TRAINER, "group:ml@acme.test"),
        "origin": "The census of 1994",
        "collection": "Asked from door to door",
        "known_bias": "People without a fixed address are missing.",
        "collected": "1994-12-31",
        "agreed": "2026-11-01",
        "expires": "2027-11-01",
        "data_sheet": card("sheets/census.md"),
    }
    return gp.DataUseAgreementArgs(**{**given, **more})


def agreement(name: str = "census", **more: Any) -> gp.DataUseAgreement:
    return gp.DataUseAgreement(name, agreement_args(**more))


def review(name: str = "income", **more: Any) -> gp.ResponsibleAiReview:
    return gp.ResponsibleAiReview(name, review_args(**more))
