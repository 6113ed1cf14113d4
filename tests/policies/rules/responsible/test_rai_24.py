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


GROUP = "group:staff@acme.test"
OTHER_GROUP = "group:all@acme.test"


@pytest.mark.parametrize(
    ("source", "derived", "expected"),
    [
        ("user:a@acme.test", "user:a@acme.test", Verdict.PASS),
        ("user:a@acme.test", "user:A@acme.test", Verdict.PASS),
        ("user:a@acme.test", "user:b@acme.test", Verdict.FAIL),
        (GROUP, "user:b@acme.test", Verdict.INDETERMINATE),
        (GROUP, GROUP, Verdict.PASS),
        (GROUP, OTHER_GROUP, Verdict.FAIL),
        (GROUP, "domain:acme.test", Verdict.FAIL),
        (GROUP, UNKNOWN, Verdict.INDETERMINATE),
        (UNKNOWN, GROUP, Verdict.INDETERMINATE),
        (UNKNOWN, "allUsers", Verdict.FAIL),
        ("allUsers", UNKNOWN, Verdict.PASS),
        ("user:a@acme.test", "projectViewer:acme-ml", Verdict.FAIL),
        ("projectViewer:acme-ml", "projectViewer:acme-ml", Verdict.PASS),
        ("projectViewer:acme-ml", "projectViewer:acme-other", Verdict.FAIL),
        ("domain:acme.test", "domain:acme.test", Verdict.PASS),
        ("domain:acme.test", "domain:other.test", Verdict.FAIL),
        ("domain:acme.test", GROUP, Verdict.PASS),
        ("domain:acme.test", "user:b@acme.test", Verdict.PASS),
        ("domain:acme.test", "user:b@other.test", Verdict.FAIL),
        ("domain:acme.test", "allUsers", Verdict.FAIL),
        ("allUsers", "domain:acme.test", Verdict.PASS),
        ("allUsers", SET, Verdict.PASS),
        ("allAuthenticatedUsers", GROUP, Verdict.PASS),
        ("allAuthenticatedUsers", "user:a@acme.test", Verdict.PASS),
        ("allAuthenticatedUsers", "domain:acme.test", Verdict.PASS),
        ("allAuthenticatedUsers", SET, Verdict.FAIL),
        ("allAuthenticatedUsers", "allUsers", Verdict.FAIL),
        ("projectViewer:acme-ml", SET, Verdict.FAIL),
        (SET, SET, Verdict.PASS),
        (SET, "domain:acme.test", Verdict.FAIL),
        ("user:a@acme.test", "serviceAccount:b@acme-ml.iam.gserviceaccount.com", Verdict.PASS),
        ("user:a@acme.test", "deleted:user:b@acme.test?uid=1", Verdict.PASS),
    ],
)
def test_nobody_sees_it_who_does_not_see_the_source(source: str, derived: str, expected: Verdict) -> None:
    found = judged(raw(), table(), access({"member": source}, "raw"), access({"member": derived}))
    assert found.verdict is expected


@pytest.mark.parametrize(
    ("group", "project", "expected"),
    [
        ("projectOwners", PROJECT, Verdict.PASS),
        ("projectReaders", PROJECT, Verdict.FAIL),
        ("projectOwners", "acme-other", Verdict.FAIL),
    ],
)
def test_owners_of_the_project_of_the_source_see_it_in_any_case(group: str, project: str, expected: Verdict) -> None:
    home = {"datasetId": "people", "project": project}
    opened = R("bigquery.DatasetAccess", {**home, "role": "READER", "specialGroup": group}, "open")
    made = (replace(HOME, inputs=home), table(project=project), opened)
    assert outcomes(CONTROL, raw(), *made, **WORLD)["table"].verdict is expected


def test_readers_of_one_project_are_not_those_of_another() -> None:
    source = R("bigquery.Dataset", {"datasetId": "source", "project": "acme-other"}, "source")
    rows = R("bigquery.Table", {"datasetId": "source", "tableId": "rows", "project": "acme-other"}, "rows")
    asked = {"query": "SELECT * FROM `acme-other.source.rows`"}
    readers = {"role": "READER", "specialGroup": "projectReaders"}

    def opened(name: str, project: str) -> R:
        return R("bigquery.DatasetAccess", {"datasetId": name, "project": project, **readers}, f"open-{name}")

    both = (source, rows, HOME, table(None, externalDataConfiguration=None, view=asked), opened("source", "acme-other"))
    assert outcomes(CONTROL, *both, **WORLD)["table"].verdict is Verdict.PASS
    assert outcomes(CONTROL, *both, opened("people", PROJECT), **WORLD)["table"].verdict is Verdict.FAIL


def test_each_of_several_grants_counts() -> None:
    names, domain = access({"member": "user:a@acme.test"}), access({"member": "domain:acme.test"})
    both = access({"member": "user:a@acme.test"}, "raw")
    assert judged(raw(), table(), both, names, replace(domain, name="more")).verdict is Verdict.FAIL
    assert judged(raw(), table(), both, names).verdict is Verdict.PASS
    assert judged(raw(), table(), access({"member": "projectViewer:acme-ml"})).verdict is Verdict.FAIL


def test_who_may_only_write_does_not_see_it() -> None:
    writes = {"datasetId": "people", "tableId": "income", "project": PROJECT, "member": GROUP}
    role = "roles/bigquery.metadataViewer"
    assert judged(raw(), table(), R("bigquery.IamMember", {**writes, "role": role}, "odd")).verdict is Verdict.PASS
    creates = R(
        "storage.BucketIAMMember", {"bucket": "raw", "role": "roles/storage.objectCreator", "member": GROUP}, "creates"
    )
    assert judged(raw(), table(), creates, access({"member": GROUP})).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("project", "expected"),
    [
        (PROJECT, Verdict.FAIL),
        ("acme-other", Verdict.PASS),
        ("123456789012", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_who_may_read_the_whole_project_sees_it(project: str, expected: Verdict) -> None:
    wide = R("projects.IAMMember", {"project": project, "role": "roles/bigquery.dataViewer", "member": GROUP}, "wide")
    assert judged(raw(), table(), wide).verdict is expected


def test_who_may_read_both_by_the_project_sees_no_more() -> None:
    wide = R("projects.IAMMember", {"project": PROJECT, "role": "roles/viewer", "member": GROUP}, "wide")
    assert judged(raw(), table(), wide).verdict is Verdict.PASS
    above = R("folder.IAMMember", {"folder": "folders/1", "role": "roles/viewer", "member": GROUP}, "wide")
    assert judged(raw(), table(), above).verdict is Verdict.PASS


def test_who_may_read_the_source_from_above_may_read_what_comes_of_it() -> None:
    above = R(
        "folder.IAMMember", {"folder": "folders/1", "role": "roles/storage.objectViewer", "member": GROUP}, "wide"
    )
    assert judged(raw(), table(), access({"member": GROUP})).verdict is Verdict.FAIL
    assert judged(raw(), table(), access({"member": GROUP}), above).verdict is Verdict.PASS


def answering(member: str, *others: R) -> Verdict:
    uri = f"bq://{PROJECT}.people.income"
    log = {"enabled": True, "bigqueryDestination": {"outputUri": uri}}
    asked = {"project": PROJECT, "labels": {"classification": "personal"}, "predictRequestResponseLoggingConfig": log}
    served = R("vertex.AiEndpoint", asked, "served")
    own = {"externalDataConfiguration": None}
    made = (HOME, served, table(**own), access({"member": member}), *others)
    return outcomes(CONTROL, *made, **WORLD)["table"].verdict


def invokes(member: str) -> R:
    inputs = {"endpoint": UNKNOWN, "role": "roles/aiplatform.user", "member": member, "project": PROJECT}
    served = "urn:pulumi:dev::shop::gcp:vertex/aiEndpoint:AiEndpoint::served"
    return R("vertex.AiEndpointIamMember", inputs, "invokes", origins={"endpoint": served})


def test_what_a_model_answers_may_be_read_by_others_of_the_same_kind() -> None:
    assert answering(GROUP) is Verdict.PASS
    assert answering("domain:acme.test") is Verdict.FAIL
    assert answering("projectViewer:acme-ml") is Verdict.FAIL
    assert answering("allAuthenticatedUsers") is Verdict.FAIL
    assert answering(SET) is Verdict.FAIL
    assert answering("domain:acme.test", invokes("domain:other.test")) is Verdict.PASS
    assert answering("allUsers", invokes("domain:acme.test")) is Verdict.FAIL
    assert answering(GROUP, replace(access({"member": "domain:acme.test"}), name="more")) is Verdict.FAIL
    role = {"role": "roles/bigquery.dataViewer", "member": "domain:acme.test"}
    assert answering(GROUP, R("projects.IAMMember", {"project": UNKNOWN, **role}, "wide")) is Verdict.PASS
    assert answering(GROUP, R("projects.IAMMember", {"project": PROJECT, **role}, "wide")) is Verdict.FAIL


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
    own = access({"member": "user:alice@acme.test"}, "raw")
    assert judged(raw(), table(), everybody, own).verdict is Verdict.FAIL
    assert judged(raw(), table(), named, own).verdict is Verdict.PASS
    assert judged(raw(), table(), named).verdict is Verdict.FAIL
