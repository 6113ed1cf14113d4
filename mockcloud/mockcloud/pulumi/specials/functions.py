"""Functions that read something else than one resource of a type."""

from collections.abc import Mapping
from typing import Any

from mockcloud.pulumi.functions import function
from mockcloud.pulumi.lifecycle import Place


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
        "autoCreateNetwork": False,
        "billingAccount": "",
        "tags": {},
    }


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
    answer = {
        "id": f"//cloudkms.googleapis.com/v1/{name}",
        "name": found["name"],
        "cryptoKey": arguments["cryptoKey"],
        "version": int(found["name"].rpartition("/")[2]),
        "state": found.get("state", ""),
        "algorithm": found.get("algorithm", ""),
        "protectionLevel": found.get("protectionLevel", ""),
        "publicKeys": [],
    }
    if found.get("algorithm", "").startswith(("EC_", "RSA_")):
        public = place.api.call("GET", "cloudkms.googleapis.com", f"v1/{name}/publicKey")
        answer["publicKeys"] = [{"algorithm": public.get("algorithm", ""), "pem": public.get("pem", "")}]
    return answer
