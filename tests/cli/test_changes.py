"""What `--diff` finds, and what it knows that it cannot tell."""

import pulumi
import pytest

from groundplan_cli.changes import ABSENT, Changes, compare
from groundplan_policies.engine import Document
from groundplan_policies.engine.values import UNKNOWN, Value
from mockcloud import preview_program
from tests.cli.documents import Builder, shop

BUCKET = "urn:pulumi:dev::shop::shop:index:Store$gcp:storage/bucket:Bucket::logs"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"


def differences(old: Builder, new: Builder, *, state: bool = False) -> Changes:
    before = old.document()
    if state:
        del before["groundplan"]
    return compare(Document.read(before), Document.read(new.document()))


def one_bucket(**inputs: Value) -> Builder:
    build = Builder()
    build.add("gcp:storage/bucket:Bucket", "b", inputs=inputs)
    return build


def paths(changes: Changes) -> dict[str, tuple[object, object]]:
    [change] = changes.changed
    return {each.path: (each.old, each.new) for each in change.properties}


def test_the_same_document_has_no_changes() -> None:
    changes = differences(shop(), shop())

    assert not changes
    assert changes.undecided == 2


def test_added_and_removed_resources_are_found() -> None:
    changes = differences(one_bucket(), shop())

    assert [resource.name for resource in changes.removed] == ["b"]
    assert [resource.name for resource in changes.added] == ["net", "subnet", "key", "store", "logs"]


def test_changed_properties_are_found_leaf_by_leaf() -> None:
    old = one_bucket(location="EU", labels={"a": "1", "gone": "x"}, rules=[1, 2])
    new = one_bucket(location="US", labels={"a": "1", "new": "y"}, rules=[1, 3])

    assert paths(differences(old, new)) == {
        "location": ("EU", "US"),
        "labels.new": (ABSENT, "y"),
        "rules[1]": (2, 3),
        "labels.gone": ("x", ABSENT),
    }


def test_an_object_that_becomes_empty_is_a_change() -> None:
    assert paths(differences(one_bucket(labels={"a": "1"}), one_bucket(labels={}))) == {
        "labels": (ABSENT, {}),
        "labels.a": ("1", ABSENT),
    }


def test_a_value_that_becomes_unknown_is_a_change() -> None:
    assert paths(differences(one_bucket(key="k"), one_bucket(key=UNKNOWN))) == {"key": ("k", UNKNOWN)}


def test_an_unknown_value_against_a_state_cannot_be_compared() -> None:
    changes = differences(one_bucket(key="k"), one_bucket(key=UNKNOWN), state=True)

    assert not changes
    assert changes.undecided == 1


def test_an_unknown_value_from_another_resource_is_a_change() -> None:
    def build(origin: str) -> Builder:
        made = Builder()
        keys = {name: made.add("gcp:kms/cryptoKey:CryptoKey", name) for name in ("one", "two")}
        made.add("gcp:storage/bucket:Bucket", "b", uses={"key": keys[origin]})
        return made

    assert not differences(build("one"), build("one"))
    assert paths(differences(build("one"), build("two"))) == {"key": (UNKNOWN, UNKNOWN)}


def test_a_value_that_becomes_secret_is_a_change_and_two_secrets_cannot_be_compared() -> None:
    clear: Value = "hunter2"
    hidden: Value = {SIGNATURE: SECRET, "ciphertext": "v1:a"}
    other: Value = {SIGNATURE: SECRET, "ciphertext": "v1:b"}

    assert paths(differences(one_bucket(token=clear), one_bucket(token=hidden))) == {"token": (clear, hidden)}
    changes = differences(one_bucket(token=hidden), one_bucket(token=other))
    assert not changes
    assert changes.undecided == 1


@pytest.mark.parametrize(("second", "undecided"), [("a", 0), ("b", 1)])
def test_secrets_in_the_clear_that_are_equal_are_no_question(second: str, undecided: int) -> None:
    def build(text: str) -> Builder:
        return one_bucket(token={SIGNATURE: SECRET, "plaintext": text})

    assert differences(build("a"), build(second)).undecided == undecided


@pytest.mark.parametrize(
    ("option", "value"),
    [("protect", True), ("retainOnDelete", True), ("ignoreChanges", ["labels"]), ("replaceOnChanges", ["a"])],
)
def test_options_are_compared(option: str, value: Value) -> None:
    new = one_bucket()
    new.resources[-1][option] = value

    assert list(paths(differences(one_bucket(), new))) == [f"<{option}>"]


def test_a_rename_with_an_alias_is_no_removal() -> None:
    new = Builder()
    new.add(
        "gcp:storage/bucket:Bucket", "c", aliases=["urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::b"], protect=True
    )

    changes = differences(one_bucket(), new)

    assert not changes.added
    assert not changes.removed
    [change] = changes.changed
    assert change.renamed_from == "urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::b"
    assert [each.path for each in change.properties] == ["<protect>"]


def test_a_rename_in_a_program_with_an_alias_is_no_removal() -> None:
    def document(name: str, *aliases: pulumi.Alias) -> Document:
        def program() -> None:
            pulumi.ComponentResource("shop:index:Store", name, None, pulumi.ResourceOptions(aliases=list(aliases)))

        return Document.read(preview_program(program).document)

    changes = compare(document("old"), document("new", pulumi.Alias(name="old")))

    assert (changes.added, changes.removed) == ((), ())
    [change] = changes.changed
    assert change.renamed_from.endswith("::old")


def test_a_rename_without_an_alias_is_a_removal_and_an_addition() -> None:
    new = Builder()
    new.add("gcp:storage/bucket:Bucket", "c")

    changes = differences(one_bucket(), new)

    assert [resource.name for resource in changes.added] == ["c"]
    assert [resource.name for resource in changes.removed] == ["b"]


def test_an_alias_that_another_resource_still_has_is_no_rename() -> None:
    new = one_bucket()
    new.add("gcp:storage/bucket:Bucket", "c", aliases=["urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::b"])

    changes = differences(one_bucket(), new)

    assert [resource.name for resource in changes.added] == ["c"]
    assert not changes.changed


def test_what_used_a_renamed_resource_has_not_changed() -> None:
    def build(name: str, aliases: list[Value]) -> Builder:
        made = Builder()
        key = made.add("gcp:kms/cryptoKey:CryptoKey", name, aliases=aliases)
        made.add("gcp:storage/bucket:Bucket", "b", uses={"key": key})
        return made

    old = build("one", [])
    new = build("two", ["urn:pulumi:dev::shop::gcp:kms/cryptoKey:CryptoKey::one"])

    assert [change.resource.name for change in differences(old, new).changed] == ["two"]


@pytest.mark.parametrize("later", [{"a": 2}, {}, {"a": None}], ids=str)
def test_outputs_are_compared(later: dict[str, Value]) -> None:
    old, new = one_bucket(), one_bucket()
    old.outputs(a=1)
    new.outputs(**later)

    assert [each.path for each in differences(old, new).outputs] == ["a"]
