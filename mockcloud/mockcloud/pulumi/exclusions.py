"""Which properties of a resource go together, and which do not: what the provider refuses before it calls Google.

Terraform's Google provider, which is underneath, says of a property that it conflicts with others, that exactly or at
least one of several must be set, or that it needs others. Two tables hold that here, a file a module each:

- `conflicts/<module>.json` is written by `tools/pulumi_conflicts.py` from what the docstrings of `pulumi_gcp` say;
- `conflicts/<module>.yaml` is written by hand from the provider's own definitions, for what no docstring says. Each
  type names its `source`; `untrue` takes back what a docstring says too broadly; `google` has what the definitions mean
  to say, but name by paths that the provider's generator does not find, so that it is Google that refuses.

A rule is a mapping of its kind to properties, and `in` where they are not the resource's own:

    {in: bootDisk, conflictsWith: [kmsKeySelfLink, diskEncryptionKeyRaw]}

Source of what counts as set: terraform-plugin-sdk `helper/schema/schema.go` (`validateConflictingAttributes` and the
three beside it), pulumi-terraform-bridge `pkg/tfbridge/schema.go` (defaults).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from mockcloud.errors import Error
from mockcloud.pulumi.properties import Properties
from mockcloud.pulumi.values import SIGNATURE, is_unknown, join_key, plain

CONFLICTS: Final = "conflictsWith"
"""At most one of them."""

EXACTLY: Final = "exactlyOneOf"
"""One of them, and no other."""

SOME: Final = "atLeastOneOf"
"""One or more of them."""

NEEDS: Final = "requiredWith"
"""Where the first is set, the others are."""

KINDS: Final = (CONFLICTS, EXACTLY, SOME, NEEDS)


class BadRule(Error):
    """A rule of the tables is not as rules are: a fault of the tables."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How properties of one object go together.

    Attributes:
        kind: One of `KINDS`.
        members: The properties, by path below the object.
        inside: Path of the object, or of the list of objects; "" for the resource itself.
        loose: Whether it is Google that refuses, or only a docstring says so: to Google false, zero and an empty text
            are nothing at all, and exclude nothing.
    """

    kind: str
    members: tuple[str, ...]
    inside: str = ""
    loose: bool = field(default=False, compare=False)


class _Presence(Enum):
    SET = "set"
    PARTLY = "set, with something unknown inside"
    UNKNOWN = "unknown"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class _Object:
    """An object that a rule is about: as the program sets it, and with the provider's defaults."""

    path: str
    given: Mapping[str, Any]
    filled: Mapping[str, Any]
    properties: Properties


def broken(
    token: str, properties: Properties, given: Mapping[str, Any], filled: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Give what breaks the rules of a type: the property's path, and what is wrong with it and what is right.

    What is unknown may turn out to be absent, or to be there: neither breaks a rule. False, zero and an empty text are
    there, but where it is Google that excludes them; nothing at all and a list of no objects are not. A default of the
    provider is there for those rules that ask for a property, and is not for those that exclude one: the provider sets
    none beside what it conflicts with.

    Args:
        token: The type.
        properties: Its properties.
        given: What the program sets.
        filled: The same, with the provider's defaults.
    """
    for rule in rules_of(token):
        owner = rule.inside.rpartition(".")[2] or token.rpartition(":")[2]
        steps = rule.inside.split(".") if rule.inside else []
        for each in _objects(_Object("", given, filled, properties), steps):
            yield from _judged(rule, each, owner)


def beside_defaults(token: str, given: Mapping[str, Any]) -> frozenset[str]:
    """Give the properties of which the provider sets no default, since what they conflict with is given."""
    return frozenset(
        member
        for rule in rules_of(token)
        if not rule.inside and rule.kind in {CONFLICTS, EXACTLY}
        for member in rule.members
        if any(given.get(other) is not None for other in rule.members if other != member)
    )


def superfluous(token: str, properties: Properties, given: Mapping[str, Any]) -> list[str]:
    """Give the paths of what is to go so that nothing excludes another: of an import, where all is told.

    What must be set stays, before what Google fills by itself, before what says less, before what the rule names later.
    What needs another that is not there goes as well.

    Args:
        token: The type.
        properties: Its properties.
        given: What is set; nothing is unknown.
    """
    gone: list[str] = []
    for rule in rules_of(token):
        for each in _objects(_Object("", given, given, properties), rule.inside.split(".") if rule.inside else []):
            there = [member for member in _there(rule, each) if _joined(each.path, member) not in gone]
            if rule.kind in {CONFLICTS, EXACTLY}:
                best = sorted(there, key=lambda member: _rank(each.properties, member))
                gone += [_joined(each.path, member) for member in best[1:]]
            elif rule.kind == NEEDS and there[:1] == [rule.members[0]] and len(there) < len(rule.members):
                gone.append(_joined(each.path, rule.members[0]))
    return gone


def _rank(properties: Properties, path: str) -> tuple[bool, bool, bool]:
    """Say what stays of properties that exclude one another: the lowest."""
    *above, last = path.split(".")
    for name in above:
        properties = properties[name].fields
    each = properties[last]
    return not each.required, each.computed, each.kind != "object"


def _there(rule: Rule, here: _Object) -> list[str]:
    """Give the properties of a rule that are set."""
    # A block with something unknown inside may come to nothing, as far as a choice of exactly one goes.
    counted = {_Presence.SET} if rule.kind == EXACTLY else {_Presence.SET, _Presence.PARTLY}
    return [
        each
        for each in rule.members
        if _presence(here.properties, here.given, each) in counted
        and not (rule.loose and _is_nothing(here.given, each))
    ]


def _judged(rule: Rule, here: _Object, owner: str) -> Iterator[tuple[str, str]]:
    all_of, first = ", ".join(rule.members), rule.members[0]
    there = _there(rule, here)
    absent = [each for each in rule.members if _presence(here.properties, here.filled, each) is _Presence.ABSENT]
    if rule.kind in {CONFLICTS, EXACTLY} and len(there) > 1:
        for other in there[1:]:
            reason = f"{other} conflicts with {there[0]}: {owner} takes only one of {all_of}; take the others out"
            yield _joined(here.path, other), reason
    elif rule.kind in {EXACTLY, SOME} and len(absent) == len(rule.members):
        amount = "exactly" if rule.kind == EXACTLY else "at least"
        yield here.path, f"a value is required: {owner} takes {amount} one of {all_of}, and none is set"
    elif rule.kind == NEEDS and first in there:
        for other in absent:
            yield _joined(here.path, first), f"{first} needs {other}, which is not set: set both or neither"


def _presence(properties: Properties, given: Mapping[str, Any], path: str) -> _Presence:
    """Say whether a property is set; of one inside of a list, whether it is in any item."""
    name, _, rest = path.partition(".")
    each, value = properties.get(name), plain(given.get(name))
    if value is None or (value == [] and each is not None and each.kind == "object"):
        return _Presence.ABSENT
    if is_unknown(value):
        return _Presence.UNKNOWN
    if not rest:
        return _Presence.PARTLY if _holds_unknown(value) else _Presence.SET
    inner = each.fields if each is not None else {}
    items = [plain(item) for item in (value if isinstance(value, list) else [value])]
    found = {_presence(inner, item, rest) if isinstance(item, dict) else _Presence.UNKNOWN for item in items}
    return next((state for state in _Presence if state in found), _Presence.ABSENT)


def _is_nothing(given: Mapping[str, Any], path: str) -> bool:
    """Whether a value is none to Google's APIs: false, zero, an empty text."""
    name, _, rest = path.partition(".")
    value = plain(given.get(name))
    if rest:
        return isinstance(value, dict) and _is_nothing(value, rest)
    return value in ("", 0) and not isinstance(value, dict | list)


def _objects(here: _Object, steps: list[str]) -> Iterator[_Object]:
    """Walk to every object at a path: of a list, the items one by one. What is unknown has none."""
    if not steps:
        yield here
        return
    name, each = steps[0], here.properties.get(steps[0])
    given, filled = plain(here.given.get(name)), plain(here.filled.get(name))
    path, inner = _joined(here.path, name), each.fields if each is not None else {}
    pairs = [(path, given, filled)]
    if isinstance(given, list) and isinstance(filled, list) and len(given) == len(filled):
        pairs = [(f"{path}[{at}]", *both) for at, both in enumerate(zip(given, filled, strict=True))]
    for where, *both in pairs:
        one, other = map(plain, both)
        if isinstance(one, dict) and isinstance(other, dict) and SIGNATURE not in one:
            yield from _objects(_Object(where, one, other, inner), steps[1:])


def _joined(path: str, below: str) -> str:
    for name in below.split("."):
        path = join_key(path, name)
    return path


def _holds_unknown(value: object) -> bool:
    value = plain(value)
    if isinstance(value, dict):
        return any(_holds_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(_holds_unknown(item) for item in value)
    return is_unknown(value)


@cache
def rules_of(token: str) -> tuple[Rule, ...]:
    """Give the rules of a type: those of both tables, but what is untrue and what another says more strictly."""
    rest = token.removeprefix("gcp:")
    module = rest.partition("/")[0]
    reviewed = _table(module, "yaml").get(rest, {})
    own = [read(token, each) for each in reviewed.get("rules", ())]
    own += [replace(read(token, each), loose=True) for each in reviewed.get("google", ())]
    untrue = {read(token, each) for each in reviewed.get("untrue", ())}
    documented = [replace(read(token, each), loose=True) for each in _table(module, "json").get(rest, ())]
    return (*own, *(each for each in documented if each not in untrue and not any(_covers(one, each) for one in own)))


def _covers(one: Rule, other: Rule) -> bool:
    """Whether a rule refuses all that another does, of those that exclude; or is the same."""
    same = one.kind == other.kind or (one.kind == EXACTLY and other.kind in {CONFLICTS, SOME})
    if not same or one.inside != other.inside or one.kind == NEEDS:
        return one == other
    mine, theirs = set(one.members), set(other.members)
    return mine == theirs or (theirs <= mine and other.kind == CONFLICTS)


def read(token: str, written: Mapping[str, Any]) -> Rule:
    """Read a rule.

    Raises:
        BadRule: It is not as rules are.
    """
    kinds = [kind for kind in KINDS if kind in written]
    members = tuple(map(str, written.get(kinds[0]) or ())) if kinds else ()
    if len(kinds) != 1 or set(written) - {kinds[0], "in"} or len(set(members)) < 2:  # noqa: PLR2004 - alone, none excludes
        raise BadRule(
            f"A rule of {token} is not as rules are",
            given=", ".join(map(str, written)),
            allowed=f"one of {', '.join(KINDS)} with two properties or more, and `in`",
            remedy="write it as `mockcloud/pulumi/exclusions.py` shows",
        )
    return Rule(kinds[0], members, str(written.get("in", "")))


def types() -> list[str]:
    """Give the tokens of all types that the tables have, sorted."""
    found = [each.name.rpartition(".") for each in files(__package__).joinpath("conflicts").iterdir()]
    return sorted({f"gcp:{token}" for module, _, form in found for token in _table(module, form)})


@cache
def _table(module: str, form: str) -> Mapping[str, Any]:
    table = files(__package__).joinpath("conflicts", f"{module}.{form}")
    if not module.isalnum() or not table.is_file():
        return {}
    text = table.read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text) if form == "json" else yaml.safe_load(text) or {}
    return found
