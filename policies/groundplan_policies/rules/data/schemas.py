"""Schemas of BigQuery tables, as the JSON text that the provider takes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from groundplan_policies.engine.values import Value


@dataclass(frozen=True, slots=True)
class Column:
    """A column that holds values: not a record, but what is in it.

    Attributes:
        path: Its name with those of the records around it, in lower case, as BigQuery tells no cases apart: `home.zip`.
        tags: The policy tags that it carries.
    """

    path: str
    tags: tuple[str, ...]


def columns(text: str) -> tuple[Column, ...] | None:
    """Give the columns of a schema; None if it is no schema, or has a part of another shape than the provider takes."""
    try:
        return tuple(_columns(json.loads(text), ""))
    except (ValueError, RecursionError):
        return None


def _columns(fields: Value, around: str) -> Iterator[Column]:
    for field in fields if isinstance(fields, list) else [None]:
        if not isinstance(field, dict) or not isinstance(field.get("name"), str) or not field["name"]:
            raise ValueError
        path = f"{around}{field['name']}".lower()
        if field.get("fields"):
            yield from _columns(field["fields"], f"{path}.")
        else:
            yield Column(path, _tags(field.get("policyTags")))


def _tags(given: Value) -> tuple[str, ...]:
    if given is None:
        return ()
    names = given.get("names") or [] if isinstance(given, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError
    return tuple(str(name) for name in names if name)
