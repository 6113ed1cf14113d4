"""Names of datasets and what is in them, and how they are found."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.store import Record
from mockcloud.services.bigquery.refusals import bad, missing
from mockcloud.services.bigquery.service import API

_SLASHES: Final = 3
"""In the full name of a dataset."""
_DATASET: Final = re.compile(r"[A-Za-z0-9_]{1,1024}")
_TABLE: Final = re.compile(r"[^\x00-\x1f.$@`/\\]{1,1024}")


def dataset_name(project: str, dataset: str) -> str:
    """Give the full name of a dataset."""
    return f"projects/{project}/datasets/{dataset}"


def hold_dataset_id(identifier: str) -> None:
    """Hold the id of a dataset to the rules.

    Raises:
        ApiError: It breaks one.
    """
    if not _DATASET.fullmatch(identifier):
        raise bad(
            f'Invalid dataset ID "{identifier}". Dataset IDs must be alphanumeric (plus underscores) and must be at '
            "most 1024 characters long."
        )


def hold_table_id(identifier: str) -> None:
    """Hold the id of a table, model or routine to the rules.

    Raises:
        ApiError: It breaks one.
    """
    if not _TABLE.fullmatch(identifier):
        raise bad(f'Invalid table ID "{identifier}".')


def table_name(cloud: Cloud, reference: Mapping[str, Any], project: str) -> str:
    """Give the full name of the table that a reference means.

    Raises:
        ApiError: A part of it is no id.
    """
    if any("/" in str(reference.get(part, "")) for part in ("projectId", "datasetId", "tableId")):
        raise bad("Invalid table reference: an id holds a slash.")
    owner = cloud.projects.id_of(reference.get("projectId") or project)
    return f"{dataset_name(owner, reference.get('datasetId', ''))}/tables/{reference.get('tableId', '')}"


def colons(name: str) -> str:
    """Give a full name as messages have it: `project:dataset.table`."""
    parts = name.split("/")[1::2]
    return f"{parts[0]}:{'.'.join(parts[1:])}"


def dataset(cloud: Cloud, name: str) -> Record:
    """Find a dataset.

    Raises:
        ApiError: 404.
    """
    # An id that holds a slash could name something else that there is.
    record = cloud.store.get(API, name) if name.count("/") == _SLASHES else None
    if record is None:
        raise missing("Dataset", colons(name))
    return record


def table(cloud: Cloud, name: str) -> Record:
    """Find a table; one whose dataset is missing says so.

    Raises:
        ApiError: 404.
    """
    record = shared(cloud, name)
    if record is None:
        dataset(cloud, name.rpartition("/tables/")[0])
        raise missing("Table", colons(name))
    return record


def shared(cloud: Cloud, name: str) -> Record | None:
    """Find a table, in a linked dataset the one of the dataset that it shows; None for none.

    What is known of a partition, `table$20260102`, is what is known of its table.
    """
    name = name.partition("$")[0]
    record = cloud.store.get(API, name)
    parent, _, identifier = name.rpartition("/tables/")
    if record is None and (source := source_of(cloud, parent)) != parent:
        record = cloud.store.get(API, f"{source}/tables/{identifier}")
    return record


def source_of(cloud: Cloud, name: str) -> str:
    """Give the dataset whose tables a dataset shows: of a linked one its source, else itself."""
    record = cloud.store.get(API, name)
    source = record.body.get("linkedDatasetSource", {}).get("sourceDataset") if record is not None else None
    return dataset_name(cloud.projects.id_of(source["projectId"]), source["datasetId"]) if source else name


def milliseconds(call: Call) -> str:
    """Give the moment of a call as BigQuery writes moments."""
    call.cloud.clock.tick()
    return str(int(call.cloud.clock.now.timestamp() * 1000))
