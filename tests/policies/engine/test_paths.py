"""Readings by path: the quick way, through objects alone, says what going through everything says."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from groundplan_policies.engine.document import Document
from groundplan_policies.engine.paths import Path, Reading, State, read_value
from groundplan_policies.engine.values import UNKNOWN, Value, is_secret, is_special, is_unknown, join_key
from tests.policies.engine.examples import secret
from tests.policies.rules.harness import R, document

KEYS = ("a", "b", "a-b")
ASSET: dict[str, Value] = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "hash": "h"}
LEAVES = st.sampled_from([None, True, 0, 1.5, "", "text", UNKNOWN, f"x{UNKNOWN}", secret("v1:x"), ASSET, {}, []])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner), max_leaves=12
)
PATHS = st.lists(st.sampled_from(KEYS), min_size=1, max_size=4).map(".".join)


def slowly(value: Value, keys: list[str], path: str) -> Iterator[Reading]:
    """Read step by step, as the states are described."""
    if isinstance(value, list) and keys:
        if not value:
            yield Reading(path, State.EMPTY)
        for index, each in enumerate(value):
            yield from slowly(each, keys, f"{path}[{index}]")
    elif not keys:
        yield Reading(path, state(value), value if state(value) in {State.KNOWN, State.UNKNOWN} else None)
    elif value is None:
        for key in keys:
            path = join_key(path, key)
        yield Reading(path, State.ABSENT)
    elif isinstance(value, dict) and not is_special(value):
        yield from slowly(value.get(keys[0]), keys[1:], join_key(path, keys[0]))
    elif state(value) in {State.UNKNOWN, State.SECRET}:
        yield Reading(path, state(value), value if is_unknown(value) else None)
    else:
        yield Reading(path, State.WRONG)


def state(value: Value) -> State:
    if value is None:
        return State.ABSENT
    if is_unknown(value):
        return State.UNKNOWN
    if is_special(value):
        return State.SECRET if is_secret(value) else State.WRONG
    return State.EMPTY if value in ({}, [], "") else State.KNOWN


BUCKET = next(each for each in document(R("storage.Bucket", {}, "b")) if each.name == "b")


@given(st.dictionaries(st.sampled_from(KEYS), VALUES), PATHS)
@example({"a": secret("v1:x")}, "a.b")
@example({"a": ASSET}, "a.b")
@example({"a": [{"b": secret("v1:x")}, {"b": None}, None, "text", [], [{"b": {"b": 1}}]]}, "a.b.b")
def test_a_path_reads_what_lies_there_whatever_is_on_the_way(inputs: dict[str, Value], text: str) -> None:
    bucket = replace(BUCKET, inputs=inputs)
    path, expected = Path(text), list(slowly(inputs, text.split("."), ""))

    assert path.read(bucket) == expected
    assert path.one(bucket) == expected[0]
    assert read_value(inputs, "", text) == expected
    assert path.is_absent(inputs) is (expected == [Reading(path.written, State.ABSENT)])


@given(VALUES, PATHS)
def test_reading_below_a_value_goes_on_from_its_path(value: Value, text: str) -> None:
    assert read_value(value, "list[0]", text) == list(slowly(value, text.split("."), "list[0]"))
    assert read_value(value, "list[0]") == list(slowly(value, [], "list[0]"))


def test_a_plain_value_is_one_on_whose_way_only_objects_lie() -> None:
    inputs: dict[str, Value] = {"a": {"b": 1, "c": None}, "l": [{"b": 1}], "s": secret("v1:x")}

    assert Path("a.b").plain(inputs) == 1
    assert Path("a.c").plain(inputs) is Path("a.x.y").plain(inputs) is None
    assert Path("l.b").plain(inputs) not in (None, 1)
    assert Path("s.ciphertext").plain(inputs) not in (None, "v1:x")


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ('{"version":3,"deployment":{}}', False),
        ('{"version":3,"deployment":{},"x":"1b47061264138c4ac30d75fd1eb44270"}', True),
        (r'{"version":3,"deployment":{},"x":"1\u006247061264138c4ac30d75fd1eb44270"}', True),
    ],
)
def test_a_text_without_the_mark_of_secrets_holds_none(text: str, may: bool) -> None:
    assert Document.read(text).may_hold_secrets is may


def test_an_object_may_hold_secrets() -> None:
    assert Document.read({"version": 3, "deployment": {}}).may_hold_secrets


def test_a_key_below_a_path_may_have_dots_in_it() -> None:
    path = Path("metadata.annotations", "run.googleapis.com/ingress")
    noted = replace(BUCKET, inputs={"metadata": {"annotations": {"run.googleapis.com/ingress": "all"}}})
    written = 'metadata.annotations["run.googleapis.com/ingress"]'
    assert path.read(noted) == [Reading(written, State.KNOWN, "all")]
    assert path.one(BUCKET) == Reading(written, State.ABSENT)
    assert (path.text, path.written) == ("metadata.annotations", written)
