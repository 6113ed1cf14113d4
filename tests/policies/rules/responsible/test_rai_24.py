from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.responsible.rai_24 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcomes, secret
from tests.policies.rules.responsible.world import ACCOUNT, COPIES, SCAN, SETTINGS, WORLD, bucket, on_bucket

RING = R("kms.KeyRing", {"project": PROJECT, "location": "europe-west4", "name": "ring"}, "ring")


def key(name: str, level: str | None = None) -> R:
    template = {"versionTemplate": {"protectionLevel": level}} if level else {}
    return R("kms.CryptoKey", {"name": name, "keyRing": UNKNOWN, **template}, name, origins={"keyRing": RING.urn})


SOFT, HARD = key("soft"), key("hard", "HSM")


def table(class_: str | None = "personal", encrypted_by: R | None = None, **inputs: Any) -> R:
    said: dict[str, Any] = {
        "datasetId": "people",
        "tableId": "income",
        "project": PROJECT,
        "externalDataConfiguration": {"sourceUris": ["gs://raw/*.csv"]},
        "labels": {"classification": class_} if class_ is not None else {},
    }
    origins = {}
    if encrypted_by is not None:
        said["encryptionConfiguration"] = {"kmsKeyName": UNKNOWN}
        origins = {"encryptionConfiguration.kmsKeyName": encrypted_by.urn}
    return R("bigquery.Table", {**said, **inputs}, "table", origins=origins)


def raw(class_: str | None = "personal", encrypted_by: R | None = None) -> R:
    made = bucket("raw", class_) if class_ is not None else bucket("raw", labels={})
    if encrypted_by is None:
        return made
    inputs = {**made.inputs, "encryption": {"defaultKmsKeyName": UNKNOWN}}
    return replace(made, inputs=inputs, origins={"encryption.defaultKmsKeyName": encrypted_by.urn})


HOME = R("bigquery.Dataset", {"datasetId": "people", "project": PROJECT}, "home")


def judged(source: R, derived: R, *others: R, **world: Any) -> Outcome:
    return outcomes(CONTROL, RING, SOFT, HARD, source, HOME, derived, *others, **{**WORLD, **world})["table"]


@pytest.mark.parametrize(
    ("source", "derived", "expected"),
    [
        ("personal", "personal", Verdict.PASS),
        ("personal", "health", Verdict.PASS),
        ("personal", "restricted", Verdict.FAIL),
        ("internal", "personal", Verdict.PASS),
        ("health", "personal", Verdict.FAIL),
        (None, "health", Verdict.FAIL),
        ("odd", "health", Verdict.FAIL),
        ("health", "odd", Verdict.PASS),
        (None, None, Verdict.PASS),
    ],
)
def test_a_class_does_not_drop(source: str | None, derived: str | None, expected: Verdict) -> None:
    found = judged(raw(source), table(derived))
    assert found.verdict is expected
    if expected is Verdict.FAIL:
        assert (found.reasons[0].path, found.reasons[0].shown) == ("labels.classification", "raw")


@pytest.mark.parametrize(
    ("source", "derived", "expected"),
    [
        (None, None, Verdict.PASS),
        (None, SOFT, Verdict.PASS),
        (SOFT, SOFT, Verdict.PASS),
        (SOFT, HARD, Verdict.PASS),
        (HARD, HARD, Verdict.PASS),
        (SOFT, None, Verdict.FAIL),
        (HARD, SOFT, Verdict.FAIL),
    ],
)
def test_a_key_does_not_weaken(source: R | None, derived: R | None, expected: Verdict) -> None:
    assert judged(raw(encrypted_by=source), table(encrypted_by=derived)).verdict is expected


@pytest.mark.parametrize("level", ["HSM", "EXTERNAL", "EXTERNAL_VPC", "HSM_SINGLE_TENANT"])
def test_keys_in_hardware_are_stronger_than_those_in_software(level: str) -> None:
    other = key("other", level)
    assert judged(raw(encrypted_by=other), table(encrypted_by=SOFT), other).verdict is Verdict.FAIL
    assert judged(raw(encrypted_by=HARD), table(encrypted_by=other), other).verdict is Verdict.PASS
    software = key("other", "SOFTWARE")
    assert judged(raw(encrypted_by=HARD), table(encrypted_by=software), software).verdict is Verdict.FAIL


def test_a_key_that_is_empty_is_none() -> None:
    empty = table(encryptionConfiguration={"kmsKeyName": ""})
    assert judged(raw(encrypted_by=SOFT), empty).verdict is Verdict.FAIL
    assert judged(raw(), empty).verdict is Verdict.PASS
    odd = table(encryptionConfiguration=7)
    assert judged(raw(encrypted_by=SOFT), odd).verdict is Verdict.INDETERMINATE


def test_a_key_that_nobody_can_tell_is_indeterminate() -> None:
    secret_key = table(encryptionConfiguration={"kmsKeyName": secret()})
    assert judged(raw(encrypted_by=SOFT), secret_key).verdict is Verdict.INDETERMINATE
    assert judged(raw(), secret_key).verdict is Verdict.PASS


def test_a_table_has_its_datasets_key() -> None:
    inputs = {**HOME.inputs, "defaultEncryptionConfiguration": {"kmsKeyName": UNKNOWN}}
    home = replace(HOME, inputs=inputs, origins={"defaultEncryptionConfiguration.kmsKeyName": HARD.urn})
    found = outcomes(CONTROL, RING, HARD, raw(encrypted_by=HARD), home, table(), **WORLD)
    assert found["table"].verdict is Verdict.PASS


SET = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/build/*"


def access(member: dict[str, str], on: str = "table") -> R:
    if on == "raw":
        return R(
            "storage.BucketIAMMember", {"bucket": "raw", "role": "roles/storage.objectViewer", **member}, "reads-raw"
        )
    inputs = {"datasetId": "people", "tableId": "income", "project": PROJECT, "role": "roles/bigquery.dataViewer"}
    return R("bigquery.IamMember", {**inputs, **member}, "reads-table")


@pytest.mark.parametrize(
    ("source", "derived", "expected"),
    [
        ("user:a@acme.test", "user:b@acme.test", Verdict.PASS),
        ("user:a@acme.test", "group:b@acme.test", Verdict.PASS),
        ("user:a@acme.test", "domain:acme.test", Verdict.FAIL),
        ("user:a@acme.test", "projectViewer:acme-ml", Verdict.FAIL),
        ("domain:acme.test", "domain:acme.test", Verdict.PASS),
        ("domain:acme.test", "allUsers", Verdict.FAIL),
        ("allUsers", "domain:acme.test", Verdict.PASS),
        ("projectViewer:acme-ml", "domain:acme.test", Verdict.FAIL),
        ("projectViewer:acme-ml", SET, Verdict.PASS),
        (SET, "projectViewer:acme-ml", Verdict.PASS),
        (SET, "domain:acme.test", Verdict.FAIL),
        ("user:a@acme.test", SET, Verdict.FAIL),
    ],
)
def test_an_audience_does_not_widen(source: str, derived: str, expected: Verdict) -> None:
    found = judged(raw(), table(), access({"member": source}, "raw"), access({"member": derived}))
    assert found.verdict is expected


def test_the_widest_of_several_grants_counts() -> None:
    names, domain = access({"member": "user:a@acme.test"}), access({"member": "domain:acme.test"})
    assert judged(raw(), table(), names, replace(domain, name="more")).verdict is Verdict.FAIL
    assert judged(raw(), table(), names).verdict is Verdict.PASS
    assert judged(raw(), table(), access({"member": "projectViewer:acme-ml"})).verdict is Verdict.FAIL


def test_copies_and_masks_end_the_way() -> None:
    far = bucket("copies", "internal")
    said = outcomes(CONTROL, raw(), far, SCAN, **WORLD)
    assert "copies" not in said
    paused = replace(SCAN, inputs={**SCAN.inputs, "status": "PAUSED"})
    assert outcomes(CONTROL, raw(), far, paused, **WORLD)["copies"].verdict is Verdict.FAIL
    assert COPIES.name == "copies"


def test_what_may_flow_is_indeterminate() -> None:
    unsure = on_bucket("raw", UNKNOWN)
    writes = on_bucket("open", "roles/storage.objectCreator")
    found = outcomes(CONTROL, ACCOUNT, raw(), bucket("open", "internal"), unsure, writes, **WORLD)
    assert found["open"].verdict is Verdict.INDETERMINATE


def test_without_the_order_of_classes_nobody_can_tell() -> None:
    nothing = replace(SETTINGS, classifications=None)
    assert judged(raw(), table(), parameters=nothing).verdict is Verdict.INDETERMINATE


def test_it_states_whose_classes_it_reads() -> None:
    assert {each.type for each in CONTROL.reads} == {
        *("storage.Bucket", "bigquery.Dataset", "vertex.AiEndpoint"),
        *("vertex.AiFeatureGroup", "vertex.AiFeatureOnlineStore"),
    }


def test_whoever_may_read_the_dataset_may_read_the_table() -> None:
    inputs = {"datasetId": "people", "project": PROJECT, "role": "READER"}
    everybody = R("bigquery.DatasetAccess", {**inputs, "specialGroup": "allAuthenticatedUsers"}, "open")
    named = R("bigquery.DatasetAccess", {**inputs, "userByEmail": "alice@acme.test"}, "named")
    assert judged(raw(), table(), everybody).verdict is Verdict.FAIL
    assert judged(raw(), table(), named).verdict is Verdict.PASS
