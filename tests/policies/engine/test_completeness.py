"""A document that does not hold the whole deployment is read, and says what is missing."""

import pytest

from groundplan_policies.engine import Document, DocumentError
from groundplan_policies.engine.values import Value
from tests.policies.engine import examples
from tests.policies.engine.examples import BUCKET, STACK


def part_of_preview(first: int, last: int | None = None) -> dict[str, Value]:
    raw = examples.preview()
    steps = raw["steps"]
    assert isinstance(steps, list)
    return raw | {"steps": steps[first:last]}


@pytest.mark.parametrize("raw", [examples.export(), examples.preview(), examples.preview(operation="same")])
def test_a_whole_document_has_no_gaps(raw: dict[str, Value]) -> None:
    assert Document.read(raw).gaps == ()


def test_a_preview_that_leaves_out_what_is_unchanged_says_how_many_and_what_to_do() -> None:
    document = Document.read(examples.preview(summary={"create": 4, "same": 7}))

    assert document.gaps == ("7 resources that do not change are left out: run `pulumi preview --json --show-sames`",)


def test_a_preview_of_some_targets_lacks_what_they_refer_to() -> None:
    document = Document.read(part_of_preview(2))

    assert len(document) == 2
    assert any(gap.startswith("1 resources to which others refer are left out") for gap in document.gaps)
    assert "the stack itself is not in the document, so it may be a part of one" in document.gaps


def test_a_dependency_may_be_left_out_of_a_preview() -> None:
    raw = examples.preview()
    steps = raw["steps"]
    assert isinstance(steps, list)

    document = Document.read(raw | {"steps": [each for each in steps if each["urn"] != BUCKET]})

    assert [gap.partition(" ")[0] for gap in document.gaps] == ["1"]


def test_a_parent_after_its_child_is_wrong_in_a_preview_too() -> None:
    raw = examples.preview()
    steps = raw["steps"]
    assert isinstance(steps, list)

    with pytest.raises(DocumentError, match="parent"):
        Document.read(raw | {"steps": [steps[0], *steps[:0:-1]]})


def test_a_state_without_its_stack_is_a_part_of_one() -> None:
    entries = [{**entry, "parent": ""} for entry in examples.resources() if entry["urn"] != STACK]

    assert Document.read(examples.export(entries)).gaps == (
        "the stack itself is not in the document, so it may be a part of one",
    )


def test_an_empty_document_is_not_taken_for_a_deployment() -> None:
    assert Document.read(examples.export([])).gaps == ("there is no resource in the document",)
    assert Document.read({"steps": [], "changeSummary": {}}).gaps == ("there is no resource in the document",)


def test_resources_that_wait_to_be_deleted_are_reported() -> None:
    entries = examples.resources()
    old = {**entries[4], "delete": True}

    assert Document.read(examples.export([*entries, old])).gaps == (
        "1 resources that still exist wait to be deleted, and are not looked at",
    )


def test_operations_that_did_not_end_are_reported() -> None:
    raw = examples.export()
    deployment = raw["deployment"]
    assert isinstance(deployment, dict)
    pending: list[Value] = [{"type": "creating", "resource": {"urn": BUCKET}}]

    assert Document.read(raw | {"deployment": {**deployment, "pending_operations": pending}}).gaps == (
        "1 operations did not come to their end: run `pulumi refresh`",
    )


def test_what_a_preview_deletes_is_no_gap() -> None:
    raw = examples.preview()
    steps = raw["steps"]
    assert isinstance(steps, list)
    gone: Value = {"op": "delete", "urn": "urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::old", "oldState": {}}

    assert Document.read(raw | {"steps": [*steps, gone]}).gaps == ()
