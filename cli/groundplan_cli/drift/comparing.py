"""Compares what a state says of a resource with what the cloud has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from groundplan_cli.changes import ABSENT, PropertyChange
from groundplan_cli.drift.reading import Seen, holds_secret
from groundplan_policies.engine import Value
from groundplan_policies.engine.values import REDACTED, join_key
from mockcloud.pulumi.diffs import same
from mockcloud.pulumi.properties import Property, properties_of

_NOTHING: Final[tuple[object, ...]] = (None, "", [], {}, False, 0)
"""Values of a property that no program sets, which mean that there is nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs of a resource.

    Attributes:
        changes: The properties, leaf by leaf.
        names: The top-level properties that they are in.
        undecided: How many top-level properties cannot be compared, as they hold a secret.
    """

    changes: tuple[PropertyChange, ...]
    names: frozenset[str]
    undecided: int


def difference(seen: Seen) -> Difference:
    """Find what differs: of what the program sets, and of what it could set and does not.

    What only the cloud sets, such as stamps and fingerprints, is no drift.
    """
    resource = seen.resource
    properties = properties_of(resource.type) or {}
    changes: list[PropertyChange] = []
    names: set[str] = set()
    undecided = 0
    for name in sorted({*resource.inputs, *resource.outputs, *seen.outputs}):
        each = properties.get(name)
        if each is None or each.output or _ignored(name, resource.ignore_changes):
            continue
        asked = name in resource.inputs
        old = (resource.inputs if asked else resource.outputs).get(name)
        new = (seen.inputs if asked else seen.outputs).get(name)
        if each.secret or _is_hidden(old) or _is_hidden(new):
            undecided += 1
            continue
        if not asked and new is None and old == each.default:
            continue  # the provider's own, which no API gives back
        found = list(_differing(name, old, new, each))
        if found:
            changes += found
            names.add(name)
    return Difference(tuple(changes), frozenset(names), undecided)


def _is_hidden(value: Value) -> bool:
    """Whether a value holds a secret, as a state has it or as the engine prints it."""
    return value == REDACTED or holds_secret(value)


def _ignored(name: str, paths: tuple[str, ...]) -> bool:
    return any(path == name or path.startswith((f"{name}.", f"{name}[")) for path in paths)


def _differing(path: str, old: Any, new: Any, each: Property) -> Iterator[PropertyChange]:  # noqa: ANN401 - JSON
    if _alike(old, new):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            yield from _differing(join_key(path, key), old.get(key), new.get(key), each.fields.get(key, each))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new) and not each.unordered:
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _differing(f"{path}[{index}]", one, other, each)
    elif not (each.unordered and _same_items(old, new)):
        yield PropertyChange(path, ABSENT if old is None else old, ABSENT if new is None else new)


def _alike(old: Any, new: Any) -> bool:  # noqa: ANN401 - JSON
    return (old in _NOTHING and new in _NOTHING and (old is None or new is None)) or same(old, new)


def _same_items(old: Any, new: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether two lists hold the same, in whatever order."""
    if not isinstance(old, list) or not isinstance(new, list) or len(old) != len(new):
        return False
    left = list(new)
    for item in old:
        found = next((index for index, other in enumerate(left) if _alike(item, other)), None)
        if found is None:
            return False
        del left[found]
    return True
