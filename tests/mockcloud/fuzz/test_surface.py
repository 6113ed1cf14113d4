"""Requests over the whole surface, right ones and broken ones: each is answered, in Google's form."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockcloud.discovery.documents import apis
from mockcloud.doors.wire import HttpResponse
from mockcloud.simulator import new_cloud
from tools.fuzz import ROUND, fuzz, main, wrong

REQUESTS = 3_000
CALM = settings(
    max_examples=REQUESTS // ROUND, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@CALM
@given(seed=st.integers(0, 2**32), api=st.sampled_from(sorted(apis())))
def test_every_request_is_answered_in_googles_form(seed: int, api: str) -> None:
    sent = fuzz(seed, cloud=new_cloud(), api=api)
    assert not sent.findings, "\n".join(map(str, sent.findings))
    assert sent.statuses.total() == ROUND


def test_the_same_seed_sends_the_same() -> None:
    assert fuzz(7, api="secretmanager").statuses == fuzz(7, api="secretmanager").statuses
    assert fuzz(7).statuses == fuzz(7).statuses


def test_a_bad_answer_is_told() -> None:
    json = {"Content-Type": "application/json; charset=UTF-8"}
    assert wrong(HttpResponse(500, json, b"{}")).startswith("status 500")
    assert wrong(HttpResponse(200, json, b"{")).startswith("no JSON")
    assert wrong(HttpResponse(404, json, b"{}")).startswith("no error of Google's form")
    assert wrong(HttpResponse(404, json, b'{"error": {"code": 400, "message": "x"}}')).startswith("no error")
    assert wrong(HttpResponse(200, {}, b"x"), empty=True) == "a body in the answer to HEAD"
    assert wrong(HttpResponse(404, json, b'{"error": {"code": 404, "message": "x"}}')) == ""
    assert wrong(HttpResponse(400, json, b'{"error": "invalid_grant"}')) == ""
    assert wrong(HttpResponse(200, {"Content-Type": "image/png"}, b"\x00")) == ""
    assert wrong(HttpResponse(204, {}, b""), empty=True) == ""


def test_the_command_counts_what_it_sent(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--requests", str(ROUND), "--api", "pubsub"]) == 0
    assert f"{ROUND} requests" in capsys.readouterr().out
