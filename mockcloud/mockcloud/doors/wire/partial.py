"""Partial answers: `fields=items(id,labels/team),nextPageToken`.

The syntax is that of https://cloud.google.com/apis/docs/system-parameters and of the older APIs: names with commas
between, `/` or `.` for what is below, brackets for several below one, `*` for any.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.discovery.schemas import Schemas, Violation

Wanted = dict[str, "Wanted"]
"""Name of a field -> what of it is wanted; an empty one for all of it."""

_TOKEN: Final = re.compile(r"\s*([(),/.]|[^\s(),/.]+)")
_DEEPEST: Final = 50
_LONGEST: Final = 8192
"""Characters that are read: as many as a whole address may have."""


@lru_cache(maxsize=512)
def wanted(text: str, schemas: Schemas, schema: str, *, old: bool = False) -> Wanted:
    """Read which fields are wanted, and hold them to the schema of the answer.

    Args:
        text: What `fields` says.
        schemas: Schemas of the API's version.
        schema: Schema of the answer; "" for one that is not described.
        old: Whether the refusal is worded as in the older APIs.

    Raises:
        ApiError: It cannot be read, or names a field that there is not.
    """
    if len(text) > _LONGEST:
        raise _refused(text[:100], old=old)
    tokens = [found[1] for found in _TOKEN.finditer(text)][::-1]
    tree = _names(tokens, 0)
    if tokens:
        raise _refused(text, old=old)
    if schema:
        missing = _missing(tree, schemas, schema)
        if missing:
            raise _refused(missing, old=old)
    return tree


def _refused(path: str, *, old: bool) -> ApiError:
    if old:
        return invalid(f"Invalid field selection {path}", reason="invalidParameter")
    why = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path[:100]}'."
    return invalid("Request contains an invalid argument.", Violation(path[:100], why))


def _names(tokens: list[str], depth: int) -> Wanted:
    """Read names up to a closing bracket or the end. They are taken off the end of the tokens, which stand reversed."""
    found: Wanted = {}
    while tokens and depth < _DEEPEST and tokens[-1] not in "(),/.":
        place = found.setdefault(tokens.pop(), {})
        while len(tokens) > 1 and tokens[-1] in "/." and tokens[-2] not in "(),/.":
            tokens.pop()
            place = place.setdefault(tokens.pop(), {})
        if tokens and tokens[-1] == "(":
            opening = tokens.pop()
            inner = _names(tokens, depth + 1)
            if not inner or not tokens or tokens[-1] != ")":
                tokens.append(opening)  # what is left is refused
                return found
            place.update(inner)
            tokens.pop()
        if not tokens or tokens[-1] != ",":
            return found
        tokens.pop()
    return found


def _missing(tree: Wanted, schemas: Schemas, schema: str) -> str:
    """Give the first path that names no field; "" for none."""
    if not schemas.fields(schema):
        return ""
    for name, inner in tree.items():
        if name == "*":
            continue
        field = schemas.field(schema, name)
        if field is None:
            return name
        if inner and not field.mapped and field.ref:
            below = _missing(inner, schemas, field.ref)
            if below:
                return f"{name}.{below}"
        elif inner and not field.mapped and field.type != "any":
            return f"{name}.{next(iter(inner))}"
    return ""


def part(body: object, tree: Wanted, schemas: Schemas, schema: str) -> object:
    """Give the part of an answer that is wanted."""
    if not tree:
        return body
    if isinstance(body, list):
        return [part(each, tree, schemas, schema) for each in body]
    if not isinstance(body, Mapping):
        return body
    found: dict[str, Any] = {}
    named = {_name(schemas, schema, name): inner for name, inner in tree.items()}
    for key, value in body.items():
        inner = named.get(key, named.get("*"))
        if inner is not None:
            field = schemas.field(schema, key)
            below = field.ref if field is not None and not field.mapped else ""
            found[key] = part(value, inner, schemas, below)
    return found


def _name(schemas: Schemas, schema: str, spelling: str) -> str:
    field = schemas.field(schema, spelling)
    return field.name if field is not None else spelling
