"""BYP-01: ignored changes cover no property that a control reads."""

import pytest

from groundplan_policies.engine.verdicts import PASS, Verdict
from groundplan_policies.rules.bypass.byp_01 import CONTROL
from tests.policies.rules.bypass.worlds import answer, answers, messages, paths, reader, world
from tests.policies.rules.harness import R, urn

DATASET = urn("bigquery.Dataset", "sales")


def bucket(*entries: str) -> R:
    return R("storage.Bucket", {"location": "EU"}, record={"ignoreChanges": list(entries)})


@pytest.mark.parametrize("entries", [(), ("labels",), ("locations",), ("encryption.other", 'labels["location"]')])
def test_entries_that_no_control_reads_pass(entries: tuple[str, ...]) -> None:
    assert answer(CONTROL, bucket(*entries)) is PASS


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ("location", "location"),
        ("encryption", "encryption.defaultKmsKeyName"),
        ("encryption.defaultKmsKeyName", "encryption.defaultKmsKeyName"),
        ("encryption[0].defaultKmsKeyName", "encryption.defaultKmsKeyName"),
        ("location.deeper", "location"),
        ("*", "location"),
        ("[*]", "location"),
        ('["location"]', "location"),
        ("]no path[", "location"),
    ],
)
def test_the_property_and_what_is_above_below_or_like_it_fails(entry: str, path: str) -> None:
    found = answer(CONTROL, bucket("labels", entry))
    assert found.verdict is Verdict.FAIL
    assert paths(found) == [path]
    assert "NET-90" in messages(found)
    assert [each.shown for each in found.reasons] == [""]


def test_every_control_that_reads_the_property_is_named() -> None:
    message = "is read by NET-90, NET-91, but its changes are ignored: the cloud may have another value"
    assert messages(answer(CONTROL, bucket("location"))) == message


def test_each_entry_is_a_reason_of_its_own() -> None:
    assert paths(answer(CONTROL, bucket("location", "encryption"))) == ["location", "encryption.defaultKmsKeyName"]


def test_only_the_controls_that_are_asked_count() -> None:
    asked = (reader("NET-92", "storage.Bucket", "website"),)
    assert answer(CONTROL, bucket("location"), asked=asked) is PASS
    assert answer(CONTROL, bucket("website"), asked=asked).verdict is Verdict.FAIL


def test_without_a_list_of_controls_every_one_counts() -> None:
    assert answer(CONTROL, bucket("publicAccessPrevention"), asked=None).verdict is Verdict.FAIL


def dataset(*entries: str) -> R:
    return R("bigquery.Dataset", {"datasetId": "sales"}, "sales", record={"ignoreChanges": list(entries)})


def access(of: str = DATASET, type_: str = "bigquery.DatasetAccess") -> R:
    return R(type_, {"datasetId": "sales"}, "access", record={"propertyDependencies": {"datasetId": [of]}})


def found_with(*others: R, entry: str = "accesses") -> Verdict:
    return answers(CONTROL, world(dataset(entry), *others))["sales"].verdict


def test_a_list_whose_entries_are_resources_of_their_own_is_declared() -> None:
    assert found_with(access()) is Verdict.DECLARED


@pytest.mark.parametrize("entry", ["accesses[0]", "accesses[*].role", "*", '["accesses"]'])
def test_the_exception_is_for_the_whole_list_as_the_provider_writes_it(entry: str) -> None:
    assert found_with(access(), entry=entry) is Verdict.FAIL


def test_the_exception_needs_resources_that_keep_the_list() -> None:
    assert found_with() is Verdict.FAIL
    assert found_with(access(type_="bigquery.DatasetIamMember")) is Verdict.FAIL
    other = R("bigquery.Dataset", {"datasetId": "other"}, "other")
    assert found_with(other, access(of=other.urn)) is Verdict.FAIL


def test_the_exception_is_for_datasets() -> None:
    asked = (reader("IAM-91", "bigquery.Table", "accesses"),)
    table = R("bigquery.Table", {}, record={"ignoreChanges": ["accesses"]})
    assert answer(CONTROL, table, asked=asked).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("entry", "expected"), [("trafficSplit", Verdict.DECLARED), ("*", Verdict.FAIL), ("trafficSplit[0]", Verdict.FAIL)]
)
def test_how_traffic_is_shared_out_is_for_rollouts_to_change(entry: str, expected: Verdict) -> None:
    asked = (reader("SRV-91", "vertex.AiEndpoint", "trafficSplit"),)
    endpoint = R("vertex.AiEndpoint", {}, record={"ignoreChanges": [entry]})
    assert answer(CONTROL, endpoint, asked=asked).verdict is expected


def test_resources_of_other_packages_pass() -> None:
    assert answer(CONTROL, R("random:index/randomId:RandomId", {}, record={"ignoreChanges": ["*"]})) is PASS
