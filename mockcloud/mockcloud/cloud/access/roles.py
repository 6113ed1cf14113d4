"""From a role to what it allows: predefined roles from a table, custom ones from the cloud's own state."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.access.permissions import further_services, further_verbs
from mockcloud.cloud.errors import invalid, not_modelled
from mockcloud.discovery.documents import apis
from mockcloud.discovery.schemas import Violation
from mockcloud.discovery.tables import read_table

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

API: Final = "iam"
"""API whose resources custom roles are."""

Allows = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Role:
    """A predefined role.

    Attributes:
        name: `roles/aiplatform.user`.
        title: What Google calls it.
        allow: Patterns of what it allows; see the head of `roles.yaml`, which `roles_further.yaml` goes on.
        but: Patterns of what it does not allow all the same.
        like: Other roles whose permissions it has.
    """

    name: str
    title: str
    allow: tuple[str, ...]
    but: tuple[str, ...]
    like: tuple[str, ...]

    def allows(self, permission: str) -> bool:
        """Whether it allows a permission."""
        return _predefined(self.name)(permission)


@lru_cache(maxsize=1)
def predefined() -> Mapping[str, Role]:
    """Give the predefined roles by name."""
    return {**_roles("roles.yaml"), **_roles("roles_further.yaml")}


def _role(name: str) -> Role | None:
    """Find a role, without reading the further ones where it is none of them: that takes a while."""
    return _roles("roles.yaml").get(name) or _roles("roles_further.yaml").get(name)


@lru_cache(maxsize=2)
def _roles(file: str) -> Mapping[str, Role]:
    aliases: Mapping[str, str] = _read("roles.yaml")["aliases"]

    def patterns(raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
        found = raw.get(key, ())
        for name, text in aliases.items():
            found = [each.replace(f"${name}", text) for each in found]
        return tuple(found)

    return {
        f"roles/{name}": Role(
            f"roles/{name}",
            raw["title"],
            patterns(raw, "allow"),
            patterns(raw, "but"),
            tuple(f"roles/{each}" for each in raw.get("like", ())),
        )
        for name, raw in _read(file)["roles"].items()
    }


@lru_cache(maxsize=2)
def _read(name: str) -> Mapping[str, Any]:
    found: dict[str, Any] = read_table(Path(__file__).parent / name)
    return found


def _expression(patterns: tuple[str, ...]) -> re.Pattern[str]:
    def one(pattern: str) -> str:
        text = re.escape(pattern).replace(r"\*", ".*")
        return re.sub(r"\\\{(.*?)\\\}", lambda found: "(?:" + found[1].replace(",", "|") + ")", text)

    return re.compile("|".join(f"(?:{one(each)})" for each in patterns) or r"(?!)")


@lru_cache(maxsize=1024)
def _predefined(name: str) -> Allows:
    role = _role(name)
    if role is None:
        raise KeyError(name)
    allow, but = _expression(role.allow), _expression(role.but)
    others = [_predefined(each) for each in role.like]

    @lru_cache(maxsize=4096)
    def allows(permission: str) -> bool:
        if allow.fullmatch(permission) is not None and but.fullmatch(permission) is None:
            return True
        return any(each(permission) for each in others)

    return allows


def allows(cloud: "Cloud", role: str, permission: str) -> bool:
    """Whether a role allows a permission.

    Args:
        cloud: The cloud, whose custom roles count too.
        role: `roles/aiplatform.user`, `projects/p/roles/x`, `organizations/1/roles/x`.
        permission: Such as `aiplatform.models.upload`.

    Raises:
        ApiError: 501. There is no row for the role.
    """
    if role.startswith("roles/"):
        if _role(role) is None:
            raise not_modelled(f"the role {role}: no table says which permissions it has")
        return _predefined(role)(permission)
    record = cloud.store.get(API, role)
    if record is None or record.body.get("deleted") or record.body.get("stage") == "DISABLED":
        return False
    return permission in record.body.get("includedPermissions", ())


@lru_cache(maxsize=1)
def known_permissions() -> tuple[str, ...]:
    """Give every permission that a method of any API asks for, sorted. The first call reads all descriptions."""
    from mockcloud.cloud.access.permissions import permissions_of_api

    return tuple(sorted({*_OTHERS, *(each for api in apis() for each in permissions_of_api(api))}))


_OTHERS: Final = (
    "billing.resourceAssociations.create",
    "cloudbuild.workerpools.use",
    "compute.networks.use",
    "compute.subnetworks.use",
    "compute.subnetworks.useExternalIp",
    "iam.denypolicies.create",
    "iam.denypolicies.delete",
    "iam.denypolicies.get",
    "iam.denypolicies.list",
    "iam.denypolicies.update",
    "iam.serviceAccounts.actAs",
    "iam.serviceAccounts.getAccessToken",
    "iam.serviceAccounts.getOpenIdToken",
    "iam.serviceAccounts.implicitDelegation",
    "resourcemanager.folders.create",
    "resourcemanager.folders.list",
    "resourcemanager.hierarchyNodes.createTagBinding",
    "resourcemanager.hierarchyNodes.deleteTagBinding",
    "resourcemanager.hierarchyNodes.listTagBindings",
    "resourcemanager.projects.create",
    "resourcemanager.projects.list",
    "resourcemanager.projects.updateLiens",
    "resourcemanager.tagKeys.create",
    "resourcemanager.tagKeys.list",
    "resourcemanager.tagValues.create",
    "resourcemanager.tagValues.list",
    "run.routes.invoke",
    "serviceusage.services.use",
)
"""Permissions that handlers ask for beside those of their methods."""


@lru_cache(maxsize=512)
def included(role: str) -> tuple[str, ...]:
    """Give the permissions of a predefined role: those that this cloud asks for, and those that its row names whole."""
    return tuple(sorted(_named(role) | {each for each in known_permissions() if _predefined(role)(each)}))


def _named(role: str) -> set[str]:
    return {each for pattern in predefined()[role].allow for each in _spelt_out(pattern) if "*" not in each}


def _spelt_out(pattern: str) -> list[str]:
    before, brace, rest = pattern.partition("{")
    if not brace:
        return [pattern]
    choices, _, after = rest.partition("}")
    return [each for choice in choices.split(",") for each in _spelt_out(f"{before}{choice}{after}")]


_PERMISSION: Final = re.compile(r"[a-z][A-Za-z0-9-]*(?:\.googleapis\.com/[A-Za-z0-9]+)?(?:\.[A-Za-z][A-Za-z0-9]*){1,3}")
_LEAST_POINTS: Final = 2
_WORD: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")
_OF_ORGANISATIONS: Final = (
    "resourcemanager.organizations.",
    "resourcemanager.folders.",
    "resourcemanager.projects.list",
)
"""What a custom role of a project cannot hold (https://cloud.google.com/iam/docs/roles-overview#custom-role-limitations)."""


@lru_cache(maxsize=1)
def _vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """Give the services that have permissions, and the words with which the verbs of permissions begin."""
    every = {*known_permissions(), *(each for role in predefined() for each in _named(role))}
    services = {each.partition(".")[0] for each in every} | {*apis(), *further_services()}
    return frozenset(services), frozenset(_first_word(each) for each in every) | further_verbs()


def _first_word(permission: str) -> str:
    found = _WORD.match(permission.rpartition(".")[2])
    return found[0].lower() if found is not None else ""


def is_permission(permission: str) -> bool:
    """Whether there is a permission, as far as can be told.

    The tables do not name every permission of Google's. So one is taken whose service has permissions and whose verb
    begins like that of a known one: what is refused has no service, or does what nothing does.
    """
    if _PERMISSION.fullmatch(permission) is None or permission.count(".") < _LEAST_POINTS:
        return False
    services, words = _vocabulary()
    return permission.partition(".")[0] in services and _first_word(permission) in words


def hold_permissions(asked: Iterable[str]) -> None:
    """Hold what `testIamPermissions` is asked for to permissions.

    Raises:
        ApiError: 400. One is none.
    """
    for each in asked:
        if not is_permission(each):
            raise invalid(
                f"Permission {each} is not valid for this resource.", Violation("permissions", f"{each} is not valid.")
            )


def can_be_custom(permission: str, parent: str) -> bool:
    """Whether a custom role can hold a permission.

    Args:
        permission: Such as `aiplatform.models.upload`.
        parent: Where the role is: `projects/acme` or `organizations/1`.
    """
    return is_permission(permission) and not (
        parent.startswith("projects/") and permission.startswith(_OF_ORGANISATIONS)
    )
