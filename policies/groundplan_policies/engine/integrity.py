"""Checks that a document holds what it refers to, parents first, as Pulumi itself checks a stack before it uses it."""

from collections.abc import Collection, Iterator, Sequence

from groundplan_policies.engine.errors import DocumentError
from groundplan_policies.engine.resource import Resource


def check_references(resources: Sequence[Resource], gone: Collection[str], *, steps: bool) -> tuple[str, ...]:
    """Check that no URN occurs twice, and that parents and dependencies are there.

    Providers are not checked: `pulumi preview --json` leaves out the default ones. It may leave out others too, if it
    was not asked for all; Pulumi's own states hold everything to which they refer.

    Args:
        resources: The resources of the document.
        gone: URNs that were skipped because they will be deleted; others may still refer to them.
        steps: Whether the document comes from `pulumi preview --json`.

    Returns:
        What the document does not hold, each as a sentence without the full stop.

    Raises:
        DocumentError: A URN occurs twice or is missing.
    """
    known = set(gone)
    seen: set[str] = set()
    # What a preview may leave out is what is nowhere in it. What stands in the wrong place is wrong in any document.
    present = {resource.urn for resource in resources} if steps else set()
    absent: set[str] = set()
    for resource in resources:
        if resource.urn in seen:
            raise DocumentError(
                "The document holds a resource twice",
                given=resource.urn,
                allowed="each URN once",
                remedy="write the document again; `pulumi stack export` never repeats a URN that stays",
            )
        # A parent stands before its children, so a cycle of parents, which no tree would show, cannot pass.
        if resource.parent and resource.parent not in known:
            if not steps or resource.parent in present:
                raise _missing(resource, "parent", resource.parent)
            absent.add(resource.parent)
        seen.add(resource.urn)
        known.add(resource.urn)
    absent.update(_absent_dependencies(resources, known, steps=steps))
    return tuple(_gaps(resources, len(absent)))


def _absent_dependencies(resources: Sequence[Resource], known: Collection[str], *, steps: bool) -> Iterator[str]:
    for resource in resources:
        for urn in resource.dependencies:
            if urn not in known:
                if not steps:
                    raise _missing(resource, "dependency", urn)
                yield urn


def _gaps(resources: Sequence[Resource], absent: int) -> Iterator[str]:
    if absent:
        yield (
            f"{absent} resources to which others refer are left out, as by `--target`: "
            "run `pulumi preview --json --show-sames` for the whole stack"
        )
    if not resources:
        yield "there is no resource in the document"
    elif not any(each.is_stack for each in resources):
        yield "the stack itself is not in the document, so it may be a part of one"


def _missing(resource: Resource, role: str, urn: str) -> DocumentError:
    return DocumentError(
        f"The document does not hold the {role} of a resource" + (" before it" if role == "parent" else ""),
        given=f"{resource.urn}, whose {role} is {urn}",
        allowed="a document with every resource to which it refers",
        remedy="write the document again, whole; do not filter it",
    )
