"""The model registry: upload, versions, aliases, copy, export."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import aborted, already_exists, failed_precondition, invalid
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.masks import apply_mask, read_mask
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import standard
from mockcloud.services.aiplatform import versions
from mockcloud.services.aiplatform.api import (
    API,
    LOCATION,
    SERVICE,
    collection,
    now,
    refuse_in_use,
    shown,
    start,
)

_ID: Final = re.compile(r"[a-z_][a-z0-9_-]{0,62}|[0-9]{1,19}")
_RESOURCES: Final = ("DEDICATED_RESOURCES", "AUTOMATIC_RESOURCES", "SHARED_RESOURCES")

collection("models")


@SERVICE.method(f"{LOCATION}.models.upload")
def upload(call: Call) -> Answer | Body:
    """Upload a model, or a further version of one."""
    model = dict(call.body.get("model", {}))
    if not model.get("displayName"):
        raise invalid("The model has no display name.", Violation("model.display_name", "It is required."))
    parent = versions.find(call.cloud, call.body["parentModel"])[0] if call.body.get("parentModel") else None
    location = call.name.removesuffix("/models")
    record = add(call, location, model, parent=parent, model_id=call.body.get("modelId", ""))
    response = {"model": shown(call.cloud, record.name), "modelVersionId": _newest(record)}
    return start(call, record.name, response, seconds=10, back=None if parent else {"name": record.name})


def add(call: Call, location: str, model: Mapping[str, Any], *, parent: Record | None, model_id: str) -> Record:
    """Add a model, or a version of the parent.

    Raises:
        ApiError: The id is invalid, or a model has it.
    """
    if model_id and not _ID.fullmatch(model_id):
        raise invalid(f"Invalid model id: '{model_id}'.", Violation("model_id", "It must match [a-z_][a-z0-9_-]*."))
    return put(call.cloud, location, model, parent=parent, model_id=model_id)


def put(cloud: Cloud, location: str, model: Mapping[str, Any], *, parent: Record | None, model_id: str = "") -> Record:
    """Add a model, or a version of the parent, also where no call asks: a training pipeline ends with one.

    Raises:
        ApiError: A model has the id.
    """
    name = (
        parent.name if parent is not None else f"{location}/models/{model_id or cloud.ids.numeric('aiplatform/models')}"
    )
    if parent is None and cloud.store.get(API, name) is not None:
        raise already_exists(shown(cloud, name), what="Model")
    source = {"sourceType": "CUSTOM"}
    kinds = (
        {} if "supportedDeploymentResourcesTypes" in model else {"supportedDeploymentResourcesTypes": list(_RESOURCES)}
    )
    # A model without a container cannot be deployed.
    complete = {"modelSourceInfo": source, **(kinds if "containerSpec" in model else {}), **model}
    all_of_them = versions.new_version(cloud, name, complete, parent)
    if parent is None:
        return cloud.create(Record(API, name, all_of_them["1"], {"versions": all_of_them}))
    return versions.write(cloud, parent, all_of_them)


def _newest(record: Record) -> str:
    return max(versions.versions(record), key=int)


@SERVICE.method(f"{LOCATION}.models.get")
def get(call: Call) -> Answer | Body:
    """Give a model in one version."""
    return versions.body_of(*versions.of_call(call))


@SERVICE.method(f"{LOCATION}.models.listVersions")
def list_versions(call: Call) -> Answer | Body:
    """Give the versions of a model."""
    record, _ = versions.of_call(call)
    keep = matcher(call.text("filter"))
    bodies = [versions.body_of(record, number) for number in versions.versions(record)]
    if call.text("orderBy").endswith("desc"):
        bodies.reverse()
    chosen, token = slice_page(call, [each for each in bodies if keep is None or keep(each)])
    return {"models": chosen, **({"nextPageToken": token} if token else {})}


@SERVICE.method(f"{LOCATION}.models.listCheckpoints")
def list_checkpoints(call: Call) -> Answer | Body:
    """Give the checkpoints of a model, which only tuning makes."""
    record, number = versions.of_call(call)
    kept = versions.body_of(record, number).get("checkpoints", [])
    return {"checkpoints": [{**each, "versionId": number} for each in kept]} if kept else {}


@SERVICE.method(f"{LOCATION}.models.patch")
def patch(call: Call) -> Answer | Body:
    """Change what a version says of itself."""
    record, number = versions.of_call(call)
    old = versions.versions(record)[number]
    given = call.body.get("etag")
    if given and given != old["etag"]:
        raise aborted(f"The etag of '{record.name}' does not match: somebody changed it meanwhile. Read it again.")
    mask = call.text("updateMask") or ",".join(key for key in call.body if key not in {"name", "etag"})
    paths = read_mask(mask, call.schemas, call.method.request)
    if any(path[0] == "versionAliases" for path in paths):
        raise invalid(
            "Aliases are changed through mergeVersionAliases.",
            Violation("update_mask", "version_aliases cannot be updated."),
        )
    changed = {**apply_mask(old, call.body, paths)}
    kept = {key: old[key] for key in ("name", "versionId", "versionAliases", "createTime", "versionCreateTime")}
    moment = now(call.cloud)
    new = {**changed, **kept, "updateTime": moment, "versionUpdateTime": moment}
    new["etag"] = call.cloud.etag(record.revision + 1)
    written = versions.write(call.cloud, record, {**versions.versions(record), number: new})
    return versions.body_of(written, number)


@SERVICE.method(f"{LOCATION}.models.mergeVersionAliases")
def merge_version_aliases(call: Call) -> Answer | Body:
    """Give a version aliases, and take away those with a hyphen before them."""
    record, number = versions.of_call(call)
    wanted = call.body.get("versionAliases", [])
    removed = [each[1:] for each in wanted if each.startswith("-")]
    added = [each for each in wanted if not each.startswith("-")]
    versions.check_aliases(added)
    if versions.DEFAULT in removed:
        raise invalid(
            "The alias 'default' cannot be removed; give it to another version.",
            Violation("version_aliases", "It cannot be removed."),
        )
    all_of_them = {key: versions.without(each, added) for key, each in versions.versions(record).items()}
    chosen = versions.without(all_of_them[number], removed)
    all_of_them[number] = {
        **chosen,
        "versionAliases": [*chosen["versionAliases"], *added],
        "versionUpdateTime": now(call.cloud),
        "etag": call.cloud.etag(record.revision + 1),
    }
    return versions.body_of(versions.write(call.cloud, record, all_of_them), number)


@SERVICE.method(f"{LOCATION}.models.deleteVersion")
def delete_version(call: Call) -> Answer | Body:
    """Delete one version. The default one, and the last one, go only with the model."""
    record, number = versions.of_call(call)
    all_of_them = versions.versions(record)
    if versions.DEFAULT in all_of_them[number]["versionAliases"]:
        raise failed_precondition(
            f"Version {number} of '{shown(call.cloud, record.name)}' is the default one. Make another one the default, "
            "or delete the model."
        )
    if "deployedModels" in versions.body_of(record, number):
        refuse_in_use(call, f"Version {number} of '{shown(call.cloud, record.name)}' is deployed. Undeploy it first.")
    del all_of_them[number]
    versions.write(call.cloud, record, all_of_them)
    return start(call, record.name, {})


@SERVICE.method(f"{LOCATION}.models.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a model with all its versions."""
    record, _ = versions.of_call(call)
    deployed = record.hidden.get("deployed", [])
    if deployed:
        endpoints = ", ".join(sorted({each["endpoint"] for each in deployed}))
        refuse_in_use(
            call, f"The model '{shown(call.cloud, record.name)}' is deployed at: {endpoints}. Undeploy it first."
        )
    return standard.delete(call)


@SERVICE.method(f"{LOCATION}.models.copy")
def copy(call: Call) -> Answer | Body:
    """Copy a version of a model, also from another region."""
    source, number = versions.find(call.cloud, call.body.get("sourceModel", ""))
    parent = versions.find(call.cloud, call.body["parentModel"])[0] if call.body.get("parentModel") else None
    before = versions.versions(source)[number]
    own = (
        "name",
        "versionId",
        "versionAliases",
        "createTime",
        "updateTime",
        "etag",
        "versionCreateTime",
        "versionUpdateTime",
    )
    model = {key: value for key, value in before.items() if key not in own}
    if "encryptionSpec" in call.body:
        model["encryptionSpec"] = call.body["encryptionSpec"]
    model["modelSourceInfo"] = {**model.get("modelSourceInfo", {}), "copy": True}
    location = call.name.removesuffix("/models")
    record = add(call, location, model, parent=parent, model_id=call.body.get("modelId", ""))
    response = {"model": shown(call.cloud, record.name), "modelVersionId": _newest(record)}
    return start(call, record.name, response, seconds=30, back=None if parent else {"name": record.name})


@SERVICE.method(f"{LOCATION}.models.export")
def export(call: Call) -> Answer | Body:
    """Export a model. No files are written: the operation's metadata says where they would be."""
    record, _ = versions.of_call(call)
    config = call.body.get("outputConfig", {})
    artifact = config.get("artifactDestination", {}).get("outputUriPrefix", "")
    image = config.get("imageDestination", {}).get("outputUri", "")
    if not artifact and not image:
        raise invalid("The export has no destination.", Violation("output_config", "It is required."))
    folder = f"{artifact.rstrip('/')}/model-{record.id}/{config.get('exportFormatId', 'custom-trained')}"
    output = {**({"artifactOutputUri": folder} if artifact else {}), **({"imageOutputUri": image} if image else {})}
    return start(call, record.name, {}, seconds=60, back={}, outputInfo=output)


@SERVICE.method(f"{LOCATION}.models.updateExplanationDataset")
def update_explanation_dataset(call: Call) -> Answer | Body:
    """Take further examples for explanations by example."""
    record, _ = versions.of_call(call)
    return start(call, record.name, {}, seconds=60, back={})
