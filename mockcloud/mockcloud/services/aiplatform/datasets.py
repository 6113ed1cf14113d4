"""Datasets and their versions. What they point at is not read: data items, annotations and saved queries stay empty."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform.api import (
    API,
    LOCATION,
    SERVICE,
    collection,
    found,
    start,
    touch,
)

_SCHEMA_LABEL: Final = "aiplatform.googleapis.com/dataset_metadata_schema"
"""Label in which the service says the title of the metadata's schema (Dataset.labels)."""
_BIGQUERY: Final = "bigquery"


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    title = body["metadataSchemaUri"].rpartition("/")[2].rpartition("_")[0].upper()
    labels = {**body.get("labels", {}), **({_SCHEMA_LABEL: title} if title else {})}
    return {**body, **({"labels": labels} if labels else {})}


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    """Keep the label that the service has set."""
    del call
    title = record.body.get("labels", {}).get(_SCHEMA_LABEL)
    return {**body, "labels": {**body.get("labels", {}), _SCHEMA_LABEL: title}} if title else body


collection(
    "datasets",
    created=_created,
    changed=_changed,
    required=("displayName", "metadataSchemaUri"),
    immutable=("metadataSchemaUri", "encryptionSpec"),
)


@SERVICE.method(f"{LOCATION}.datasets.import")
def import_data(call: Call) -> Answer | Body:
    """Import data. The files are not read."""
    record = found(call)
    configs = call.body.get("importConfigs", [])
    if not configs:
        raise invalid("At least one import config is needed.", Violation("import_configs", "It is empty."))
    for at, each in enumerate(configs):
        if not each.get("importSchemaUri"):
            raise invalid(
                "The import schema is not set.", Violation(f"import_configs[{at}].import_schema_uri", "It is required.")
            )
    touch(call.cloud, record)
    return start(call, record.name, {}, seconds=60, back={})


@SERVICE.method(f"{LOCATION}.datasets.export")
def export_data(call: Call) -> Answer | Body:
    """Export data. No files are written, so the answer names none."""
    record = found(call)
    destination = call.body.get("exportConfig", {}).get("gcsDestination", {}).get("outputUriPrefix", "")
    if not destination:
        raise invalid(
            "The destination of the export is not set.",
            Violation("export_config.gcs_destination.output_uri_prefix", "It is required."),
        )
    return start(call, record.name, {}, seconds=60, back={}, gcsOutputDirectory=destination)


@SERVICE.method(f"{LOCATION}.datasets.searchDataItems")
def search_data_items(call: Call) -> Answer | Body:
    """Search the data items, of which there are none."""
    found(call)
    return {}


# Versions
# ---------------------------------------------------------------------------------------------------------------------


def _version_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    dataset = call.cloud.store.get(API, name.rpartition("/")[0].rpartition("/")[0])
    kept = (
        {}
        if dataset is None
        else {key: dataset.body[key] for key in ("metadata", "modelReference") if key in dataset.body}
    )
    project = name.split("/")[1]
    identifier = name.rpartition("/")[2]
    return {**body, **kept, "bigQueryDatasetName": f"bq://{project}.dataset_version_{identifier}"}


collection("datasets.datasetVersions", created=_version_created)


@SERVICE.method(f"{LOCATION}.datasets.datasetVersions.restore")
def restore_version(call: Call) -> Answer | Body:
    """Make a dataset what it was in one of its versions."""
    version = found(call)
    dataset = call.cloud.store.get(API, version.name.rpartition("/")[0].rpartition("/")[0])
    if dataset is None:
        raise not_found(version.name)
    touch(call.cloud, dataset, metadata=version.body.get("metadata"))
    return start(call, version.name, version.body)
