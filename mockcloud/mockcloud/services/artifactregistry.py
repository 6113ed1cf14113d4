"""Artifact Registry: repositories, what is in them, and settings."""

import hashlib
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.reading import found
from mockcloud.services.service import Service
from mockcloud.services.singletons import getter, updater

API: Final = "artifactregistry"
REPOSITORIES: Final = "projects.locations.repositories"
SERVICE: Final = Service(API)

_HOSTS: Final = {
    "DOCKER": "docker",
    "MAVEN": "maven",
    "NPM": "npm",
    "PYTHON": "python",
    "APT": "apt",
    "YUM": "yum",
    "GO": "go",
    "KFP": "kfp",
    "GENERIC": "generic",
    "GOOGET": "googet",
    "RUBY": "ruby",
}


def _repository(call: Call, name: str, body: dict[str, Any]) -> Body:
    kind = body.get("format", "")
    if not kind or kind == "FORMAT_UNSPECIFIED":
        raise invalid("A repository needs a format.", Violation("repository.format", "It must be set."))
    mode = body.get("mode", "MODE_UNSPECIFIED")
    if mode == "VIRTUAL_REPOSITORY":
        _hold_upstreams(call, body)
    _, project, _, place, _, identifier = name.split("/")
    extra: dict[str, Any] = {"registryUri": f"{place}-{_HOSTS.get(kind, kind.lower())}.pkg.dev/{project}/{identifier}"}
    scanning = body.get("vulnerabilityScanningConfig", {})
    extra["vulnerabilityScanningConfig"] = {
        **scanning,
        "enablementState": "SCANNING_DISABLED",
        "enablementStateReason": "API containerscanning.googleapis.com is not enabled.",
    }
    return {**body, "mode": "STANDARD_REPOSITORY" if mode.endswith("UNSPECIFIED") else mode, "sizeBytes": "0", **extra}


def _hold_upstreams(call: Call, body: dict[str, Any]) -> None:
    for each in body.get("virtualRepositoryConfig", {}).get("upstreamPolicies", []):
        if call.cloud.store.get(API, each.get("repository", "")) is None:
            raise not_found(each.get("repository", ""), what="Repository")


SERVICE.collection(REPOSITORIES, created=_repository, immutable=("format", "mode", "kmsKeyName"), seconds=3.0)


def _tag(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    version = body.get("version", "")
    if not version or call.cloud.store.get(API, version) is None:
        raise not_found(version or "(none)", what="Version")
    return body


SERVICE.collection(f"{REPOSITORIES}.packages.tags", created=_tag, state=None)


def _tagged(call: Call, record: Record) -> None:
    """Refuse to delete a version with tags, unless the call says that they go too."""
    package = record.name.rpartition("/versions/")[0]
    tags = [each for each in call.cloud.store.page(API, f"{package}/tags") if each.body.get("version") == record.name]
    if tags and not call.flag("force"):
        raise failed_precondition(f"'{record.name}' has tags. Delete them first, or set force.")
    for each in tags:
        call.cloud.delete(each)


SERVICE.collection(f"{REPOSITORIES}.packages.versions", deleting=_tagged, state=None)


@SERVICE.method(f"{REPOSITORIES}.packages.versions.batchDelete")
def delete_versions(call: Call) -> Answer | Body:
    """Delete several versions of a package."""
    package = call.name.removesuffix("/versions")
    for name in call.body.get("names", []):
        found(call, name)
    if not call.body.get("validateOnly"):
        for name in call.body.get("names", []):
            record = found(call, name)
            _tagged(call, record)
            call.cloud.delete(record)
    place = "/".join(package.split("/")[:4])
    return operations.start(call, place, {}, type_name="google.protobuf.Empty", about=package)


# Contents
# ---------------------------------------------------------------------------------------------------------------------


def publish(call: Call, repository: Record, package: str, version: str, **extra: Any) -> Record:  # noqa: ANN401 - JSON
    """Put a version of a package into a repository, and make the package where there is none."""
    now = call.cloud.clock.tick()
    name = f"{repository.name}/packages/{package}"
    if call.cloud.store.get(API, name) is None:
        call.cloud.create(
            Record(API, name, {"name": name, "displayName": package, "createTime": now, "updateTime": now})
        )
    full = f"{name}/versions/{version}"
    if call.cloud.store.get(API, full) is not None:
        raise already_exists(full, what="Version")
    return call.cloud.create(Record(API, full, {"name": full, "createTime": now, "updateTime": now, **extra}))


@SERVICE.method(f"{REPOSITORIES}.genericArtifacts.upload")
def upload_generic(call: Call) -> Answer | Body:
    """Put a file into a generic repository, as a version of a package."""
    repository = found(call, call.name.removesuffix("/genericArtifacts"))
    package, version = call.body.get("packageId", ""), call.body.get("versionId", "")
    filename = call.body.get("filename") or call.body.get("name", "")
    if repository.body["format"] != "GENERIC":
        raise failed_precondition(f"'{repository.name}' is a repository of {repository.body['format']}, not GENERIC.")
    if not package or not version:
        raise invalid("Package and version must be named.", Violation("package_id", "It must be set."))
    made = publish(call, repository, package, version)
    content = call.request.content or b""
    digest = hashlib.sha256(content).hexdigest()
    path = f"{repository.name}/files/{package}:{version}:{filename}"
    file = {
        "name": path,
        "sizeBytes": str(len(content)),
        "hashes": [{"type": "SHA256", "value": _hash(digest)}],
        "createTime": call.cloud.clock.tick(),
        "owner": made.name,
    }
    call.cloud.create(Record(API, path, file, {"content": digest}))
    place = "/".join(repository.name.split("/")[:4])
    type_name = "google.devtools.artifactregistry.v1.GenericArtifact"
    response = {"name": f"{repository.name}/genericArtifacts/{package}:{version}", "version": version}
    return {"operation": operations.start(call, place, response, type_name=type_name, about=repository.name)}


def _hash(digest: str) -> str:
    import base64

    return base64.b64encode(bytes.fromhex(digest)).decode()


# Settings
# ---------------------------------------------------------------------------------------------------------------------


def _redirection(call: Call) -> dict[str, Any]:
    del call
    return {"legacyRedirectionState": "REDIRECTION_FROM_GCR_IO_DISABLED"}


def _perimeter(call: Call) -> dict[str, Any]:
    del call
    return {"vpcscPolicy": "ALLOW"}


def _none(call: Call) -> dict[str, Any]:
    del call
    return {}


SERVICE.method("projects.getProjectSettings")(getter(_redirection))
SERVICE.method("projects.updateProjectSettings")(updater(_redirection))
SERVICE.method("projects.locations.getVpcscConfig")(getter(_perimeter))
SERVICE.method("projects.locations.updateVpcscConfig")(updater(_perimeter))
SERVICE.method("projects.locations.getProjectConfig")(getter(_none))
SERVICE.method("projects.locations.updateProjectConfig")(updater(_none))
