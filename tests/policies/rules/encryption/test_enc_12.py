"""ENC-12: keys live with their data."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.data.places import PLACES
from groundplan_policies.rules.encryption import uses
from groundplan_policies.rules.encryption.enc_12 import CONTROL
from groundplan_policies.rules.encryption.nearness import covers
from tests.policies.rules.encryption.samples import KEY, KEY_URN, NAME, PLACE, RING, RING_URN
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, urn, verdict

FAR = NAME.replace(PLACE, "us-east1")
DATASET = R("bigquery.Dataset", {"datasetId": "sales", "location": PLACE}, "sales")


def placed(type_: str, *paths: str, key: str = NAME, place: str = PLACE) -> R:
    inputs: dict[str, Any] = {"datasetId": "sales"} if type_ == "bigquery.Table" else {}
    if type_ == "bigtable.Instance":
        inputs = {"clusters": [{}]}
    for path in paths:
        inputs = put(inputs, path, key)
    for path in PLACES.get(type_, ())[: 2 if type_ == "vertex.AiEndpoint" else 1]:
        inputs = put(inputs, path, place)
    return R(type_, inputs)


GOOD = [
    *(placed(type_, path) for type_, path in uses.SINGLE.items()),
    *(placed(type_, *paths) for type_, paths in uses.SEVERAL.items()),
    R(
        "secretmanager.Secret",
        {
            "replication": {
                "auto": {"customerManagedEncryption": {"kmsKeyName": NAME.replace(PLACE, "global")}},
                "userManaged": {"replicas": [{"location": PLACE, "customerManagedEncryption": {"kmsKeyName": NAME}}]},
            }
        },
    ),
]

test_stated_verdicts = stated_verdicts(CONTROL, GOOD, DATASET)


@pytest.mark.parametrize(("type_", "path"), uses.SINGLE.items())
def test_a_key_in_another_region_fails(type_: str, path: str) -> None:
    found = outcome(CONTROL, placed(type_, path, key=FAR), DATASET)
    assert found.verdict is Verdict.FAIL
    assert {each.path.replace("[0]", "") for each in found.reasons} == {path}
    assert {each.shown for each in found.reasons} == {PLACE}
    assert "us-east1" in found.reasons[0].message


@pytest.mark.parametrize(("type_", "path"), uses.SINGLE.items())
def test_an_own_key_is_where_its_ring_is(type_: str, path: str) -> None:
    def of(place: str) -> Verdict:
        listed = "clusters[0].kmsKeyName" if type_ == "bigtable.Instance" else path
        resource = replace(placed(type_, path, key=UNKNOWN, place=place), origins={listed: KEY_URN})
        return verdict(CONTROL, resource, KEY, replace(DATASET, inputs={"datasetId": "sales", "location": place}))

    assert of(PLACE) is Verdict.PASS
    assert of("us-east1") is Verdict.FAIL


def test_a_ring_may_be_known_by_where_it_comes_from() -> None:
    key = replace(KEY, inputs={"keyRing": UNKNOWN}, origins={"keyRing": RING_URN})
    bucket = replace(
        placed("storage.Bucket", uses.BUCKETS["storage.Bucket"], key=UNKNOWN),
        origins={uses.BUCKETS["storage.Bucket"]: KEY_URN},
    )
    assert verdict(CONTROL, bucket, key, RING) is Verdict.PASS
    elsewhere = replace(RING, inputs={**RING.inputs, "location": "us"})
    assert verdict(CONTROL, bucket, key, elsewhere) is Verdict.FAIL
    assert verdict(CONTROL, bucket, key) is Verdict.INDETERMINATE
    unknown = replace(RING, inputs={**RING.inputs, "location": UNKNOWN})
    assert verdict(CONTROL, bucket, key, unknown) is Verdict.INDETERMINATE


@pytest.mark.parametrize(("type_", "paths"), uses.SEVERAL.items())
def test_every_key_is_judged(type_: str, paths: tuple[str, ...]) -> None:
    for path in paths:
        good = placed(type_, *paths)
        found = outcome(CONTROL, replace(good, inputs=put(good.inputs, path, FAR)))
        assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [path])
    assert verdict(CONTROL, placed(type_)) is Verdict.NOT_APPLICABLE
    made = replace(placed(type_, *paths, key=UNKNOWN), origins=dict.fromkeys(paths, KEY_URN))
    assert verdict(CONTROL, made, KEY) is Verdict.PASS
    half = replace(made, origins={paths[0]: KEY_URN})
    assert verdict(CONTROL, half, KEY) is Verdict.INDETERMINATE


@pytest.mark.parametrize("value", ["data", f"{NAME}/cryptoKeyVersions/1", UNKNOWN, secret(), 7])
def test_what_names_no_key_is_left_open(value: object) -> None:
    bucket = R("storage.Bucket", {"location": PLACE, "encryption": {"defaultKmsKeyName": value}})
    assert verdict(CONTROL, bucket) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("europe-west4", "europe-west4"),
        ("europe-west4", "EUROPE-WEST4"),
        ("europe-west4", "europe-west4-a"),
        ("europe-west4", "https://www.googleapis.com/compute/v1/projects/p/zones/europe-west4-a"),
        ("europe", "EU"),
        ("europe", "europe-west1"),
        ("us", "US"),
        ("us", "us-central1"),
        ("us", "us-central1-f"),
        ("asia", "ASIA"),
        ("eur4", "EUR4"),
        ("nam4", "NAM4"),
        ("global", "global"),
        ("global", "automatic"),
    ],
)
def test_places_that_a_key_covers(location: str, place: str) -> None:
    assert covers(location, place)


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("europe-west4", "europe-west1"),
        ("europe-west4", "EU"),
        ("europe", "europe-west2"),
        ("europe", "europe-west6"),
        ("europe", "us-east1"),
        ("europe", "europe"[:-1]),
        ("eu", "EU"),
        ("us", "northamerica-northeast1"),
        ("us", "usa"),
        ("us", "EU"),
        ("asia", "asia-east1"),
        ("global", "europe-west4"),
        ("europe-west4", "global"),
        ("europe", "automatic"),
    ],
)
def test_places_that_it_does_not_cover(location: str, place: str) -> None:
    assert not covers(location, place)


def secret_with(replication: dict[str, Any]) -> Outcome:
    return outcome(CONTROL, R("secretmanager.Secret", {"replication": replication}))


def keyed(location: str) -> dict[str, Any]:
    return {"customerManagedEncryption": {"kmsKeyName": NAME.replace(PLACE, location)}}


def test_each_replica_of_a_secret_has_its_own_place() -> None:
    good = [{"location": "europe-west4", **keyed("europe-west4")}, {"location": "us-east1", **keyed("us-east1")}]
    assert secret_with({"userManaged": {"replicas": good}}).verdict is Verdict.PASS
    found = secret_with({"userManaged": {"replicas": [good[0], {"location": "us-east1", **keyed("europe-west4")}]}})
    assert found.verdict is Verdict.FAIL
    path = "replication.userManaged.replicas[1].customerManagedEncryption.kmsKeyName"
    assert [(each.path, each.shown) for each in found.reasons] == [(path, "us-east1")]


def test_replicas_that_cannot_be_read_are_left_open() -> None:
    path = "replication.userManaged.replicas"
    for unclear in (UNKNOWN, secret(), [UNKNOWN], [secret()], [7], 7):
        found = secret_with({"userManaged": {"replicas": unclear}})
        assert found.verdict is Verdict.INDETERMINATE, unclear
        assert found.reasons[0].path.startswith(path)
    nested = [{"location": PLACE, "customerManagedEncryption": [{"kmsKeyName": NAME}, {"kmsKeyName": FAR}]}]
    assert secret_with({"userManaged": {"replicas": nested}}).verdict is Verdict.FAIL
    nothing: list[Any] = [[], [{}], None]
    for none in nothing:
        assert secret_with({"userManaged": {"replicas": none}}).verdict is Verdict.NOT_APPLICABLE
    assert secret_with({"userManaged": {"replicas": [{"location": PLACE}]}}).verdict is Verdict.NOT_APPLICABLE


def test_both_places_of_an_endpoint_count() -> None:
    inputs = {"location": PLACE, "region": "us-east1", "encryptionSpec": {"kmsKeyName": UNKNOWN}}
    endpoint = R("vertex.AiEndpoint", inputs, origins={"encryptionSpec.kmsKeyName": KEY_URN})
    found = outcome(CONTROL, endpoint, KEY)
    assert (found.verdict, [each.shown for each in found.reasons]) == (Verdict.FAIL, ["us-east1"])


def test_a_secret_that_replicates_automatically_takes_a_global_key() -> None:
    assert secret_with({"auto": keyed("global")}).verdict is Verdict.PASS
    assert secret_with({"auto": keyed("europe")}).verdict is Verdict.FAIL
    assert secret_with({"auto": {}}).verdict is Verdict.NOT_APPLICABLE


def test_each_cluster_has_its_own_zone() -> None:
    def of(*clusters: dict[str, Any]) -> Outcome:
        return outcome(CONTROL, R("bigtable.Instance", {"clusters": list(clusters)}))

    near, far = {"zone": "europe-west4-a", "kmsKeyName": NAME}, {"zone": "us-east1-b", "kmsKeyName": FAR}
    assert of(near, far).verdict is Verdict.PASS
    found = of(near, {**far, "kmsKeyName": NAME})
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["clusters[1].kmsKeyName"])
    assert of({"kmsKeyName": NAME}).verdict is Verdict.INDETERMINATE
    assert verdict(CONTROL, R("bigtable.Instance", {"clusters": []})) is Verdict.NOT_APPLICABLE


def test_a_table_is_where_its_dataset_is() -> None:
    table = placed("bigquery.Table", uses.TABLE_KEY)
    assert verdict(CONTROL, table, replace(DATASET, inputs={"datasetId": "sales"})) is Verdict.FAIL
    assert verdict(CONTROL, table) is Verdict.INDETERMINATE


def test_a_bucket_of_two_regions_needs_a_key_for_both() -> None:
    def of(location: str, *regions: str) -> Verdict:
        inputs = {"location": "EU", "customPlacementConfig": {"dataLocations": list(regions)}}
        key = NAME.replace(PLACE, location)
        return verdict(CONTROL, R("storage.Bucket", put(inputs, "encryption.defaultKmsKeyName", key)))

    assert of("europe", "EUROPE-WEST1", "EUROPE-WEST4") is Verdict.PASS
    assert of("europe", "EUROPE-WEST1", "EUROPE-WEST2") is Verdict.FAIL
    assert of("europe-west4", "EUROPE-WEST1", "EUROPE-WEST4") is Verdict.FAIL


def test_a_pool_without_a_location_is_where_its_cluster_is() -> None:
    pool = R(
        "container.NodePool",
        {"cluster": UNKNOWN, **put({}, uses.NODE_DISK, NAME)},
        origins={"cluster": urn("container.Cluster", "c")},
    )
    assert verdict(CONTROL, pool, R("container.Cluster", {"location": PLACE}, "c")) is Verdict.PASS
    assert verdict(CONTROL, pool, R("container.Cluster", {"location": "us-east1-b"}, "c")) is Verdict.FAIL
    assert verdict(CONTROL, pool) is Verdict.INDETERMINATE
