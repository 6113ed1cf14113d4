"""Whether keys are where the data is that they encrypt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, all_of, fail, indeterminate
from groundplan_policies.rules.data.places import AUTOMATIC, places_of, region, usual_places
from groundplan_policies.rules.encryption import uses
from groundplan_policies.rules.encryption.keys import Key, named_key, sole_key

_Pair: TypeAlias = tuple[Reading, Reading]
"""A value that names a key, and the place of what it encrypts."""

_NOTHING: Final = {State.ABSENT, State.EMPTY}
_SAME_PLACE: Final = {"eu": "europe", AUTOMATIC: "global"}
"""What Cloud KMS calls the locations of other services. A secret that replicates automatically takes a global key."""

_NOT_IN_EUROPE: Final = {"europe-west2", "europe-west6"}
"""London and Zurich: not in the European Union, of which the multi-region `europe` is."""

_CLUSTER_KEYS = Path(uses.SINGLE["bigtable.Instance"])
_AUTOMATIC_KEY, _REPLICAS = Path(uses.AUTOMATIC_SECRET), Path(uses.REPLICAS)


@lru_cache(maxsize=4096)
def covers(location: str, place: str) -> bool:
    """Whether a location of Cloud KMS is the place of the data, or the multi-region in which that lies."""
    here = region(place)
    if location == _SAME_PLACE.get(here, here):
        return True
    if location == "europe":
        return here.startswith("europe-") and here not in _NOT_IN_EUROPE
    return location == "us" and here.startswith("us-")


@dataclass(frozen=True)
class KeysBeside:
    """Expect the keys of a type that is in one place to be there.

    Attributes:
        paths: Where it names them.
    """

    paths: Sequence[Path]

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        """Look at one resource; the usual case, of keys and places that are named simply, first."""
        usual = usual_places(resource)
        if usual and all(_is_near(sole_key(resource, path, context), usual) for path in self.paths):
            return PASS
        keys = [each for path in self.paths for each in path.read(resource) if each.state not in _NOTHING]
        places = places_of(resource, context) if keys else []
        return _judge(((key, place) for key in keys for place in places), resource, context)


def clusters(resource: Resource, context: Context) -> Outcome:
    """Judge an instance of Bigtable: each of its clusters has a key and a zone of its own."""
    pairs = zip(_CLUSTER_KEYS.read(resource), places_of(resource, context), strict=True)
    return _judge(pairs, resource, context)


def replicas(resource: Resource, context: Context) -> Outcome:
    """Judge a secret: each of its replicas has a key and a location of its own."""
    automatic = (_AUTOMATIC_KEY.one(resource), Reading("replication.auto", State.KNOWN, AUTOMATIC))
    named = [entry for reading in _REPLICAS.read(resource) for entry in entries(reading)]
    return _judge((automatic, *(pair for entry in named for pair in _of_replica(entry))), resource, context)


def _of_replica(replica: Reading) -> Iterable[_Pair]:
    if replica.state is not State.KNOWN:
        return [(replica, replica)]
    places = read_value(replica.value, replica.path, "location")
    return [(key, place) for key in read_value(replica.value, replica.path, uses.REPLICA_KEY) for place in places]


def _is_near(key: Key | None, places: Sequence[str]) -> bool:
    return key is not None and bool(key.location) and all(covers(key.location, place) for place in places)


def _judge(pairs: Iterable[_Pair], resource: Resource, context: Context) -> Outcome:
    return all_of([_judge_pair(resource, key, place, context) for key, place in pairs])


def _judge_pair(resource: Resource, reading: Reading, place: Reading, context: Context) -> Outcome:
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
