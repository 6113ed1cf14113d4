"""Functions that look up what Google offers: images, zones, regions, networks and versions of GKE.

Source of the behaviour: the documentation of the functions in pulumi_gcp 10.2.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.functions import function
from mockcloud.pulumi.lifecycle import Place

_COMPUTE: Final = "compute.googleapis.com"
_BAD: Final = 400


@function("compute/getImage:getImage")
def _image(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    project = place.project(arguments)
    found = _image_found(place, f"compute/v1/projects/{project}/global/images", arguments)
    told = {name: found.get(name, "") for name in ("creationTimestamp", "description", "family", "name", "status")}
    return {
        "filter": "",
        **arguments,
        **told,
        "id": f"projects/{project}/global/images/{found['name']}",
        "project": project,
        "imageId": str(found.get("id", "")),
        "selfLink": found.get("selfLink", ""),
        "archiveSizeBytes": int(found.get("archiveSizeBytes", 0)),
        "diskSizeGb": int(found.get("diskSizeGb", 0)),
        "labels": found.get("labels") or {},
        "labelFingerprint": found.get("labelFingerprint", ""),
        "licenses": found.get("licenses") or [],
        "sourceDisk": found.get("sourceDisk", ""),
        "sourceDiskId": found.get("sourceDiskId", ""),
        "sourceImageId": found.get("sourceImageId", ""),
        "imageEncryptionKeySha256": (found.get("imageEncryptionKey") or {}).get("sha256", ""),
        "sourceDiskEncryptionKeySha256": (found.get("sourceDiskEncryptionKey") or {}).get("sha256", ""),
    }


def _image_found(place: Place, path: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Find the image of a name, the newest of a family, or the one that a filter fits."""
    if arguments.get("name"):
        return place.api.call("GET", _COMPUTE, f"{path}/{arguments['name']}")
    if arguments.get("family"):
        return place.api.call("GET", _COMPUTE, f"{path}/family/{arguments['family']}")
    wanted = str(arguments.get("filter") or "")
    if not wanted:
        raise Refused(_BAD, "one of name, family or filter must be set", "INVALID_ARGUMENT", "getImage")
    fitting = place.api.call("GET", _COMPUTE, f"{path}?filter={quote(wanted, safe='')}").get("items", [])
    if not fitting:
        raise Refused(NOT_FOUND, f"There is no image that fits {wanted}.", "NOT_FOUND", "getImage")
    if len(fitting) > 1 and not arguments.get("mostRecent"):
        message = f"{len(fitting)} images fit {wanted}: narrow the filter, or set mostRecent."
        raise Refused(_BAD, message, "INVALID_ARGUMENT", "getImage")
    newest: dict[str, Any] = max(fitting, key=_made_at)
    return newest


def _made_at(image: Mapping[str, Any]) -> str:
    return str(image.get("creationTimestamp", ""))


@function("compute/getZones:getZones")
def _zones(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    project, region = place.project(arguments), str(arguments.get("region") or place.settings.region)
    zones = _offered(place, f"compute/v1/projects/{project}/zones", arguments)
    names = sorted(each["name"] for each in zones if not region or each["region"].endswith(f"/{_last(region)}"))
    return {**arguments, "id": f"projects/{project}/regions/{region}", "project": project, "names": names}


def _offered(place: Place, path: str, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = place.api.call("GET", _COMPUTE, path).get("items", [])
    return [each for each in found if arguments.get("status") in (None, "", each["status"])]


def _last(name: str) -> str:
    return name.rpartition("/")[2]


@function("container/getEngineVersions:getEngineVersions")
def _engine_versions(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    project = place.project(arguments)
    location = str(arguments.get("location") or place.settings.region or place.settings.zone)
    path = f"v1/projects/{project}/locations/{location}/serverConfig"
    found = place.api.call("GET", "container.googleapis.com", path)
    prefix = str(arguments.get("versionPrefix") or "")
    masters, nodes = (
        [each for each in found.get(name, []) if each.startswith(prefix)]
        for name in ("validMasterVersions", "validNodeVersions")
    )
    channels = {each["channel"]: each for each in found.get("channels", [])}
    return {
        **arguments,
        "id": f"projects/{project}/locations/{location}",
        "project": project,
        "defaultClusterVersion": found.get("defaultClusterVersion", ""),
        "validMasterVersions": masters,
        "validNodeVersions": nodes,
        "latestMasterVersion": masters[0] if masters else "",
        "latestNodeVersion": nodes[0] if nodes else "",
        "releaseChannelDefaultVersion": {name: each.get("defaultVersion", "") for name, each in channels.items()},
        "releaseChannelLatestVersion": {
            name: (each.get("validVersions") or [""])[0] for name, each in channels.items()
        },
        "releaseChannelUpgradeTargetVersion": {
            name: each.get("upgradeTargetVersion", each.get("defaultVersion", "")) for name, each in channels.items()
        },
    }
