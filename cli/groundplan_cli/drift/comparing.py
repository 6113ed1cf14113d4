"""Compares what a state says of a resource with what the cloud has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from groundplan_cli.changes import ABSENT, PropertyChange
from groundplan_cli.drift.labels import OWN
from groundplan_cli.drift.reading import Seen, holds_secret
from groundplan_policies.engine import Value
from groundplan_policies.engine.values import REDACTED, join_key
from mockcloud.pulumi.diffs import same
from mockcloud.pulumi.properties import Property, properties_of

_NOTHING: Final[tuple[object, ...]] = (None, "", [], {}, False, 0)
"""Values of a property that no program sets, which mean that there is nothing."""

_GOOGLES: Final = "goog-"
"""What labels begin with that Google and the provider set."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs of a resource.

    Attributes:
        changes: The properties, leaf by leaf.
        names: The top-level properties that they are in, of those that a program may set.
        beside: Those of them of which a part differs that the program leaves out.
        undecided: How many top-level properties cannot be compared, as they hold a secret.
    """

    changes: tuple[PropertyChange, ...]
    names: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    undecided: int = 0


def difference(seen: Seen) -> Difference:
    """Find what differs: of what the program sets, and of what it could set and does not, at whatever depth.

    What only the cloud sets, such as stamps and fingerprints, is no drift; labels that somebody adds are.
    """
    resource = seen.resource
    properties = properties_of(resource.type) or {}
    changes: list[PropertyChange] = []
    names: set[str] = set()
    beside: set[str] = set()
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
        left_out = list(_left_out(name, seen, each)) if asked else []
        if found or left_out:
            changes += [*found, *left_out]
            names.add(name)
        if left_out:
            beside.add(name)
    changes += _labels(seen)
    return Difference(tuple(changes), frozenset(names), frozenset(beside), undecided)


def _labels(seen: Seen) -> Iterator[PropertyChange]:
    """Find labels beside the program's that somebody added, changed or took away. Google's own come and go."""
    for name, (old, new) in seen.labels.items():
        if not any(_ignored(each, seen.resource.ignore_changes) for each in (name, *OWN[name])):
            for key in sorted({*old, *new}):
                if old.get(key) != new.get(key) and not key.startswith(_GOOGLES):
                    yield PropertyChange(join_key(name, key), old.get(key, ABSENT), new.get(key, ABSENT))


def _left_out(name: str, seen: Seen, each: Property) -> Iterator[PropertyChange]:
    """Find what differs in what a program leaves out of a property that it sets."""
    given, old, new = seen.resource.inputs.get(name), seen.resource.outputs.get(name), seen.outputs.get(name)
    if not _is_hidden(old) and not _is_hidden(new):
        yield from _beside(name, given, old, new, each)


def _beside(path: str, given: Any, old: Any, new: Any, each: Property) -> Iterator[PropertyChange]:  # noqa: ANN401 - JSON
    if each.mapped or not each.fields:
        return
    if isinstance(given, Mapping) and isinstance(old, Mapping) and isinstance(new, Mapping):
        for name, inner in each.fields.items():
            before, after, below = old.get(name), new.get(name), join_key(path, name)
            if given.get(name) is not None:
                yield from _beside(below, given[name], before, after, inner)
            elif not inner.output and not inner.secret:
                yield from _differing(below, before, after, inner)
    elif isinstance(given, list) and isinstance(old, list) and isinstance(new, list):
        # Of a set of several, which item is which nobody tells; lists of other lengths differ as a whole.
        same = len(given) == len(old) == len(new) and (len(given) == 1 or not each.unordered)
        for index, items in enumerate(zip(given, old, new, strict=True) if same else ()):
            yield from _beside(f"{path}[{index}]", *items, each)


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
            inner = each.fields.get(key, each)
            if not inner.output:
                yield from _differing(join_key(path, key), old.get(key), new.get(key), inner)
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
