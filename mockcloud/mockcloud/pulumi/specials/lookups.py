"""Functions that look up organisations, folders, billing accounts, service accounts, secrets and keys."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.functions import function
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.specials.accounts import account_name

_RESOURCES: Final = "cloudresourcemanager.googleapis.com"
_BILLING: Final = "cloudbilling.googleapis.com"
_IAM: Final = "iam.googleapis.com"
_KMS: Final = "cloudkms.googleapis.com"


def _none(what: str) -> Refused:
    return Refused(NOT_FOUND, f"There is no {what}.", "NOT_FOUND", what)


@function("organizations/getOrganization:getOrganization")
def _organization(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    if arguments.get("organization"):
        name = f"organizations/{str(arguments['organization']).rpartition('/')[2]}"
        found = place.api.call("GET", _RESOURCES, f"v3/{name}")
    else:
        domain = str(arguments.get("domain") or "")
        listed = place.api.call("GET", _RESOURCES, "v3/organizations:search").get("organizations", [])
        fitting = [each for each in listed if each.get("displayName") == domain]
        if not fitting:
            raise _none(f"organisation of the domain {domain}")
        found = fitting[0]
    return {
        **arguments,
        "id": found["name"],
        "name": found["name"],
        "orgId": found["name"].rpartition("/")[2],
        "domain": found.get("displayName", ""),
        "directoryCustomerId": found.get("directoryCustomerId", ""),
        "createTime": found.get("createTime", ""),
        "lifecycleState": found.get("state", ""),
    }


@function("organizations/getFolder:getFolder")
def _folder(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    name = f"folders/{str(arguments['folder']).rpartition('/')[2]}"
    found = place.api.call("GET", _RESOURCES, f"v3/{name}")
    return {
        **arguments,
        **_folder_told(found),
        "organization": _organization_of(place, found) if arguments.get("lookupOrganization") else "",
    }


def _folder_told(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": found["name"],
        "name": found["name"],
        "folderId": str(found["name"]).rpartition("/")[2],
        "displayName": found.get("displayName", ""),
        "parent": found.get("parent", ""),
        "createTime": found.get("createTime", ""),
        "lifecycleState": found.get("state", ""),
        "configuredCapabilities": found.get("configuredCapabilities", []),
        "managementProject": found.get("managementProject", ""),
    }


def _organization_of(place: Place, folder: Mapping[str, Any]) -> str:
    parent = str(folder.get("parent", ""))
    while parent.startswith("folders/"):
        parent = str(place.api.call("GET", _RESOURCES, f"v3/{parent}").get("parent", ""))
    return parent


@function("organizations/getActiveFolder:getActiveFolder")
def _active_folder(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    path = f"v3/folders?parent={arguments['parent']}"
    for each in place.api.call("GET", _RESOURCES, path).get("folders", []):
        if each.get("displayName") == arguments["displayName"] and each.get("state") == "ACTIVE":
            return {**arguments, "id": each["name"], "name": each["name"]}
    raise _none(f"active folder {arguments['displayName']} in {arguments['parent']}")


@function("projects/getProjectService:getProjectService")
def _project_service(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    project, service = place.project(arguments), arguments["service"]
    found = place.api.call("GET", "serviceusage.googleapis.com", f"v1/projects/{project}/services/{service}")
    if found.get("state") != "ENABLED":
        raise _none(f"API {service} that is on in {project}")
    return {"id": f"{project}/{service}", "project": project, "service": service}


@function("organizations/getBillingAccount:getBillingAccount")
def _billing_account(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    found = _account_found(place, arguments)
    name = str(found["name"])
    answer = {
        **arguments,
        "id": name.rpartition("/")[2],
        "name": name,
        "displayName": found.get("displayName", ""),
        "open": bool(found.get("open")),
        "currencyCode": found.get("currencyCode", ""),
        "projectIds": [],
    }
    if arguments.get("lookupProjects") is not False:
        paid = place.api.call("GET", _BILLING, f"v1/{name}/projects").get("projectBillingInfo", [])
        answer["projectIds"] = [each["projectId"] for each in paid]
    return answer


def _account_found(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    if arguments.get("billingAccount"):
        name = f"billingAccounts/{str(arguments['billingAccount']).rpartition('/')[2]}"
        return place.api.call("GET", _BILLING, f"v1/{name}")
    for each in place.api.call("GET", _BILLING, "v1/billingAccounts").get("billingAccounts", []):
        fitting = arguments.get("open") in (None, bool(each.get("open")))
        if fitting and each.get("displayName") == arguments.get("displayName"):
            return dict(each)
    raise _none(f"billing account {arguments.get('displayName', '')}")


@function("serviceaccount/getAccount:getAccount")
def _service_account(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    name = account_name(place, str(arguments["accountId"]), arguments)
    return {**arguments, **_account_told(place.api.call("GET", _IAM, f"v1/{name}"))}


def _account_told(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": found["name"],
        "name": found["name"],
        "email": found["email"],
        "member": f"serviceAccount:{found['email']}",
        "project": found.get("projectId", ""),
        "uniqueId": found.get("uniqueId", ""),
        "displayName": found.get("displayName", ""),
        "disabled": bool(found.get("disabled")),
    }


@function("compute/getDefaultServiceAccount:getDefaultServiceAccount")
def _of_compute(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    project = place.project(arguments)
    found = place.api.call("GET", "compute.googleapis.com", f"compute/v1/projects/{project}")
    email = str(found["defaultServiceAccount"])
    there = place.api.find(_IAM, f"v1/projects/{project}/serviceAccounts/{email}")
    bare = {"name": f"projects/{project}/serviceAccounts/{email}", "email": email, "projectId": project}
    return {**arguments, **_account_told(there or bare)}


@function("secretmanager/getSecretVersion:getSecretVersion")
def _secret_version(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    name, host = _secret(place, arguments)
    found = place.api.call("GET", host, f"v1/{name}")
    data = {} if arguments.get("fetchSecretData") is False else _payload(place, host, str(found["name"]), arguments)
    return {
        **arguments,
        **data,
        **_version_told(place, found, arguments),
        "createTime": found.get("createTime", ""),
        "destroyTime": found.get("destroyTime", ""),
        "enabled": found.get("state") == "ENABLED",
        "customerManagedEncryptions": found.get("customerManagedEncryption"),
    }


@function("secretmanager/getSecretVersionAccess:getSecretVersionAccess")
def _secret_access(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    name, host = _secret(place, arguments)
    found = place.api.call("GET", host, f"v1/{name}:access")
    return {**arguments, **_payload(place, host, name, arguments), **_version_told(place, found, arguments)}


function("monitoring/getSecretVersion:getSecretVersion")(_secret_version)
function("secretmanager/getRegionalSecretVersion:getRegionalSecretVersion")(_secret_version)
function("secretmanager/getRegionalSecretVersionAccess:getRegionalSecretVersionAccess")(_secret_access)


def _secret(place: Place, arguments: Mapping[str, Any]) -> tuple[str, str]:
    """Give the name of a version, the latest unless it is said, and its host."""
    secret, version = str(arguments["secret"]), arguments.get("version") or "latest"
    location = str(arguments.get("location") or "")
    if not secret.startswith("projects/"):
        where = f"/locations/{location}" if location else ""
        secret = f"projects/{place.project(arguments)}{where}/secrets/{secret}"
    parts = secret.split("/")
    location = parts[3] if parts[2] == "locations" else location
    host = f"secretmanager.{location}.rep.googleapis.com" if location else "secretmanager.googleapis.com"
    return f"{secret}/versions/{version}", host


def _payload(place: Place, host: str, name: str, arguments: Mapping[str, Any]) -> dict[str, str]:
    data = place.api.call("GET", host, f"v1/{name}:access").get("payload", {}).get("data", "")
    plain = data if arguments.get("isSecretDataBase64") else b64decode(data).decode(errors="replace")
    return {"secretData": plain}


def _version_told(place: Place, found: Mapping[str, Any], arguments: Mapping[str, Any]) -> dict[str, str]:
    name = str(found["name"])
    return {"id": name, "name": name, "version": name.rpartition("/")[2], "project": place.project(arguments)}


@function("kms/getKMSSecret:getKMSSecret")
def _decrypted(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    sent = {"ciphertext": arguments["ciphertext"]}
    if arguments.get("additionalAuthenticatedData"):
        sent["additionalAuthenticatedData"] = b64encode(str(arguments["additionalAuthenticatedData"]).encode()).decode()
    found = place.api.call("POST", _KMS, f"v1/{arguments['cryptoKey']}:decrypt", sent)
    plain = b64decode(str(found.get("plaintext", ""))).decode(errors="replace")
    return {**arguments, "id": str(arguments["cryptoKey"]), "plaintext": plain}
