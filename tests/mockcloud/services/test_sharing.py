"""Shared datasets, configurations of Spanner, fleets."""

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

EXCHANGES = "projects/acme/locations/eu/dataExchanges"
LISTING = f"{EXCHANGES}/x/listings/sales"


@pytest.fixture
def cloud() -> Cloud:
    cloud = new_cloud()
    data = bigquery(cloud)
    data.done("POST", "projects/acme/datasets", {"datasetReference": {"datasetId": "sales"}, "location": "EU"})
    fields = [{"name": "amount", "type": "INTEGER"}]
    table = {"tableReference": {"tableId": "orders"}, "schema": {"fields": fields}}
    data.done("POST", "projects/acme/datasets/sales/tables", table)
    rows = {"rows": [{"json": {"amount": 2}}, {"json": {"amount": 3}}]}
    data.done("POST", "projects/acme/datasets/sales/tables/orders/insertAll", rows)
    hub = sharing(cloud)
    hub.done("POST", EXCHANGES, {"displayName": "x"}, "dataExchangeId=x")
    listing = {"displayName": "sales", "bigqueryDataset": {"dataset": "projects/acme/datasets/sales"}}
    hub.done("POST", f"{EXCHANGES}/x/listings", listing, "listingId=sales")
    return cloud


def bigquery(cloud: Cloud) -> Asking:
    return Asking(cloud, "bigquery.googleapis.com", "/bigquery/v2")


def sharing(cloud: Cloud) -> Asking:
    return Asking(cloud, "analyticshub.googleapis.com", "/v1")


def subscribed(cloud: Cloud, dataset: str = "shown") -> str:
    reference = {"projectId": "buyer", "datasetId": dataset}
    wanted = {"destinationDataset": {"datasetReference": reference, "location": "EU", "friendlyName": "Sales"}}
    answered = sharing(cloud).done("POST", f"{LISTING}:subscribe", wanted)
    return str(answered["subscription"]["name"])


def test_who_subscribes_reads_what_is_shared(cloud: Cloud) -> None:
    name = subscribed(cloud)

    dataset = bigquery(cloud).get("projects/buyer/datasets/shown")
    query = {"query": "SELECT SUM(amount) FROM shown.orders", "useLegacySql": False, "location": "EU"}
    answered = bigquery(cloud).done("POST", "projects/buyer/queries", query)
    tables = bigquery(cloud).get("projects/buyer/datasets/shown/tables")["tables"]

    assert (dataset["type"], dataset["friendlyName"], dataset["location"]) == ("LINKED", "Sales", "EU")
    assert dataset["linkedDatasetSource"]["sourceDataset"] == {"projectId": "acme", "datasetId": "sales"}
    assert answered["rows"] == [{"f": [{"v": "5"}]}]
    assert [each["tableReference"]["tableId"] for each in tables] == ["orders"]
    assert bigquery(cloud).get("projects/buyer/datasets/shown/tables/orders/data")["totalRows"] == "2"
    assert sharing(cloud).get(name)["listing"] == LISTING
    assert [each["name"] for each in sharing(cloud).get(f"{LISTING}:listSubscriptions")["subscriptions"]] == [name]
    assert len(sharing(cloud).get(f"{EXCHANGES}/x:listSubscriptions")["subscriptions"]) == 1


@pytest.mark.parametrize("ending", ["revoke", "delete"])
def test_what_is_shown_ends_with_the_subscription(cloud: Cloud, ending: str) -> None:
    name = subscribed(cloud)

    if ending == "revoke":
        sharing(cloud).done("POST", f"{name}:revoke", {})
        assert sharing(cloud).get(name)["state"] == "STATE_INACTIVE"
    else:
        sharing(cloud).done("DELETE", name)

    assert bigquery(cloud).refused("GET", "projects/buyer/datasets/shown") == 404
    assert bigquery(cloud).get("projects/acme/datasets/sales")["type"] == "DEFAULT"


def test_a_subscription_is_refused(cloud: Cloud) -> None:
    subscribed(cloud)
    again = {"destinationDataset": {"datasetReference": {"projectId": "buyer", "datasetId": "shown"}}}
    other = {"destinationDataset": {"datasetReference": {"projectId": "buyer", "datasetId": "other"}}}

    assert sharing(cloud).refused("POST", f"{LISTING}:subscribe", again) == 409
    assert sharing(cloud).refused("POST", f"{LISTING}:subscribe", {}) == 400
    assert bigquery(cloud).ask("DELETE", "projects/acme/datasets/sales", None, "deleteContents=true")[0] == 204
    assert sharing(cloud).refused("POST", f"{LISTING}:subscribe", other) == 400


def test_a_project_has_one_fleet_and_its_name_is_default() -> None:
    hub = Asking(new_cloud(), "gkehub.googleapis.com", "/v1/projects/acme/locations/global")

    hub.done("POST", "fleets", {"displayName": "all of them"})

    assert hub.get("fleets/default")["state"] == {"state": "READY"}
    assert [each["displayName"] for each in hub.get("fleets")["fleets"]] == ["all of them"]
    assert hub.refused("POST", "fleets", {"displayName": "another"}) == 409


def test_a_configuration_of_one_s_own() -> None:
    spanner = Asking(new_cloud(), "spanner.googleapis.com", "/v1/projects/acme")
    base = "projects/acme/instanceConfigs/eur3"
    sent = {"displayName": "Mine", "baseConfig": base, "labels": {"team": "ml"}}

    made = spanner.done("POST", "instanceConfigs", {"instanceConfigId": "custom-mine", "instanceConfig": sent})
    own = spanner.get("instanceConfigs/custom-mine")
    assert spanner.get(made["name"].removeprefix("projects/acme/"))["response"]["name"] == own["name"]
    assert (own["configType"], own["baseConfig"], own["labels"]) == ("USER_MANAGED", base, {"team": "ml"})
    assert own in spanner.get("instanceConfigs")["instanceConfigs"]

    changed = {"instanceConfig": {"displayName": "Ours", "etag": own["etag"]}, "updateMask": "displayName"}
    spanner.done("PATCH", "instanceConfigs/custom-mine", changed)
    assert spanner.get("instanceConfigs/custom-mine")["displayName"] == "Ours"
    assert spanner.refused("PATCH", "instanceConfigs/custom-mine", changed) == 409

    instance = {"config": own["name"], "displayName": "i", "nodeCount": 1}
    spanner.done("POST", "instances", {"instanceId": "inst", "instance": instance})
    assert spanner.refused("DELETE", "instanceConfigs/custom-mine") == 400
    spanner.done("DELETE", "instances/inst")
    spanner.done("DELETE", "instanceConfigs/custom-mine")
    assert spanner.refused("GET", "instanceConfigs/custom-mine") == 404


def test_a_configuration_is_refused() -> None:
    spanner = Asking(new_cloud(), "spanner.googleapis.com", "/v1/projects/acme")
    good = {"instanceConfigId": "custom-a", "instanceConfig": {"baseConfig": "projects/acme/instanceConfigs/eur3"}}
    spanner.done("POST", "instanceConfigs", good)

    assert spanner.refused("POST", "instanceConfigs", good) == 409
    assert spanner.refused("POST", "instanceConfigs", {**good, "instanceConfigId": "mine"}) == 400
    assert spanner.refused("POST", "instanceConfigs", {**good, "instanceConfig": {"baseConfig": "x"}}) == 400
    assert spanner.refused("DELETE", "instanceConfigs/eur3") == 400
    assert spanner.refused("DELETE", "instanceConfigs/custom-other") == 404
