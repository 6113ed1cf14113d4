"""The deployment document: every resource of a plan or a stack, whoever ran the program."""

import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from groundplan_policies.engine.contents import read_contents
from groundplan_policies.engine.errors import DocumentError
from groundplan_policies.engine.fields import Fields
from groundplan_policies.engine.integrity import check_references
from groundplan_policies.engine.member import Member, read_member
from groundplan_policies.engine.parse import nested_too_deeply, parse, read_text
from groundplan_policies.engine.record import DEFAULTS_KEY, read_record
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.source import Source
from groundplan_policies.engine.values import SECRET, Value

_LAST_PART = re.compile(r"""(?:\.?[^.\[\]"]+|\[[^\[\]"]*\]|\["(?:[^"\\]|\\.)*"\]|.)\Z""", re.DOTALL)
"""The last part of a property path: `.b`, `[0]` or `["b-c"]`; in what is no path, the last letter."""

_ESCAPE = "\\u00"
"""How JSON writes a character of ASCII by its number."""


def _with_requested_aliases(resource: Resource, member: Member) -> Resource:
    """Add the aliases that a program asked for: a preview's state has none, as it has met no earlier state yet."""
    asked = member.requests.get(resource.urn, {})
    if "aliases" not in asked:
        return resource
    more = Fields(asked, f"What {resource.urn} asks for").texts("aliases")
    return replace(resource, aliases=tuple(dict.fromkeys((*resource.aliases, *more))))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the garbage collector: JSON holds no cycles, and looking for them quadruples the time of a large one."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Profile(StrEnum):
    """Which fields a document can know."""

    PREVIEW = "preview"
    """Before a deployment: no outputs of custom resources, and computed values are unknown."""
    STATE = "state"
    """After a deployment: outputs and identifiers are there, and secrets are encrypted."""
    PIPELINE = "pipeline"
    """A compiled pipeline alone: neither the job that runs it nor anything around it."""


@dataclass(frozen=True)
class Document:
    """A deployment document, read.

    Attributes:
        profile: What the document can know.
        version: Version of Pulumi's format: 3 or 4; 0 for the steps of `pulumi preview --json`, which carry none.
        features: Features of a version 4 document, such as `hooks`.
        resources: Every resource, in the order of the document: parents before children.
        deleted: How many entries were skipped because the next update deletes them.
        member: The `groundplan` member.
        gaps: What of the deployment it does not hold, each as a sentence without the full stop; empty if it is whole.
        may_hold_secrets: Whether a property may be a secret. False is sure.
        places: URN -> path of a value -> its line, of resources that are written in a file rather than made.
    """

    profile: Profile
    version: int
    features: tuple[str, ...]
    resources: tuple[Resource, ...]
    deleted: int
    member: Member = field(default_factory=Member)
    gaps: tuple[str, ...] = ()
    may_hold_secrets: bool = True
    places: Mapping[str, Mapping[str, Source]] = field(default_factory=dict)

    @classmethod
    def read(cls, source: str | bytes | Path | Mapping[str, Value], *, libraries: Sequence[str] = ()) -> "Document":
        """Read a document.

        Args:
            source: JSON text, its bytes, the path of a file, or the object itself.
            libraries: Directories inside the project, such as `constructs/groundplan/`, that hold a library's code:
                a resource's source line is then the innermost one outside of them.

        Raises:
            DocumentError: It is no document, of a version or with a feature that is not known, has fields of the
                wrong type, is nested too deeply, holds a URN twice, or refers to a resource that it does not hold.
                A preview may leave out resources: that is among the `gaps`.
        """
        with _collector_paused():
            try:
                return cls._read(source, libraries)
            except RecursionError:
                raise nested_too_deeply() from None

    @classmethod
    def _read(cls, source: str | bytes | Path | Mapping[str, Value], libraries: Sequence[str]) -> "Document":
        text = None if isinstance(source, Mapping) else read_text(source)
        raw = source if isinstance(source, Mapping) else parse(text or "")
        contents = read_contents(raw)
        member = read_member(raw)
        # A text without the word needs no walk; an object is walked in any case, as the walk is the search.
        defaults = text is None or DEFAULTS_KEY in text
        resources = tuple(
            read_record(record, index, steps=contents.steps, defaults=defaults, libraries=libraries)
            for index, record in enumerate(contents.records)
        )
        resources = tuple(_with_requested_aliases(resource, member) for resource in resources)
        absent = check_references(resources, contents.gone, steps=contents.steps)
        inferred = Profile.PREVIEW if contents.steps else Profile.STATE
        return cls(
            profile=Profile(member.profile) if member.profile else inferred,
            version=contents.version,
            features=contents.features,
            resources=resources,
            deleted=contents.deleted,
            member=member,
            gaps=(*contents.gaps, *absent),
            # A text without the mark holds none, unless a part of the mark could be written as an escape.
            may_hold_secrets=text is None or SECRET in text or _ESCAPE in text,
        )

    @cached_property
    def _by_urn(self) -> Mapping[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    @cached_property
    def _by_parent(self) -> Mapping[str, tuple[Resource, ...]]:
        children: dict[str, list[Resource]] = {}
        for resource in self.resources:
            children.setdefault(resource.parent, []).append(resource)
        return {parent: tuple(found) for parent, found in children.items()}

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources)

    def __len__(self) -> int:
        return len(self.resources)

    def __getitem__(self, urn: str) -> Resource:
        try:
            return self._by_urn[urn]
        except KeyError:
            raise DocumentError(
                "The document holds no such resource",
                given=urn,
                allowed=f"the URN of one of its {len(self)} resources",
                remedy="check the URN, or use `get`, which answers None",
            ) from None

    def get(self, urn: str) -> Resource | None:
        """Give a resource, or None if the document does not hold it (a default provider in a preview, say)."""
        return self._by_urn.get(urn)

    def children(self, urn: str) -> tuple[Resource, ...]:
        """Give the resources whose parent is this one, in order; those without a parent for ""."""
        return self._by_parent.get(urn, ())

    @property
    def is_partial(self) -> bool:
        """Whether it is a preview that leaves out resources."""
        return self.version == 0 and bool(self.gaps)

    @property
    def stack(self) -> Resource | None:
        """The resource at the root, or None if the document is empty or without one."""
        return next((resource for resource in self.resources if resource.is_stack), None)

    @property
    def outputs(self) -> Mapping[str, Value]:
        """What the stack exports."""
        return self.stack.outputs if self.stack else {}

    def place(self, resource: Resource, path: str) -> Source | None:
        """Give the line of a value, or of what holds it; that of the resource where values have no lines."""
        lines = self.places.get(resource.urn, {})
        while path and path not in lines:
            path = _LAST_PART.sub("", path)
        return lines.get(path, resource.source) if path else resource.source

    def origins(self, urn: str, path: str) -> tuple[str, ...]:
        """Give the URNs whose outputs one leaf of a resource's inputs was made of.

        From the member's provenance where there is one. Without it Pulumi knows the dependencies of top-level inputs
        only, and the answer is that of the input to which the leaf belongs: it may name more resources than needed.
        """
        kept = self.member.provenance.get(urn)
        if kept is not None:
            return kept.get(path, ())
        resource = self.get(urn)
        top = path.partition(".")[0].partition("[")[0]
        return resource.property_dependencies.get(top, ()) if resource else ()
