"""Where resources keep their data: the location that Google uses, whoever says it."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Read
from groundplan_policies.engine.names import short_name, token
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.classes import owner_of

AUTOMATIC = "automatic"
"""What stands for a place that Google chooses, as for a secret with automatic replication. No region is named so."""

_ABSENT: Final = {
    ("storage.Bucket", "location"): Verdict.FAIL,
    ("bigquery.Dataset", "location"): Verdict.FAIL,
    ("storage.Bucket", "customPlacementConfig.dataLocations"): Verdict.PASS,
    ("vertex.AiEndpoint", "location"): Verdict.PASS,
    ("vertex.AiEndpoint", "region"): Verdict.PASS,
}
"""What absence means where Google has a default of its own, or another property still says the place."""

_ZONE = re.compile(r"([a-z]+-[a-z]+[0-9]+)-[a-z]")
_LOCATION = Path("location")
_OWN = (_LOCATION, Path("region"), Path("zone"))
_OWN_NAMES = tuple(path.text for path in _OWN)
_PROVIDER = ("region", "zone")
_LOCATION_ID = Path("locationId")
_DATA_LOCATIONS_BLOCK = "customPlacementConfig"
_DATA_LOCATIONS = Path("customPlacementConfig.dataLocations")
_AUTOMATIC_REPLICATION = Path("replication.auto")
_REPLICATION = Path("replication.userManaged")
_REPLICAS = Path("replication.userManaged.replicas.location")
_ZONES = Path("clusters.zone")

_UNUSUAL: Final = frozenset(
    map(token, ("secretmanager.Secret", "bigtable.Instance", "firestore.Database", "bigquery.Table"))
)
"""The types that name their place in another way than by a location, a region or a zone."""

PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "storage.Bucket": ("location", "customPlacementConfig.dataLocations"),
    "bigquery.Dataset": ("location",),
    "vertex.AiEndpoint": ("location", "region"),
    "secretmanager.Secret": ("replication.auto", "replication.userManaged.replicas.location"),
    "bigtable.Instance": ("clusters.zone",),
    "firestore.Database": ("locationId",),
    **dict.fromkeys(
        (
            "alloydb.Cluster",
            "artifactregistry.Repository",
            "bigquery.Connection",
            "cloudfunctionsv2.Function",
            "cloudrun.Service",
            "cloudrunv2.Job",
            "cloudrunv2.Service",
            "cloudrunv2.WorkerPool",
            "colab.RuntimeTemplate",
            "container.Cluster",
            "container.NodePool",
            "dataproc.Batch",
            "dataproc.MetastoreService",
            "dataproc.SessionTemplate",
            "dataproc.WorkflowTemplate",
            "discoveryengine.DataStore",
            "filestore.Instance",
            "gkebackup.BackupPlan",
            "healthcare.Dataset",
            "logging.BillingAccountBucketConfig",
            "logging.FolderBucketConfig",
            "logging.OrganizationBucketConfig",
            "logging.ProjectBucketConfig",
            "memorystore.Instance",
            "secretmanager.RegionalSecret",
            "vertex.AiPersistentResource",
            "workbench.Instance",
        ),
        ("location",),
    ),
    **dict.fromkeys(
        (
            "cloudfunctions.Function",
            "composer.Environment",
            "compute.RegionDisk",
            "dataflow.FlexTemplateJob",
            "dataflow.Job",
            "dataflow.Pipeline",
            "dataform.Repository",
            "dataproc.Cluster",
            "redis.Cluster",
            "redis.Instance",
            "sql.DatabaseInstance",
            "vertex.AiDataset",
            "vertex.AiEvaluationMetric",
            "vertex.AiFeatureGroup",
            "vertex.AiFeatureOnlineStore",
            "vertex.AiFeatureStore",
            "vertex.AiIndex",
            "vertex.AiIndexEndpoint",
            "vertex.AiMetadataStore",
            "vertex.AiRagCorpus",
            "vertex.AiReasoningEngine",
            "vertex.AiTensorboard",
        ),
        ("region",),
    ),
    "compute.Disk": ("zone",),
    "compute.Instance": ("zone",),
}
"""The types that keep data at a place of their own, and the properties that name it."""

COPIES: Final[Mapping[str, tuple[str, ...]]] = {
    "sql.DatabaseInstance": ("settings.backupConfiguration.location",),
    "alloydb.Cluster": ("automatedBackupPolicy.location",),
    "dataflow.Pipeline": tuple(
        f"workload.{request}.location" for request in ("dataflowFlexTemplateRequest", "dataflowLaunchTemplateRequest")
    ),
}
"""Where a type may name another place for copies of its data, or for the machines that work on it."""

_COPIES: Final = {token(type_): tuple(map(Path, paths)) for type_, paths in COPIES.items()}
_SQL: Final = token("sql.DatabaseInstance")
_BACKUPS = Path("settings.backupConfiguration.enabled")

Places: TypeAlias = Callable[[Resource, Context], list[Reading]]
"""Gives every place of a resource, at least one."""


@lru_cache(maxsize=4096)
def region(text: str) -> str:
    """Give the region of a zone, or the region or multi-region itself, in lower case and without an address before."""
    name = text.rpartition("/")[2].lower()
    zone = _ZONE.fullmatch(name)
    return zone[1] if zone else name


def place_reads(type_: str) -> tuple[Read, ...]:
    """Give the documentation of the properties that name the place of a type.

    Where the property is absent, the provider's default counts, if the document holds the provider.
    """
    indeterminate = Verdict.INDETERMINATE
    return tuple(
        Read(type_, path, absent=_ABSENT.get((type_, path), indeterminate), empty=indeterminate)
        for path in PLACES.get(type_, ())
    )


def usual_places(resource: Resource) -> Sequence[str]:
    """Give the places of a resource that names them as most do, by location, region or zone; nothing for others.

    For a quick answer to the usual case. A place may be a marker: compare it with what is known.
    """
    inputs = resource.inputs
    if resource.type in _UNUSUAL or _DATA_LOCATIONS_BLOCK in inputs:
        return ()
    places: list[str] = []
    for name in _OWN_NAMES:
        place = inputs.get(name)
        if isinstance(place, str):
            places.append(place)
        elif place is not None:
            return ()
    return places


def places_of(resource: Resource, context: Context) -> list[Reading]:
    """Give every place of a resource, at least one. Where nobody names one, the reading is absent or unknown."""
    return _BY_TYPE.get(short_name(resource.type), _named)(resource, context)


def copies_of(resource: Resource) -> list[Reading]:
    """Give every further place of a resource. Backups of Cloud SQL for which none is named are where Google chooses."""
    found = [each for path in _COPIES.get(resource.type, ()) for each in path.read(resource)]
    if resource.type == _SQL and _BACKUPS.one(resource).state is not State.ABSENT:
        off = _BACKUPS.plain(resource.inputs) is False
        return [each for each in found if not off or each.state is not State.ABSENT]
    return [each for each in found if each.state is not State.ABSENT]


def _named(resource: Resource, context: Context) -> list[Reading]:
    """As the provider does it: the resource's own location, region or zone, else the provider's region or zone."""
    own = [path.one(resource) for path in _OWN if resource.inputs.get(path.text) is not None]
    if own:
        return own
    readings = [context.graph.effective(resource, name) for name in _PROVIDER]
    return [next((each for each in readings if each.state is not State.ABSENT), readings[0])]


def _united_states(resource: Resource, _: Context) -> list[Reading]:
    """Where no place is named, Google takes the multi-region US, whatever region the provider has."""
    reading = _LOCATION.one(resource)
    return [Reading(_LOCATION.text, State.KNOWN, "US") if reading.state is State.ABSENT else reading]


def _bucket(resource: Resource, context: Context) -> list[Reading]:
    """The two regions of a bucket that names them: its `location` then only says on which continent they are."""
    chosen = _DATA_LOCATIONS.one(resource)
    return _united_states(resource, context) if chosen.state is State.ABSENT else entries(chosen)


def _of_owner(resource: Resource, context: Context) -> list[Reading]:
    owner = owner_of(resource, context)
    return places_of(owner, context) if owner is not None else [Reading("", State.UNKNOWN)]


def _node_pool(resource: Resource, context: Context) -> list[Reading]:
    named = resource.inputs.get(_LOCATION.text) is not None
    return _named(resource, context) if named else _of_owner(resource, context)


def _secret(resource: Resource, _: Context) -> list[Reading]:
    """A secret that replicates automatically has a block for it, which may be empty."""
    automatic = _AUTOMATIC_REPLICATION.one(resource)
    found: list[Reading] = []
    if _is_block(automatic):
        found.append(Reading(automatic.path, State.KNOWN, AUTOMATIC))
    elif automatic.state is not State.ABSENT:
        found.append(automatic)
    if not found or _REPLICATION.one(resource).state is not State.ABSENT:
        found += _REPLICAS.read(resource)
    return found


def _is_block(reading: Reading) -> bool:
    """Whether a block is there. An empty list around it would leave the reading's path shorter."""
    empty = reading.state is State.EMPTY and reading.path == _AUTOMATIC_REPLICATION.text
    return empty or isinstance(reading.value, dict)


def _bigtable(resource: Resource, context: Context) -> list[Reading]:
    """The zone of each cluster; a cluster without one is in the provider's."""
    default = context.graph.effective(resource, "zone")
    return [default if each.state is State.ABSENT else each for each in _ZONES.read(resource)]


def _location_id(resource: Resource, _: Context) -> list[Reading]:
    return [_LOCATION_ID.one(resource)]


_BY_TYPE: Mapping[str, Places] = {
    "storage.Bucket": _bucket,
    "bigquery.Dataset": _united_states,
    "bigquery.Table": _of_owner,
    "container.NodePool": _node_pool,
    "secretmanager.Secret": _secret,
    "bigtable.Instance": _bigtable,
    "firestore.Database": _location_id,
}
