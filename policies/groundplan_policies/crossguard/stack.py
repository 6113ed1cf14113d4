"""Puts together what the engine showed of a stack: a document, as far as it goes."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from groundplan_policies.crossguard.registered import Provider, Registered
from groundplan_policies.engine.control import Control
from groundplan_policies.engine.document import Document, Profile
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value

SHOWN = frozenset(
    {
        "document:aliases",
        "document:ignoreChanges",
        "document:inputs",
        "document:propertyDependencies",
        "document:protect",
        "document:provider",
        "document:resources",
        "document:type",
    }
)
"""What the engine shows of a resource beside its properties (`AnalyzerResource` of `pulumi/analyzer.proto`)."""

_OF_A_RESOURCE = ("document:", "request:")


def unseen(control: Control) -> tuple[str, ...]:
    """Give the options that a control reads and that the engine does not show, such as `hooks`, in their order."""
    options = dict.fromkeys(each.path for each in control.reads if each.path.startswith(_OF_A_RESOURCE))
    return tuple(each.partition(":")[2] for each in options if each not in SHOWN)


def as_document(
    resources: Sequence[Registered], asked_for: Mapping[str, Mapping[str, Value]], *, dry_run: bool
) -> Document:
    """Put the resources of a stack together.

    Args:
        resources: The resources, with their outputs, in any order.
        asked_for: URN -> inputs, of the resources that were shown before they were made, in that order: parents first.
        dry_run: Whether this is a preview, in which the outputs of managed resources are guesses.

    Raises:
        DocumentError: A URN is none, or contradicts its type.
    """
    places = {urn: place for place, urn in enumerate(asked_for)}
    ordered = sorted(resources, key=lambda each: (places.get(each.urn, len(places)), each.urn))
    found = [*_providers_beside(ordered), *(_resource(each, asked_for, dry_run=dry_run) for each in ordered)]
    return Document(
        profile=Profile.PREVIEW if dry_run else Profile.STATE,
        version=3,
        features=(),
        resources=tuple(found),
        deleted=0,
        gaps=tuple(_gaps(found)),
    )


def _resource(each: Registered, asked_for: Mapping[str, Mapping[str, Value]], *, dry_run: bool) -> Resource:
    if each.urn not in asked_for:
        # Read, imported, or left out of the run: the engine shows what it is in the cloud, not what was asked for.
        return each.resource(each.properties, outputs=each.properties, external=each.custom)
    outputs = None if dry_run and each.custom else each.properties
    return each.resource(asked_for[each.urn], outputs=outputs)


def _providers_beside(resources: Sequence[Registered]) -> Iterator[Resource]:
    """Give the providers that are shown beside resources and not as resources of their own."""
    present = {each.urn for each in resources}
    beside: dict[str, Provider] = {each.provider.urn: each.provider for each in resources if each.provider is not None}
    return (each.resource() for urn, each in beside.items() if urn not in present)


def _gaps(resources: Sequence[Resource]) -> Iterator[str]:
    known = {each.urn for each in resources}
    named = {
        urn
        for each in resources
        for urn in (each.parent, *each.dependencies, *chain.from_iterable(each.property_dependencies.values()))
        if urn
    }
    if named - known:
        yield f"{len(named - known)} resources to which others refer are left out, as by `--target`"
    if not any(each.is_stack for each in resources):
        yield "the stack itself is not among the resources, so they may be a part of one"
