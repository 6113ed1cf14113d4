"""Functions that look up what stands above a project, and what holds for it: policies, and permissions to be tested.

Source of the behaviour: terraform-provider-google, `google/services/resourcemanager/data_source_*.go` and
`google/services/accesscontextmanager/data_source_access_context_manager_access_policy.go`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from mockcloud.pulumi.functions import Function, function
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.special import lifecycle_of

_RESOURCES: Final = "cloudresourcemanager.googleapis.com"
_ACCESS: Final = "accesscontextmanager.googleapis.com"
_IAM: Final = "iam.googleapis.com"


@function("accesscontextmanager/getAccessPolicy:getAccessPolicy")
def _access_policy(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Find the policy of an organisation that has just these scopes; of none, the provider tells nothing."""
    path = f"v1/accessPolicies?parent={quote(str(arguments['parent']), safe='')}"
    for each in place.api.pages(_ACCESS, path, "accessPolicies"):
        if each.get("parent") == arguments["parent"] and each.get("scopes", []) == (arguments.get("scopes") or []):
            name = str(each["name"]).rpartition("/")[2]
            return {**arguments, "id": name, "name": name, "title": each.get("title", "")}
    return dict(arguments)


@function("projects/getAncestry:getAncestry")
def _ancestry(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Tell what stands above a project, beginning with itself."""
    project = place.project(arguments)
    found = place.api.call("POST", _RESOURCES, f"v1/projects/{project}:getAncestry", {}).get("ancestor", [])
    line = [each["resourceId"] for each in found]
    parent = line[1] if len(line) > 1 else {}
    organization = next((each["id"] for each in line if each["type"] == "organization"), "")
    return {
        "project": project,
        "id": f"projects/{project}",
        "ancestors": line,
        "orgId": organization,
        "parentId": parent.get("id", ""),
        "parentType": parent.get("type", ""),
    }


def _policy_of(kind: str, holder: str, separator: str) -> Function:
    def read(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
        life = lifecycle_of(kind)
        state = life.read(place, "", arguments, {}) if life is not None else None
        identifier = f"{arguments[holder]}{separator}{arguments['constraint']}"
        return {**(state.outputs if state else {}), **arguments, "id": identifier}

    return read


for _module, _holder, _separator in (("projects", "project", ":"), ("folder", "folder", "/")):
    function(f"{_module}/getOrganizationPolicy:getOrganizationPolicy")(
        _policy_of(f"gcp:{_module}/organizationPolicy:OrganizationPolicy", _holder, _separator)
    )


@function("iam/getTestablePermissions:getTestablePermissions")
def _testable(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    stages = {str(each).upper() for each in arguments.get("stages") or ["GA"]}
    level = str(arguments.get("customSupportLevel") or "SUPPORTED").upper()
    found = [
        {**each, "customSupportLevel": each.get("customRolesSupportLevel", "")}
        for each in _permissions(place, str(arguments["fullResourceName"]))
        if each.get("stage") in stages and each.get("customRolesSupportLevel", "SUPPORTED") == level
    ]
    return {
        "customSupportLevel": level,
        **arguments,
        "id": str(arguments["fullResourceName"]),
        "permissions": found,
    }


def _permissions(place: Place, name: str) -> Iterator[dict[str, Any]]:
    token = ""
    while True:
        sent = {"fullResourceName": name, "pageSize": 500, **({"pageToken": token} if token else {})}
        found = place.api.call("POST", _IAM, "v1/permissions:queryTestablePermissions", sent)
        yield from found.get("permissions", [])
        token = str(found.get("nextPageToken") or "")
        if not token:
            return
