"""What the engine answers, and what Google's audit log tells."""

import json
from typing import Any

from groundplan_cli.drift.history import AuditLog
from groundplan_cli.drift.reading import read_by_engine
from groundplan_policies.engine import Document
from tests.cli.drift.conftest import Deployed


class Logging:
    """Stands in for Google: answers questions of the audit log."""

    def __init__(self, status: int, answer: dict[str, Any]) -> None:
        self.status, self.answer = status, answer
        self.asked: list[dict[str, Any]] = []

    def send(
        self,
        verb: str,
        host: str,
        path: str,
        query: str,
        body: bytes,
        media: str = "application/json",
    ) -> tuple[int, bytes]:
        del query, media
        assert (verb, host, path) == ("POST", "logging.googleapis.com", "/v2/entries:list")
        self.asked.append(json.loads(body))
        return self.status, json.dumps(self.answer).encode()

    def wait(self, seconds: float) -> None:
        raise AssertionError(seconds)

    def now(self) -> Any:
        raise AssertionError


def step(op: str, urn: str, new: dict[str, Any] | None) -> dict[str, Any]:
    return {"op": op, "urn": urn, "newState": new}


def test_the_steps_of_a_refresh_say_what_is_there(deployed: Deployed) -> None:
    document = Document.read(deployed.state)
    bucket = next(each for each in document if each.name == "data")
    topic = next(each for each in document if each.name == "events")
    raw = {
        "steps": [
            step("update", bucket.urn, {"inputs": {"location": "US"}, "outputs": {"location": "US"}}),
            step("delete", topic.urn, None),
        ]
    }

    seen = {each.resource.name: each for each in read_by_engine(document, raw)}
    assert (seen["data"].there, seen["data"].inputs) == (True, {"location": "US"})
    assert not seen["events"].there
    assert seen["reader"].refused  # the engine did not say anything of it, so nobody knows


def test_the_audit_log_is_asked_for_what_came_after_the_engine(deployed: Deployed) -> None:
    topic = next(each for each in Document.read(deployed.state) if each.name == "events")
    entry = {
        "timestamp": "2026-02-01T10:00:00Z",
        "protoPayload": {
            "methodName": "google.pubsub.v1.Publisher.UpdateTopic",
            "authenticationInfo": {"principalEmail": "mallory@acme.test"},
            "requestMetadata": {"callerSuppliedUserAgent": "console"},
        },
    }
    ended = {**entry, "operation": {"last": True}}
    transport = Logging(200, {"entries": [ended, entry]})

    history = AuditLog(transport, {topic.urn: "2026-01-31T00:00:00Z"}).history(topic)
    assert [(each.at, each.by, each.agent) for each in history.events] == [
        ("2026-02-01T10:00:00Z", "mallory@acme.test", "console")
    ]
    [asked] = transport.asked
    assert asked["resourceNames"] == ["projects/acme-dev"]
    assert 'protoPayload.resourceName:"events"' in asked["filter"]
    assert 'timestamp>"2026-01-31T00:00:00Z"' in asked["filter"]


def test_a_log_that_may_not_be_read_is_said_and_asked_once(deployed: Deployed) -> None:
    document = Document.read(deployed.state)
    transport = Logging(403, {"error": {"status": "PERMISSION_DENIED", "message": "no"}})
    log = AuditLog(transport)

    said = [log.history(each).silence for each in document if each.name in {"events", "reader"}]
    assert said == ["the audit log of acme-dev cannot be read (PERMISSION_DENIED)"] * 2
    assert len(transport.asked) == 1
