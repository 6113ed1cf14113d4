"""Pub/Sub over HTTP: what its client does not show."""

import base64
import json
from typing import Any

import pytest

from mockcloud.services.pubsub import filtering
from tests.mockcloud.services.data_rest import Rest

TOPIC = "projects/acme/topics/events"
SUBSCRIPTION = "/projects/acme/subscriptions/events"


@pytest.fixture
def rest() -> Rest:
    made = Rest("pubsub.googleapis.com", "/v1")
    made("PUT", f"/{TOPIC}", "", {})
    return made


def publish(rest: Rest, *texts: str, **attributes: str) -> None:
    messages = [{"data": base64.b64encode(each.encode()).decode(), "attributes": attributes} for each in texts]
    rest("POST", f"/{TOPIC}:publish", "", {"messages": messages})


def pull(rest: Rest, most: int = 10) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rest("POST", f"{SUBSCRIPTION}:pull", "", {"maxMessages": most}).get(
        "receivedMessages", []
    )
    return found


@pytest.mark.parametrize("name", ["ab", "google", "1abc", "a b"])
def test_names_that_topics_may_not_have(rest: Rest, name: str) -> None:
    assert rest.refused("PUT", f"/projects/acme/topics/{name.replace(' ', '%20')}", "", {})[0] == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"topic": TOPIC, "ackDeadlineSeconds": 5},
        {"topic": TOPIC, "filter": "x" * 300},
        {"topic": TOPIC, "deadLetterPolicy": {"deadLetterTopic": TOPIC, "maxDeliveryAttempts": 3}},
    ],
)
def test_subscriptions_that_cannot_be(rest: Rest, body: dict[str, Any]) -> None:
    assert rest.refused("PUT", SUBSCRIPTION, "", body)[0] == 400


def test_what_a_subscription_begins_with(rest: Rest) -> None:
    rest(
        "PATCH",
        f"/{TOPIC}",
        "",
        {"topic": {"messageRetentionDuration": "86400s"}, "updateMask": "messageRetentionDuration"},
    )
    made = rest(
        "PUT", SUBSCRIPTION, "", {"topic": TOPIC, "retryPolicy": {}, "deadLetterPolicy": None, "expirationPolicy": {}}
    )
    assert made["retryPolicy"] == {"minimumBackoff": "10s", "maximumBackoff": "600s"}
    assert (made["expirationPolicy"], made["topicMessageRetentionDuration"]) == ({}, "86400s")
    assert rest.refused("PATCH", SUBSCRIPTION, "", {"subscription": {"filter": "x"}, "updateMask": "filter"})[0] == 400
    rest("POST", f"{SUBSCRIPTION}:modifyPushConfig", "", {"pushConfig": {"pushEndpoint": "https://a.test"}})
    assert rest("GET", SUBSCRIPTION)["pushConfig"]["pushEndpoint"] == "https://a.test"
    publish(rest, "a")
    rest("POST", f"{SUBSCRIPTION}:detach")
    assert rest.refused("POST", f"{SUBSCRIPTION}:pull", "", {"maxMessages": 1})[0] == 400
    assert rest("GET", f"/{TOPIC}/subscriptions") == {}
    publish(rest, "b")


def test_calls_that_make_no_sense(rest: Rest) -> None:
    rest("PUT", SUBSCRIPTION, "", {"topic": TOPIC})
    assert rest.refused("POST", f"{SUBSCRIPTION}:pull", "", {})[0] == 400
    assert rest.refused("POST", f"{SUBSCRIPTION}:acknowledge", "", {"ackIds": ["%"]})[0] == 400
    wrong = {"ackIds": ["YQ=="], "ackDeadlineSeconds": 601}
    assert rest.refused("POST", f"{SUBSCRIPTION}:modifyAckDeadline", "", wrong)[0] == 400
    assert rest.refused("POST", f"{SUBSCRIPTION}:seek", "", {})[0] == 400
    assert rest.refused("POST", f"{SUBSCRIPTION}:seek", "", {"snapshot": "projects/acme/snapshots/none"})[0] == 404
    assert rest.refused("POST", f"/{TOPIC}:publish", "", {})[0] == 400
    large = {"messages": [{"data": "A" * 13_400_000}]}
    assert rest.refused("POST", f"/{TOPIC}:publish", "", large)[0] == 400


def test_what_is_given_back_waits(rest: Rest) -> None:
    rest("PUT", SUBSCRIPTION, "", {"topic": TOPIC, "retryPolicy": {"minimumBackoff": "30s", "maximumBackoff": "60s"}})
    publish(rest, "a")
    back = {"ackIds": [pull(rest)[0]["ackId"]], "ackDeadlineSeconds": 0}
    rest("POST", f"{SUBSCRIPTION}:modifyAckDeadline", "", back)
    assert pull(rest) == []
    rest.cloud.advance(31)
    assert len(pull(rest)) == 1


def test_old_messages_go(rest: Rest) -> None:
    rest("PUT", SUBSCRIPTION, "", {"topic": TOPIC, "messageRetentionDuration": "600s"})
    publish(rest, "old")
    rest.cloud.advance(700)
    publish(rest, "new")
    assert [base64.b64decode(each["message"]["data"]) for each in pull(rest)] == [b"new"]


def test_snapshots_are_listed(rest: Rest) -> None:
    rest("PUT", SUBSCRIPTION, "", {"topic": TOPIC})
    path = "/projects/acme/snapshots/before"
    assert rest.refused("PUT", path, "", {})[0] == 400
    made = rest("PUT", path, "", {"subscription": SUBSCRIPTION[1:], "labels": {"a": "b"}})
    assert made["labels"] == {"a": "b"}
    assert rest.refused("PUT", path, "", {"subscription": SUBSCRIPTION[1:]})[0] == 409
    assert rest("GET", f"/{TOPIC}/snapshots")["snapshots"] == [path[1:]]
    # As long as there is one, what was acknowledged can be asked for again.
    publish(rest, "a")
    rest("POST", f"{SUBSCRIPTION}:acknowledge", "", {"ackIds": [pull(rest)[0]["ackId"]]})
    assert pull(rest) == []
    rest("POST", f"{SUBSCRIPTION}:seek", "", {"snapshot": path[1:]})
    assert len(pull(rest)) == 1
    changed = rest("PATCH", path, "", {"snapshot": {"labels": {"a": "c"}}, "updateMask": "labels"})
    assert changed["labels"] == {"a": "c"}


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ('attributes.k = "v"', True),
        ('attributes."k" = "v"', True),
        ('attributes.k != "v"', False),
        ('attributes.other != "v"', True),
        ("attributes:k", True),
        ("-attributes:k", False),
        ("(attributes:k OR attributes:x) AND NOT attributes:y", True),
        ("attributes:x OR attributes:y", False),
        ('hasPrefix(attributes.k, "v")', True),
        ("", True),
    ],
)
def test_filters(text: str, fits: bool) -> None:
    keep = filtering.read(text)
    assert (keep is None or keep({"k": "v"})) is fits


@pytest.mark.parametrize(
    "text",
    [
        "k",
        "attributes",
        "attributes.",
        "attributes.k",
        "attributes.k = v",
        "attributes.k > 1",
        "(attributes:k",
        "attributes:k attributes:x",
        "attributes:a AND attributes:b OR attributes:c",
        "hasPrefix(attributes:k)",
        "NOT " * 30 + "attributes:k",
        "(" * 30 + "attributes:k",
        "§",
    ],
)
def test_filters_that_are_none(rest: Rest, text: str) -> None:
    assert rest.refused("PUT", SUBSCRIPTION, "", {"topic": TOPIC, "filter": text})[0] == 400


RECORD: dict[str, Any] = {
    "type": "record",
    "name": "Event",
    "fields": [
        {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
        {"name": "n", "type": ["null", "int"], "default": None},
        {"name": "l", "type": {"type": "array", "items": "string"}, "default": []},
        {"name": "m", "type": {"type": "map", "values": "double"}, "default": {}},
        {"name": "again", "type": ["null", "Kind"], "default": None},
        {"name": "f", "type": {"type": "fixed", "name": "F", "size": 2}, "default": ""},
        {"name": "t", "type": {"type": "long", "logicalType": "timestamp-micros"}, "default": 0},
    ],
}


@pytest.mark.parametrize(
    ("message", "fits"),
    [
        ({"kind": "A"}, True),
        ({"kind": "A", "n": 1, "l": ["x"], "m": {"k": 1}, "again": "B", "f": "ab", "t": 5}, True),
        ({"kind": "A", "n": {"int": 1}}, True),
        ({"kind": "C"}, False),
        ({}, False),
        ({"kind": "A", "n": "1"}, False),
        ({"kind": "A", "n": True}, False),
        ({"kind": "A", "l": [1]}, False),
        ({"kind": "A", "m": {"k": "x"}}, False),
        ({"kind": "A", "x": 1}, False),
        ([], False),
    ],
)
def test_messages_and_schemas(rest: Rest, message: Any, fits: bool) -> None:
    schema = {"type": "AVRO", "definition": json.dumps(RECORD)}
    data = base64.b64encode(json.dumps(message).encode()).decode()
    body = {"schema": schema, "message": data, "encoding": "JSON"}
    found = rest.raw("POST", "/v1/projects/acme/schemas:validateMessage", "", body)
    assert (found.status == 200) is fits


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "AVRO"},
        {"definition": "{}"},
        {"type": "AVRO", "definition": "{"},
        {"type": "AVRO", "definition": '"word"'},
        {"type": "AVRO", "definition": '{"type": "record", "fields": []}'},
        {"type": "AVRO", "definition": '{"type": "record", "name": "x", "fields": [{"name": "a"}]}'},
        {"type": "AVRO", "definition": '["int", {"type": "array"}]'},
        {"type": "PROTOCOL_BUFFER", "definition": "message X {"},
    ],
)
def test_schemas_that_are_none(rest: Rest, schema: dict[str, str]) -> None:
    assert rest.refused("POST", "/projects/acme/schemas:validate", "", {"schema": schema})[0] == 400


def test_revisions_of_a_schema(rest: Rest) -> None:
    path = "/projects/acme/schemas"
    proto = {"type": "PROTOCOL_BUFFER", "definition": 'syntax = "proto3"; message X { int32 a = 1; }'}
    first = rest("POST", path, "schemaId=event", proto)
    assert rest.refused("POST", path, "schemaId=event", proto)[0] == 409
    assert "definition" not in rest("GET", path)["schemas"][0]
    assert rest("GET", path, "view=FULL")["schemas"][0]["definition"] == proto["definition"]
    one = f"{path}/event"
    assert rest.refused("POST", f"{one}:commit", "", {"schema": {"type": "AVRO", "definition": '"int"'}})[0] == 400
    second = rest("POST", f"{one}:commit", "", {"schema": {**proto, "name": "x"}})
    back = rest("POST", f"{one}:rollback", "", {"revisionId": first["revisionId"]})
    assert len({each["revisionId"] for each in (first, second, back)}) == 3
    assert len(rest("GET", f"{one}:listRevisions")["schemas"]) == 3
    for revision in (second, back):
        rest("DELETE", f"{one}@{revision['revisionId']}:deleteRevision")
    assert rest.refused("DELETE", f"{one}:deleteRevision", f"revisionId={first['revisionId']}")[0] == 400
    assert rest.refused("GET", f"{one}@0000")[0] == 404
    data = base64.b64encode(b"{}").decode()
    named = {"name": one[1:], "message": data, "encoding": "JSON"}
    assert rest("POST", f"{path}:validateMessage", "", named) == {}
    assert rest("POST", f"{path}:validateMessage", "", {**named, "encoding": "BINARY", "message": "AA=="}) == {}
    assert rest.refused("POST", f"{path}:validateMessage", "", {**named, "message": "AA=="})[0] == 400
