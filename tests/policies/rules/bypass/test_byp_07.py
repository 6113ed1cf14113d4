"""BYP-07: overrides of constructs are recorded."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_07 import CONTROL
from tests.policies.rules.bypass.worlds import answers, component, messages, paths, reader, world
from tests.policies.rules.harness import R, secret

KIND = "groundplan:data:DataBucket"
PARENT = f"urn:pulumi:dev::shop::{KIND}::logs"
BUCKET = R("storage.Bucket", {"location": "EU"}, "logs-bucket", record={"parent": PARENT})


def said(asked: Any = None, made: Any = ..., *children: R, requests: Any = None) -> Outcome:
    fields: dict[str, Any] = {"inputs": {"tier": "team"} if asked is None else {"tier": "team", "overrides": asked}}
    if made is not ...:
        fields["outputs"] = {"overrides": made}
    found = answers(
        CONTROL,
        world(*(children or (BUCKET,)), components=[component("logs", **fields)], member={"requests": requests or {}}),
    )
    assert found.keys() == {"logs"}
    return found["logs"]


def test_without_overrides_it_passes() -> None:
    assert said() is PASS
    assert said(None, []) is PASS
    assert said({}, []) is PASS
    assert said({"bucket": []}, []) is PASS


def test_a_recorded_override_of_what_a_control_reads_is_declared() -> None:
    found = said({"bucket": ["location"]}, ["bucket.location"])
    assert found.verdict is Verdict.DECLARED
    assert paths(found) == ["location"]
    assert "NET-90, NET-91" in messages(found)


def test_a_recorded_override_of_anything_else_passes() -> None:
    assert said({"bucket": ["labels"]}, ["bucket.labels"]) is PASS


@pytest.mark.parametrize("key", ["encryption", "default_kms_key_name"])
def test_the_paths_are_those_that_the_outputs_record(key: str) -> None:
    if key == "encryption":
        found = said({"bucket": [key]}, ["bucket.encryption.defaultKmsKeyName"])
        assert paths(found) == ["encryption.defaultKmsKeyName"]
        assert said({"bucket": [key]}, ["bucket.encryption.other"]) is PASS
    else:
        assert said({"bucket": [key]}, ["bucket.defaultKmsKeyName"]) is PASS


def test_a_name_in_python_and_one_of_pulumi_are_the_same() -> None:
    asked = (reader("NET-92", "storage.Bucket", "storageClass"),)
    children = R("storage.Bucket", {}, "logs-bucket", record={"parent": PARENT})
    fields: dict[str, Any] = {
        "inputs": {"overrides": {"bucket": ["storage_class"]}},
        "outputs": {"overrides": ["bucket.storageClass"]},
    }
    found = answers(CONTROL, world(children, components=[component("logs", **fields)], asked=asked))["logs"]
    assert found.verdict is Verdict.DECLARED
    without: dict[str, Any] = {"inputs": {"overrides": {"bucket": ["storage_class"]}}}
    found = answers(CONTROL, world(children, components=[component("logs", **without)], asked=asked))["logs"]
    assert found.verdict is Verdict.DECLARED


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        (None, ["bucket.location"]),
        ({}, ["bucket.labels"]),
        ({"bucket": ["location"]}, []),
        ({"bucket": ["labels"]}, ["bucket.location"]),
        ({"bucket": ["location"]}, ["bucket.location", "bucket.labels"]),
        ({"other": ["location"]}, ["bucket.location"]),
    ],
)
def test_what_is_recorded_in_one_place_only_fails(asked: object, made: object) -> None:
    found = said(asked, made)
    assert found.verdict is Verdict.FAIL
    assert paths(found) == [""]


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        ("bucket", ...),
        (["bucket"], ...),
        (secret(), ...),
        ({"bucket": "location"}, ...),
        ({"bucket": [7]}, ...),
        ({"bucket": secret()}, ...),
        (None, "bucket.location"),
        (None, UNKNOWN),
        (None, [7]),
        (None, secret()),
        (None, ["bucket"]),
        (None, [".location"]),
    ],
)
def test_a_record_that_cannot_be_read_is_indeterminate(asked: object, made: object) -> None:
    assert said(asked, made).verdict is Verdict.INDETERMINATE


def test_a_child_that_is_not_there_is_indeterminate() -> None:
    elsewhere = R("storage.Bucket", {}, "logs-bucket")
    assert said({"bucket": ["location"]}, ["bucket.location"], elsewhere).verdict is Verdict.INDETERMINATE
    other = R("storage.Bucket", {}, "logs-other", record={"parent": PARENT})
    assert said({"bucket": ["location"]}, ["bucket.location"], other).verdict is Verdict.INDETERMINATE


def nested(kind: str, *children: R) -> dict[str, Outcome]:
    inner = component("inner", kind, parent=PARENT)
    fields: dict[str, Any] = {
        "inputs": {"overrides": {"bucket": ["location"]}},
        "outputs": {"overrides": ["bucket.location"]},
    }
    return answers(CONTROL, world(*children, components=[component("logs", **fields), inner]))


def test_a_child_may_be_deeper_but_not_in_another_construct() -> None:
    inside = R("storage.Bucket", {}, "logs-bucket", record={"parent": "urn:pulumi:dev::shop::acme:index:Group::inner"})
    assert nested("acme:index:Group", inside)["logs"].verdict is Verdict.DECLARED
    inside = R("storage.Bucket", {}, "logs-bucket", record={"parent": "urn:pulumi:dev::shop::groundplan:x:Y::inner"})
    assert nested("groundplan:x:Y", inside)["logs"].verdict is Verdict.INDETERMINATE


def test_a_transform_on_a_child_is_indeterminate() -> None:
    transformed = {BUCKET.urn: {"transforms": ["app.open_up"]}}
    found = said(requests=transformed)
    assert found.verdict is Verdict.INDETERMINATE
    assert "transform" in messages(found)
    assert "open_up" not in str(found)
    assert said(requests={BUCKET.urn: {"transforms": []}}) is PASS
    unread = R("compute.Network", {}, "logs-net", record={"parent": PARENT})
    assert said(None, ..., unread, requests={unread.urn: {"transforms": ["app.f"]}}) is PASS
    apart = R("storage.Bucket", {}, "apart")
    assert said(None, ..., apart, requests={apart.urn: {"transforms": ["app.f"]}}) is PASS
    assert len(said(requests={BUCKET.urn: {"transforms": ["a", "b"]}}).reasons) == 1


def test_only_constructs_are_looked_at() -> None:
    fields: dict[str, Any] = {"inputs": {"overrides": "x"}}
    assert answers(CONTROL, world(BUCKET_APART, components=[component("mine", "acme:index:Group", **fields)])) == {}


BUCKET_APART = R("storage.Bucket", {}, "apart")


def test_what_cannot_be_told_is_the_reason() -> None:
    key = R("kms.CryptoKey", {}, "logs-key", record={"parent": PARENT})
    overrides = {"bucket": ["location"], "key": ["labels"], "gone": ["labels"]}
    found = said(overrides, ["bucket.location", "key.labels", "gone.labels"], BUCKET, key)
    assert found.verdict is Verdict.INDETERMINATE
    assert len(found.reasons) == 1
