"""DataUseAgreement: what it keeps and says, and what it refuses."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

import groundplan as gp
from tests.constructs.governance.given import DIGEST, TRAINER, agreement, agreement_args
from tests.constructs.plan import Plan, plan

OBJECT = "gcp:storage/bucketObject:BucketObject"
KIND = "groundplan:governance:DataUseAgreement"
TIERS = [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED]


def planned(**more: Any) -> Plan:
    return plan(lambda: agreement(**more))


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
    text = json.dumps(said["agreement"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert said["digest"] == "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    assert found.one(OBJECT).inputs["name"] == f"agreements/census/{said['digest'].removeprefix('sha256:')}.json"


def test_it_says_what_was_agreed() -> None:
    assert planned().one(KIND).inputs["agreement"] == {
        "owner": "group:data@acme.test",
        "purposes": ["credit-scoring"],
        "dataClass": "personal",
        "personalData": ["pii", "financial"],
        "personalFields": {"person": "identifier"},
        "lawfulBasis": "contract",
        "retentionDays": 200,
        "residency": ["europe-west4"],
        "consumers": [TRAINER, "group:ml@acme.test"],
        "origin": "The census of 1994",
        "collection": "Asked from door to door",
        "knownBias": "People without a fixed address are missing.",
        "collected": "1994-12-31",
        "agreed": "2026-11-01",
        "expires": "2027-11-01",
        "dataSheet": {"uri": "sheets/census.md", "digest": DIGEST},
    }


def test_data_that_is_not_about_people_needs_no_basis() -> None:
    said = planned(
        data_class=gp.DataClass.INTERNAL, personal_data=(), personal_fields={}, lawful_basis=None, retention_days=3650
    )
    assert not {"personalData", "personalFields", "lawfulBasis"} & set(said.one(KIND).inputs["agreement"])


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"purposes": ()}, "purposes: names no use"),
        ({"owner": "domain:acme.test"}, "owner: does not have the right form"),
        ({"retention_days": 0}, "retention_days: is out of range"),
        ({"retention_days": 366}, "retention_days: keeps personal data for longer than its class allows"),
        ({"residency": ("EUR4",)}, "residency[0]: is no place"),
        ({"residency": ()}, "residency: names no region"),
        ({"consumers": ("allUsers",)}, "consumers[0]: is no IAM principal"),
        ({"consumers": ("domain:acme.test",)}, "consumers[0]: is everybody of a domain"),
        ({"consumers": ()}, "consumers: names no consumer"),
        ({"data_class": gp.DataClass.INTERNAL}, "data_class: is not one for personal data"),
        ({"personal_data": (gp.PersonalData.PHI,)}, "data_class: is not that of data about health"),
        ({"lawful_basis": None}, "lawful_basis: is missing"),
        ({"lawful_basis": "contract"}, "lawful_basis: is missing"),
        ({"personal_data": ("pii",)}, "personal_data[0]: is of the wrong type"),
        ({"personal_data": ()}, "personal_data: is none, and there are fields about people"),
        ({"personal_fields": {"person": "secret"}}, "personal_fields['person']: is not one of"),
        ({"personal_fields": {"a b": "date"}}, "personal_fields['a b']: is no name of a column"),
        ({"expires": "2026-10-31"}, "expires: is not after agreed"),
        ({"collected": "then"}, "collected: is no day"),
        ({"known_bias": ""}, "known_bias: does not say"),
        ({"data_sheet": "sheets/census.md"}, "data_sheet: is of the wrong type"),
        ({"bucket": None}, "bucket: is of the wrong type"),
    ],
)
def test_bad_arguments_are_refused(more: dict[str, Any], fault: str) -> None:
    assert fault in refused(**more)


def test_an_agreement_of_another_program_is_taken_by_its_urn() -> None:
    urn = f"urn:pulumi:prod::acme::{KIND}::census"
    terms = agreement_args().terms
    there = gp.DataUseAgreement.from_existing(urn, digest=DIGEST, terms=terms, project=gp.Project(id="acme-ml-dev"))
    assert (there.agreement_urn, there.label, there.terms) == (urn, "census", terms)
    with pytest.raises(gp.ArgumentError, match="terms: is of the wrong type"):
        gp.DataUseAgreement.from_existing(urn, digest=DIGEST, terms=None, project=gp.Project(id="acme-ml-dev"))  # type: ignore[arg-type] # wrong on purpose
