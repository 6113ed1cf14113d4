"""Whether the caller has the permissions that a plan needs."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from groundplan_cli.preflight.model import Finding, Kind, Target, Unasked, told
from groundplan_cli.preflight.rehearsal import Rehearsal
from mockcloud.cloud.access.roles import Role, predefined
from mockcloud.pulumi.api import Refused

MOST: Final = 100
"""Permissions that one question may hold."""

_ASKED_AT: Final = {
    "projects": ("cloudresourcemanager.googleapis.com", "v3", "gcloud projects add-iam-policy-binding"),
    "folders": ("cloudresourcemanager.googleapis.com", "v3", "gcloud resource-manager folders add-iam-policy-binding"),
    "organizations": ("cloudresourcemanager.googleapis.com", "v3", "gcloud organizations add-iam-policy-binding"),
    "billingAccounts": ("cloudbilling.googleapis.com", "v1", "gcloud billing accounts add-iam-policy-binding"),
    "accessPolicies": (
        "accesscontextmanager.googleapis.com",
        "v1",
        "gcloud access-context-manager policies add-iam-policy-binding",
    ),
}
"""Where each container is asked, and the command that grants a role on it."""

_BROAD: Final = frozenset({"roles/owner", "roles/editor", "roles/viewer", "roles/browser"})
_NOT_ON_PROJECTS: Final = frozenset(
    {
        "roles/resourcemanager.folderAdmin",
        "roles/resourcemanager.organizationAdmin",
        "roles/resourcemanager.projectCreator",
    }
)
"""Roles that no project's policy can hold."""

_ON_ORGANISATIONS: Final = frozenset({"roles/orgpolicy.policyAdmin"})
"""Roles that only an organisation's policy can hold. Source: the access control page of the product."""

_WORD: Final = re.compile(r"[a-zA-Z]+(?:\.[a-zA-Z]+){2,}")


def roles(plan: Rehearsal, target: Target) -> Iterator[Finding | Unasked]:
    """Ask which of the permissions the caller has where the plan needs them."""
    if "access" not in target.rules:
        return
    needed: dict[str, dict[str, dict[str, None]]] = {}
    for need in plan.needs:
        made = need.container.removeprefix("projects/") in plan.creates_projects
        if need.permission and not made and need.container.partition("/")[0] in _ASKED_AT:
            needed.setdefault(need.container, {}).setdefault(need.permission, {})[need.resource.urn] = None
    for container, permissions in sorted(needed.items()):
        try:
            missing, odd = _missing(target, container, sorted(permissions))
        except Refused as refused:
            yield Unasked(kind=Kind.ROLE, about=container, reason=told(refused))
            continue
        if odd:
            yield Unasked(kind=Kind.ROLE, about=container, reason=f"cannot be asked for there: {', '.join(odd)}")
        barred = _NOT_ON_PROJECTS if container.startswith("projects/") else frozenset()
        for role, covered in cover(missing, barred):
            urns = {urn: None for each in covered for urn in permissions[each]}
            yield _finding(target, container, role, covered, tuple(urns))


def cover(missing: Iterable[str], barred: frozenset[str] = frozenset()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Find few predefined roles that have the permissions together: role -> those that it is for.

    Roles of the permissions' own services come first. Basic roles and those of service agents are none of them.
    Permissions that no role has come last, under "".

    Args:
        missing: The permissions.
        barred: Roles that cannot be granted there.
    """
    services: dict[str, list[str]] = {}
    for each in sorted(missing):
        services.setdefault(each.partition(".")[0], []).append(each)
    found: dict[str, list[str]] = {}
    for service, permissions in services.items():
        left = permissions
        while left:
            role = _best(service, left, barred)
            covered = [each for each in left if role is None or role.allows(each)]
            found.setdefault(role.name if role is not None else "", []).extend(covered)
            left = [each for each in left if each not in covered]
    yield from ((role, tuple(each)) for role, each in sorted(found.items(), key=lambda entry: (not entry[0], entry[0])))


def _best(service: str, permissions: list[str], barred: frozenset[str]) -> Role | None:
    """Give the role that has most of some permissions: the service's own first, its administrator's before the rest."""
    counted = [(sum(map(role.allows, permissions)), role) for role in _candidates() if role.name not in barred]
    own = [(count, role) for count, role in counted if count and role.name.startswith(f"roles/{service}.")]
    chosen = own or [(count, role) for count, role in counted if count]
    if not chosen:
        return None
    return min(
        chosen, key=lambda each: (-each[0], not each[1].name.endswith(".admin"), len(each[1].name), each[1].name)
    )[1]


@lru_cache(maxsize=1)
def _candidates() -> tuple[Role, ...]:
    return tuple(
        role
        for name, role in sorted(predefined().items())
        if name not in _BROAD and not name.lower().endswith("serviceagent")
    )


def _missing(target: Target, container: str, permissions: list[str]) -> tuple[list[str], list[str]]:
    """Give the permissions that the caller does not have, and those that cannot be asked for in that place."""
    host, version, _ = _ASKED_AT[container.partition("/")[0]]
    path = f"{version}/{container}:testIamPermissions"
    held: set[str] = set()
    odd: list[str] = []
    asked = list(permissions)
    for start in range(0, len(asked), MOST):
        chunk = asked[start : start + MOST]
        while chunk:
            try:
                held |= set(target.api.call("POST", host, path, {"permissions": chunk}).get("permissions", ()))
                break
            except Refused as refused:
                named = [each for each in chunk if each in _WORD.findall(refused.message)]
                if refused.status != 400 or not named:  # noqa: PLR2004 - HTTP's bad request
                    raise
                odd += named
                chunk = [each for each in chunk if each not in named]
    return [each for each in permissions if each not in held and each not in odd], odd


def _finding(target: Target, container: str, role: str, covered: tuple[str, ...], urns: tuple[str, ...]) -> Finding:
    kind, _, identifier = container.partition("/")
    command = _ASKED_AT[kind][2]
    member = target.caller or "MEMBER"
    listed = ", ".join(covered[:4]) + (f" and {len(covered) - 4} more" if len(covered) > 4 else "")  # noqa: PLR2004 - a line's worth
    if role in _ON_ORGANISATIONS and kind == "projects":
        command, identifier = _ASKED_AT["organizations"][2], "ORGANISATION"
    if role:
        remedy = f"{command} {identifier} --member={member} --role={role}"
    else:
        remedy = f"put them into a custom role, and grant it: {command} {identifier} --member={member} --role=ROLE"
    return Finding(
        kind=Kind.ROLE,
        about=role or "no predefined role",
        problem=f"{target.caller or 'the caller'} may not {listed}",
        remedy=remedy,
        project=container.removeprefix("projects/") if kind == "projects" else "",
        resources=urns,
    )
