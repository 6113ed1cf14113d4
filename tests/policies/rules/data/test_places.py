"""Where resources keep their data."""

from typing import Any

import pytest

from groundplan_policies.engine.paths import State
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.rules.data.places import AUTOMATIC, places_of, region, usual_places
from tests.policies.rules.harness import R, context, secret, urn

PROVIDER = R("Provider", {"region": "europe-west4", "zone": "europe-west1-b"}, "gcp")


def places(resource: R, *others: R) -> list[tuple[str, str]]:
    world = context(resource, *others)
    found = places_of(world.graph.document[resource.urn], world)
    return [(each.path, each.text if each.state is State.KNOWN else each.state.name) for each in found]


def of(type_: str, provider: R | None = None, **inputs: Any) -> list[tuple[str, str]]:
    record = {"provider": f"{provider.urn}::id"} if provider is not None else {}
    return places(R(type_, inputs, record=record), *([provider] if provider is not None else []))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("europe-west4", "europe-west4"),
        ("EUROPE-WEST4", "europe-west4"),
        ("europe-west4-a", "europe-west4"),
        ("EU", "eu"),
        ("EUR4", "eur4"),
        ("northamerica-northeast1-b", "northamerica-northeast1"),
        ("projects/p/zones/us-east1-b", "us-east1"),
        ("europe-west4-ab", "europe-west4-ab"),
        ("us-central1-1", "us-central1-1"),
        ("", ""),
    ],
)
def test_region(text: str, expected: str) -> None:
    assert region(text) == expected


def test_the_own_place_comes_before_the_providers() -> None:
    assert of("vertex.AiIndex", PROVIDER, region="us-east1") == [("region", "us-east1")]
    assert of("vertex.AiIndex", PROVIDER) == [("region", "europe-west4")]
    assert of("compute.Disk", R("Provider", {"zone": "us-east1-b"}, "gcp")) == [("zone", "us-east1-b")]
    assert of("vertex.AiIndex", R("Provider", {}, "gcp")) == [("region", "ABSENT")]
    assert of("vertex.AiIndex") == [("region", "UNKNOWN")]
    assert of("vertex.AiIndex", R("Provider", {"region": UNKNOWN}, "gcp")) == [("region", "UNKNOWN")]


def test_every_place_that_is_named_counts() -> None:
    assert of("vertex.AiEndpoint", location="a", region="b") == [("location", "a"), ("region", "b")]
    assert of("dataflow.Job", region="a", zone="b") == [("region", "a"), ("zone", "b")]
    assert of("vertex.AiEndpoint", location=UNKNOWN) == [("location", "UNKNOWN")]
    assert of("vertex.AiEndpoint", location="") == [("location", "EMPTY")]


@pytest.mark.parametrize("type_", ["storage.Bucket", "bigquery.Dataset"])
def test_google_takes_the_united_states(type_: str) -> None:
    assert of(type_, PROVIDER) == [("location", "US")]
    assert of(type_, PROVIDER, location="EU") == [("location", "EU")]
    assert of(type_, PROVIDER, location=UNKNOWN) == [("location", "UNKNOWN")]
    assert of(type_, PROVIDER, location="") == [("location", "EMPTY")]


def test_a_bucket_may_name_its_two_regions() -> None:
    def bucket(regions: object) -> list[tuple[str, str]]:
        return of("storage.Bucket", location="EU", customPlacementConfig={"dataLocations": regions})

    path = "customPlacementConfig.dataLocations"
    assert bucket(["A", UNKNOWN]) == [(f"{path}[0]", "A"), (f"{path}[1]", "UNKNOWN")]
    assert bucket([]) == [(path, "EMPTY")]
    assert bucket(UNKNOWN) == [(path, "UNKNOWN")]
    assert bucket(None) == [("location", "EU")]


def test_parts_are_where_their_owner_is() -> None:
    dataset = R("bigquery.Dataset", {"datasetId": "sales", "location": "EU"}, "ds")
    assert places(R("bigquery.Table", {"datasetId": "sales"}), dataset) == [("location", "EU")]
    assert places(R("bigquery.Table", {"datasetId": "other"}), dataset) == [("", "UNKNOWN")]
    cluster = R("container.Cluster", {"location": "us-east1"}, "c")
    pool = R("container.NodePool", {"cluster": UNKNOWN}, origins={"cluster": cluster.urn})
    assert places(pool, cluster) == [("location", "us-east1")]
    assert places(pool) == [("", "UNKNOWN")]
    assert places(R("container.NodePool", {"location": "EU"}), cluster) == [("location", "EU")]


def secret_of(**replication: object) -> list[tuple[str, str]]:
    return of("secretmanager.Secret", replication=replication)


def test_secrets_replicate_automatically_or_where_they_say() -> None:
    replica = "replication.userManaged.replicas"
    assert secret_of(auto={}) == [("replication.auto", AUTOMATIC)]
    assert secret_of(auto={"customerManagedEncryption": {}}) == [("replication.auto", AUTOMATIC)]
    named = {"replicas": [{"location": "a"}, {"location": UNKNOWN}]}
    assert secret_of(userManaged=named) == [(f"{replica}[0].location", "a"), (f"{replica}[1].location", "UNKNOWN")]
    assert secret_of(auto={}, userManaged={"replicas": [{"location": "a"}]}) == [
        ("replication.auto", AUTOMATIC),
        (f"{replica}[0].location", "a"),
    ]
    assert secret_of() == [(f"{replica}.location", "ABSENT")]
    assert secret_of(auto=UNKNOWN) == [("replication.auto", "UNKNOWN")]
    assert secret_of(auto=secret()) == [("replication.auto", "SECRET")]
    assert secret_of(auto=7) == [("replication.auto", "")]
    assert of("secretmanager.Secret", replication=[]) == [("replication", "EMPTY"), ("replication", "EMPTY")]


def test_each_cluster_has_a_zone_or_takes_the_providers() -> None:
    clusters = [{"zone": "us-east1-b"}, {}]
    assert of("bigtable.Instance", PROVIDER, clusters=clusters) == [
        ("clusters[0].zone", "us-east1-b"),
        ("zone", "europe-west1-b"),
    ]
    assert of("firestore.Database", locationId="eur3") == [("locationId", "eur3")]


def usual(type_: str, **inputs: Any) -> list[str]:
    return list(usual_places(context(R(type_, inputs)).graph.document[urn(type_, "it")]))


def test_usual_places() -> None:
    assert usual("vertex.AiEndpoint", location="a", region="b") == ["a", "b"]
    assert usual("vertex.AiEndpoint", location="a", region=7) == []
    assert usual("vertex.AiEndpoint") == []
    assert usual("storage.Bucket", location="a", customPlacementConfig={}) == []
    assert usual("compute.Disk", zone="a") == ["a"]


@pytest.mark.parametrize("type_", ["secretmanager.Secret", "bigtable.Instance", "firestore.Database", "bigquery.Table"])
def test_a_property_that_the_type_does_not_have_is_no_usual_place(type_: str) -> None:
    assert usual(type_, location="a") == []
