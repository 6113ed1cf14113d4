"""Attributes that reviews protect, with their proxies, and whether a name is one of them."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, State, entries
from groundplan_policies.engine.values import Value, is_unknown
from groundplan_policies.rules.responsible.declarations import REVIEW, of_type

ATTRIBUTES: Final = Path("review.protectedAttributes")

Words: TypeAlias = tuple[str, ...]
"""A name without what people write in different ways: its words in lower case."""

_APART: Final = re.compile(r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])")
UNREAD: Final[Words] = ()
"""What stands for an attribute that cannot be read."""


def protected(graph: Graph) -> Mapping[Words, bool]:
    """Give each attribute and proxy that a review of this document lists, with whether each that does gives a reason.

    Made once: `graph.once(protected)`.
    """
    found: dict[Words, bool] = {}
    for review in of_type(graph, REVIEW):
        listed = ATTRIBUTES.one(review)
        if listed.state in {State.ABSENT, State.EMPTY}:
            continue
        for each in entries(listed):
            reason = _text(each.value, "reason")
            for name in _names(each.value):
                found[name] = found.get(name, True) and bool(reason.strip())
    return found


def words(name: str) -> Words:
    """Give the words of a name: of `maritalStatus` and `marital-status` the same two."""
    return tuple(each.lower() for each in _APART.split(name) if each)


def is_same(one: Words, other: Words) -> bool:
    """Whether two names are the same, wherever they are put apart: `relation-ship` and `relationship` are."""
    return "".join(one) == "".join(other)


def is_in(attribute: Words, name: Words) -> bool:
    """Whether the words of an attribute stand together in a name: `sex` in `sex_of_applicant`, and not in `sexes`."""
    length = len(attribute)
    return any(name[at : at + length] == attribute for at in range(len(name) - length + 1)) if attribute else False


def _names(attribute: Value) -> Iterator[Words]:
    yield _read(_text(attribute, "name"))
    proxies = attribute.get("proxies") if isinstance(attribute, dict) else None
    if proxies is not None:
        yield from (_read(each) for each in (proxies if isinstance(proxies, list) else [proxies]))


def _read(name: Value) -> Words:
    return words(name) if isinstance(name, str) and not is_unknown(name) else UNREAD


def _text(value: Value, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
