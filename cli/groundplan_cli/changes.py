"""What changed between two documents.

This compares what two plans ask for. It is no engine's diff: it knows nothing of what the cloud holds, and does not
say whether a change replaces a resource.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from groundplan_cli.plan import is_shown
from groundplan_policies.engine import Document, Profile, Resource, Value, is_secret, is_unknown, leaves
from groundplan_policies.engine.values import REDACTED


class Absent:
    """Stands for a property that one of two documents does not have. None would be a value."""


ABSENT: Final = Absent()


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """A property that differs.

    Attributes:
        path: Property path in the inputs, or the name of an option in angle brackets, such as `<protect>`.
        old: The value in the earlier document, or `ABSENT`.
        new: The value in the later one, or `ABSENT`.
    """

    path: str
    old: Value | Absent
    new: Value | Absent


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """A resource that both documents hold, and that differs.

    Attributes:
        resource: The resource in the later document.
        renamed_from: Its URN in the earlier document, if an alias connects the two; else "".
        properties: What differs; empty if only the name does.
    """

    resource: Resource
    renamed_from: str
    properties: tuple[PropertyChange, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences between two documents.

    Attributes:
        added: Resources of the later document only.
        removed: Resources of the earlier document only.
        changed: Resources of both that differ.
        outputs: Outputs of the stack that differ.
        undecided: How many values cannot be compared: redacted secrets, and values that one side does not know yet.
    """

    added: tuple[Resource, ...]
    removed: tuple[Resource, ...]
    changed: tuple[ResourceChange, ...]
    outputs: tuple[PropertyChange, ...]
    undecided: int

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.removed or self.changed or self.outputs)


def compare(old: Document, new: Document) -> Changes:
    """Compare two documents, the earlier first.

    A value that is unknown on both sides is the same if it comes from the same resources. Where the earlier document
    is a state, a value that is not known yet cannot be compared, and is counted as undecided instead of changed.
    """
    comparison = _Comparison(old, new)
    pairs: list[tuple[Resource, Resource]] = []
    added: list[Resource] = []
    taken: set[str] = set()
    for resource in filter(is_shown, new):
        earlier = _earlier(old, new, resource)
        if earlier is None:
            added.append(resource)
        else:
            taken.add(earlier.urn)
            pairs.append((earlier, resource))
            comparison.renamed[earlier.urn] = resource.urn
    changed = [
        ResourceChange(after, before.urn if before.urn != after.urn else "", properties)
        for before, after in pairs
        if (properties := tuple(comparison.resource(before, after))) or before.urn != after.urn
    ]
    return Changes(
        added=tuple(added),
        removed=tuple(each for each in old if is_shown(each) and each.urn not in taken),
        changed=tuple(changed),
        outputs=tuple(comparison.values(old.outputs, new.outputs, ("", ""))),
        undecided=comparison.undecided,
    )


def _earlier(old: Document, new: Document, resource: Resource) -> Resource | None:
    """Find what a resource was before: the same URN, else one of its aliases that is not taken by another resource."""
    for urn in (resource.urn, *resource.aliases):
        found = old.get(urn)
        if found is not None and (urn == resource.urn or new.get(urn) is None):
            return found
    return None


class _Comparison:
    """Compares values, and counts those that cannot be compared."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old = old
        self.new = new
        self.renamed: dict[str, str] = {}
        self.undecided = 0

    def resource(self, old: Resource, new: Resource) -> Iterator[PropertyChange]:
        """Compare inputs and options of one resource."""
        yield from self.values(old.inputs, new.inputs, (old.urn, new.urn))
        for name, before, after in self._options(old, new):
            if before != after:
                yield PropertyChange(f"<{name}>", before, after)

    def values(self, old: Value, new: Value, urns: tuple[str, str]) -> Iterator[PropertyChange]:
        """Compare two values leaf by leaf, in the order of the later one."""
        before, after = dict(leaves(old)), dict(leaves(new))
        if old in ({}, None):
            before.clear()
        if new in ({}, None):
            after.clear()
        for path in dict.fromkeys((*after, *before)):
            change = PropertyChange(path, before.get(path, ABSENT), after.get(path, ABSENT))
            if self._differs(change, urns):
                yield change

    def _differs(self, change: PropertyChange, urns: tuple[str, str]) -> bool:
        old, new = change.old, change.new
        if isinstance(old, Absent) or isinstance(new, Absent):
            return True
        if is_secret(old) and is_secret(new):
            self.undecided += not _same_secret(old, new)
            return False
        if is_unknown(old) and is_unknown(new):
            return old != new or self._origins(self.old, urns[0], change.path) != self._origins(
                self.new, urns[1], change.path
            )
        if is_unknown(new) and self.old.profile is Profile.STATE:
            self.undecided += 1
            return False
        return old != new

    def _origins(self, document: Document, urn: str, path: str) -> set[str]:
        found = document.origins(urn, path)
        return {self.renamed.get(each, each) for each in found} if document is self.old else set(found)

    def _options(self, old: Resource, new: Resource) -> Iterator[tuple[str, Value, Value]]:
        yield "parent", self.renamed.get(old.parent, old.parent), new.parent
        provider = self.renamed.get(old.provider_urn, old.provider_urn)
        yield "provider", provider, new.provider_urn
        yield "protect", old.protect, new.protect
        yield "retainOnDelete", old.retain_on_delete, new.retain_on_delete
        yield "external", old.external, new.external
        yield "ignoreChanges", list(old.ignore_changes), list(new.ignore_changes)
        yield "replaceOnChanges", list(old.replace_on_changes), list(new.replace_on_changes)
        yield "deletedWith", self.renamed.get(old.deleted_with, old.deleted_with), new.deleted_with


def _same_secret(old: Value, new: Value) -> bool:
    """Whether two secrets are the same for sure. Ciphertexts are salted, so only those in the clear can tell."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return False
    return "plaintext" in old and old == new and old.get("ciphertext") != REDACTED
