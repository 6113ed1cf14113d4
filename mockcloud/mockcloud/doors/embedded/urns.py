"""Uniform resource names, and the ones that a resource may have had before.

Source: pulumi `pkg/resource/deploy/step_generator.go` (collapseAliasToUrn, inheritedChildAlias, generateAliases) and
`sdk/go/common/resource/urn`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pulumi.runtime.proto import alias_pb2

STACK_TYPE: Final = "pulumi:pulumi:Stack"


@dataclass(frozen=True, slots=True)
class Urns:
    """Names the resources of one stack."""

    stack: str
    project: str

    def make(self, parent: str, type: str, name: str, *, stack: str = "", project: str = "") -> str:
        """Give the URN of a resource; the stack as a parent does not show in it.

        Args:
            parent: URN of the parent; "" for none.
            type: The resource's type token.
            name: The resource's logical name.
            stack: Another stack than this one.
            project: Another project than this one.
        """
        parent_type = qualified_type(parent) if parent else ""
        if parent_type and parent_type != STACK_TYPE:
            type = f"{parent_type}${type}"
        return f"urn:pulumi:{stack or self.stack}::{project or self.project}::{type}::{name}"

    def of_alias(self, alias: alias_pb2.Alias, parent: str, type: str, name: str) -> str:
        """Give the URN that an alias of a resource stands for; what it leaves out is the resource's own."""
        if alias.HasField("urn"):
            return alias.urn
        spec = alias.spec
        return self.make(
            "" if spec.noParent else (spec.parentUrn or parent),
            spec.type or type,
            spec.name or name,
            stack=spec.stack,
            project=spec.project,
        )

    def aliases(
        self,
        given: Sequence[alias_pb2.Alias],
        parent: str,
        type: str,
        name: str,
        parent_aliases: Iterable[str],
    ) -> list[str]:
        """List every URN that a resource may have had: its own aliases, and those that follow from its parent's.

        The real engine follows only the alias under which it finds the parent in the state. There is no state here, so
        all of the parent's are followed.
        """
        own = [self.of_alias(alias, parent, type, name) for alias in given]
        found = dict.fromkeys(own)
        for parent_alias in parent_aliases:
            found[self._inherited(type, name, parent, parent_alias)] = None
            for alias in own:
                found[self._inherited(simple_type(alias), name_of(alias), parent, parent_alias)] = None
        return list(found)

    def _inherited(self, type: str, name: str, parent: str, parent_alias: str) -> str:
        """Give the URN of a child under its parent's former name: a name that begins with the parent's follows it."""
        parent_name = name_of(parent)
        if name.startswith(parent_name):
            name = name_of(parent_alias) + name[len(parent_name) :]
        return self.make(parent_alias, type, name)


def qualified_type(urn: str) -> str:
    """Give the type in a URN with those of its parents: `my:index:Parent$gcp:storage/bucket:Bucket`."""
    return urn.split("::", 3)[2]


def simple_type(urn: str) -> str:
    """Give the type in a URN without those of its parents."""
    return qualified_type(urn).rpartition("$")[2]


def name_of(urn: str) -> str:
    """Give the logical name in a URN."""
    return urn.split("::", 3)[3]


def package_of(type: str) -> str:
    """Give the package of a type token; a provider's is the package that it serves."""
    parts = type.split(":")
    return parts[2] if is_provider(type) else parts[0]


def is_provider(type: str) -> bool:
    """Whether a type token is that of an explicit or default provider."""
    return type.startswith("pulumi:providers:")


def ancestors(urn: str, parents: Mapping[str, str]) -> Iterable[str]:
    """Walk from a resource to the root, the resource itself first."""
    while urn:
        yield urn
        urn = parents.get(urn, "")
