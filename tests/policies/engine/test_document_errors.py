"""Whatever is no document is refused, and the message says what it is and what to do."""

import json
from pathlib import Path

import pytest

from groundplan_policies.engine import Document, DocumentError, Error
from groundplan_policies.engine.values import Value
from tests.policies.engine import examples
from tests.policies.engine.examples import BUCKET, OBJECT, STORE


def refusal(source: str | bytes | Path | dict[str, Value]) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        Document.read(source)
    error = caught.value
    assert isinstance(error, Error)
    assert all((error.what, error.given, error.allowed, error.remedy))
    assert str(error).startswith(error.what + ".\n")
    return error


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("name: shop", "is not JSON"),
        ("[]", "not a deployment document"),
        ("null", "not a deployment document"),
        ("{}", "no deployment document"),
        ('{"terraform_version": "1.9", "values": {}}', "no deployment document"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('{"version": ' + "9" * 5000 + "}", "a number that cannot be read"),
    ],
)
def test_what_is_no_document_is_refused(text: str, what: str) -> None:
    assert what in refusal(text).what


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_document_that_was_cut_short_is_told_apart(share: float) -> None:
    text = json.dumps(examples.export())

    error = refusal(text[: int(len(text) * share)])

    assert error.what == "The document ends too early"
    assert "line 1" in error.given


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    error = refusal(tmp_path / "missing.json")

    assert "missing.json" in error.given
    assert "No such file" in error.given


def test_bytes_that_are_no_text_are_refused() -> None:
    assert refusal(b"\xff\x00\xd8\xff\xfe\xfa" * 9).what in {"The document is no text", "The document is not JSON"}
    assert refusal(b'{"a": "\xff"}').what == "The document is no text"


@pytest.mark.parametrize("version", [1, 2, 5, 99, "3", None, True, 3.5])
def test_other_versions_are_refused(version: Value) -> None:
    error = refusal(examples.export() | {"version": version})

    assert "version that is not known" in error.what
    assert error.allowed == "version 3 or 4"


def test_version_four_is_read_with_features_that_are_known() -> None:
    document = Document.read(examples.export(features=["hooks", "taint"]) | {"version": 4})

    assert document.features == ("hooks", "taint")


def test_an_unknown_feature_is_refused_by_name() -> None:
    error = refusal(examples.export(features=["hooks", "quantum"]) | {"version": 4})

    assert error.given == "quantum"


def test_features_mean_nothing_before_version_four() -> None:
    assert Document.read(examples.export(features=["quantum"])).features == ()


@pytest.mark.parametrize(
    ("place", "change", "given"),
    [
        (3, {"protect": "yes"}, "`protect` is a string"),
        (3, {"inputs": []}, "`inputs` is an array"),
        (3, {"dependencies": "x"}, "`dependencies` is a string"),
        (3, {"dependencies": [1]}, "`dependencies` is an array"),
        (3, {"propertyDependencies": {"a": 1}}, "`propertyDependencies.a` is a number"),
        (3, {"parent": {}}, "`parent` is an object"),
        (1, {"stackTrace": {}}, "`stackTrace` is an object"),
        (1, {"stackTrace": [1]}, "`stackTrace[0]` is a number"),
        (1, {"urn": None}, "urn ''"),
        (1, {"urn": "urn:pulumi:dev::shop"}, "urn 'urn:pulumi:dev::shop'"),
        (3, {"type": "gcp:storage/bucketObject:BucketObject"}, "the URN says 'gcp:storage/bucket:Bucket'"),
    ],
)
def test_a_field_of_the_wrong_type_is_named(place: int, change: dict[str, Value], given: str) -> None:
    entries = examples.resources()
    entries[place] = {**entries[place], **change}

    assert given in refusal(examples.export(entries)).given


def test_a_message_never_prints_a_value() -> None:
    entries = examples.resources()
    entries[3]["ignoreChanges"] = "hunter2"

    assert "hunter2" not in str(refusal(examples.export(entries)))


def test_a_missing_parent_is_named() -> None:
    entries = examples.resources()
    del entries[1]

    error = refusal(examples.export(entries))

    assert "does not hold the parent" in error.what
    assert BUCKET in error.given
    assert STORE in error.given


def test_a_parent_stands_before_its_children() -> None:
    entries = examples.resources()

    assert "the parent of a resource before it" in refusal(examples.export([entries[0], *entries[:0:-1]])).what


def test_a_missing_dependency_is_named() -> None:
    entries = examples.resources()
    del entries[3]

    error = refusal(examples.export(entries))

    assert "does not hold the dependency" in error.what
    assert OBJECT in error.given


def test_a_resource_that_occurs_twice_is_refused() -> None:
    entries = examples.resources()

    assert refusal(examples.export([*entries, entries[4]])).given == OBJECT


@pytest.mark.parametrize("deployment", [[], "x", {"resources": {}}, {"resources": [1]}])
def test_a_deployment_of_another_shape_is_refused(deployment: Value) -> None:
    assert "wrong type" in refusal({"version": 3, "deployment": deployment}).what


def test_an_unknown_profile_is_refused() -> None:
    assert "profile 'guess'" in refusal(examples.export(groundplan={"profile": "guess"})).given


def test_a_preview_with_unchanged_resources_shown_is_read() -> None:
    document = Document.read(examples.preview(operation="same"))

    assert len(document) == 4
    assert document.gaps == ()


def test_a_preview_that_failed_is_refused() -> None:
    failed = examples.preview() | {"diagnostics": [{"severity": "error", "message": "no: hunter2"}]}

    error = refusal(failed)

    assert "failed" in error.what
    assert "hunter2" not in str(error)
