"""From answers to HTTP: streams, media, numbers that JSON has no word for, errors of every family."""

import json
import math
from typing import Any

import pytest

from mockcloud.cloud.call import Answer
from mockcloud.cloud.errors import already_exists, info, invalid, not_found
from mockcloud.discovery.catalogue import description
from mockcloud.discovery.schemas import Violation
from mockcloud.doors.wire import headers_of, refused
from mockcloud.doors.wire.forms import Form
from mockcloud.doors.wire.writing import json_bytes, written

METHOD = description("aiplatform", "v1").routes.by_id["projects.locations.endpoints.streamGenerateContent"]
STREAM = Answer(stream=({"modelVersion": "one"}, {"modelVersion": "two"}))


def test_a_stream_is_a_list() -> None:
    response = written(STREAM, Form(), METHOD)
    assert json.loads(response.body) == [{"modelVersion": "one"}, {"modelVersion": "two"}]


def test_a_stream_is_events_where_they_are_asked_for() -> None:
    response = written(STREAM, Form(alt="sse"), METHOD)
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.body == b'data: {"modelVersion":"one"}\r\n\r\ndata: {"modelVersion":"two"}\r\n\r\n'


def test_each_message_of_a_stream_is_partial() -> None:
    answer = Answer(stream=({"modelVersion": "one", "responseId": "x"},))
    assert json.loads(written(answer, Form(fields="modelVersion"), METHOD).body) == [{"modelVersion": "one"}]


def test_media_is_sent_as_it_is() -> None:
    response = written(Answer(content=b"\x00", content_type="image/png", headers={"ETag": "x"}), Form(), METHOD)
    assert (response.headers, response.body) == ({"Content-Type": "image/png", "ETag": "x"}, b"\x00")


def test_what_is_written_already_is_sent_as_it_is() -> None:
    answer = Answer({"responseId": "x"}, ready=b'{"responseId":"x"}')
    assert written(answer, Form(), METHOD).body is answer.ready
    assert json.loads(written(answer, Form(fields="modelVersion"), METHOD).body) == {}


def test_numbers_that_json_has_no_word_for_are_texts() -> None:
    body: Any = {"a": [math.nan, math.inf, -math.inf, 1.5], "b": ("x",)}
    assert json.loads(json_bytes(body)) == {"a": ["NaN", "Infinity", "-Infinity", 1.5], "b": ["x"]}


@pytest.mark.parametrize(
    ("api", "error", "reason"),
    [
        ("bigquery", already_exists("x"), "duplicate"),
        ("bigquery", invalid("x"), "invalid"),
        ("storage", already_exists("x"), "conflict"),
        ("compute", already_exists("x"), "alreadyExists"),
        ("sqladmin", already_exists("x"), "instanceAlreadyExists"),
        ("dns", not_found("x"), "notFound"),
    ],
)
def test_older_apis_have_a_list_and_words_of_their_own(api: str, error: Exception, reason: str) -> None:
    found = json.loads(refused(error, api).body)["error"]  # type: ignore[arg-type] # each of them is an ApiError
    assert [each["reason"] for each in found["errors"]] == [reason]
    assert found["errors"][0]["domain"] == "global"
    assert ("status" in found) is (api != "storage")


def test_newer_apis_have_details() -> None:
    error = invalid("Wrong.", Violation("a.b", "It is wrong."), Violation("", "All of it is."))
    assert json.loads(refused(error, "aiplatform").body) == {
        "error": {
            "code": 400,
            "message": "Wrong.",
            "status": "INVALID_ARGUMENT",
            "details": [
                {
                    "@type": "type.googleapis.com/google.rpc.BadRequest",
                    "fieldViolations": [
                        {"field": "a.b", "description": "It is wrong."},
                        {"description": "All of it is."},
                    ],
                }
            ],
        }
    }


def test_reasons_have_a_domain() -> None:
    assert info("SERVICE_DISABLED", "aiplatform", consumer="projects/1") == {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "SERVICE_DISABLED",
        "domain": "googleapis.com",
        "metadata": {"service": "aiplatform.googleapis.com", "consumer": "projects/1"},
    }


def test_headers_are_joined() -> None:
    assert headers_of([("A", "1"), ("b", "2"), ("a", "3")]) == {"a": "1, 3", "b": "2"}
