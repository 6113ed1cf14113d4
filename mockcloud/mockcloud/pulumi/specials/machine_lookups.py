"""Functions of Compute Engine that need more than one call, and the account that transfers between buckets.

Source of the behaviour: terraform-provider-google, `google/services/compute/data_source_google_compute_addresses.go`
and `data_source_google_compute_region_instance_group.go`, `google/services/storagetransfer/data_source_*.go`.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.functions import function
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.lookup import Absent, read_type
from mockcloud.pulumi.names import named
from mockcloud.pulumi.templates import fill, parse

_COMPUTE: Final = "compute.googleapis.com"
_GROUP: Final = "projects/{project}/regions/{region}/instanceGroups/{name}"


@function("compute/getAddresses:getAddresses")
def _addresses(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Tell addresses: of one region, or of all where none is said."""
    project, region = place.project(arguments), arguments.get("region")
    where = f"regions/{region}" if region else "aggregated"
    path = fill(f"compute/v1/projects/{project}/{where}/addresses?filter={{filter}}", arguments)
    found = [*place.api.pages(_COMPUTE, path, "items" if region else "items.*.addresses")]
    identifier = f"{project}-{region or 'ALL'}-{arguments.get('filter') or 'ALL'}"
    return {**arguments, "id": identifier, "project": project, "addresses": found}


@function("compute/getInstanceGroup:getInstanceGroup")
def _group(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Tell a group with the links of its machines."""
    token = "compute/getInstanceGroup"  # noqa: S105 - the name of a function
    found = read_type(place, token, "gcp:compute/instanceGroup:InstanceGroup", arguments)
    return {**found, "instances": [each["instance"] for each in _members(place, str(found["id"]))]}


def _members(place: Place, group: str) -> list[dict[str, Any]]:
    sent = {"instanceState": "ALL"}
    found: list[dict[str, Any]] = place.api.call("POST", _COMPUTE, f"compute/v1/{group}/listInstances", sent).get(
        "items", []
    )
    return found


@function("compute/getRegionInstanceGroup:getRegionInstanceGroup")
def _region_group(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    known = {"project": place.settings.project, "region": place.settings.region, **arguments}
    known |= parse(_GROUP, named(str(arguments.get("selfLink") or ""))) or {}
    identifier = fill(_GROUP, known)
    found = place.api.find(_COMPUTE, f"compute/v1/{identifier}")
    if found is None:
        raise Absent("compute/getRegionInstanceGroup", identifier)
    told = {name: known[name] for name in ("project", "region", "name")}
    return {**found, **told, "id": identifier, "instances": _members(place, identifier)}


@function("storage/getTransferProjectServiceAccount:getTransferProjectServiceAccount")
def _transfers(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Tell the account that Storage Transfer Service works as in a project."""
    project = place.project(arguments)
    found = place.api.call("GET", "cloudresourcemanager.googleapis.com", f"v1/projects/{project}")
    email = f"project-{found['projectNumber']}@storage-transfer-service.iam.gserviceaccount.com"
    subject = str(int(hashlib.sha256(email.encode()).hexdigest()[:17], 16))
    told = {"id": email, "email": email, "member": f"serviceAccount:{email}", "subjectId": subject}
    return {**arguments, "project": project, **told}


function("storage/getTransferProjectServieAccount:getTransferProjectServieAccount")(_transfers)
