"""Paths with variables: `projects/{project}/topics/{name}`, filled from values, and read back from an id."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Final
from urllib.parse import quote

_VARIABLE: Final = re.compile(r"\{([%*]?)(\w+)\}")
_LAST_WORD: Final = frozenset({"project", "region", "zone", "location", "folder", "masterBillingAccount"})
"""Variables for which a link or full name may stand, whose last word is meant."""


class Missing(Exception):
    """A variable has no value.

    Args:
        variable: Its name.
    """

    def __init__(self, variable: str) -> None:
        super().__init__(variable)
        self.variable = variable


@cache
def variables(template: str) -> tuple[str, ...]:
    """Give the names of a template's variables, in order."""
    return tuple(match[2] for match in _VARIABLE.finditer(template))


def fill(template: str, values: Mapping[str, object], *, query: bool = True) -> str:
    """Fill a template. Parameters of a query whose variable has no value are left out; one of a list is repeated.

    Args:
        template: The template. `{%name}` is percent-encoded, slashes too; `{*name}` may hold slashes.
        values: Values by variable.
        query: Whether values in a query are percent-encoded.

    Raises:
        Missing: A variable of the path has no value.
    """
    path, mark, rest = template.partition("?")
    filled = _VARIABLE.sub(lambda match: _value(match, values), path)
    if not mark:
        return filled
    pairs = [
        _VARIABLE.sub(partial(_parameter, values=one, encoded=query), pair)
        for pair in rest.split("&")
        for one in _each(variables(pair), values)
    ]
    return f"{filled}?{'&'.join(pairs)}" if pairs else filled


def _value(match: "re.Match[str]", values: Mapping[str, object]) -> str:
    encoded, name = match[1], match[2]
    value = values.get(name)
    if value is None or value == "":
        raise Missing(name)
    text = _text(value)
    if name in _LAST_WORD:
        text = text.rstrip("/").rpartition("/")[2]
    return quote(text, safe="") if encoded == "%" else text


def _each(names: tuple[str, ...], values: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Give the values of a parameter: once for each item of a list, and not at all where one has no value."""
    if all(values.get(name) is not None for name in names):
        many = [name for name in names if isinstance(values[name], list)]
        items = values[many[0]] if many else [None]
        for item in items if isinstance(items, list) else ():
            yield {**values, many[0]: item} if many else values


def _parameter(match: "re.Match[str]", values: Mapping[str, object], *, encoded: bool) -> str:
    name = match[2]
    text = _text(values[name])
    if name in _LAST_WORD:
        text = text.rpartition("/")[2]
    return quote(text, safe="") if encoded else text


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def parse(template: str, text: str) -> dict[str, str] | None:
    """Read the variables of a template from a text that it made; None where it did not make it.

    A variable takes one segment. One that is marked by `*` takes all that there is; where none is, the first of a
    template that begins with it does, and a last one that is marked by `%`.
    """
    match = _pattern(template.partition("?")[0]).fullmatch(text)
    return {name: value for name, value in match.groupdict().items() if value is not None} if match else None


@cache
def _pattern(template: str) -> "re.Pattern[str]":
    parts, at, seen = [], 0, set()
    for match in _VARIABLE.finditer(template):
        parts.append(re.escape(template[at : match.start()]))
        name, at = match[2], match.end()
        first, last = match.start() == 0 and "{*" not in template, at == len(template)
        wide = first or match[1] == "*" or (last and match[1])
        parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>{'.+' if wide else '[^/]+'})")
        seen.add(name)
    return re.compile("".join(parts) + re.escape(template[at:]))
