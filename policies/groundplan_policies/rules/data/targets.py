"""Finds the buckets and datasets of a deployment that properties name, in each of the ways in which they name them."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import token
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import UNKNOWN

_DATASET = "bigquery.Dataset"
_BUCKET = "storage.Bucket"
_IN_DATASET: Final = {
    **{
        token(short): Path("datasetId")
        for short in ("bigquery.Table", "bigquery.Routine", "bigquery.RowAccessPolicy", "bigquery.DatasetAccess")
    },
    token("bigquery.DataTransferConfig"): Path("destinationDatasetId"),
}
"""Where a type names its dataset."""

_FULL_NAME = re.compile(r"projects/([^/]+)/datasets/([^/]+)|([^:./]+)[:.]([^:./]+)")


def dataset_of(resource: Resource, graph: Graph) -> Resource | None:
    """Give the dataset to which a table or another part of one belongs; None if it is none of this document."""
    path = _IN_DATASET.get(resource.type)
    if path is None:
        return None
    named = path.one(resource)
    if not isinstance(named.value, str):
        return None
    made = graph.resolve(resource, named, _DATASET) if graph.origins(resource, named) else None
    if made is not None or named.state is not State.KNOWN:
        return made
    full = _FULL_NAME.fullmatch(named.text)
    if full is not None:
        return dataset(graph, full[1] or full[3], full[2] or full[4])
    return _only(each for each in graph.once(_datasets).get(named.text, ()) if graph.same_project(resource, each))


def dataset(graph: Graph, project: str, name: str) -> Resource | None:
    """Give the dataset of a project; None if there is none, or several.

    Args:
        graph: The deployment.
        project: Id of the project. A dataset of which nobody knows the project may be of another.
        name: Id of the dataset.
    """
    return _only(each for each in graph.once(_datasets).get(name, ()) if project and _project(graph, each) == project)


def _only(found: Iterable[Resource]) -> Resource | None:
    several = tuple(found)
    return several[0] if len(several) == 1 else None


def bucket(graph: Graph, resource: Resource, reading: Reading) -> Resource | None:
    """Give the bucket of this document that a value names: `logs`, `gs://logs/path`, `storage.googleapis.com/logs`.

    A value whose bucket is unknown counts where it was made of the outputs of exactly one bucket, and nothing but a
    scheme stands in front of them.
    """
    if reading.state is State.KNOWN:
        name = _bucket_part(reading.text)
        found = graph.once(_buckets).get(name, ()) if name else ()
        return found[0] if len(found) == 1 else None
    if reading.state is State.UNKNOWN and isinstance(reading.value, str) and _bucket_part(reading.value) == UNKNOWN:
        return graph.resolve(resource, reading, _BUCKET)
    return None


def _bucket_part(text: str) -> str:
    for scheme in ("gs://", "storage.googleapis.com/"):
        if text.startswith(scheme):
            return text.removeprefix(scheme).partition("/")[0]
    return "" if "://" in text else text.partition("/")[0]


def _project(graph: Graph, resource: Resource) -> str:
    found = graph.effective(resource, "project")
    return found.text if found.state is State.KNOWN else ""


def _datasets(graph: Graph) -> Mapping[str, tuple[Resource, ...]]:
    return _by_name(graph, _DATASET, "datasetId")


def _buckets(graph: Graph) -> Mapping[str, tuple[Resource, ...]]:
    return _by_name(graph, _BUCKET, "name")


def _by_name(graph: Graph, short: str, key: str) -> Mapping[str, tuple[Resource, ...]]:
    found: dict[str, list[Resource]] = {}
    for resource in graph.of(short):
        names = (source.get(key) for source in (resource.inputs, resource.outputs))
        for name in sorted({name for name in names if isinstance(name, str)}):
            found.setdefault(name, []).append(resource)
    return {name: tuple(each) for name, each in found.items()}
