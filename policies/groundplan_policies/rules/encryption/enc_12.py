"""ENC-12: keys live with their data."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from functools import partial as bound
from typing import Final, TypeAlias

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, full
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.places import AUTOMATIC, place_reads, places_of, region, usual_places
from groundplan_policies.rules.encryption import uses
from groundplan_policies.rules.encryption.keys import Key, named_key, sole_key

_Pair: TypeAlias = tuple[Reading, Reading]

_NOTHING: Final = {State.ABSENT, State.EMPTY}
_SAME_PLACE: Final = {"eu": "europe", AUTOMATIC: "global"}
"""What Cloud KMS calls the locations of other services. A secret that replicates automatically takes a global key."""

_NOT_IN_EUROPE: Final = {"europe-west2", "europe-west6"}
"""London and Zurich: not in the European Union, of which the multi-region `europe` is."""

_AUTOMATIC_KEY, _REPLICA_KEYS = Path(uses.AUTOMATIC_SECRET), Path(uses.REPLICATED_SECRET)
_REPLICAS = Path("replication.userManaged.replicas.location")
_SEVERAL: Final[Mapping[str, tuple[str, ...]]] = {
    "workbench.Instance": tuple(f"{disk}.kmsKey" for disk in uses.NOTEBOOK_DISKS),
    "container.Cluster": (uses.CLUSTER_SECRETS, uses.NODE_DISK),
}


@lru_cache(maxsize=4096)
def covers(location: str, place: str) -> bool:
    """Whether a location of Cloud KMS is the place of the data, or the multi-region in which that lies."""
    here = region(place)
    if location == _SAME_PLACE.get(here, here):
        return True
    if location == "europe":
        return here.startswith("europe-") and here not in _NOT_IN_EUROPE
    return location == "us" and here.startswith("us-")


def _beside(paths: tuple[Path, ...], resource: Resource, context: Context) -> Outcome:
    """Judge the keys of a type that has one place; the usual case, of keys and places that are named simply, first."""
    places = usual_places(resource)
    if places and all(_is_near(sole_key(resource, path, context), places) for path in paths):
        return PASS
    return _check(bound(_of_resource, paths), resource, context)


def _is_near(key: Key | None, places: Sequence[str]) -> bool:
    return key is not None and bool(key.location) and all(covers(key.location, place) for place in places)


def _of_resource(paths: tuple[Path, ...], resource: Resource, context: Context) -> Iterable[_Pair]:
    keys = [each for path in paths for each in path.read(resource) if each.state not in _NOTHING]
    places = places_of(resource, context) if keys else []
    return [(key, place) for key in keys for place in places]


def _of_clusters(resource: Resource, context: Context) -> Iterable[_Pair]:
    """Each cluster of an instance has a key and a zone of its own."""
    return zip(Path(uses.SINGLE["bigtable.Instance"]).read(resource), places_of(resource, context), strict=True)


def _of_secret(resource: Resource, _: Context) -> Iterable[_Pair]:
    """Each replica of a secret has a key and a location of its own."""
    anywhere = Reading("replication.auto", State.KNOWN, AUTOMATIC)
    yield _AUTOMATIC_KEY.one(resource), anywhere
    yield from zip(_REPLICA_KEYS.read(resource), _REPLICAS.read(resource), strict=True)


def _check(pairs: Callable[[Resource, Context], Iterable[_Pair]], resource: Resource, context: Context) -> Outcome:
    return all_of([_judge(resource, key, place, context) for key, place in pairs(resource, context)])


def _judge(resource: Resource, reading: Reading, place: Reading, context: Context) -> Outcome:
    if reading.state in _NOTHING:
        return NOT_APPLICABLE
    key = named_key(resource, reading, context)
    if key is None or not key.location:
        return indeterminate("names no key of which the location is known", reading.path)
    if place.state is not State.KNOWN or not place.text:
        return indeterminate("names a key, while nobody can say where the data is", reading.path)
    if covers(key.location, place.text):
        return PASS
    return fail(f"names a key in {key.location}, while the data is elsewhere", reading.path, place.text)


_PATHS = {**{type_: (path,) for type_, path in uses.SINGLE.items()}, **_SEVERAL}


def _read(type_: str, path: str, missing: Verdict) -> Read:
    return Read(type_, path, absent=missing, empty=missing)


CONTROL = Control(
    id="ENC-12",
    title="Keys live with their data",
    why=(
        "A key in another region makes data depend on two regions, and lets whoever governs the other place shut it. "
        "Most services refuse such a key, but late: when the resource is made. A key is with its data if its ring is "
        "in the same location, or in the multi-region that holds it: `us`, or `europe`, which leaves out London and "
        "Zurich. Which project may own a key is judged where the key is named, by ENC-01 to ENC-08 and ENC-15. Topics "
        "are in as many regions as DAT-04 allows, and databases of Spanner where their instance is: neither is judged."
    ),
    remedy="Use KeyRing with `location`, or name a key whose ring is in the location of the data.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("2.1.e",),
    clauses=(full("google-ai", "COM-CO-2.2"),),
    reads=(
        *(_read(type_, path, Verdict.NOT_APPLICABLE) for type_, path in uses.SINGLE.items()),
        *(_read(type_, path, Verdict.PASS) for type_, paths in _SEVERAL.items() for path in paths),
        *(read for type_ in _PATHS for read in place_reads(type_)),
        _read("bigquery.Table", "datasetId", Verdict.INDETERMINATE),
        _read("secretmanager.Secret", _AUTOMATIC_KEY.text, Verdict.PASS),
        _read("secretmanager.Secret", _REPLICA_KEYS.text, Verdict.PASS),
        _read("secretmanager.Secret", _REPLICAS.text, Verdict.INDETERMINATE),
    ),
    checks={
        **{type_: bound(_beside, tuple(map(Path, paths))) for type_, paths in _PATHS.items()},
        "bigtable.Instance": bound(_check, _of_clusters),
        "secretmanager.Secret": bound(_check, _of_secret),
    },
)
