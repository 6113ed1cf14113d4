"""Field masks, and merging."""

import pytest

from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.masks import apply_mask, merged, read_mask
from mockcloud.discovery.schemas import Schemas

SCHEMAS = Schemas(
    {
        "schemas": {
            "Thing": {
                "properties": {
                    "displayName": {"type": "string"},
                    "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                    "owner": {"$ref": "Part"},
                    "parts": {"type": "array", "items": {"$ref": "Part"}},
                    "free": {"$ref": "Struct"},
                    "any": {"type": "any"},
                }
            },
            "Part": {"properties": {"partName": {"type": "string"}, "inner": {"$ref": "Part"}}},
            "Struct": {"type": "object"},
        }
    }
)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("displayName", [("displayName",)]),
        ("display_name,labels", [("displayName",), ("labels",)]),
        (" displayName , ", [("displayName",)]),
        ("labels.team", [("labels", "team")]),
        ("labels.`my.key`", [("labels", "my.key")]),
        ("owner.part_name", [("owner", "partName")]),
        ("owner.inner.inner", [("owner", "inner", "inner")]),
        ("free.a.b", [("free", "a", "b")]),
        ("any.a", [("any", "a")]),
        ("parts", [("parts",)]),
        ("*", [("*",)]),
        ("", []),
    ],
)
def test_paths_are_read(text: str, paths: list[tuple[str, ...]]) -> None:
    assert read_mask(text, SCHEMAS, "Thing") == paths


@pytest.mark.parametrize(
    "text", ["foo", "owner.foo", "displayName.x", "parts.partName", "owner..inner", ".owner", "owner.", "`", "a`b"]
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ApiError) as caught:
        read_mask(text, SCHEMAS, "Thing")
    violations = caught.value.details[0]["fieldViolations"]
    assert violations == [{"field": "update_mask", "description": f"Invalid field path: {text}"}]


def test_only_what_is_masked_changes() -> None:
    old = {"displayName": "a", "labels": {"team": "ml", "tier": "one"}, "owner": {"partName": "x", "inner": {}}}
    new = {"displayName": "b", "labels": {"team": "web"}, "owner": {"partName": "y"}}
    assert apply_mask(old, new, [("labels", "team")])["labels"] == {"team": "web", "tier": "one"}
    assert apply_mask(old, new, [("labels", "tier")])["labels"] == {"team": "ml"}
    assert apply_mask(old, new, [("owner", "partName")])["owner"] == {"partName": "y", "inner": {}}
    assert apply_mask(old, {}, [("displayName",)]) == {key: old[key] for key in ("labels", "owner")}
    assert apply_mask(old, new, [("*",)]) == new
    assert apply_mask({}, new, [("owner", "partName")]) == {"owner": {"partName": "y"}}
    assert apply_mask({"owner": "text"}, {"owner": "other"}, [("owner", "partName")]) == {"owner": {}}
    assert old["labels"] == {"team": "ml", "tier": "one"}


def test_merging_goes_into_objects_and_null_clears() -> None:
    old = {"a": 1, "b": {"c": 2, "d": 3}, "e": [1]}
    assert merged(old, {"a": None, "b": {"c": None, "x": 4}, "e": [2]}) == {"b": {"d": 3, "x": 4}, "e": [2]}
    assert merged({}, {"b": {"c": None, "d": 1}}) == {"b": {"d": 1}}
    assert merged({"b": 1}, {"b": {"c": 1}}) == {"b": {"c": 1}}
    assert old == {"a": 1, "b": {"c": 2, "d": 3}, "e": [1]}
