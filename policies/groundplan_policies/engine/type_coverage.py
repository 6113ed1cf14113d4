"""Says of every resource of a document whether rules looked at it, and if not, why."""

from collections import Counter
from collections.abc import Collection

from groundplan_policies.engine.document import Document
from groundplan_policies.engine.index import Index
from groundplan_policies.engine.resource import PROVIDER_PREFIX
from groundplan_policies.engine.results import TypeCount, TypeCoverage
from groundplan_policies.types import reviewed_types

_ALLOWED = "the settings allow its package"
_GOOGLE = "gcp:"


def cover_types(document: Document, index: Index, allowed_packages: Collection[str]) -> TypeCoverage:
    """Sort the types of a document.

    Args:
        document: The document.
        index: The controls.
        allowed_packages: Pulumi packages, such as `random`, whose resources the settings allow.
    """
    evaluated: list[TypeCount] = []
    skipped: list[TypeCount] = []
    reviewed: list[TypeCount] = []
    unknown: list[TypeCount] = []
    counted = Counter((each.type, each.custom) for each in document.resources)
    for (type_, custom), count in sorted(counted.items()):
        package = type_.partition(":")[0]
        known = reviewed_types().get(type_)
        if not custom:
            # Rules look at what a provider manages. A Google resource that says it is none would pass unseen.
            (unknown if type_.startswith(_GOOGLE) else skipped).append(TypeCount(type=type_, count=count))
        elif index.knows(type_):
            evaluated.append(TypeCount(type=type_, count=count))
        elif type_.startswith(PROVIDER_PREFIX):
            skipped.append(TypeCount(type=type_, count=count))
        elif known is not None:
            reviewed.append(TypeCount(type=type_, count=count, reason=known.reason))
        elif package in allowed_packages and package != "gcp":
            reviewed.append(TypeCount(type=type_, count=count, reason=_ALLOWED))
        else:
            unknown.append(TypeCount(type=type_, count=count))
    return TypeCoverage(
        evaluated=tuple(evaluated), skipped=tuple(skipped), reviewed=tuple(reviewed), unknown=tuple(unknown)
    )
