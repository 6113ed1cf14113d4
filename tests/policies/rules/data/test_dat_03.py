"""DAT-03: data stays in allowed regions. Where resources are: `test_places.py`."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.data.dat_03 import CONTROL
from groundplan_policies.rules.data.places import COPIES, PLACES
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, verdict

PARAMETERS = Parameters(allowed_regions=("europe-west4", "eu"), residency=True)
REPLICA = "replication.userManaged.replicas.location"


def at(type_: str, place: str) -> R:
    paths = PLACES[type_][1:] if type_ == "secretmanager.Secret" else PLACES[type_][:1]
    inputs: dict[str, Any] = {"clusters": [{}]} if type_ == "bigtable.Instance" else {}
    if type_ == "secretmanager.Secret":
        inputs = {"replication": {"userManaged": {"replicas": [{}]}}}
    for path in PLACES[type_] if type_ == "vertex.AiEndpoint" else paths:
        inputs = put(inputs, path, place)
    return R(type_, inputs)


test_stated_verdicts = stated_verdicts(CONTROL, [at(type_, "europe-west4") for type_ in PLACES], parameters=PARAMETERS)


def of(type_: str, parameters: Parameters = PARAMETERS, **inputs: Any) -> Outcome:
    return outcome(CONTROL, R(type_, inputs), parameters=parameters)


@pytest.mark.parametrize("type_", PLACES)
def test_every_type_is_held_to_the_regions(type_: str) -> None:
    found = outcome(CONTROL, at(type_, "us-east1"), parameters=PARAMETERS)
    assert found.verdict is Verdict.FAIL
    assert {each.shown for each in found.reasons} == {"us-east1"}
    assert {each.path.replace("[0]", "") for each in found.reasons} <= {*PLACES[type_]}
    assert verdict(CONTROL, at(type_, "us-east1"), parameters=Parameters()) is Verdict.INDETERMINATE
    assert verdict(CONTROL, at(type_, "us-east1"), parameters=Parameters(allowed_regions=())) is Verdict.FAIL


@pytest.mark.parametrize(("type_", "path"), [(type_, path) for type_, paths in COPIES.items() for path in paths])
def test_places_of_copies_count(type_: str, path: str) -> None:
    def copied(place: str) -> R:
        return R(type_, put(at(type_, "europe-west4").inputs, path, place))

    found = outcome(CONTROL, copied("us-east1"), parameters=PARAMETERS)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(path, "us-east1")]
    assert verdict(CONTROL, copied("eu"), parameters=PARAMETERS) is Verdict.PASS
    assert verdict(CONTROL, at(type_, "us-east1"), parameters=PARAMETERS) is Verdict.FAIL


@pytest.mark.parametrize(
    ("enabled", "expected"),
    [(True, Verdict.INDETERMINATE), (UNKNOWN, Verdict.INDETERMINATE), (False, Verdict.PASS), (..., Verdict.PASS)],
)
def test_google_chooses_where_backups_are(enabled: object, expected: Verdict) -> None:
    place = at("sql.DatabaseInstance", "europe-west4").inputs
    backed = R("sql.DatabaseInstance", put(place, "settings.backupConfiguration.enabled", enabled))
    assert verdict(CONTROL, backed, parameters=PARAMETERS) is expected
    elsewhere = R("sql.DatabaseInstance", put(backed.inputs, "settings.backupConfiguration.location", "us"))
    assert verdict(CONTROL, elsewhere, parameters=PARAMETERS) is Verdict.FAIL


@pytest.mark.parametrize("place", ["EUROPE-WEST4", "europe-west4-a", "EU", "eu"])
def test_case_and_zones_do_not_matter(place: str) -> None:
    assert of("storage.Bucket", location=place).verdict is Verdict.PASS


@pytest.mark.parametrize("place", ["europe-west1", "US", "EUR4", "europe", "europe-west40", "global", "europe-west"])
def test_a_place_must_be_allowed_by_its_own_name(place: str) -> None:
    found = of("storage.Bucket", location=place)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("location", place.lower())]


def test_where_nothing_is_said_google_chooses() -> None:
    for type_ in ("storage.Bucket", "bigquery.Dataset"):
        found = of(type_)
        assert (found.verdict, found.reasons[0].shown) == (Verdict.FAIL, "us")


def test_the_providers_region_counts() -> None:
    def by(**provider: Any) -> Outcome:
        gcp = R("Provider", provider, "gcp")
        index = R("vertex.AiIndex", {}, record={"provider": f"{gcp.urn}::id"})
        return outcome(CONTROL, index, gcp, parameters=PARAMETERS)

    assert by(region="europe-west4").verdict is Verdict.PASS
    assert by(zone="europe-west4-a").verdict is Verdict.PASS
    found = by(region="us-east1")
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "region")
    assert by(region=UNKNOWN).verdict is Verdict.INDETERMINATE
    assert by().verdict is Verdict.INDETERMINATE
    assert of("vertex.AiIndex").verdict is Verdict.INDETERMINATE


def test_both_places_of_an_endpoint_count() -> None:
    found = of("vertex.AiEndpoint", location="europe-west4", region="us-east1")
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["region"])
    assert of("vertex.AiEndpoint", location=UNKNOWN, region="us-east1").verdict is Verdict.FAIL


def test_a_bucket_that_names_its_regions_is_judged_by_those() -> None:
    def bucket(*regions: str) -> Outcome:
        return of("storage.Bucket", location="US", customPlacementConfig={"dataLocations": list(regions)})

    assert bucket("EUROPE-WEST4", "europe-west4").verdict is Verdict.PASS
    found = bucket("EUROPE-WEST4", "US-EAST1")
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["customPlacementConfig.dataLocations[1]"]


def test_automatic_replication_fails_where_data_must_stay() -> None:
    def automatic(**settings: Any) -> Outcome:
        return of("secretmanager.Secret", Parameters(**settings), replication={"auto": {}})

    found = automatic(residency=True)
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "replication.auto")
    assert automatic(residency=False).verdict is Verdict.PASS
    assert automatic(allowed_regions=("europe-west4",)).verdict is Verdict.INDETERMINATE
    both = {"auto": {}, "userManaged": {"replicas": [{"location": "us-east1"}]}}
    lax = Parameters(allowed_regions=("europe-west4",), residency=False)
    assert of("secretmanager.Secret", lax, replication=both).verdict is Verdict.FAIL


def test_every_replica_counts() -> None:
    replicas = [{"location": "europe-west4"}, {"location": "us-east1"}]
    found = of("secretmanager.Secret", replication={"userManaged": {"replicas": replicas}})
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["replication.userManaged.replicas[1].location"]
