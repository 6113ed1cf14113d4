"""The provider's functions (`get_*`), answered from the cloud.

A function reads a resource of a type that has a row; what it answers is that resource's outputs. Those that read
something else are in `specials/functions.py`, registered by `function`.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from mockcloud.errors import Error
from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.properties import Properties
from mockcloud.pulumi.special import lifecycle_of, load_specials
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill, parse

Function = Callable[[Place, Mapping[str, Any]], dict[str, Any]]
"""Answers a function from its arguments."""

_FUNCTIONS: Final[dict[str, Function]] = {}


_LISTS: Final = frozenset({"healthChecks", "resourcePolicies", "scopes"})
"""Texts that functions give as a list of one: the provider lets types have one of them, and says so for types only.

Source: the results of the functions in pulumi_gcp 10.2.
"""


class NoFunction(Error):
    """The mock cloud does not model a function."""


class Absent(Refused):
    """What a function reads is not there: since its version 5 the provider fails then.

    Attributes:
        identifier: The id that was read.

    Source: upgrade guide of the provider's version 5, data sources.
    """

    def __init__(self, token: str, identifier: str) -> None:
        self.identifier = identifier
        super().__init__(NOT_FOUND, f"There is no {identifier}.", "NOT_FOUND", token)


def function(token: str) -> Callable[[Function], Function]:
    """Register what answers a function.

    Args:
        token: Without the package: `organizations/getProject:getProject`.
    """

    def register(answer: Function) -> Function:
        _FUNCTIONS[f"gcp:{token}"] = answer
        return answer

    return register


@cache
def _loaded() -> Mapping[str, Function]:
    load_specials()
    return _FUNCTIONS


def call_function(place: Place, token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a function.

    Raises:
        NoFunction: The mock cloud does not model it.
        Refused: The cloud refused a call.
    """
    found = _loaded().get(token)
    return found(place, arguments) if found is not None else read_by_row(place, token, arguments)


def read_by_row(place: Place, token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a function from the resource that it reads, of a type that has a row.

    Raises:
        NoFunction: The type has none.
        Absent: The resource is not there.
        Refused: The cloud refused a call.
    """
    life = lifecycle_of(_type_of_function(token))
    if not isinstance(life, Tabled):
        near = sorted(each for each in _loaded() if each.startswith(token.partition("/")[0] + "/"))
        raise NoFunction(
            f"The mock cloud does not model the function {token}",
            given=token,
            allowed=", ".join(["functions that read one resource of a type that it models", *near]),
            remedy="give what it answers, under `invokes` of the settings, or as `invokes=` in Python",
        )
    arguments = {**arguments, **_linked(life.kind.row.self, str(arguments.get("selfLink") or ""))}
    identifier = fill(life.kind.row.self, life.values(place, arguments))
    state = life.read(place, identifier, {}, arguments)
    if state is None:
        raise Absent(token, identifier)
    return {**as_answer(life.kind.properties, state.outputs), "id": state.id}


def _linked(template: str, link: str) -> dict[str, str]:
    """Give what a link names, where a function may be given one instead of a name."""
    before, mark, rest = link.partition("projects/")
    return (parse(template, mark + rest) or {}) if before.endswith("/") or not before else {}


def as_answer(properties: Properties, outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give outputs as functions have them: what a type has as one object, they have as a list of one.

    It is under its plural, which for some words is the same, and under its own name.
    """
    found = dict(outputs)
    for name, each in properties.items():
        value = outputs.get(name)
        if name in _LISTS and not each.repeated and not each.fields:
            found[name] = [value] if value else []
        elif not each.fields or each.mapped:
            continue
        elif each.repeated:
            found[name] = [as_answer(each.fields, one) for one in value or ()]
        else:
            one = [as_answer(each.fields, value)] if isinstance(value, Mapping) else []
            found[name] = found[_plural(name)] = one
    return found


def _plural(name: str) -> str:
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "z", "ch", "sh")) else f"{name}s"


def _type_of_function(token: str) -> str:
    """Give the type that a function reads: of `gcp:storage/getBucket:getBucket`, `gcp:storage/bucket:Bucket`."""
    match = re.fullmatch(r"gcp:(\w+)/get(?:KMS)?(\w)(\w*):get\w+", token)
    return f"gcp:{match[1]}/{match[2].lower()}{match[3]}:{match[2]}{match[3]}" if match else ""
