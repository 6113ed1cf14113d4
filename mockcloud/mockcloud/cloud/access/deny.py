"""Policies that deny (https://cloud.google.com/iam/docs/deny-overview): asked before all that allow."""

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.access.hierarchy import Place
from mockcloud.cloud.access.members import canonical
from mockcloud.cloud.projects import API as RESOURCE_MANAGER

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

API: Final = "iam"

_HOSTS: Final[Mapping[str, str]] = {"resourcemanager": "cloudresourcemanager"}
"""Services whose permissions have another name than their host."""


def collection_of(container: str) -> str:
    """Give the name of the collection that holds the policies on a container: `policies/projects/p/denypolicies`."""
    return f"policies/{container}/denypolicies"


def long_form(permission: str) -> str:
    """Write a permission as policies that deny do: `iam.googleapis.com/serviceAccountKeys.create`."""
    service, _, rest = permission.partition(".")
    return f"{_HOSTS.get(service, service)}.googleapis.com/{rest}"


def denied(
    cloud: "Cloud",
    names: frozenset[str],
    permission: str,
    lineage: Iterable[Place],
    holds: Callable[[Mapping[str, Any]], bool],
) -> bool:
    """Whether a policy denies something.

    Args:
        cloud: The cloud.
        names: Every member that means the caller.
        permission: What for, in the short form.
        lineage: The resource and everything above it.
        holds: Whether a condition holds.
    """
    wanted = long_form(permission)
    return any(
        _applies(rule["denyRule"], names, wanted, holds)
        for api, name in lineage
        if api == RESOURCE_MANAGER
        for record in cloud.store.page(API, collection_of(name))
        for rule in record.body.get("rules", ())
        if "denyRule" in rule
    )


def _applies(
    rule: Mapping[str, Any], names: frozenset[str], permission: str, holds: Callable[[Mapping[str, Any]], bool]
) -> bool:
    def meant(members: Iterable[str]) -> bool:
        return any(canonical(each) in names for each in members)

    def listed(patterns: Iterable[str]) -> bool:
        return any(fnmatchcase(permission, each) for each in patterns)

    if not meant(rule.get("deniedPrincipals", ())) or meant(rule.get("exceptionPrincipals", ())):
        return False
    if not listed(rule.get("deniedPermissions", ())) or listed(rule.get("exceptionPermissions", ())):
        return False
    condition = rule.get("denialCondition")
    return not condition or holds(condition)
