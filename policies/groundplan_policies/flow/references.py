"""Data that goes where a property says: a feature group's source, a job's destination, an endpoint's request log.

The properties are those of the provider (pulumi_gcp 10.2); what each does is the meaning that Google's API gives it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.flow.model import Edge, Kind
from groundplan_policies.flow.places import BUCKET, DATASET, TABLE, by_parts, in_sql, in_storage, in_warehouse

Found: TypeAlias = Sequence[Resource] | None
Find: TypeAlias = Callable[[Graph, Resource, Reading], Found]
"""Gives what a value names: nothing for what is elsewhere, None where nobody can tell."""


def _one_of(*short: str) -> Find:
    def find(graph: Graph, resource: Resource, reading: Reading) -> Found:
        if reading.state in {State.ABSENT, State.EMPTY}:
            return ()
        made = graph.resolve(resource, reading, *short)
        if made is not None:
            return (made,)
        return () if reading.state is State.KNOWN and isinstance(reading.value, str) else None

    return find


def _sql(graph: Graph, resource: Resource, reading: Reading) -> Found:
    if reading.state in {State.ABSENT, State.EMPTY}:
        return ()
    return in_sql(graph, resource, reading.value)


@dataclass(frozen=True, slots=True)
class _End:
    """One property that names where data comes from or goes to.

    Attributes:
        path: The property.
        find: What it names.
        types: Short names of the types that it may name, for a value that nobody can tell.
    """

    path: Path
    find: Find
    types: tuple[str, ...]


def _bucket(path: str) -> _End:
    return _End(Path(path), in_storage, (BUCKET,))


def _table(path: str) -> _End:
    return _End(Path(path), in_warehouse, (TABLE, DATASET))


def _apart(path: str) -> _End:
    """Make the end of a block that names project, dataset and table apart, or the table in full."""
    return _End(Path(path), by_parts, (TABLE, DATASET))


def _replicated(path: str) -> _End:
    find = partial(by_parts, keys=("sourceProjectId", "sourceDatasetId", "sourceTableId"))
    return _End(Path(path), find, (TABLE, DATASET))


def _query(path: str) -> _End:
    return _End(Path(path), _sql, (TABLE, DATASET))


def _resource(path: str, *short: str) -> _End:
    return _End(Path(path), _one_of(*short), short)


_INTO: Final = {
    "vertex.AiFeatureGroup": (_table("bigQuery.bigQuerySource.inputUri"),),
    "vertex.AiFeatureOnlineStoreFeatureview": (
        _table("bigQuerySource.uri"),
        _resource("featureRegistrySource.featureGroups.featureGroupId", "vertex.AiFeatureGroup"),
    ),
    "vertex.AiIndex": (_bucket("metadata.contentsDeltaUri"),),
    "bigquery.Table": (
        _bucket("externalDataConfiguration.sourceUris"),
        _query("view.query"),
        _query("materializedView.query"),
        _replicated("tableReplicationInfo"),
    ),
    "dataloss.PreventionJobTrigger": (
        _bucket("inspectJob.storageConfig.cloudStorageOptions.fileSet.url"),
        _bucket("inspectJob.storageConfig.cloudStorageOptions.fileSet.regexFileSet.bucketName"),
        _apart("inspectJob.storageConfig.bigQueryOptions.tableReference"),
    ),
}
"""Short name of a type -> the properties that name where its data comes from."""

_OUT_OF: Final = {
    "vertex.AiFeatureOnlineStoreFeatureview": (_resource("featureOnlineStore", "vertex.AiFeatureOnlineStore"),),
    "vertex.AiEndpoint": (_table("predictRequestResponseLoggingConfig.bigqueryDestination.outputUri"),),
}
"""Short name of a type -> the properties that name where its data goes to."""

_BETWEEN: Final = {
    "vertex.AiIndexEndpointDeployedIndex": (
        (_resource("index", "vertex.AiIndex"),),
        (_resource("indexEndpoint", "vertex.AiIndexEndpoint"),),
    ),
    "bigquery.Job": (
        (
            _bucket("load.sourceUris"),
            _apart("copy.sourceTables"),
            _apart("extract.sourceTable"),
            _query("query.query"),
            _apart("query.defaultDataset"),
        ),
        (
            _apart("load.destinationTable"),
            _apart("copy.destinationTable"),
            _apart("query.destinationTable"),
            _bucket("extract.destinationUris"),
        ),
    ),
    "bigquery.DataTransferConfig": (
        (_query("params.query"), _bucket("params.data_path_template")),
        (_table("destinationDatasetId"),),
    ),
    "storage.TransferJob": (
        (_bucket("transferSpec.gcsDataSource.bucketName"),),
        (_bucket("transferSpec.gcsDataSink.bucketName"),),
    ),
}
"""Short name of a type -> the properties that name from where, and those that name to where, it moves data."""

_COPY: Final = _bucket("inspectJob.actions.deidentify.cloudStorageOutput")
_TRIGGER: Final = "dataloss.PreventionJobTrigger"


def reference_edges(graph: Graph) -> Iterator[Edge]:
    """Give the edges that properties make."""
    for resource, ends in _all(graph, _INTO):
        for source, sure in _named(graph, resource, ends):
            yield Edge(source.urn, resource.urn, Kind.REFERENCE, resource.urn, sure)
    for resource, ends in _all(graph, _OUT_OF):
        for target, sure in _named(graph, resource, ends):
            yield Edge(resource.urn, target.urn, Kind.REFERENCE, resource.urn, sure)
    for short, (sources, targets) in _BETWEEN.items():
        for resource in graph.of(short):
            yield from _moved(graph, resource, sources, targets)
    for trigger in graph.of(_TRIGGER):
        for target, sure in _named(graph, trigger, (_COPY,)):
            yield Edge(trigger.urn, target.urn, Kind.DEIDENTIFY, trigger.urn, sure)


def _all(graph: Graph, table: Mapping[str, Sequence[_End]]) -> Iterator[tuple[Resource, Sequence[_End]]]:
    return ((resource, ends) for short, ends in table.items() for resource in graph.of(short))


def _moved(graph: Graph, resource: Resource, sources: Sequence[_End], targets: Sequence[_End]) -> Iterator[Edge]:
    into = list(_named(graph, resource, targets))
    for source, source_sure in _named(graph, resource, sources):
        for target, target_sure in into:
            if source.urn != target.urn:
                sure = source_sure and target_sure
                yield Edge(source.urn, target.urn, Kind.REFERENCE, resource.urn, sure)


def _named(graph: Graph, resource: Resource, ends: Sequence[_End]) -> Iterator[tuple[Resource, bool]]:
    """Give what properties name, and that it is sure; where nobody can tell, everything that it may be, not sure."""
    for end in ends:
        for reading in (entry for each in end.path.read(resource) for entry in entries(each)):
            found = end.find(graph, resource, reading)
            if found is not None:
                yield from ((each, True) for each in found if each.urn != resource.urn)
            else:
                yield from ((each, False) for each in graph.of(*end.types) if each.urn != resource.urn)
