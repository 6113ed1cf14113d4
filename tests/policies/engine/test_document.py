import json
from pathlib import Path

import pytest

from groundplan_policies.engine import Document, DocumentError, Profile, Value, is_secret
from tests.policies.engine import examples
from tests.policies.engine.examples import BUCKET, OBJECT, PROVIDER, STACK, STORE


def test_an_export_is_read_whole() -> None:
    document = Document.read(examples.export())

    assert document.profile is Profile.STATE
    assert document.version == 3
    assert [resource.urn for resource in document] == [STACK, STORE, PROVIDER, BUCKET, OBJECT]
    bucket = document[BUCKET]
    assert (bucket.type, bucket.name, bucket.id) == ("gcp:storage/bucket:Bucket", "logs", "logs-1")
    assert bucket.custom
    assert bucket.protect
    assert bucket.ignore_changes == ("labels",)
    assert bucket.provider_urn == PROVIDER
    assert bucket.aliases == ("urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::logs",)
    assert document[OBJECT].dependencies == (BUCKET,)
    assert document[OBJECT].property_dependencies == {"bucket": (BUCKET,)}


def test_every_way_to_give_a_document_gives_the_same(tmp_path: Path) -> None:
    raw = examples.export()
    text = json.dumps(raw)
    file = tmp_path / "stack.json"
    file.write_text(text, encoding="utf-8")

    expected = Document.read(raw)
    for source in (text, "\ufeff" + text, text.encode(), text.encode("utf-16"), text.encode("utf-8-sig"), file):
        assert Document.read(source) == expected


def test_aliases_that_a_program_asked_for_are_the_resources_own() -> None:
    raw = examples.export()
    asked: list[Value] = ["urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::archive"]
    raw["groundplan"] = {"profile": "preview", "requests": {BUCKET: {"aliases": asked, "version": "10.2.0"}}}
    kept = "urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::logs"
    assert Document.read(raw)[BUCKET].aliases == (kept, *asked)


def test_aliases_of_the_wrong_shape_are_refused() -> None:
    raw = examples.export()
    raw["groundplan"] = {"profile": "preview", "requests": {BUCKET: {"aliases": 5}}}
    with pytest.raises(DocumentError, match="aliases"):
        Document.read(raw)


def test_the_tree_can_be_walked() -> None:
    document = Document.read(examples.export())

    assert [child.urn for child in document.children(STORE)] == [BUCKET, OBJECT]
    assert [root.urn for root in document.children("")] == [STACK, PROVIDER]
    assert document.children(OBJECT) == ()
    assert document.stack is not None
    assert document.stack.is_stack
    assert document[STORE].is_component
    assert not document[BUCKET].is_component
    assert document[PROVIDER].is_provider
    assert document.get("urn:pulumi:dev::shop::a:b:C::missing") is None
    assert len(document) == 5
    with pytest.raises(DocumentError, match="holds no such resource"):
        document["urn:pulumi:dev::shop::a:b:C::missing"]


def test_the_stack_exports_outputs() -> None:
    outputs = Document.read(examples.export()).outputs

    assert outputs["url"] == "gs://logs"
    assert is_secret(outputs["password"])


def test_a_document_without_resources_is_empty() -> None:
    document = Document.read(examples.export([]))

    assert len(document) == 0
    assert document.stack is None
    assert document.outputs == {}


def test_what_the_provider_filled_in_is_taken_out_and_remembered() -> None:
    for source in (examples.export(), json.dumps(examples.export())):
        bucket = Document.read(source)[BUCKET]

        assert bucket.defaults == ("forceDestroy",)
        assert bucket.inputs["lifecycleRules"] == [{"action": {"type": "Delete"}}]
        assert "__defaults" not in bucket.inputs


def test_entries_to_be_deleted_are_skipped_and_counted() -> None:
    entries = examples.resources()
    old = {**entries[3], "delete": True}

    document = Document.read(examples.export([*entries, old]))

    assert document.deleted == 1
    assert [resource.urn for resource in document].count(BUCKET) == 1


def test_a_resource_may_refer_to_one_that_will_be_deleted() -> None:
    entries = examples.resources()
    gone = {**entries[3], "delete": True}

    document = Document.read(examples.export([*entries[:3], gone, entries[4]]))

    assert document[OBJECT].dependencies == (BUCKET,)
    assert document.get(BUCKET) is None


def test_preview_steps_are_read_as_a_preview() -> None:
    document = Document.read(examples.preview())

    assert document.profile is Profile.PREVIEW
    assert document.version == 0
    assert [resource.urn for resource in document] == [STACK, STORE, BUCKET, OBJECT]
    token = document[BUCKET].inputs["token"]
    nested = document[BUCKET].inputs["nested"]
    assert is_secret(token)
    assert nested == [{"token": token}]


def test_a_literal_secret_in_an_export_is_just_a_text() -> None:
    entries = examples.resources()
    entries[4]["inputs"] = {"bucket": "[secret]"}

    assert Document.read(examples.export(entries))[OBJECT].inputs == {"bucket": "[secret]"}


def test_the_steps_of_a_replacement_count_as_one_resource() -> None:
    raw = examples.preview(operation="replace")
    steps = raw["steps"]
    assert isinstance(steps, list)
    create = {**steps[2], "op": "create-replacement"}
    delete = {"op": "delete-replaced", "urn": BUCKET, "oldState": steps[2]["newState"]}

    document = Document.read({**raw, "steps": [*steps[:2], create, *steps[2:], delete], "changeSummary": {}})

    assert [resource.urn for resource in document].count(BUCKET) == 1
    assert document.deleted == 0


def test_what_a_preview_deletes_is_skipped_and_counted() -> None:
    raw = examples.preview()
    steps = raw["steps"]
    assert isinstance(steps, list)
    gone: Value = {"op": "delete", "urn": OBJECT, "oldState": {}}

    document = Document.read({**raw, "steps": [*steps[:3], gone], "changeSummary": {}})

    assert document.get(OBJECT) is None
    assert document.deleted == 1


def test_what_a_refresh_reads_first_is_not_what_the_program_wants() -> None:
    """With `options: {refresh: always}` the engine reads everything before, children before their parents too."""
    raw = examples.preview()
    steps = raw["steps"]
    assert isinstance(steps, list)
    read: list[Value] = [{**each, "op": "refresh"} for each in reversed(steps) if isinstance(each, dict)]
    lost: Value = {"op": "refresh", "urn": BUCKET, "newState": None}
    gone: Value = {"op": "delete", "urn": OBJECT, "oldState": {}}

    document = Document.read({**raw, "steps": [*read, *steps[:3], gone], "changeSummary": {}})
    alone = Document.read({**raw, "steps": [*reversed(read[1:]), lost], "changeSummary": {}})

    assert [resource.urn for resource in document] == [STACK, STORE, BUCKET]
    assert document.deleted == 1
    assert [resource.urn for resource in alone] == [STACK, STORE]


def test_an_empty_preview_has_no_resources() -> None:
    assert len(Document.read({"changeSummary": {}, "duration": 1})) == 0


def test_origins_come_from_the_provenance_where_there_is_one() -> None:
    member: Value = {"profile": "preview", "provenance": {OBJECT: {"nested.bucket[0]": [BUCKET]}}}
    document = Document.read(examples.export(groundplan=member))

    assert document.profile is Profile.PREVIEW
    assert document.origins(OBJECT, "nested.bucket[0]") == (BUCKET,)
    assert document.origins(OBJECT, "bucket") == ()


def test_origins_fall_back_on_the_dependencies_of_the_input() -> None:
    document = Document.read(examples.export())

    assert document.origins(OBJECT, "bucket") == (BUCKET,)
    assert document.origins(OBJECT, "bucket[0].name") == (BUCKET,)
    assert document.origins(OBJECT, "other") == ()
    assert document.origins("urn:pulumi:dev::shop::a:b:C::missing", "bucket") == ()


def test_ten_thousand_resources_are_read_in_seconds_and_in_linear_time() -> None:
    entries = examples.resources()
    many: list[dict[str, Value]] = [
        {**entries[4], "urn": f"{OBJECT}-{number}", "inputs": {"labels": {"a": "b"}, "list": [1, 2, 3]}}
        for number in range(10_000)
    ]

    document = Document.read(json.dumps(examples.export([*entries, *many])))

    assert len(document) == 10_005
    assert len(document.children(STORE)) == 10_002
