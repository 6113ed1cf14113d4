"""How names are made up where a program gives none, and which resources go before the new one takes their place.

What each type says is in `naming.yaml`. Source of the behaviour: pulumi-terraform-bridge `pkg/tfbridge/info`
(SetAutonaming, ComputeAutoNameDefault) and `pkg/tfbridge` (nameRequiresDeleteBeforeReplace).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from mockcloud.pulumi.properties import Properties
from mockcloud.pulumi.values import plain

DEFAULTS: Final = "__defaults"
"""The input under which the provider lists the properties that it set itself."""

NAME: Final = "name"
"""The property of which the provider makes values up in every type that takes it and leaves it open."""

_PREFIX: Final = "namePrefix"
_SEPARATOR: Final = "-"


@dataclass(frozen=True, slots=True)
class Naming:
    """How names are made up.

    Attributes:
        name: The resource's name in the program.
        seed: Bytes that the engine gives, the same for the same resource of the same deployment.
        proposed: A name that the engine proposes; "" for none.
        strict: Whether the proposed one is to be taken as it is, or names made up are forbidden (where it is "").
    """

    name: str
    seed: bytes = b""
    proposed: str = ""
    strict: bool = False


@dataclass(frozen=True, slots=True)
class _Form:
    """What a name that is made up looks like.

    Attributes:
        length: Characters that it has at most.
        digits: Digits at its end.
        lower: Whether capital letters are made small.
    """

    length: int = 255
    digits: int = 7
    lower: bool = False

    def made_up(self, naming: Naming) -> str:
        """Make a name up, which may be too long."""
        if naming.strict:
            return naming.proposed
        word = naming.proposed or naming.name
        word = word.lower() if self.lower else word
        if naming.proposed or not self.digits:
            return word
        digits = hashlib.sha256(naming.seed or naming.name.encode()).hexdigest()[: self.digits]
        return f"{word}{_SEPARATOR}{digits}"


@dataclass(frozen=True, slots=True)
class Named:
    """The names of a resource.

    Attributes:
        names: Property -> name that was made up.
        failures: Path and reason of each one that could not be.
    """

    names: Mapping[str, str]
    failures: tuple[tuple[str, str], ...] = ()


def names_of(
    token: str, properties: Properties, given: Mapping[str, Any], old: Mapping[str, Any], naming: Naming
) -> Named:
    """Make up the names that a program does not give.

    A name that was made up before stays. One that is too long is refused and not cut, as the provider does.

    Args:
        token: The type.
        properties: Its properties.
        given: What the program sets.
        old: The checked inputs that the resource has; empty for a new one.
        naming: How a name is made up.
    """
    names: dict[str, str] = {}
    failures: list[tuple[str, str]] = []
    for each in sorted(prop.name for prop in properties.values() if prop.made_up):
        if given.get(each) is not None or (each == NAME and given.get(_PREFIX) is not None):
            continue
        form = _forms(token).get(each, _Form())
        made = old[each] if each in old.get(DEFAULTS, ()) and each in old else form.made_up(naming)
        if not made:
            failures.append((each, "a value is required: automatic names are switched off for this project"))
        elif not naming.strict and isinstance(made, str) and len(made) > form.length:
            failures.append((each, _too_long(each, made, form, token)))
        else:
            names[each] = made
    return Named(names, tuple(failures))


def goes_first(token: str, properties: Properties, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a resource goes before the one that replaces it is made, as both may have one name.

    Args:
        token: The type.
        properties: Its properties.
        old: The checked inputs that the resource has.
        new: The checked inputs that it is to have.
    """
    rest, made = token.removeprefix("gcp:"), new.get(DEFAULTS, ())
    if rest in _table()["delete_first"]:
        return True
    if rest in _table()["free_by_name"]:
        return NAME not in made and plain(old.get(NAME)) == plain(new.get(NAME))
    given = (each.name for each in properties.values() if each.made_up and new.get(each.name) is not None)
    return any(each not in made for each in given)


def made_up_by(token: str) -> frozenset[str]:
    """Give the properties of which the table says that names are made up for them, beside `name`."""
    return frozenset(_forms(token)) - {NAME}


def _too_long(prop: str, made: str, form: _Form, token: str) -> str:
    owner = token.rpartition(":")[2]
    return (
        f"the name that is made up, {made}, has {len(made)} characters: {owner} takes at most {form.length} in {prop}; "
        f"set {prop}, or give the resource a shorter name in the program"
    )


@cache
def _forms(token: str) -> Mapping[str, _Form]:
    return {prop: _Form(**form) for prop, form in _table()["made_up"].get(token.removeprefix("gcp:"), {}).items()}


@cache
def _table() -> Mapping[str, Any]:
    text = files(__package__).joinpath("naming.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found
