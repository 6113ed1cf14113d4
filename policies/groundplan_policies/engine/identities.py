"""By which names a value can mean a resource, and what they say of the resource's place.

A name in full holds its project. A bare one, such as `core`, means a resource of the project, and of the region or the
dataset, of whoever gives it.
"""

from collections.abc import Iterable
from typing import Final

from groundplan_policies.engine.document import Document
from groundplan_policies.engine.names import short_name, token
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown

_KEYS: Final = (
    *("id", "selfLink", "name", "email", "member"),
    *("accountId", "datasetId", "tableId", "repositoryId", "secretId", "keyRing"),
)
_OF_PROJECT: Final = ("id", "projectId", "number")
"""What names a project: its `name` is for people, and need not be unique."""

_WHOLE: Final = ("projects/", "folders/", "organizations/", "accessPolicies/", "billingAccounts/")
"""How names begin that say themselves where the resource is. So does an e-mail address."""

_WITHOUT_PROJECT: Final = frozenset(
    {
        "storage.Bucket",
        "organizations.Project",
        "organizations.Folder",
        "organizations.Policy",
        "compute.FirewallPolicy",
        "compute.FirewallPolicyWithRules",
        "iam.WorkforcePool",
    }
)
"""Types whose names are unique beyond projects."""

_SCOPE: Final = ("region", "location", "datasetId")
"""Properties that, where both resources have them, must be the same for one to name the other by a bare name."""


def has_project(type_: str) -> bool:
    """Whether resources of a type belong to a project, so that their bare names mean different ones elsewhere."""
    short = short_name(type_)
    return short not in _WITHOUT_PROJECT and not short.startswith("accesscontextmanager.")


def named_project(text: str) -> str:
    """Give the project that a name in full tells, as in `projects/acme/global/networks/core`; "" if it tells none."""
    _, mark, after = text.rpartition("projects/")
    found = after.partition("/")[0] if mark else ""
    return "" if is_unknown(found) else found


def tails(resource: Resource) -> frozenset[str]:
    """Give the last parts of the names of a resource."""
    return frozenset(map(tail, _identities(resource)))


def tail(text: str) -> str:
    """Give the last part of a name, without what an e-mail address or a scheme puts around it."""
    return text.rstrip("/").rpartition("/")[2].partition("@")[0].rpartition(":")[2]


def is_named(resource: Resource, text: str) -> bool | None:
    """Whether a text is one of the names of a resource; None if it is a bare one, which says no project.

    A last part in common is not enough.
    """
    wanted, email = bare(text), _email(resource)
    if email and email == wanted.rpartition("/serviceAccounts/")[2]:
        return True
    if all(wanted != bare(name) for name in _identities(resource)):
        return False
    return True if wanted.startswith(_WHOLE) or "@" in wanted or not has_project(resource.type) else None


def bare(text: str) -> str:
    """Give a name without the host, scheme or kind of member in front of it."""
    for mark in ("googleapis.com/", "gs://", "serviceAccount:"):
        text = text.rpartition(mark)[2]
    return text.removeprefix("compute/v1/").removeprefix("v1/").rstrip("/")


def in_same_scope(resource: Resource, named: Resource, path: str, document: Document) -> bool:
    """Whether a resource that gives a bare name is in the region, location and dataset of the one it may mean.

    Args:
        resource: The resource that gives the name.
        named: The resource that has it.
        path: The property that gives it.
        document: The document that holds both, which says of what unknown values were made.
    """
    for key in _SCOPE:
        mine, its = resource.inputs.get(key), named.inputs.get(key)
        if key == path or mine is None or its is None:
            continue
        if not isinstance(mine, str) or not isinstance(its, str):
            return False
        if is_unknown(mine) or is_unknown(its):
            made = document.origins(resource.urn, key)
            if not made or mine != its or made != document.origins(named.urn, key):
                return False
        elif tail(mine).lower() != tail(its).lower():
            return False
    return True


def _identities(resource: Resource) -> Iterable[str]:
    yield from filter(None, (resource.id,))
    keys = _OF_PROJECT if resource.type == token("organizations.Project") else _KEYS
    for source in (resource.outputs, resource.inputs):
        for key in keys:
            value = source.get(key)
            if isinstance(value, str) and value and not is_unknown(value):
                yield value


def _email(resource: Resource) -> str:
    """Give the e-mail address of a service account from its inputs; "" for other types, or where a part is unknown."""
    account, project = resource.inputs.get("accountId"), resource.inputs.get("project")
    if resource.type != token("serviceaccount.Account") or is_unknown(account) or is_unknown(project):
        return ""
    return f"{account}@{project}.iam.gserviceaccount.com"
