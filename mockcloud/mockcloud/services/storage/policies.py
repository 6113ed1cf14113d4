"""IAM policies in the form that storage gives them: the policy itself, with the resource's id, and status 412."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud import policies
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.store import Body, Record
from mockcloud.services.storage import buckets, folders, names
from mockcloud.services.storage.preconditions import failed
from mockcloud.services.storage.service import API, SERVICE

_PUBLIC: Final = frozenset({"allUsers", "allAuthenticatedUsers"})


def start(cloud: Cloud, bucket: Record) -> None:
    """Give a new bucket the policy that buckets begin with."""
    project = cloud.projects.id_of(bucket.body["projectNumber"])
    owners = [f"projectEditor:{project}", f"projectOwner:{project}"]
    viewers = [f"projectViewer:{project}"]
    granted = [("roles/storage.legacyBucketOwner", owners), ("roles/storage.legacyBucketReader", viewers)]
    if buckets.uniform(bucket):
        granted += [("roles/storage.legacyObjectOwner", owners), ("roles/storage.legacyObjectReader", viewers)]
    policy: Body = {"version": 1, "bindings": [{"role": role, "members": members} for role, members in granted]}
    cloud.store.policies[API, bucket.name] = policy


def _place(call: Call) -> tuple[Record, str]:
    """Give the bucket, and the full name of what the policy is on.

    Raises:
        ApiError: It does not exist.
    """
    bucket = buckets.found(call)
    variables = call.request.variables
    if "managedFolder" in variables:
        return bucket, folders.found_managed(call).name
    if "object" in variables:
        name = f"{names.live(bucket.id)}/{variables['object']}"
        if call.cloud.store.get(API, name) is None:
            raise names.no_object(bucket.id, variables["object"])
        return bucket, name
    return bucket, bucket.name


def _shown(name: str, policy: Mapping[str, Any]) -> dict[str, Any]:
    parts = name.split("/", 3)
    kind = {"o": "objects", "managedFolders": "managedFolders"}
    path = f"buckets/{parts[1]}" if len(parts) < 4 else f"buckets/{parts[1]}/{kind[parts[2]]}/{parts[3]}"  # noqa: PLR2004 - b, bucket, kind, name
    return {"kind": "storage#policy", "resourceId": f"projects/_/{path}", **policy}


@SERVICE.method("buckets.getIamPolicy", "objects.getIamPolicy", "managedFolders.getIamPolicy")
def get(call: Call) -> Answer | Body:
    """Give a policy."""
    _, name = _place(call)
    return _shown(name, policies.read(call, API, name))


@SERVICE.method("buckets.setIamPolicy", "objects.setIamPolicy", "managedFolders.setIamPolicy")
def set_(call: Call) -> Answer | Body:
    """Put a policy."""
    bucket, name = _place(call)
    prevented = bucket.body["iamConfiguration"]["publicAccessPrevention"] == "enforced"
    members = {member for each in call.body.get("bindings", []) for member in each.get("members", [])}
    if prevented and members & _PUBLIC:
        raise ApiError(
            412,
            "FAILED_PRECONDITION",
            "The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention "
            "is enforced.",
            reason="conditionNotMet",
        )
    try:
        written = policies.write(call, API, name, call.body)
    except ApiError as error:
        raise (failed() if error.status == "ABORTED" else error) from None
    return _shown(name, written)


@SERVICE.method("buckets.testIamPermissions", "objects.testIamPermissions", "managedFolders.testIamPermissions")
def test(call: Call) -> Answer | Body:
    """Give those of the permissions that the caller has."""
    _, name = _place(call)
    asked = call.query.get("permissions", [])
    asked = asked if isinstance(asked, list) else [asked]
    held = [each for each in asked if call.cloud.allows(call, each, name)]
    return {"kind": "storage#testIamPermissionsResponse", **({"permissions": held} if held else {})}
