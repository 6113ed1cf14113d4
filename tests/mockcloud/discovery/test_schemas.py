"""Bodies held to schemas."""

from typing import Any

import pytest

from mockcloud.discovery.schemas import Schemas

DESCRIPTION: dict[str, Any] = {
    "name": "things",
    "schemas": {
        "Thing": {
            "properties": {
                "name": {"type": "string", "readOnly": True},
                "displayName": {"type": "string"},
                "sizeGb": {"type": "string", "format": "int64"},
                "state": {"type": "string", "enum": ["STATE_UNSPECIFIED", "ON", "OFF"]},
                "parts": {"type": "array", "items": {"$ref": "Part"}},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "groups": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
                "owner": {"$ref": "Part"},
                "inline": {"type": "object", "properties": {"maxAge": {"type": "integer"}}},
                "rules": {"type": "array", "items": {"type": "object", "properties": {"on": {"type": "boolean"}}}},
                "byKey": {"type": "object", "additionalProperties": {"properties": {"on": {"type": "boolean"}}}},
                "free": {"$ref": "Struct"},
            }
        },
        "Part": {"properties": {"partName": {"type": "string"}, "inner": {"$ref": "Part"}}},
        "Struct": {"type": "object", "additionalProperties": {"type": "any"}},
        "Empty": {"type": "object", "properties": {}},
    },
}
SCHEMAS = Schemas(DESCRIPTION)


def accepted(body: object, *, keep_read_only: bool = False, keep_null: bool = False) -> dict[str, Any]:
    found, violations = SCHEMAS.accept("Thing", body, keep_read_only=keep_read_only, keep_null=keep_null)
    assert not violations
    return found


def refused(body: object) -> list[tuple[str, str]]:
    return [(each.field, each.description) for each in SCHEMAS.accept("Thing", body)[1]]


def test_both_spellings_come_back_as_one() -> None:
    assert accepted({"display_name": "a", "sizeGb": 5}) == {"displayName": "a", "sizeGb": "5"}
    assert accepted({"parts": [{"part_name": "x"}]}) == {"parts": [{"partName": "x"}]}


def test_enumerations_come_by_name_or_number() -> None:
    assert accepted({"state": "ON"}) == {"state": "ON"}
    assert accepted({"state": 2}) == {"state": "OFF"}
    assert refused({"state": 9}) == [("state", "Invalid value at 'state' (TYPE_ENUM), 9")]
    assert refused({"state": True}) == [("state", "Invalid value at 'state' (TYPE_ENUM), True")]


def test_fields_for_output_are_dropped_unless_they_are_asked_for() -> None:
    assert accepted({"name": "x", "displayName": "a"}) == {"displayName": "a"}
    assert accepted({"name": "x"}, keep_read_only=True) == {"name": "x"}


def test_null_is_as_absent_unless_it_clears() -> None:
    body = {"displayName": None, "owner": {"partName": None}, "labels": {"a": None}}
    assert accepted({"displayName": None, "owner": {"partName": None}}) == {"owner": {}}
    assert accepted(body, keep_null=True) == {"displayName": None, "owner": {"partName": None}, "labels": {"a": None}}
    assert accepted({"name": None}, keep_null=True) == {}


def test_one_value_is_a_list_of_one() -> None:
    assert accepted({"parts": {"partName": "x"}}) == {"parts": [{"partName": "x"}]}
    assert refused({"parts": [None]})[0][0] == "parts[0]"


def test_messages_that_are_described_in_place_are_held_too() -> None:
    assert accepted({"inline": {"max_age": "5"}}) == {"inline": {"maxAge": 5}}
    assert accepted({"rules": [{"on": "true"}]}) == {"rules": [{"on": True}]}
    assert accepted({"byKey": {"a": {"on": True}}}) == {"byKey": {"a": {"on": True}}}
    assert refused({"inline": {"old": 1}}) == [
        ("inline", "Invalid JSON payload received. Unknown name \"old\" at 'inline': Cannot find field.")
    ]


def test_what_has_no_fields_takes_anything() -> None:
    assert accepted({"free": {"any": [1, {"thing": None}]}}) == {"free": {"any": [1, {"thing": None}]}}
    assert accepted({"groups": {"a": ["x"]}}) == {"groups": {"a": ["x"]}}
    assert SCHEMAS.is_open("Struct")
    assert SCHEMAS.is_open("Unheard")
    assert not SCHEMAS.is_open("Thing")


def test_a_message_may_say_of_which_type_it_is() -> None:
    assert accepted({"owner": {"@type": "t/Part"}}) == {"owner": {"@type": "t/Part"}}


@pytest.mark.parametrize(
    ("body", "field", "description"),
    [
        ({"foo": 1}, "", 'Invalid JSON payload received. Unknown name "foo": Cannot find field.'),
        ({"owner": 1}, "owner", "Invalid value at 'owner' (type.googleapis.com/Part), 1"),
        ({"labels": []}, "labels", "Invalid value at 'labels' (Map), []"),
        (
            {"labels": {"a": "x", "b": 1}},
            "labels[1].value",
            "Invalid value at 'labels[1].value' (TYPE_STRING), 1",
        ),
        ({"parts": [{"partName": 1}]}, "parts[0].part_name", "Invalid value at 'parts[0].part_name' (TYPE_STRING), 1"),
        (
            {"owner": {"partName": ["x"]}},
            "owner",
            (
                "Invalid JSON payload received. Unknown name \"part_name\" at 'owner': "
                "Proto field is not repeating, cannot start list."
            ),
        ),
        ([], "", 'Invalid JSON payload received. Unknown name "": Root element must be a message.'),
        ("x", "", 'Invalid JSON payload received. Unknown name "": Root element must be a message.'),
    ],
)
def test_what_is_wrong_is_said_where_it_is(body: object, field: str, description: str) -> None:
    assert refused(body) == [(field, description)]


def test_a_body_is_said_to_be_where_it_is_in_the_request() -> None:
    unknown = SCHEMAS.accept("Thing", {"foo": 1}, within="thing")[1]
    assert unknown == [("thing", "Invalid JSON payload received. Unknown name \"foo\" at 'thing': Cannot find field.")]
    wrong = SCHEMAS.accept("Thing", {"displayName": 1}, within="thing")[1]
    assert wrong == [("thing.display_name", "Invalid value at 'thing.display_name' (TYPE_STRING), 1")]


def test_messages_in_messages_end_somewhere() -> None:
    body: dict[str, Any] = {}
    for _ in range(150):
        body = {"inner": body}
    found = SCHEMAS.accept("Part", body)[1]
    assert [each.description[:16] for each in found] == ["Message too deep"]


def test_a_type_name_finds_its_schema() -> None:
    schemas = Schemas({"schemas": {"GoogleCloudXV1Thing": {}, "Secret": {}}})
    assert schemas.of_type("type.googleapis.com/google.cloud.x.v1.Thing") == "GoogleCloudXV1Thing"
    assert schemas.of_type("google.cloud.secretmanager.v1.Secret") == "Secret"
    assert schemas.of_type("google.protobuf.Unheard") == ""


def test_schemas_are_listed_and_asked_for_by_name() -> None:
    assert "Thing" in SCHEMAS
    assert "Unheard" not in SCHEMAS
    assert {"Thing", "Part", "Struct", "Empty"} <= set(SCHEMAS)
    assert SCHEMAS.fields("Unheard") == {}
    assert SCHEMAS.accept("Empty", {}) == ({}, [])


def test_numbers_of_an_enumeration_are_its_places_where_nothing_else_is_known() -> None:
    field = SCHEMAS.fields("Thing")["state"]
    assert SCHEMAS.number_names("Thing", field) == {0: "STATE_UNSPECIFIED", 1: "ON", 2: "OFF"}
