"""Functions that read something else than one resource of a type."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.api import Refused
from mockcloud.pulumi.functions import function
from mockcloud.pulumi.lifecycle import Place

_FORBIDDEN: Final = 403


@function("organizations/getProject:getProject")
def _project(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    identifier = str(arguments.get("projectId") or place.settings.project)
    found = place.api.call("GET", "cloudresourcemanager.googleapis.com", f"v1/projects/{identifier}")
    parent = found.get("parent") or {}
    kind = parent.get("type")
    return {
        "id": f"projects/{found['projectId']}",
        "projectId": found["projectId"],
        "name": found.get("name", found["projectId"]),
        "number": str(found["projectNumber"]),
        "labels": found.get("labels") or {},
        "effectiveLabels": found.get("labels") or {},
        "pulumiLabels": found.get("labels") or {},
        "orgId": parent.get("id", "") if kind == "organization" else "",
        "folderId": parent.get("id", "") if kind == "folder" else "",
        "billingAccount": _payer(place, str(found["projectId"])),
    }


def _payer(place: Place, project: str) -> str:
    """Give the billing account of a project; "" where the caller may not see it, as the provider has it."""
    try:
        found = place.api.find("cloudbilling.googleapis.com", f"v1/projects/{project}/billingInfo") or {}
    except Refused as refused:
        if refused.status != _FORBIDDEN:
            raise
        return ""
    return str(found.get("billingAccountName", "")).rpartition("/")[2]


@function("organizations/getClientConfig:getClientConfig")
def _client_config(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    del arguments
    settings = place.settings
    return {
        "id": f"projects/{settings.project}/regions/{settings.region}/zones/{settings.zone}",
        "project": settings.project,
        "region": settings.region,
        "zone": settings.zone,
        "accessToken": "mock-token",
        "defaultLabels": dict(settings.labels),
    }


@function("kms/getKMSCryptoKeyVersion:getKMSCryptoKeyVersion")
def _key_version(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    name = f"{arguments['cryptoKey']}/cryptoKeyVersions/{arguments.get('version') or 1}"
    found = place.api.call("GET", "cloudkms.googleapis.com", f"v1/{name}")
    return {
        "id": f"//cloudkms.googleapis.com/v1/{name}",
        "name": found["name"],
        "cryptoKey": arguments["cryptoKey"],
        "version": int(found["name"].rpartition("/")[2]),
        "state": found.get("state", ""),
        "algorithm": found.get("algorithm", ""),
        "protectionLevel": found.get("protectionLevel", ""),
        "publicKeys": public_keys(place, found),
    }


def public_keys(place: Place, version: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the public key of a version of a key, in a list of one; none of a key that has no public half.

    Args:
        place: Where it is.
        version: The version as the API has it.
    """
    if not str(version.get("algorithm", "")).startswith(("EC_", "RSA_")):
        return []
    found = place.api.call("GET", "cloudkms.googleapis.com", f"v1/{version['name']}/publicKey")
    return [{"algorithm": found.get("algorithm", ""), "pem": found.get("pem", "")}]
