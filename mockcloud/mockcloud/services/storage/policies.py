"""IAM policies in the form that storage gives them: the policy itself, with the resource's id, and status 412."""

from collections.abc import Mapping
from typing import Any

from mockcloud.cloud import policies
from mockcloud.cloud.access.acls import BUCKET_ROLES, PUBLIC, bindings, entity_of
from mockcloud.cloud.access.roles import hold_permissions
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.store import Body, Record
from mockcloud.services.storage import buckets, folders, names
from mockcloud.services.storage.preconditions import failed
from mockcloud.services.storage.service import API, SERVICE


def start(cloud: Cloud, bucket: Record) -> None:
    """Give a new bucket the policy that buckets begin with."""
    project = cloud.projects.id_of(bucket.body["projectNumber"])
    granted = bindings(cloud, bucket.hidden["acl"], BUCKET_ROLES)
    if buckets.uniform(bucket):
        owners = [f"projectEditor:{project}", f"projectOwner:{project}"]
        granted.append({"role": "roles/storage.legacyObjectOwner", "members": owners})
        granted.append({"role": "roles/storage.legacyObjectReader", "members": [f"projectViewer:{project}"]})
    policy: Body = {"version": 1, "bindings": granted}
    cloud.store.policies[API, bucket.name] = policy


def follow(cloud: Cloud, bucket: Record) -> None:
    """Let the policy of a bucket say what its access control list says by now."""
    policy = cloud.store.policies.get((API, bucket.name), policies.EMPTY)
    legacy = frozenset(BUCKET_ROLES.values())
    others = [each for each in policy["bindings"] if each["role"] not in legacy or each.get("condition")]
    found: Body = {**policy, "bindings": [*bindings(cloud, bucket.hidden["acl"], BUCKET_ROLES), *others]}
    stamp = policies.etag({**found, "before": policy.get("etag", "")})
    cloud.store.policies[API, bucket.name] = {**found, "etag": stamp}


def _lead(cloud: Cloud, bucket: Record, policy: Mapping[str, Any]) -> None:
    """Let the access control list of a bucket say what its policy says by now."""
    roles = {role: word for word, role in BUCKET_ROLES.items()}
    acl = [
        {"entity": entity_of(cloud, member), "role": roles[each["role"]]}
        for each in policy["bindings"]
        if each["role"] in roles and not each.get("condition")
        for member in each.get("members", ())
    ]
    cloud.change(bucket, bucket.body, hidden={**bucket.hidden, "acl": acl})


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
    if prevented and members & PUBLIC:
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
    if name == bucket.name:
        _lead(call.cloud, bucket, written)
    return _shown(name, written)


@SERVICE.method("buckets.testIamPermissions", "objects.testIamPermissions", "managedFolders.testIamPermissions")
def test(call: Call) -> Answer | Body:
    """Give those of the permissions that the caller has."""
    _, name = _place(call)
    asked = call.query.get("permissions", [])
    asked = asked if isinstance(asked, list) else [asked]
    hold_permissions(asked)
    held = [each for each in asked if call.cloud.allows(call, each, name)]
    return {"kind": "storage#testIamPermissionsResponse", **({"permissions": held} if held else {})}
