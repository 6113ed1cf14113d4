"""Checks that a document holds what it refers to, parents first, as Pulumi itself checks a stack before it uses it."""

from collections.abc import Collection, Sequence

from groundplan_policies.engine.errors import DocumentError
from groundplan_policies.engine.resource import Resource


def check_references(resources: Sequence[Resource], gone: Collection[str], *, steps: bool) -> None:
    """Check that no URN occurs twice, and that parents and dependencies are there.

    Providers are not checked: `pulumi preview --json` leaves out the default ones.

    Args:
        resources: The resources of the document.
        gone: URNs that were skipped because they will be deleted; others may still refer to them.
        steps: Whether the document comes from `pulumi preview --json`, for the advice in the message.

    Raises:
        DocumentError: A URN occurs twice or is missing.
    """
    known = set(gone)
    seen: set[str] = set()
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
            raise _missing(resource, "parent", resource.parent, steps=steps)
        seen.add(resource.urn)
        known.add(resource.urn)
    for resource in resources:
        for urn in resource.dependencies:
            if urn not in known:
                raise _missing(resource, "dependency", urn, steps=steps)


def _missing(resource: Resource, role: str, urn: str, *, steps: bool) -> DocumentError:
    return DocumentError(
        f"The document does not hold the {role} of a resource" + (" before it" if role == "parent" else ""),
        given=f"{resource.urn}, whose {role} is {urn}",
        allowed="a document with every resource to which it refers",
        remedy=(
            "run `pulumi preview --json --show-sames`, which shows unchanged resources too"
            if steps
            else "write the document again, whole; do not filter it"
        ),
    )
