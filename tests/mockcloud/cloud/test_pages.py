"""Pages and orders of lists, through a list that people page through."""

from typing import Any
from urllib.parse import urlencode

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.calls import PROJECT, Answered, Caller

TOPICS = f"{PROJECT}/topics"


@pytest.fixture
def call() -> Caller:
    caller = Caller(new_cloud(), "pubsub.googleapis.com")
    for number in range(7):
        body = {"labels": {"odd": str(number % 2 == 1).lower(), "rank": str(number * 7 % 5)}}
        assert caller("PUT", f"{TOPICS}/top{number}", body).status == 200
    return caller


def ids(found: Answered) -> list[str]:
    topics: list[dict[str, Any]] = found.json.get("topics", [])
    return [each["name"].rpartition("/")[2] for each in topics]


def all_pages(call: Caller, path: str, **query: str) -> list[list[str]]:
    pages, token = [], ""
    while True:
        found = call("GET", path, query=urlencode({**query, "pageToken": token}))
        pages.append(ids(found))
        token = found.json.get("nextPageToken", "")
        if not token:
            return pages


def test_pages_are_whole_and_in_order(call: Caller) -> None:
    assert all_pages(call, TOPICS, pageSize="3") == [["top0", "top1", "top2"], ["top3", "top4", "top5"], ["top6"]]
    assert all_pages(call, TOPICS, pageSize="7") == [[f"top{number}" for number in range(7)]]
    assert all_pages(call, TOPICS) == [[f"top{number}" for number in range(7)]]


def test_a_page_goes_on_where_the_last_ended_whatever_went(call: Caller) -> None:
    first = call("GET", TOPICS, pageSize="3")
    call("DELETE", f"{TOPICS}/top2")
    call("PUT", f"{TOPICS}/top1a", {})
    assert ids(call("GET", TOPICS, pageSize="3", pageToken=first.json["nextPageToken"])) == ["top3", "top4", "top5"]


@pytest.mark.parametrize("token", ["x", "AAAA", "eyJhIjoxfQ", "e30", "bnVsbA", "é"])
def test_a_token_that_is_not_ours_is_refused(call: Caller, token: str) -> None:
    found = call("GET", TOPICS, pageToken=token)
    assert (found.status, found.violations[0]["field"]) == (400, "page_token")


def test_a_token_belongs_to_its_list(call: Caller) -> None:
    token = call("GET", TOPICS, pageSize="3").json["nextPageToken"]
    assert call("GET", "/v1/projects/other/topics", pageToken=token).status == 400


@pytest.mark.parametrize("size", ["-1", "many", "9999999999"])
def test_a_size_that_makes_no_sense_is_refused(call: Caller, size: str) -> None:
    assert call("GET", TOPICS, pageSize=size).status == 400


def test_the_largest_page_has_an_end(call: Caller) -> None:
    assert len(ids(call("GET", TOPICS, pageSize="2000000000"))) == 7


# Filters and orders, of an API that has both
# ---------------------------------------------------------------------------------------------------------------------

ENDPOINTS = "/v1/projects/acme/locations/europe-west4/datasets"


@pytest.fixture
def datasets() -> Caller:
    caller = Caller(new_cloud(waits="poll"), "aiplatform.googleapis.com")
    for name, team in (("b", "ml"), ("a", "ml"), ("c", "web")):
        body = {"displayName": name, "metadataSchemaUri": "gs://x/tabular.yaml", "labels": {"team": team}}
        assert caller("POST", ENDPOINTS, body).status == 200
    return caller


def names(found: Answered) -> list[str]:
    return [each["displayName"] for each in found.json.get("datasets", [])]


def test_an_order_holds_over_pages(datasets: Caller) -> None:
    assert names(datasets("GET", ENDPOINTS, orderBy="displayName")) == ["a", "b", "c"]
    assert names(datasets("GET", ENDPOINTS, orderBy="display_name desc")) == ["c", "b", "a"]
    assert names(datasets("GET", ENDPOINTS, orderBy="labels.team desc, displayName asc")) == ["c", "a", "b"]
    first = datasets("GET", ENDPOINTS, orderBy="displayName", pageSize="2")
    assert names(first) == ["a", "b"]
    token = first.json["nextPageToken"]
    assert names(datasets("GET", ENDPOINTS, orderBy="displayName", pageSize="2", pageToken=token)) == ["c"]
    assert datasets("GET", ENDPOINTS, orderBy="displayName desc", pageToken=token).status == 400


def test_a_direction_that_there_is_not_is_refused(datasets: Caller) -> None:
    found = datasets("GET", ENDPOINTS, orderBy="displayName sideways")
    assert (found.status, found.violations[0]["field"]) == (400, "order_by")


def test_what_has_no_such_field_comes_first(datasets: Caller) -> None:
    assert len(names(datasets("GET", ENDPOINTS, orderBy="none,createTime"))) == 3
    assert len(names(datasets("GET", ENDPOINTS, orderBy="labels.team.deep"))) == 3


def test_a_filter_holds_over_pages(datasets: Caller) -> None:
    assert names(datasets("GET", ENDPOINTS, filter="labels.team=ml", orderBy="displayName")) == ["a", "b"]
    first = datasets("GET", ENDPOINTS, filter="labels.team=ml", pageSize="1")
    second = datasets("GET", ENDPOINTS, filter="labels.team=ml", pageSize="1", pageToken=first.json["nextPageToken"])
    assert sorted(names(first) + names(second)) == ["a", "b"]
    assert "nextPageToken" not in second.json
    assert datasets("GET", ENDPOINTS, filter="(").status == 400


def test_a_dash_stands_for_every_location(datasets: Caller) -> None:
    everywhere = ENDPOINTS.replace("europe-west4", "-")
    assert names(datasets("GET", everywhere, orderBy="displayName")) == ["a", "b", "c"]
    assert len(names(datasets("GET", everywhere, pageSize="2"))) == 2


def test_orders_of_numbers_are_those_of_numbers() -> None:
    from mockcloud.cloud.ordering import ordered
    from mockcloud.cloud.store import Record

    records = [Record("x", f"x/{size}", {"size": size}) for size in (10, 9, 2.5)]
    assert [each.body["size"] for each in ordered(records, "size")] == [2.5, 9, 10]


# Lists that are asked for by POST
# ---------------------------------------------------------------------------------------------------------------------


def linked() -> Caller:
    """Give a cloud in which a table has five targets, and a call for lineage."""
    caller = Caller(new_cloud(), "datalineage.googleapis.com")
    place = "/v1/projects/acme/locations/europe-west4"
    process = caller("POST", f"{place}/processes", {"displayName": "p"}).json["name"]
    run = caller("POST", f"/v1/{process}/runs", {"startTime": "2026-01-01T00:00:00Z", "state": "COMPLETED"}).json[
        "name"
    ]
    links = [
        {
            "source": {"fullyQualifiedName": "bigquery:a.b.s"},
            "target": {"fullyQualifiedName": f"bigquery:a.b.t{number}"},
        }
        for number in range(5)
    ]
    assert (
        caller("POST", f"/v1/{run}/lineageEvents", {"startTime": "2026-01-01T00:00:00Z", "links": links}).status == 200
    )
    return caller


def search(call: Caller, **asked: object) -> Answered:
    body = {"source": {"fullyQualifiedName": "bigquery:a.b.s"}, **asked}
    return call("POST", "/v1/projects/acme/locations/europe-west4:searchLinks", body)


def test_a_page_is_asked_for_in_the_body_too() -> None:
    call = linked()
    pages, token = [], ""
    while True:
        found = search(call, pageSize=2, pageToken=token)
        pages.append(len(found.json["links"]))
        token = found.json.get("nextPageToken", "")
        if not token:
            break
    assert pages == [2, 2, 1]
    assert search(call).json["links"][4:]


@pytest.mark.parametrize("wrong", [{"pageSize": -1}, {"pageToken": "x"}])
def test_what_is_wrong_in_the_body_is_refused(wrong: dict[str, object]) -> None:
    assert search(linked(), **wrong).status == 400
