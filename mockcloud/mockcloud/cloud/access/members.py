"""Members of policies: every name under which a caller can be meant."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from mockcloud.cloud.access.hierarchy import containers, numbered
from mockcloud.cloud.callers import Caller

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

_SERVICE_ACCOUNT_END: Final = ".iam.gserviceaccount.com"
_POOL: Final = "/workloadIdentityPools/"
_WORKFORCE: Final = "/workforcePools/"


def names_of(cloud: "Cloud", caller: Caller) -> frozenset[str]:
    """Give every member of a policy that means a caller, in lower case where Google does not tell cases apart.

    The forms are those of https://cloud.google.com/iam/docs/principal-identifiers (policies that allow) and of
    https://cloud.google.com/iam/docs/principal-identifiers#v2 (policies that deny).
    """
    return frozenset(each for each in _names(cloud, caller))


def _names(cloud: "Cloud", caller: Caller) -> Iterator[str]:
    yield from ("allUsers", "principalSet://goog/public:all")
    if not caller.member:
        return
    yield canonical(caller.member)
    kind, _, rest = caller.member.partition(":")
    if kind in {"user", "serviceAccount"}:
        # Identities of other providers are not among those who have signed in with Google.
        yield "allAuthenticatedUsers"
    if kind == "user":
        yield f"principal://goog/subject/{rest.lower()}"
    if kind in {"user", "serviceAccount"}:
        yield f"domain:{rest.rpartition('@')[2].lower()}"
    if kind == "serviceAccount":
        yield f"principal://iam.googleapis.com/projects/-/serviceAccounts/{rest.lower()}"
        yield from _sets_of_project(cloud, project_of_account(cloud, rest))
    if caller.member.startswith("principal://"):
        yield from _sets_of_pool(cloud, caller)
    for group in cloud.groups.of(caller.member):
        yield from (f"group:{group}", f"principalSet://goog/group/{group}")


def canonical(member: str) -> str:
    """Write a member as it is compared: addresses do not tell cases apart."""
    kind, colon, rest = member.partition(":")
    return f"{kind}:{rest.lower()}" if kind in {"user", "serviceAccount", "group", "domain"} and colon else member


def project_of_account(cloud: "Cloud", email: str) -> str:
    """Give the id of the project to which a service account belongs; "" where its address does not say."""
    local, _, domain = email.partition("@")
    if domain.endswith(_SERVICE_ACCOUNT_END):
        project = domain.removesuffix(_SERVICE_ACCOUNT_END)
        if cloud.projects.get(project) is not None:
            return project
        # An agent: service-NUMBER@gcp-sa-NAME.iam.gserviceaccount.com
        local = local.removeprefix("service-")
        return cloud.projects.id_of(local) if local.isdigit() else project
    number = local.partition("-")[0]
    return cloud.projects.id_of(number) if number.isdigit() else ""


def _sets_of_project(cloud: "Cloud", project: str) -> Iterator[str]:
    """Give the sets of everybody who belongs to a project, and to what is above it."""
    if project:
        for each in containers(cloud, f"projects/{project}"):
            yield f"principalSet://cloudresourcemanager.googleapis.com/{numbered(cloud, each)}"


def _sets_of_pool(cloud: "Cloud", caller: Caller) -> Iterator[str]:
    """Give the sets of an identity pool in which a federated caller is."""
    pool = caller.member.removeprefix("principal://").partition("/subject/")[0]
    if _POOL not in pool and _WORKFORCE not in pool:
        return
    base = f"principalSet://{pool}"
    yield f"{base}/*"
    for name, value in caller.claims.items():
        values = value if isinstance(value, list) else [value]
        if name == "google.groups":
            yield from (f"{base}/group/{each}" for each in values)
        elif name.startswith("attribute."):
            yield from (f"{base}/{name}/{each}" for each in values)
    if _POOL in pool:
        number = pool.partition("/projects/")[2].partition("/")[0]
        yield from _sets_of_project(cloud, cloud.projects.id_of(number))


def project_member(member: str) -> tuple[str, str] | None:
    """Read `projectOwner:acme`, as Cloud Storage has it: the basic role and the project; None for another member."""
    kind, _, project = member.partition(":")
    role = {"projectOwner": "roles/owner", "projectEditor": "roles/editor", "projectViewer": "roles/viewer"}.get(kind)
    return (role, project) if role is not None else None
