"""Cloud Logging over HTTP: what its client does not show."""

import pytest

from tests.mockcloud.services.data_rest import Rest

LOG = "projects/acme/logs/app"
GLOBAL = {"type": "global"}


@pytest.fixture
def rest() -> Rest:
    return Rest("logging.googleapis.com", "/v2")


def test_entries_that_cannot_be(rest: Rest) -> None:
    for body in (
        {},
        {"entries": [{"textPayload": "x"}], "logName": LOG},
        {"entries": [{"textPayload": "x"}], "resource": GLOBAL},
        {"entries": [{"logName": "app"}], "resource": GLOBAL},
    ):
        assert rest.refused("POST", "/entries:write", "", body)[0] == 400


def test_what_holds_for_all_entries(rest: Rest) -> None:
    entries = [{"textPayload": "a", "severity": 500}, {"textPayload": "b", "labels": {"own": "1"}}]
    body = {"entries": entries, "logName": LOG, "resource": GLOBAL, "labels": {"run": "7"}}
    rest("POST", "/entries:write", "", {**body, "dryRun": True})
    assert rest("GET", "/projects/acme/logs") == {}
    rest("POST", "/entries:write", "", body)
    first, second = rest("POST", "/entries:list", "", {"resourceNames": ["projects/acme"]})["entries"]
    assert (first["severity"], first["labels"]) == ("ERROR", {"run": "7"})
    assert (second["labels"], second["resource"]["labels"]) == ({"run": "7", "own": "1"}, {"project_id": "acme"})
    assert rest("GET", "/projects/acme/logs")["logNames"] == [LOG]
    view = "projects/acme/locations/global/buckets/_Default/views/_AllLogs"
    assert len(rest("POST", "/entries:list", "", {"resourceNames": [view]})["entries"]) == 2
    assert rest("GET", f"/{view}/logs")["logNames"] == [LOG]
    assert rest("POST", "/entries:tail", "", {}) == {}
    audit = "projects/acme/logs/cloudaudit.googleapis.com%2Factivity"
    rest("POST", "/entries:write", "", {**body, "logName": audit})
    rest("DELETE", f"/{audit}")
    assert rest("GET", "/projects/acme/logs")["logNames"] == [LOG]


def test_lists_that_make_no_sense(rest: Rest) -> None:
    for body in (
        {},
        {"resourceNames": ["projects/acme"], "orderBy": "severity"},
        {"resourceNames": ["projects/acme"], "pageSize": -1},
        {"resourceNames": ["projects/acme"], "filter": "a ="},
        {"resourceNames": ["projects/acme"], "filter": "severity = (ERROR OR LOUD)"},
    ):
        assert rest.refused("POST", "/entries:list", "", body)[0] == 400


def test_a_bound_in_the_clouds_future_binds_nothing(rest: Rest) -> None:
    rest("POST", "/entries:write", "", {"entries": [{"textPayload": "a"}], "logName": LOG, "resource": GLOBAL})
    for bound, count in (("2030-01-01T00:00:00Z", 1), ("2020-01-01T00:00:00Z", 1), ("tomorrow", 0)):
        body = {"projectIds": ["acme"], "filter": f'timestamp>="{bound}"'}
        assert len(rest("POST", "/entries:list", "", body).get("entries", [])) == count, bound


def test_sinks_of_folders_and_accounts(rest: Rest) -> None:
    destination = "pubsub.googleapis.com/projects/p/topics/t"
    for root in ("folders/1", "organizations/2", "billingAccounts/3"):
        made = rest("POST", f"/{root}/sinks", "uniqueWriterIdentity=true", {"name": "s", "destination": destination})
        assert root.partition("/")[2] in made["writerIdentity"]
    path = "/projects/acme/sinks"
    assert rest.refused("POST", path, "", {"name": "s"})[0] == 400
    own = rest(
        "POST",
        path,
        "",
        {"name": "own", "destination": "logging.googleapis.com/projects/acme/locations/global/buckets/b"},
    )
    assert "writerIdentity" not in own
    custom = rest(
        "POST", path, "customWriterIdentity=serviceAccount:x@acme.test", {"name": "c", "destination": destination}
    )
    assert custom["writerIdentity"] == "serviceAccount:x@acme.test"
    patched = rest("PATCH", f"{path}/c", "updateMask=filter", {"filter": "x", "destination": destination})
    assert (patched["name"], patched["filter"], patched["destination"]) == ("c", "x", destination)
    assert rest.refused("DELETE", f"{path}/_Default")[0] == 400
    assert rest.refused("POST", "/projects/acme/exclusions", "", {"name": "e"})[0] == 400


def test_buckets_in_operations(rest: Rest) -> None:
    parent = "/projects/acme/locations/europe-west4/buckets"
    made = rest("POST", f"{parent}:createAsync", "bucketId=b1", {"locked": True, "cmekSettings": {"kmsKeyName": "k"}})
    assert "/operations/" in made["name"]
    assert rest.refused("POST", f"{parent}:createAsync", "bucketId=b1", {})[0] == 409
    assert rest.refused("POST", f"{parent}/b1:updateAsync", "updateMask=retentionDays", {"retentionDays": 9})[0] == 400
    assert rest.refused("POST", f"{parent}/b1:updateAsync", "updateMask=cmekSettings", {})[0] == 400
    rest("POST", f"{parent}/b1:updateAsync", "updateMask=description", {"description": "x"})
    assert rest("GET", f"{parent}/b1")["description"] == "x"
    assert rest.refused("DELETE", f"{parent}/b1")[0] == 400
    rest("POST", parent, "bucketId=b2", {})
    rest("DELETE", f"{parent}/b2")
    rest.cloud.advance(8 * 86400)
    assert rest.refused("GET", f"{parent}/b2")[0] == 404
    assert rest("GET", "/projects/acme/locations/global/recentQueries") == {}


def test_metrics_and_settings(rest: Rest) -> None:
    path = "/projects/acme/metrics"
    assert rest.refused("POST", path, "", {"name": "m"})[0] == 400
    rest("PUT", f"{path}/errors%2Fcount", "", {"name": "errors/count", "filter": "severity>=ERROR"})
    assert rest("GET", path)["metrics"][0]["name"] == "errors/count"
    assert rest.refused("POST", path, "", {"name": "errors/count", "filter": "x"})[0] == 409
    assert rest("GET", f"{path}/errors%2Fcount")["filter"] == "severity>=ERROR"
    rest("DELETE", f"{path}/errors%2Fcount")
    changed = rest("PATCH", "/organizations/1/settings", "updateMask=storageLocation", {"storageLocation": "eu"})
    assert changed["storageLocation"] == "eu"
    assert rest("GET", "/projects/acme/cmekSettings")["serviceAccountId"].endswith(
        "gcp-sa-logging.iam.gserviceaccount.com"
    )
    kinds = {each["type"] for each in rest("GET", "/monitoredResourceDescriptors")["resourceDescriptors"]}
    assert "gce_instance" in kinds
