"""Values that are no messages, as Google's front end reads JSON."""

import pytest

from mockcloud.discovery.scalars import Unfit, reader, shown


def read(value: object, kind: str, form: str = "", enum: tuple[str, ...] = (), pattern: str = "") -> object:
    return reader(kind, form, enum, pattern)(value)


@pytest.mark.parametrize(
    ("value", "kind", "form", "wanted"),
    [
        ("text", "string", "", "text"),
        (True, "boolean", "", True),
        ("true", "boolean", "", True),
        ("false", "boolean", "", False),
        (5, "integer", "int32", 5),
        ("6", "integer", "int32", 6),
        (5.0, "integer", "int32", 5),
        (-(2**31), "integer", "int32", -(2**31)),
        (2**63 - 1, "string", "int64", str(2**63 - 1)),
        ("-7", "string", "int64", "-7"),
        (2**64 - 1, "string", "uint64", str(2**64 - 1)),
        (1, "number", "double", 1),
        (1.5, "number", "float", 1.5),
        ("2.5", "number", "double", 2.5),
        ("NaN", "number", "double", "NaN"),
        ("-Infinity", "number", "double", "-Infinity"),
        ("aGk=", "string", "byte", "aGk="),
        ("aGk", "string", "byte", "aGk"),
        ("_-8", "string", "byte", "_-8"),
        ("2026-01-01T00:00:00Z", "string", "google-datetime", "2026-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00.123456789+02:00", "string", "google-datetime", "2026-01-01T00:00:00.123456789+02:00"),
        ("3.5s", "string", "google-duration", "3.5s"),
        ({"any": ["thing"]}, "any", "", {"any": ["thing"]}),
    ],
)
def test_a_value_of_its_type_is_kept(value: object, kind: str, form: str, wanted: object) -> None:
    assert read(value, kind, form) == wanted


@pytest.mark.parametrize(
    ("value", "kind", "form", "name"),
    [
        (1, "string", "", "TYPE_STRING"),
        ([], "boolean", "", "TYPE_BOOL"),
        ({}, "boolean", "", "TYPE_BOOL"),
        ("yes", "boolean", "", "TYPE_BOOL"),
        (1, "boolean", "", "TYPE_BOOL"),
        (True, "integer", "int32", "TYPE_INT32"),
        (2**31, "integer", "int32", "TYPE_INT32"),
        (-1, "integer", "uint32", "TYPE_UINT32"),
        (1.5, "integer", "int32", "TYPE_INT32"),
        ("1" * 5000, "string", "int64", "TYPE_INT64"),
        ("٣", "integer", "int32", "TYPE_INT32"),
        (float("inf"), "integer", "int32", "TYPE_INT32"),
        (float("inf"), "number", "double", "TYPE_DOUBLE"),
        (10**400, "number", "float", "TYPE_FLOAT"),
        ("inf", "number", "", "TYPE_DOUBLE"),
        ("x", "number", "double", "TYPE_DOUBLE"),
        (False, "number", "double", "TYPE_DOUBLE"),
        ("!", "string", "byte", "TYPE_BYTES"),
        (1, "string", "byte", "TYPE_BYTES"),
        ("a", "string", "byte", "TYPE_BYTES"),
        ("2026-01-01", "string", "google-datetime", "type.googleapis.com/google.protobuf.Timestamp"),
        ("never", "string", "google-datetime", "type.googleapis.com/google.protobuf.Timestamp"),
        (1, "string", "google-datetime", "type.googleapis.com/google.protobuf.Timestamp"),
        ("4", "string", "google-duration", "type.googleapis.com/google.protobuf.Duration"),
        (3, "string", "google-duration", "type.googleapis.com/google.protobuf.Duration"),
    ],
)
def test_a_value_of_another_type_is_refused_with_the_name_of_its_own(
    value: object, kind: str, form: str, name: str
) -> None:
    with pytest.raises(Unfit) as caught:
        read(value, kind, form)
    assert caught.value.kind == name


def test_an_enumeration_takes_its_names_only() -> None:
    assert read("ON", "string", enum=("OFF", "ON")) == "ON"
    for other in ("on", 1, None, ["ON"]):
        with pytest.raises(Unfit):
            read(other, "string", enum=("OFF", "ON"))


def test_a_pattern_holds_the_whole_text_and_the_empty_one_is_not_set() -> None:
    assert read("net-1", "string", pattern="[a-z][-a-z0-9]*") == "net-1"
    assert read("", "string", pattern="[a-z]+") == ""
    with pytest.raises(Unfit) as caught:
        read("net_1", "string", pattern="[a-z][-a-z0-9]*")
    assert caught.value.pattern == "[a-z][-a-z0-9]*"
    with pytest.raises(Unfit) as caught:
        read(5, "string", pattern="[a-z]+")
    assert caught.value.pattern == ""


def test_what_is_long_is_cut_when_it_is_shown() -> None:
    assert shown("short") == '"short"'
    assert shown(["x"]) == "['x']"
    assert len(shown("x" * 10_000)) == 101
