"""ResponsibleAiReview: what it keeps and says in each tier, how it is told apart from another, what it refuses."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.governance.given import DIGEST, card, records, review, review_args
from tests.constructs.plan import Plan, environment, plan

OBJECT = "gcp:storage/bucketObject:BucketObject"
KIND = "groundplan:governance:ResponsibleAiReview"
TIERS = [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED]


def planned(**more: Any) -> Plan:
    return plan(lambda: review(**more))


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_it_is_one_object_whose_digest_it_says(tier: gp.Tier) -> None:
    found = planned(tier=tier)
    assert found.inventory() == {OBJECT: 1}
    said = found.one(KIND).inputs
    text = json.dumps(said["review"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert said["schemaVersion"] == 1
    assert said["digest"] == "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    kept = found.one(OBJECT).inputs
    assert kept["bucket"] == "acme-records"
    assert kept["name"] == f"reviews/income/{said['digest'].removeprefix('sha256:')}.json"
    assert kept["contentType"] == "application/json"


def test_it_says_what_was_reviewed_and_leaves_out_what_was_not() -> None:
    said = planned().one(KIND).inputs["review"]
    assert said["riskClass"] == "high"
    assert said["nextReview"] == "2027-05-03"
    assert said["protectedAttributes"] == [{"name": "sex", "proxies": ["relationship"], "reason": ""}]
    assert said["fairness"] == [
        {"attribute": "sex", "metric": "selection_rate_ratio", "slice": "all", "minimum": 0.8, "maximum": 1}
    ]
    assert said["oversight"] == {"who": "loan officers", "how": "They see the reasons and decide.", "canStop": True}
    assert said["modelCard"] == {"uri": "cards/income.md", "digest": DIGEST}
    assert not {"baseline", "env", "bucket", "labels", "overrides", "deletionProtection"} & set(said)


def test_every_part_is_kept_under_the_names_that_rules_read() -> None:
    parts = {
        "baseline": gp.Baseline(kind="rule", name="income above the median", metric="auc", minimum_gain=0.05),
        "rollback": gp.RollbackPlan(kept_versions=3, strategy="canary", owner="group:ml@acme.test"),
        "retraining": gp.RetrainingPolicy(
            trigger="schedule",
            data_window_days=730,
            gate="all thresholds are met",
            maximum_age_days=180,
            owner="ml@acme.test",
        ),
        "approval": gp.Approval(approvers=("group:approvers@acme.test",), builders=("group:ml@acme.test",)),
        "incident": gp.IncidentContact(contact="oncall@acme.test", severity="critical", first_step="Stop the endpoint"),
    }
    said = planned(**parts).one(KIND).inputs["review"]
    assert said["baseline"]["minimumGain"] == 0.05
    assert said["rollback"] == {"keptVersions": 3, "strategy": "canary", "owner": "group:ml@acme.test"}
    assert said["retraining"]["dataWindowDays"] == 730
    assert said["retraining"]["maximumAgeDays"] == 180
    assert said["approval"] == {"approvers": ["group:approvers@acme.test"], "builders": ["group:ml@acme.test"]}
    assert said["incident"]["firstStep"] == "Stop the endpoint"


def test_outputs_name_the_record() -> None:
    def program() -> None:
        made = review()
        pulumi.export("digest", made.digest)
        pulumi.export("urn", made.review_urn)
        pulumi.export("content", pulumi.Output.unsecret(made.record.content))

    outputs = plan(program).outputs
    assert outputs["digest"] == "sha256:" + hashlib.sha256(outputs["content"].encode()).hexdigest()
    assert json.loads(outputs["content"]) == planned().one(KIND).inputs["review"]
    assert outputs["digest"] == planned().one(KIND).inputs["digest"]
    assert outputs["urn"].endswith(f"{KIND}::income")


def test_a_change_is_another_record_and_the_same_review_is_the_same() -> None:
    first, again = planned(), planned()
    changed = planned(intended_use="Ranks applications for large loans.")
    assert first.one(OBJECT).inputs == again.one(OBJECT).inputs
    assert first.one(OBJECT).inputs["name"] != changed.one(OBJECT).inputs["name"]


def test_labels_and_tiers_are_no_part_of_the_record() -> None:
    first = planned(tier=gp.Tier.LEARNER, labels={"team": "one"}).one(KIND).inputs
    assert first["digest"] == planned(tier=gp.Tier.REGULATED).one(KIND).inputs["digest"]


def test_overrides_are_recorded() -> None:
    found = planned(overrides={"record": {"cache_control": "no-store"}})
    assert found.one(OBJECT).inputs["cacheControl"] == "no-store"


def test_all_that_is_wrong_is_told_at_once() -> None:
    message = refused(reviewer="ml@acme.test", purposes=("Credit Scoring",), reviewed="2.11.2026", affected_groups=())
    assert "4 arguments" in message
    for field in ("reviewer", "purposes[0]", "reviewed", "affected_groups"):
        assert f"  {field}: " in message


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"owner": "nobody"}, "owner: does not have the right form"),
        ({"reviewer": "user:ML@acme.test"}, "reviewer: is the owner"),
        ({"reviewed": "2026-02-30"}, "reviewed: is no day"),
        ({"reviewed": "20261102"}, "reviewed: is no day"),
        ({"next_review": "2026-11-02"}, "next_review: is not after reviewed"),
        ({"purposes": ()}, "purposes: names no use"),
        ({"purposes": ("a", "a")}, "purposes: names a use twice"),
        ({"intended_use": "  "}, "intended_use: does not say"),
        ({"risk_class": "high"}, "risk_class: is of the wrong type"),
        ({"risk_class": gp.RiskClass.PROHIBITED}, "risk_class: is prohibited by Article 5"),
        ({"oversight": None}, "oversight: is missing, and a high-risk use needs it"),
        ({"impact_assessment": None}, "impact_assessment: is missing"),
        ({"explanation": None}, "explanation: is missing"),
        ({"oversight": gp.Oversight(who="a", how="b", can_stop=False)}, "oversight.can_stop: is no"),
        ({"model_card": "cards/income.md"}, "model_card: is of the wrong type"),
        ({"model_card": card("/etc/passwd")}, "model_card.uri: names no document"),
        ({"model_card": card("cards/../../secret")}, "model_card.uri: names no document"),
        ({"model_card": card("file:///card")}, "model_card.uri: names no document"),
        ({"model_card": card(digest="sha256:abc")}, "model_card.digest: does not have the right form"),
        ({"protected_attributes": (), "fairness": review_args().fairness}, "fairness[0].attribute: is not one of"),
        ({"protected_attributes": (gp.ProtectedAttribute(name="a", proxies=("a",)),), "fairness": ()}, "column twice"),
        ({"bucket": "acme-records"}, "bucket: is of the wrong type"),
        ({"affected_groups": "everybody"}, "affected_groups: is text, where several values are wanted"),
    ],
)
def test_bad_arguments_are_refused(more: dict[str, Any], fault: str) -> None:
    assert fault in refused(tier=gp.Tier.TEAM, **more)


@pytest.mark.parametrize("uri", ["cards/income.md", "gs://acme-cards/income.md", "https://acme.test/cards/income"])
def test_documents_are_in_the_project_or_have_an_address(uri: str) -> None:
    assert planned(model_card=card(uri)).one(KIND).inputs["review"]["modelCard"]["uri"] == uri


@pytest.mark.parametrize(
    ("bounds", "good"),
    [
        ({}, False),
        ({"minimum": 0.9, "maximum": 0.8}, False),
        ({"minimum": float("nan")}, False),
        ({"minimum": True}, False),
        ({"maximum": 0.1}, True),
        ({"minimum": 0.8, "maximum": 0.8}, True),
    ],
)
def test_a_threshold_bounds_something(bounds: dict[str, Any], good: bool) -> None:
    threshold = gp.FairnessThreshold(attribute="sex", metric="ratio", slice="all", **bounds)
    if good:
        planned(fairness=(threshold,))
    else:
        assert "bound nothing" in refused(fairness=(threshold,))


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ({"approval": gp.Approval(approvers=("group:a@b.test",), builders=("group:a@b.test",))}, "what they build"),
        ({"approval": gp.Approval(approvers=(), builders=("group:a@b.test",))}, "approval.approvers: name nobody"),
        ({"baseline": gp.Baseline(kind="guess", name="a", metric="b", minimum_gain=0)}, "baseline.kind"),  # type: ignore[arg-type] # wrong on purpose
        ({"baseline": gp.Baseline(kind="rule", name="a", metric="b", minimum_gain=-1)}, "is no gain"),
        ({"rollback": gp.RollbackPlan(kept_versions=0, strategy="split", owner="a@b.test")}, "rollback.kept_versions"),
        ({"incident": gp.IncidentContact(contact="a", severity="error", first_step="b")}, "incident.contact"),
        ({"incident": gp.IncidentContact(contact="a@b.test", severity="error", first_step="")}, "what is done first"),
    ],
)
def test_parts_are_checked(part: dict[str, Any], fault: str) -> None:
    assert fault in refused(**part)


def test_a_use_of_less_risk_needs_less() -> None:
    planned(risk_class=gp.RiskClass.MINIMAL, oversight=None, impact_assessment=None, explanation=None)


def test_a_review_of_another_program_is_taken_by_its_urn() -> None:
    urn = f"urn:pulumi:prod::acme::{KIND}::income"
    there = gp.ResponsibleAiReview.from_existing(
        urn, digest=DIGEST, purposes=("credit-scoring",), project=gp.Project(id="acme-ml-dev")
    )
    assert (there.review_urn, there.digest, there.label) == (urn, DIGEST, "income")
    with pytest.raises(gp.ArgumentError, match="urn: does not have the right form"):
        gp.ResponsibleAiReview.from_existing("income", digest="x", purposes=(), project=gp.Project(id="acme-ml-dev"))


def test_the_record_of_a_bucket_in_another_project_is_made_with_its_provider() -> None:
    other = gp.DataBucket.from_existing(
        "acme-audit", project=gp.Project(id="acme-audit"), location="EU", data_class=gp.DataClass.INTERNAL
    )
    assert "acme-audit" in planned(bucket=other).one(OBJECT).options["provider"]
    assert records().project.id == environment().project
