"""DAT-16: the log of predictions is protected."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_16 import CONTROL
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, verdict

URI = "predictRequestResponseLoggingConfig.bigqueryDestination.outputUri"
KEY = R("kms.CryptoKey", {"name": "k", "keyRing": "r"}, "key")
DATASET = R(
    "bigquery.Dataset",
    {
        "project": "here",
        "datasetId": "log",
        "location": "europe-west4",
        "accesses": [{"role": "OWNER", "iamMember": "group:ml@acme.test"}],
        "defaultEncryptionConfiguration": {"kmsKeyName": UNKNOWN},
    },
    "dataset",
    origins={"defaultEncryptionConfiguration.kmsKeyName": KEY.urn},
)


def endpoint(uri: object = "bq://here.log.requests", *, enabled: object = True, **more: Any) -> R:
    config = {"enabled": enabled, "bigqueryDestination": {"outputUri": uri}}
    return R("vertex.AiEndpoint", {"predictRequestResponseLoggingConfig": config}, **more)


test_stated_verdicts = stated_verdicts(CONTROL, [endpoint()], DATASET, KEY)


@pytest.mark.parametrize("uri", ["bq://here.log.requests", "bq://here.log"])
def test_a_dataset_that_passes_is_found_by_its_address(uri: str) -> None:
    assert verdict(CONTROL, endpoint(uri), DATASET, KEY) is Verdict.PASS


def test_a_project_behind_a_domain_is_told() -> None:
    there = replace(DATASET, inputs={**DATASET.inputs, "project": "acme.test:here"})
    assert verdict(CONTROL, endpoint("bq://acme.test:here.log.requests"), there, KEY) is Verdict.PASS


def test_a_dataset_that_is_made_in_this_run_is_found_by_its_output() -> None:
    made = endpoint(UNKNOWN, origins={URI: DATASET.urn})
    assert verdict(CONTROL, made, DATASET, KEY) is Verdict.PASS


@pytest.mark.parametrize("uri", ["bq://here", "bq://acme.test:here"])
def test_a_project_alone_fails(uri: str) -> None:
    found = outcome(CONTROL, endpoint(uri), DATASET, KEY)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [URI]


def test_nothing_at_all_fails_where_logging_is_on() -> None:
    bare = R("vertex.AiEndpoint", {"predictRequestResponseLoggingConfig": {"enabled": True}})
    assert verdict(CONTROL, bare, DATASET, KEY) is Verdict.FAIL


@pytest.mark.parametrize(
    "uri", ["bq://here.other.requests", "bq://there.log.requests", "gs://log", "bq://", "here.log", "bq://here.log.a.b"]
)
def test_a_place_that_is_not_in_this_document_is_indeterminate(uri: str) -> None:
    assert verdict(CONTROL, endpoint(uri), DATASET, KEY) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("path", "value", "control"),
    [
        ("accesses", ..., "IAM-02"),
        ("accesses", [{"role": "READER", "specialGroup": "projectReaders"}], "IAM-02"),
        ("defaultEncryptionConfiguration", ..., "ENC-02"),
        ("location", "US", "DAT-03"),
    ],
)
def test_a_dataset_that_does_not_pass_the_others_fails(path: str, value: object, control: str) -> None:
    bad = replace(DATASET, inputs=put(DATASET.inputs, path, value))
    found = outcome(CONTROL, endpoint(), bad, KEY)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.message) for each in found.reasons] == [
        (URI, f"names a dataset that does not pass {control}")
    ]


def test_a_dataset_of_which_the_others_cannot_say_is_indeterminate() -> None:
    unsure = replace(DATASET, inputs={**DATASET.inputs, "location": UNKNOWN})
    assert verdict(CONTROL, endpoint(), unsure, KEY) is Verdict.INDETERMINATE


def test_what_is_granted_beside_the_dataset_counts() -> None:
    grant = R(
        "bigquery.DatasetAccess",
        {"project": "here", "datasetId": UNKNOWN, "role": "READER", "specialGroup": "allAuthenticatedUsers"},
        "grant",
        origins={"datasetId": DATASET.urn},
    )
    assert verdict(CONTROL, endpoint(), DATASET, KEY, grant) is Verdict.FAIL
    narrow = replace(grant, inputs={"datasetId": UNKNOWN, "role": "READER", "iamMember": "group:ml@acme.test"})
    assert verdict(CONTROL, endpoint(), DATASET, KEY, narrow) is Verdict.PASS


def test_in_an_incomplete_document_grants_may_be_missing() -> None:
    assert verdict(CONTROL, endpoint(), DATASET, KEY, complete=False) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    "silent",
    [R("vertex.AiEndpoint"), R("vertex.AiEndpoint", {"predictRequestResponseLoggingConfig": {"enabled": False}})],
)
def test_an_endpoint_that_logs_nothing_is_not_judged(silent: R) -> None:
    assert verdict(CONTROL, silent) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("enabled", [UNKNOWN, secret(), "yes"])
def test_a_switch_that_cannot_be_read_is_indeterminate(enabled: object) -> None:
    assert verdict(CONTROL, endpoint(enabled=enabled), DATASET, KEY) is Verdict.INDETERMINATE


def test_a_list_of_accesses_that_is_only_the_first_one_is_declared() -> None:
    first = replace(DATASET, record={"ignoreChanges": ["accesses"]})
    found = outcome(CONTROL, endpoint(), first, KEY)
    assert found.verdict is Verdict.DECLARED
    assert [each.path for each in found.reasons] == [URI]
    assert verdict(CONTROL, endpoint(), replace(first, inputs=put(first.inputs, "accesses", ...)), KEY) is Verdict.FAIL


def test_a_key_of_which_changes_are_ignored_is_indeterminate() -> None:
    hidden = replace(DATASET, record={"ignoreChanges": ["defaultEncryptionConfiguration"]})
    assert verdict(CONTROL, endpoint(), hidden, KEY) is Verdict.INDETERMINATE
