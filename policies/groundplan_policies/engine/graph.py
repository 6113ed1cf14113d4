"""A deployment, indexed: who is whose parent, who refers to whom, which provider decides, what an id means."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from groundplan_policies.engine.document import Document
from groundplan_policies.engine.grants import Grant, place, read_grants
from groundplan_policies.engine.identities import in_same_scope, is_named, named_project, tail, tails
from groundplan_policies.engine.names import token
from groundplan_policies.engine.paths import Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, is_secret, is_unknown

_T = TypeVar("_T")


class Graph:
    """A document with the questions that rules ask of it. Everything is computed once, at the first question."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._made: dict[Callable[[Graph], object], Any] = {}
        self._providers: dict[str, Resource | None] = {}

    def once(self, make: "Callable[[Graph], _T]") -> _T:
        """Give what a function makes of this graph, made at the first question: for what rules look up again and again.

        Args:
            make: A function of a module: the same each time that it is asked for.
        """
        made: _T | None = self._made.get(make)
        if made is None:
            made = self._made[make] = make(self)
        return made

    @cached_property
    def by_token(self) -> Mapping[str, tuple[Resource, ...]]:
        """The managed resources by type token, in the order of the document: no components, no stack."""
        found: dict[str, list[Resource]] = {}
        for resource in self.document.resources:
            if resource.custom:
                found.setdefault(resource.type, []).append(resource)
        return {key: tuple(each) for key, each in found.items()}

    def of(self, *short: str) -> Iterator[Resource]:
        """Give the resources of one or several types, by their short names (`storage.Bucket`)."""
        for name in short:
            yield from self.by_token.get(token(name), ())

    @cached_property
    def _referrers(self) -> Mapping[str, tuple[Resource, ...]]:
        found: dict[str, dict[str, Resource]] = {}
        for resource in self.document.resources:
            for urn in self._used(resource):
                found.setdefault(urn, {})[resource.urn] = resource
        return {urn: tuple(each.values()) for urn, each in found.items()}

    def _used(self, resource: Resource) -> Iterator[str]:
        for urns in resource.property_dependencies.values():
            yield from urns
        for urns in self.document.member.provenance.get(resource.urn, {}).values():
            yield from urns

    def referrers(self, resource: Resource) -> tuple[Resource, ...]:
        """Give the resources of which an input was made of an output of this one."""
        return self._referrers.get(resource.urn, ())

    def parent(self, resource: Resource) -> Resource | None:
        """Give the parent, None for the stack."""
        return self.document.get(resource.parent)

    def children(self, resource: Resource) -> tuple[Resource, ...]:
        """Give the resources whose parent is this one."""
        return self.document.children(resource.urn)

    def provider(self, resource: Resource) -> Resource | None:
        """Give the resource's own provider; None where it is a default one that the document does not hold."""
        reference = resource.provider
        if reference not in self._providers:
            self._providers[reference] = self.document.get(resource.provider_urn)
        return self._providers[reference]

    def effective(self, resource: Resource, name: str) -> Reading:
        """Give a top-level property, or where it is absent the provider's default of that name (`project`, `region`).

        Where neither says anything, the reading is `ABSENT` if the document holds the provider, and `UNKNOWN` if not:
        a default provider that the document lacks may have a default of its own. A resource that is only read is
        wherever its id says, and nowhere by default.
        """
        value = resource.inputs.get(name)
        if value is None and resource.external:
            value = named_project(resource.id) if name == "project" else ""
            return Reading(name, State.KNOWN, value) if value else Reading(name, State.UNKNOWN)
        if value is None:
            provider = self.provider(resource)
            if provider is None:
                return Reading(name, State.UNKNOWN)
            value = provider.inputs.get(name)
        return Reading(name, State.ABSENT) if value is None else _reading(name, value)

    def origins(self, resource: Resource, reading: Reading) -> tuple[Resource, ...]:
        """Give the resources whose outputs a value was made of; empty if nobody says."""
        found = [self.document.get(urn) for urn in self.document.origins(resource.urn, reading.path)]
        return tuple([each for each in found if each is not None])

    def resolve(self, resource: Resource, reading: Reading, *short: str) -> Resource | None:
        """Give the one resource of these types that a value names, or None.

        By provenance, where the value was made of outputs of exactly one resource of these types; else, for a known
        text, by the outputs and inputs of the resources of the document. A name that says no project means one of the
        project of the resource that gives it, so both projects must be known to be the same.

        Args:
            resource: The resource to which the value belongs.
            reading: The value.
            short: Short names of the types that it may name.
        """
        tokens = _tokens(short)
        urns = self.document.origins(resource.urn, reading.path)
        sole = self.document.get(urns[0]) if len(urns) == 1 else None
        if sole is not None and sole.type in tokens:
            return sole
        named = {each.urn: each for each in self.origins(resource, reading) if each.type in tokens}
        if len(named) == 1:
            return next(iter(named.values()))
        if reading.state is not State.KNOWN or not reading.text:
            return None
        candidates = [each for name in tokens for each in self._named.get((name, tail(reading.text)), ())]
        matching = [each for each in candidates if self._means(resource, reading, each)]
        return matching[0] if len(matching) == 1 else None

    def made(self, resource: Resource, reading: Reading, *short: str) -> Resource | None:
        """Give what `resolve` gives if this document makes it; None for a resource that it only reads."""
        found = self.resolve(resource, reading, *short)
        return None if found is None or found.external else found

    def same_project(self, one: Resource, other: Resource) -> bool | None:
        """Whether two resources are in one project; None if nobody can tell."""
        if one.provider == other.provider and not (one.external or other.external):
            mine, its = one.inputs.get("project"), other.inputs.get("project")
            if mine is None and its is None:  # the same default, whatever it is
                return True
        here, there = self.effective(one, "project"), self.effective(other, "project")
        return here.text == there.text if here.state is there.state is State.KNOWN and here.text else None

    def _means(self, resource: Resource, reading: Reading, named: Resource) -> bool:
        whole = is_named(named, reading.text)
        if whole is not None:
            return whole
        return self.same_project(resource, named) is True and in_same_scope(
            resource, named, reading.path, self.document
        )

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """Every grant of the deployment, whatever form it is written in."""
        return tuple(read_grants(self))

    @cached_property
    def _grants_of(self) -> Mapping[str, tuple[Grant, ...]]:
        return _by_urn((each.resource, each) for each in self.grants)

    def grants_of(self, resource: Resource) -> tuple[Grant, ...]:
        """Give the grants that a resource makes: one for each member of each role."""
        return self._grants_of.get(resource.urn, ())

    @cached_property
    def _grants_on(self) -> Mapping[str, tuple[Grant, ...]]:
        return _by_urn((place(self, each), each) for each in self.grants)

    def grants_on(self, resource: Resource) -> tuple[Grant, ...]:
        """Give the grants on a resource. Those of which nobody can say what they are on are among no resource's."""
        return self._grants_on.get(resource.urn, ())

    @cached_property
    def _named(self) -> Mapping[tuple[str, str], tuple[Resource, ...]]:
        found: dict[tuple[str, str], list[Resource]] = {}
        for resource in self.document.resources:
            for name in tails(resource):
                found.setdefault((resource.type, name), []).append(resource)
        return {key: tuple(each) for key, each in found.items()}


def _by_urn(pairs: Iterable[tuple[Resource | None, Grant]]) -> Mapping[str, tuple[Grant, ...]]:
    found: dict[str, list[Grant]] = {}
    for resource, grant in pairs:
        if resource is not None:
            found.setdefault(resource.urn, []).append(grant)
    return {urn: tuple(each) for urn, each in found.items()}


@lru_cache(maxsize=1024)
def _tokens(short: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(token, short)))


def _reading(path: str, value: Value) -> Reading:
    return _text(path, value) if isinstance(value, str) else _other(path, value)


@lru_cache(maxsize=4096)
def _text(path: str, text: str) -> Reading:
    """Read a text. Most resources have the same few projects and regions."""
    return _other(path, text)


def _other(path: str, value: Value) -> Reading:
    if is_unknown(value):
        return Reading(path, State.UNKNOWN, value)
    if is_secret(value):
        return Reading(path, State.SECRET)
    return Reading(path, State.EMPTY if value in ({}, [], "") else State.KNOWN, value)
