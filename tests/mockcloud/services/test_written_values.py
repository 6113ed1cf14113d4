"""Schedules, destinations, filters and pipelines: what services refuse, beside what they take."""

from typing import Any

import pytest

from mockcloud.services.logging.syntax import hold_filter
from mockcloud.simulator import new_cloud
from tests.mockcloud.calls import Caller

PLACE = "projects/acme/locations/europe-west4"
JOB = {"name": f"{PLACE}/jobs/j", "httpTarget": {"uri": "https://a.test"}}


@pytest.mark.parametrize(
    ("job", "code"),
    [
        ({"schedule": "*/15 9-17 * * MON-FRI"}, 200),
        ({"schedule": "every 24 hours"}, 200),
        ({"schedule": "1st monday of sep,oct 17:00"}, 200),
        ({"schedule": "1 of jan,april 00:00"}, 200),
        ({"schedule": "0 3 * * *", "timeZone": "Europe/Berlin"}, 200),
        ({"schedule": "99 * * * *"}, 400),
        ({"schedule": "* * * *"}, 400),
        ({"schedule": "often"}, 400),
        ({"schedule": "0 3 * * *", "timeZone": "Mars/Base"}, 400),
    ],
)
def test_schedules_and_time_zones(job: dict[str, Any], code: int) -> None:
    call = Caller(new_cloud(), "cloudscheduler.googleapis.com")
    assert call("POST", f"/v1/{PLACE}/jobs", {**JOB, **job}).status == code


def test_a_schedule_is_held_when_it_changes() -> None:
    call = Caller(new_cloud(), "cloudscheduler.googleapis.com")
    call("POST", f"/v1/{PLACE}/jobs", {**JOB, "schedule": "0 3 * * *"})
    path = f"/v1/{PLACE}/jobs/j"
    assert call("PATCH", path, {"schedule": "0 25 * * *"}, updateMask="schedule").status == 400
    assert call("PATCH", path, {"schedule": "0 23 * * *"}, updateMask="schedule").status == 200


@pytest.mark.parametrize(
    ("destination", "code"),
    [
        ("storage.googleapis.com/logs", 200),
        ("bigquery.googleapis.com/projects/acme/datasets/logs", 200),
        ("pubsub.googleapis.com/projects/acme/topics/logs", 200),
        ("logging.googleapis.com/projects/acme/locations/global/buckets/b", 200),
        ("logging.googleapis.com/projects/other", 200),
        ("bigquery.googleapis.com/logs", 400),
        ("gs://logs", 400),
    ],
)
def test_destinations_of_sinks(destination: str, code: int) -> None:
    call = Caller(new_cloud(), "logging.googleapis.com")
    assert call("POST", "/v2/projects/acme/sinks", {"name": "s", "destination": destination}).status == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "severity>=ERROR",
        'resource.type="gce_instance" AND NOT (severity=(INFO OR DEBUG))',
        'log_id("x") sample(insertId, 0.1)\n-- a "comment',
        'protoPayload.methodName=~"^storage\\.(get|list)$" timestamp>=2026-01-01T00:00:00Z',
        "labels.a:* -labels.b=c",
        'textPayload:"it\'s (open" OR foo',
    ],
)
def test_filters_that_are_taken(text: str) -> None:
    hold_filter(text, "filter")


@pytest.mark.parametrize(
    "text", ["((a=b)", "a=b)", 'a="b', "a=b AND", "a=b AND OR c=d", "NOT", "a=", "(a=)", "AND a=b", "a" * 20_001]
)
@pytest.mark.parametrize("path", ["sinks", "metrics", "exclusions"])
def test_filters_that_are_refused(path: str, text: str) -> None:
    call = Caller(new_cloud(), "logging.googleapis.com")
    body = {"name": "x", "filter": text, **({"destination": "storage.googleapis.com/b"} if path == "sinks" else {})}
    assert call("POST", f"/v2/projects/acme/{path}", body).status == 400


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, 400), ({"pipelineSpec": {}}, 400), ({"templateUri": "https://europe-kfp.pkg.dev/a/b/c"}, 200)],
)
def test_a_pipeline_job_has_a_pipeline(body: dict[str, Any], code: int) -> None:
    call = Caller(new_cloud(), "europe-west4-aiplatform.googleapis.com")
    assert call("POST", f"/v1/{PLACE}/pipelineJobs", {"displayName": "p", **body}).status == code
