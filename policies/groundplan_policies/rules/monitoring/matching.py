"""Says whether a filter matches an entry of which only some fields are known: yes, no, or nobody can tell."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from groundplan_policies.rules.monitoring.filters import Both, Call, Comparison, Either, Node, Not

Answer: TypeAlias = bool | None
"""Yes, no, or None where nobody can tell."""

Entry: TypeAlias = Mapping[str, "str | Entry | Sequence[Entry] | None"]
"""What is known of an entry. A field that is not there may have any value, or none; one
whose value is None is known to be absent. Beside the fields of log entries it
may have `log_id`, the name of its log without the project: `cloudaudit.googleapis.com/activity`."""

_Found: TypeAlias = "str | Entry | Sequence[Entry] | None"

_SEVERITIES: Final = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
_POSITIVE: Final = {"!=": "=", "!~": "=~"}
_LOG: Final = "/logs/"
_MOST_REPEATS: Final = 3
_SAFE: Final = re.compile(r"(?:[^\\()\[\]{}*+?|^$]|\\[^\w\s]|\\[dws]|[()|^$?*+]|\[[^\]\\]*\])*")
"""Patterns whose search takes a time that is bounded: no counts, and by `_MOST_REPEATS` few repetitions."""
_OF_GROUP: Final = re.compile(r"(?<!\\)\)[*+?{]")


def matches(node: Node, entry: Entry) -> Answer:
    """Say whether a filter matches; None if that hangs on what is not known."""
    if isinstance(node, Both):
        return _all(matches(each, entry) for each in node.terms)
    if isinstance(node, Either):
        return _any(matches(each, entry) for each in node.terms)
    if isinstance(node, Not):
        return _opposite(matches(node.term, entry))
    return None if isinstance(node, Call) else _compared(node, entry)


def pinned(node: Node, field: tuple[str, ...]) -> frozenset[str]:
    """Give the values of which a field has one wherever a filter matches; empty if it may have any."""
    if isinstance(node, Comparison):
        return frozenset({node.value}) if node.operator == "=" and node.field == field else frozenset()
    if isinstance(node, Both):
        return min((found for each in node.terms if (found := pinned(each, field))), key=len, default=frozenset())
    if isinstance(node, Either):
        each = [pinned(term, field) for term in node.terms]
        return frozenset().union(*each) if all(each) else frozenset()
    return frozenset()


def _opposite(found: Answer) -> Answer:
    return None if found is None else not found


def _all(found: Iterable[Answer]) -> Answer:
    answers = list(found)
    if False in answers:
        return False
    return None if None in answers else True


def _compared(node: Comparison, entry: Entry) -> Answer:
    if not node.field:
        return True if any(_has(text, node.value) for text in _texts(entry)) else None
    if node.operator in {"!=", "!~"}:
        return _opposite(_compared(Comparison(node.field, _POSITIVE[node.operator], node.value), entry))
    values = list(_at(entry, node.field))
    if None in values:
        return False
    if not values:
        return _log_name(node, entry) if node.field == ("logName",) else None
    return _any(_one(node, value) for value in values)


def _any(found: Iterable[Answer]) -> Answer:
    return _opposite(_all(_opposite(each) for each in found))


def _one(node: Comparison, value: _Found) -> Answer:
    if node.operator == ":" and node.value == "*":
        return True
    if not isinstance(value, str):
        return None
    match node.operator:
        case "=":
            return value.lower() == node.value.lower()
        case ":":
            return _has(value, node.value)
        case "=~":
            return _found(node.value, value)
    return _ordered(node.operator, value, node.value)


def _ordered(operator: str, value: str, limit: str) -> Answer:
    if value not in _SEVERITIES or limit.upper() not in _SEVERITIES:
        return None
    this, that = _SEVERITIES.index(value), _SEVERITIES.index(limit.upper())
    return {"<": this < that, "<=": this <= that, ">": this > that, ">=": this >= that}[operator]


def _has(value: str, part: str) -> bool:
    return part.lower() in value.lower()


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str] | None:
    """Make a pattern of one that a filter has; None for what cannot be searched for safely, or is none."""
    repeats = sum(text.count(each) for each in "*+?")
    if repeats > _MOST_REPEATS or not _SAFE.fullmatch(text) or _OF_GROUP.search(text):
        return None
    try:
        return re.compile(text)
    except re.error:
        return None


def _found(pattern: str, value: str) -> Answer:
    made = _pattern(pattern)
    return None if made is None else made.search(value) is not None


def _log_name(node: Comparison, entry: Entry) -> Answer:
    """Judge the name of a log of which the project is not known: its end is `log_id`, with slashes encoded."""
    log = entry.get("log_id")
    if not isinstance(log, str):
        return None
    end = f"{_LOG}{log.replace('/', '%2F')}"
    if node.operator == "=" and _LOG in node.value and not node.value.lower().endswith(end.lower()):
        return False
    return True if node.operator == ":" and _has(end, node.value) else None


def _at(entry: _Found, field: Sequence[str]) -> Iterator[_Found]:
    """Give the values of a field: one for each entry of the lists on the way to it."""
    if not field:
        yield entry
    elif entry is None:
        yield None
    elif isinstance(entry, Mapping):
        if field[0] in entry:
            yield from _at(entry[field[0]], field[1:])
    elif isinstance(entry, (list, tuple)):
        for each in entry:
            yield from _at(each, field)


def _texts(entry: _Found) -> Iterator[str]:
    if entry is None or isinstance(entry, str):
        yield entry or ""
        return
    for each in entry.values() if isinstance(entry, Mapping) else entry:
        yield from _texts(each)
