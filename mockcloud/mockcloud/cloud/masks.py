"""Field masks: which fields of a body an update means."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Field, Schemas, Violation

_PART: Final = re.compile(r"`[^`]*`|[^.`]+")


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
    # A key of a map may be quoted: labels.`my.key`
    parts = _PART.findall(text)
    if text == "*" or ".".join(parts) != text:
        return ("*",) if text == "*" else None
    found: list[str] = []
    current = schema
    for at, part in enumerate(parts):
        if not schemas.fields(current):
            # A message of any shape: what is below it is the client's.
            return (*found, *parts[at:])
        field = schemas.field(current, part)
        ends = at + 1 == len(parts)
        if field is None or not (ends or field.mapped or _has_parts(field)):
            return None
        found.append(field.name)
        if field.mapped:
            return (*found, *(each.strip("`") for each in parts[at + 1 :]))
        current = field.ref
    return tuple(found)


def _has_parts(field: Field) -> bool:
    """Whether a path may go on below a field. Below a list it may not: which entry would it mean?"""
    return not field.repeated and bool(field.ref or field.type == "any")


def apply_mask(old: Body, new: Body, paths: list[tuple[str, ...]]) -> dict[str, Any]:
    """Give the old body with the masked fields of the new one; one that the new one lacks is cleared."""
    if ("*",) in paths:
        return {key: value for key, value in new.items() if value is not None}
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
    elif new.get(head) is not None:
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
        elif isinstance(value, Mapping):
            result[key] = merged(before if isinstance(before, Mapping) else {}, value)
        else:
            result[key] = value
    return result
