"""Field masks: which fields of a body an update means."""

from collections.abc import Mapping
from typing import Any

from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.names import camel
from mockcloud.discovery.schemas import Schemas, Violation


def read_mask(text: str, schemas: Schemas, schema: str) -> list[tuple[str, ...]]:
    """Read an update mask.

    Args:
        text: Paths with commas between: `display_name,labels.team`. Either spelling of names.
        schemas: Schemas of the API's version.
        schema: Schema of the body.

    Raises:
        ApiError: A path names no field.
    """
    found = []
    for each in filter(None, (part.strip() for part in text.split(","))):
        path = _path(each, schemas, schema)
        if path is None:
            raise invalid(
                f"Invalid field mask: '{each}' is no field of the resource.",
                Violation("update_mask", f"Invalid field path: {each}"),
            )
        found.append(path)
    return found


def _path(text: str, schemas: Schemas, schema: str) -> tuple[str, ...] | None:
    if text == "*":
        return ("*",)
    found: list[str] = []
    current = schema
    parts = text.split(".")
    for at, part in enumerate(parts):
        fields = schemas.fields(current)
        if not fields:
            # A message of any shape: what is below it is the client's.
            return (*found, *parts[at:])
        field = fields.get(part) or fields.get(camel(part))
        if field is None:
            return None
        found.append(field.name)
        if field.mapped:
            return (*found, *(each.strip("`") for each in parts[at + 1 :]))
        current = field.ref
    return tuple(found)


def apply_mask(old: Body, new: Body, paths: list[tuple[str, ...]]) -> dict[str, Any]:
    """Give the old body with the masked fields of the new one; one that the new one lacks is cleared."""
    if ("*",) in paths:
        return dict(new)
    result = dict(old)
    for path in paths:
        result = _replaced(result, new, path)
    return result


def _replaced(old: Body, new: Body, path: tuple[str, ...]) -> dict[str, Any]:
    head, *rest = path
    result = dict(old)
    if rest:
        inner_old, inner_new = old.get(head), new.get(head)
        result[head] = _replaced(
            inner_old if isinstance(inner_old, Mapping) else {},
            inner_new if isinstance(inner_new, Mapping) else {},
            tuple(rest),
        )
    elif head in new:
        result[head] = new[head]
    else:
        result.pop(head, None)
    return result


def merged(old: Body, new: Body) -> dict[str, Any]:
    """Give the old body with the fields that the new one has, objects merged (RFC 7396); null clears."""
    result = dict(old)
    for key, value in new.items():
        before = result.get(key)
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(before, Mapping):
            result[key] = merged(before, value)
        else:
            result[key] = value
    return result
