"""The benchmarks of the mock cloud: what they send, how they read wrk, and what they compare."""

import subprocess
from typing import Any

import pytest

from benchmarks import mock_dispatch, mock_load
from benchmarks.mock_load import Load, Rate, Serving, medians, rate
from benchmarks.mock_servers import strict_cloud
from mockcloud.doors.rest.server import serve

PRINTED = "  2602 requests in 2.00s, 1.90MB read\nRequests/sec:   1300.52\n"
HERE = Serving(port=1, process=1)


@pytest.fixture
def wrk(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let wrk print what it is told to, and keep what it was asked."""
    asked: list[Any] = [PRINTED]

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, asked[0], "")

    monkeypatch.setattr("benchmarks.mock_load.subprocess.run", run)
    monkeypatch.setattr(mock_load, "has_wrk", lambda: True)
    monkeypatch.setattr(Serving, "processor_seconds", lambda _: float(len(asked)))
    return asked


def test_a_load_is_a_script_with_a_number_in_each_request() -> None:
    script = Load(path="/b/{n}", verb="PUT", body='{"a":"{n}"}', headers={"X": 'y"z'}).script("a")
    assert 'wrk.headers["X"] = "y\\"z"' in script
    assert 'string.gsub("/b/{n}", "{n}", number)' in script
    assert 'wrk.format("PUT", path, nil, body)' in script


def test_what_wrk_prints_is_read(wrk: list[Any]) -> None:
    assert rate(HERE, Load(path="/")) == Rate(seconds=1 / 2602, answers=1300.52)


def test_the_median_of_several_runs_counts(wrk: list[Any]) -> None:
    found = medians({"a": (HERE, Load(path="/")), "b": (HERE, Load(path="/"))}, rounds=2)
    assert found == {"a": Rate(1 / 2602, 1300.52), "b": Rate(1 / 2602, 1300.52)}
    assert len(wrk) == 1 + 4


def test_a_load_that_is_refused_is_none(wrk: list[Any]) -> None:
    wrk[0] = PRINTED + "  Non-2xx or 3xx responses: 7\n"
    with pytest.raises(RuntimeError, match="was refused"):
        rate(HERE, Load(path="/"))


def test_processor_time_is_told_or_the_time_of_day_is(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    assert Serving(1, os.getpid()).processor_seconds() > 0
    assert Serving(1, 2**30).processor_seconds() > 0


def test_what_is_not_at_hand_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mock_load, "MOTO", mock_load.ROOT / "none")
    assert "make moto" in mock_load.missing_moto()


def test_without_wrk_processor_time_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = {"ours": Rate(seconds=2.0, answers=10.0), "theirs": Rate(seconds=1.0, answers=40.0)}
    monkeypatch.setattr(mock_load, "has_wrk", lambda: True)
    assert mock_load._compared("ours", "theirs", rates).ratio == 4
    monkeypatch.setattr(mock_load, "has_wrk", lambda: False)
    assert mock_load._compared("ours", "theirs", rates).ratio == 2


def test_a_client_in_python_makes_the_load_where_there_is_no_wrk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mock_load, "has_wrk", lambda: False)
    cloud = strict_cloud()
    with serve(cloud) as server:
        found = rate(Serving(server.port, 2**30), mock_load.CREATE, seconds=1)
        assert found.answers > 0
        assert len(cloud.store.page("storage", "b")) >= 2, "each has another name"
        with pytest.raises(RuntimeError, match="was refused"):
            rate(Serving(server.port, 2**30), Load(path="/none"), seconds=1)


def test_calls_in_process_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mock_dispatch, "ROUNDS", 1)
    create, get = mock_dispatch._calls(strict_cloud())
    assert create(0)
    assert get(0)
    measured = mock_dispatch._measured(2.0, 1.0, "gets")
    assert (measured.ratio, measured.details["gets/s"]) == (2.0, 0.5)
    assert mock_dispatch._each(lambda _: None, 3) >= 0


def test_a_deletion_is_measured() -> None:
    assert mock_dispatch._deletion(10) > 0
