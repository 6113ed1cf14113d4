"""Descriptions for clients that ask for them."""

import json
from typing import Any

import pytest

from mockcloud.doors.wire import HttpRequest, answer
from mockcloud.simulator import new_cloud


def asked(path: str, host: str = "", query: str = "", verb: str = "GET", authority: str = "") -> tuple[int, Any]:
    response = answer(new_cloud(), HttpRequest(verb, host, path, query, {"host": authority}))
    return response.status, json.loads(response.body) if response.body else None


@pytest.mark.parametrize(
    ("path", "host", "query"),
    [
        ("/discovery/v1/apis/pubsub/v1/rest", "www.googleapis.com", ""),
        ("/$discovery/rest", "pubsub.googleapis.com", "version=v1"),
        ("/%24discovery/rest", "pubsub.googleapis.com", ""),
        ("/pubsub/$discovery/rest", "", "version=v1"),
        ("/pubsub.googleapis.com/$discovery/rest", "", "version=v1"),
    ],
)
def test_a_description_is_googles_own(path: str, host: str, query: str) -> None:
    status, found = asked(path, host, query)
    assert (status, found["name"], found["rootUrl"]) == (200, "pubsub", "https://pubsub.googleapis.com/")


def test_asked_here_it_leads_here() -> None:
    _, found = asked("/discovery/v1/apis/storage/v1/rest", authority="127.0.0.1:8080")
    assert found["rootUrl"] == "http://127.0.0.1:8080/storage/"
    assert found["baseUrl"] == "http://127.0.0.1:8080/storage/storage/v1/"


def test_all_are_listed() -> None:
    status, found = asked("/discovery/v1/apis", "www.googleapis.com")
    assert status == 200
    entries = {each["id"]: each for each in found["items"]}
    assert entries["aiplatform:v1"]["preferred"]
    assert not entries["aiplatform:v1beta1"]["preferred"]


def test_what_is_not_there_is_not_found() -> None:
    assert asked("/discovery/v1/apis/pubsub/v9/rest")[0] == 404
    assert asked("/discovery/v1/apis/unheard/v1/rest")[0] == 404
    assert asked("/$discovery/rest", "", "")[0] == 404
    assert asked("/discovery/v2/nothing")[0] == 404
    assert asked("/discovery/v1/apis", verb="POST")[0] == 404
