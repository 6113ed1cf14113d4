"""Encodings: what goes onto the wire comes back, and markers are kept."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import pytest
from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from mockcloud.doors.embedded.assets import hash_archive, hash_asset
from mockcloud.doors.embedded.wire import OUTPUT, Decoder, lower_outputs, to_wire, wrap_secret
from mockcloud.pulumi.values import ARCHIVE, ASSET, REFERENCE, Value, from_document, join_key, leaves
from tests.mockcloud.embedded.helpers import SECRET, SIGNATURE, UNKNOWN

SECRET_SIGNATURE = SECRET[SIGNATURE]

texts = st.text(max_size=8).filter(lambda text: text != SIGNATURE)
scalars = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts
)
plain: st.SearchStrategy[Value] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=12
)


def decode(value: Value) -> Value:
    return Decoder(lambda _: None).value(to_wire(value), "")


def secret(value: Value) -> dict[str, Value]:
    return {SIGNATURE: SECRET_SIGNATURE, "value": value}


def output(value: Value, *urns: str, known: bool = True, hidden: bool = False) -> dict[str, Value]:
    made: dict[str, Value] = {SIGNATURE: OUTPUT, "dependencies": [*urns]}
    return {**made, **({"value": value} if known else {}), **({"secret": True} if hidden else {})}


@given(plain)
def test_plain_values_come_back(value: Value) -> None:
    assert decode(value) == value


@given(plain)
def test_numbers_are_whole_where_they_can_be(value: Value) -> None:
    for _, leaf in leaves(decode(value), ""):
        assert not (isinstance(leaf, float) and leaf.is_integer())


@given(plain)
def test_a_secret_keeps_its_marker_and_nothing_else(value: Value) -> None:
    seen: list[Value] = []
    wire = to_wire(value)
    wrap_secret(wire)
    assert Decoder(seen.append).value(wire, "") == SECRET
    assert seen == [value]


@given(plain, st.lists(st.sampled_from(["a", "b"]), min_size=1))
def test_an_output_value_says_where_each_leaf_came_from(value: Value, urns: list[str]) -> None:
    decoder = Decoder(lambda _: None)
    assert decoder.value(to_wire({"x": output(value, *urns)}), "") == {"x": value}
    assert decoder.met_outputs
    assert decoder.provenance == {path: sorted(set(urns)) for path, _ in leaves(value, "x")}


@given(plain)
def test_lowering_gives_what_decoding_gives(value: Value) -> None:
    nested: Value = [output({"a": output(value, "u"), "b": value}, "v"), value]
    wire = to_wire(nested)
    lower_outputs(wire)
    assert Decoder(lambda _: None).value(wire, "") == decode(nested) == [{"a": value, "b": value}, value]


@pytest.mark.parametrize(
    ("given_value", "document"),
    [
        (output(None, "u", known=False), UNKNOWN),
        (output(None, "u", known=False, hidden=True), SECRET),
        (output("x", "u", hidden=True), SECRET),
        (secret(output("x", "u")), SECRET),
        ([secret(UNKNOWN), {"k": UNKNOWN}], [SECRET, {"k": UNKNOWN}]),
        (
            {SIGNATURE: REFERENCE, "urn": "u", "id": "i"},
            {SIGNATURE: REFERENCE, "urn": "u", "id": "i", "packageVersion": ""},
        ),
        (
            {SIGNATURE: REFERENCE, "urn": "u", "id": UNKNOWN},
            {SIGNATURE: REFERENCE, "urn": "u", "id": "", "packageVersion": ""},
        ),
        ({SIGNATURE: REFERENCE, "urn": "u"}, {SIGNATURE: REFERENCE, "urn": "u", "packageVersion": ""}),
        (
            {SIGNATURE: ASSET, "uri": "https://example.test/a"},
            {SIGNATURE: ASSET, "uri": "https://example.test/a"},
        ),
        ({SIGNATURE: "another", "a": 1}, {SIGNATURE: "another", "a": 1}),
    ],
)
def test_markers(given_value: Value, document: Value) -> None:
    assert decode(given_value) == document
    lowered = to_wire(given_value)
    lower_outputs(lowered)
    assert Decoder(lambda _: None).value(lowered, "") == document


def test_the_provenance_of_a_secret_is_that_of_all_that_is_in_it() -> None:
    decoder = Decoder(lambda _: None)
    decoder.value(to_wire(secret({"a": output(1, "u"), "b": [output(2, "v")]})), "x")
    assert decoder.provenance == {"x": ["u", "v"]}


def test_no_value_at_all_is_null() -> None:
    assert Decoder(lambda _: None).value(struct_pb2.Value(), "") is None


def test_an_infinite_number_stays_one() -> None:
    assert decode(math.inf) == math.inf


@pytest.mark.parametrize(
    ("path", "key", "joined"),
    [("", "a", "a"), ("a", "b", "a.b"), ("", "a.b", '["a.b"]'), ("a[0]", 'x"y', 'a[0]["x\\"y"]'), ("a", "", 'a[""]')],
)
def test_property_paths(path: str, key: str, joined: str) -> None:
    assert join_key(path, key) == joined


@given(plain)
def test_a_document_without_secrets_is_its_own_wire(value: Value) -> None:
    assert from_document(value) == value


def test_secrets_of_an_exported_stack() -> None:
    exported: Value = {
        "a": [{SIGNATURE: SECRET_SIGNATURE, "plaintext": '{"x": 1}'}],
        "b": {SIGNATURE: SECRET_SIGNATURE, "ciphertext": "v1:abc"},
        "c": secret("as it is"),
    }
    assert from_document(exported) == {"a": [secret({"x": 1})], "b": secret("[secret]"), "c": secret("as it is")}


def test_hashes_of_assets_and_archives(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"hello")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.txt").write_bytes(b"x" * 600)
    text: Value = {SIGNATURE: ASSET, "text": "hello"}
    file: Value = {SIGNATURE: ASSET, "path": str(tmp_path / "a.txt")}
    remote: Value = {SIGNATURE: ASSET, "uri": "https://example.test/a"}
    assert isinstance(text, dict)
    assert isinstance(file, dict)
    assert hash_asset(text) == hash_asset(file) == hashlib.sha256(b"hello").hexdigest()
    # The real engine's hash of an archive with this one file, as its state had it.
    one = "abe1608443363f153db85c1098d8bff5dd0feb574270b05b451d81bc2807abde"
    assert hash_archive({"assets": {"a.txt": text}}) == hash_archive({"assets": {"a.txt": file}}) == one
    assert hash_archive({"assets": {"a.txt": text, "far": remote}}) is None
    assert hash_archive({"assets": {"a.txt": "no asset"}}) is None
    whole: Value = {SIGNATURE: ARCHIVE, "path": str(tmp_path)}
    assert isinstance(whole, dict)
    listed = hash_archive({"assets": {"a.txt": file, "b/c.txt": {"path": str(tmp_path / "b" / "c.txt")}}})
    nested = hash_archive({"assets": {"a.txt": file, "b": {"path": str(tmp_path / "b")}}})
    assert hash_archive(whole) == listed == nested
    (tmp_path / "made.zip").write_bytes(b"any bytes")
    assert hash_archive({"path": str(tmp_path / "made.zip")}) == hashlib.sha256(b"any bytes").hexdigest()
    assert hash_archive({"uri": "https://example.test/a.zip"}) is None
