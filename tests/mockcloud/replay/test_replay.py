"""Requests that the real provider sent, played again.

The recording is no part of this repository. It is played where the environment names it (`GROUNDPLAN_TRAFFIC`), or
where it lies beside the checkout; else that test is skipped by name.
"""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.mockcloud.replay import traffic

LEAST_MET = 0.97
LEAST_BACK = 0.9


def test_the_provider_is_answered_as_expected() -> None:
    file = traffic.recording()
    if file is None:
        pytest.skip(f"no recording: {traffic.VARIABLE} names none, and none lies beside the checkout")
    outcomes = list(traffic.play(traffic.read(file), traffic.table()))
    wrong = [
        f"{each.exchange.number} {each.exchange.method} {each.exchange.host}{each.exchange.path}: "
        f"{each.status}, not {each.expected}: {each.message}"
        for each in outcomes
        if not each.met
    ]
    met = 1 - len(wrong) / len(outcomes)
    sent = sum(each.sent for each in outcomes)
    lost = [(each.exchange.number, field) for each in outcomes for field in each.lost]
    back = 1 - len(lost) / sent
    _report({"requests": len(outcomes), "expected": met, "fields": back})
    assert met >= LEAST_MET, "\n".join(wrong)
    assert back >= LEAST_BACK, lost
    assert not [each for each in outcomes if each.status >= 500], wrong


def _report(measured: dict[str, float]) -> None:
    """Write what was measured into the fidelity report, where one is being made."""
    file = os.environ.get("GROUNDPLAN_FIDELITY_RESULTS")
    if file:
        with Path(file).open("a", encoding="utf-8") as results:
            results.write(json.dumps(measured) + "\n")


def _exchange(number: int, method: str, path: str, request: Any = None, response: Any = None, **more: Any) -> Any:
    given = {"query": "alt=json", "status": 200, "host": "compute.googleapis.com", **more}
    return traffic.Exchange(
        number, "g", method, given["host"], path, given["query"], "application/json", request, given["status"], response
    )


def test_names_that_the_recorded_server_chose_become_ours() -> None:
    parent = "/v3/projects/p/notificationChannels"
    host = "monitoring.googleapis.com"
    channel = {"type": "email", "displayName": "On call", "labels": {"email_address": "a@acme.test"}}
    played = [
        _exchange(
            0, "POST", parent, channel, {"name": "projects/p/notificationChannels/123456789", **channel}, host=host
        ),
        _exchange(1, "GET", f"{parent}/123456789", response={}, host=host),
        _exchange(2, "GET", f"{parent}/987654321", response={}, host=host),
    ]
    outcomes = list(traffic.play(played, []))
    assert [each.met for each in outcomes] == [True, True, False]
    assert outcomes[0].lost == ()


def test_stale_fingerprints_of_the_recording_become_ours() -> None:
    base = "/compute/beta/projects/p/global/addresses"
    body = {"name": "a", "labels": {"x": "y"}}
    labels = {"labels": {"x": "z"}, "labelFingerprint": "i26AgO6zB1I="}
    played = [
        _exchange(0, "POST", base, body, {"name": "operation-1-2-3"}),
        _exchange(1, "GET", f"{base}/a", response={"name": "a", "labelFingerprint": "i26AgO6zB1I="}),
        _exchange(2, "POST", f"{base}/a/setLabels", labels, {"name": "operation-4-5-6"}),
    ]
    assert [each.status for each in traffic.play(played, [])] == [200, 200, 200]


def test_what_does_not_come_back_is_told() -> None:
    path = "/compute/v1/projects/p/global/networks"
    (outcome,) = traffic.play([_exchange(0, "POST", path, {"name": "n", "description": "words"}, {})], [])
    assert (outcome.sent, outcome.lost) == (2, ())
    assert not traffic.comes_back("description", "other words", json.dumps([{"description": "words"}]))
    assert traffic.comes_back("network", "projects/p/global/networks/n", '["https://h/projects/p/global/networks/n"]')


def test_the_table_counts_what_is_answered_so_only_at_first() -> None:
    expectations = traffic.Expectations([{"request": "GET h/a", "status": 404, "why": "", "once": 1}])
    asked = _exchange(0, "GET", "/a", host="h")
    assert [expectations.status(asked), expectations.status(asked)] == [404, 200]
    assert all(each["why"] for each in traffic.table())


def test_a_recording_is_found_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "traffic.jsonl.gz"
    monkeypatch.setenv(traffic.VARIABLE, str(file))
    assert traffic.recording() is None
    line: dict[str, object] = {
        "group": "g",
        "method": "GET",
        "host": "compute.googleapis.com",
        "path": "/compute/v1/projects/p/zones/europe-west4-a",
        "query": "",
        "content_type": "",
        "request": None,
        "status": 200,
        "response": {},
    }
    with gzip.open(file, "wt", encoding="utf-8") as written:
        written.write(json.dumps(line) + "\n")
    assert traffic.recording() == file
    assert [each.met for each in traffic.play(traffic.read(file), [])] == [True]
