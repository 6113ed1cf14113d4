"""Waits inside Google's clients take no time, and move the cloud's."""

import ast
import asyncio
import os
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from google.api_core import exceptions, retry, retry_async
from google.api_core.future import polling
from google.auth import _exponential_backoff
from google.cloud.aiplatform import base as aiplatform_base
from google.cloud.aiplatform import jobs as aiplatform_jobs
from google.resumable_media import common
from google.resumable_media.requests import _request_helpers
from googleapiclient import http

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.store import Record
from mockcloud.doors.process.hooks import waits

HOUR = 3600.0
base: Any = aiplatform_base
jobs: Any = aiplatform_jobs


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with mock_gcp() as opened:
        begun = time.monotonic()
        yield opened
        assert time.monotonic() - begun < 2, "it slept"


def passed(cloud: Cloud) -> float:
    from mockcloud.cloud.clock import START

    return (cloud.clock.now - START) / timedelta(seconds=1)


class Flaky:
    """Fails so many times before it succeeds."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self) -> str:
        self.left -= 1
        if self.left >= 0:
            raise exceptions.ServiceUnavailable("not yet")
        return "done"

    async def later(self) -> str:
        return self()

    def stream(self) -> Iterator[str]:
        yield self()


def test_retries_of_api_core(cloud: Cloud) -> None:
    again = retry.Retry(initial=60, maximum=60, multiplier=1, timeout=HOUR)
    assert again(Flaky(10))() == "done"
    assert passed(cloud) == 10 * 30


def test_streaming_retries_of_api_core(cloud: Cloud) -> None:
    again = retry.StreamingRetry(initial=60, maximum=60, multiplier=1, timeout=HOUR)
    assert list(again(Flaky(10).stream)()) == ["done"]
    assert passed(cloud) == 10 * 30


def test_asynchronous_retries_of_api_core(cloud: Cloud) -> None:
    again = retry_async.AsyncRetry(initial=60, maximum=60, multiplier=1, timeout=HOUR)

    async def call() -> str:
        return await again(Flaky(10).later)()

    assert asyncio.run(call()) == "done"
    assert passed(cloud) == 10 * 30


def test_a_deadline_is_reached_by_waiting_for_it(cloud: Cloud) -> None:
    again = retry.Retry(initial=60, maximum=60, multiplier=1, timeout=HOUR)
    with pytest.raises(exceptions.RetryError):
        again(Flaky(1_000_000))()
    assert HOUR - 60 < passed(cloud) <= HOUR


def test_a_poll_that_never_ends_runs_into_its_timeout(cloud: Cloud) -> None:
    class Never(polling.PollingFuture):
        def done(self, retry: object = None) -> bool:
            del retry
            return False

        def cancel(self) -> bool:
            return False

        def cancelled(self) -> bool:
            return False

        def running(self) -> bool:
            return True

    with pytest.raises(TimeoutError):
        Never().result(timeout=2 * HOUR)
    assert passed(cloud) > 1.9 * HOUR


def test_the_same_test_waits_equally_long() -> None:
    found = []
    for _ in range(2):
        with mock_gcp() as cloud:
            for each in _exponential_backoff.ExponentialBackoff(total_attempts=4):
                assert each
            retry.Retry(timeout=HOUR)(Flaky(3))()
            found.append(passed(cloud))
    assert found[0] == found[1] > 0


def test_uploads_in_pieces(cloud: Cloud) -> None:
    failing = Flaky(3)

    class Answer:
        def __init__(self, status: int) -> None:
            self.status_code = status

    def send() -> Answer:
        failing.left -= 1
        if failing.left >= 0:
            raise common.InvalidResponse(Answer(503), "not yet")
        return Answer(200)

    _request_helpers.wait_and_retry(send, lambda answer: answer.status_code, common.RetryStrategy())
    assert passed(cloud) > 6


def test_googleapiclient(cloud: Cloud) -> None:
    request = http.HttpRequest(None, lambda *_: None, "https://storage.googleapis.com/")
    request._sleep(HOUR)
    assert passed(cloud) == HOUR


def test_asyncio_gives_way_to_others(cloud: Cloud) -> None:
    order = []

    async def other() -> None:
        order.append("other")

    async def main() -> None:
        task = asyncio.create_task(other())
        assert await waits.Asyncio().sleep(HOUR, "result") == "result"
        order.append("main")
        await task

    asyncio.run(main())
    assert order == ["other", "main"]
    assert passed(cloud) == HOUR


def test_the_time_of_a_client_goes_with_the_clouds(cloud: Cloud) -> None:
    begun = (jobs.time.time(), jobs.time.monotonic(), time.time())
    jobs.time.sleep(2 * HOUR)
    assert jobs.time.time() - begun[0] >= 2 * HOUR
    assert jobs.time.monotonic() - begun[1] >= 2 * HOUR
    assert jobs.time.strftime is time.strftime
    assert time.time() - begun[2] < 2
    assert passed(cloud) == 2 * HOUR


def test_polls_that_can_see_nothing_new_are_left_out(cloud: Cloud) -> None:
    happened = []
    record = cloud.create(Record("secretmanager", "projects/acme/secrets/a", {}))
    cloud.plan(2 * HOUR, record, "operation.done", result={}, finish={})
    for _ in range(3):
        jobs.time.sleep(7)
        happened.append(passed(cloud))
    # In steps of the wait: the first one that is late enough, then as long as it says.
    assert [round(each) for each in happened] == [7203, 7210, 7217]
    assert cloud.plans.next_at is None
    cloud.plan(HOUR, record, "operation.done", result={}, finish={})
    cloud.delete(record)
    assert cloud.plans.next_at is None


def test_who_waits_for_a_thread_does_not_move_the_clouds_time(cloud: Cloud) -> None:
    base.time.sleep(HOUR)
    assert passed(cloud) == 0


def test_a_users_own_sleep_sleeps(cloud: Cloud) -> None:
    begun = time.perf_counter()
    time.sleep(0.01)
    assert time.perf_counter() - begun >= 0.01
    assert passed(cloud) == 0


def test_without_a_cloud_clients_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_gcp():
        pass
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    jobs.time.sleep(3)
    assert slept == [3]
    begun = time.monotonic()
    asyncio.run(waits.Asyncio().sleep(0.01))
    assert time.monotonic() - begun >= 0.01
    assert 0 <= waits.Random().random() < 1
    assert 2 <= waits.Random().uniform(2, 3) <= 3
    assert waits.Random().randint(2, 2) == 2
    assert waits.Random().choice is not None


def test_drawing_gives_the_middle_in_a_cloud(cloud: Cloud) -> None:
    assert waits.Random().random() == 0.5
    assert waits.Random().uniform(2, 3) == 2.5
    assert waits.Random().randint(0, 1000) == 500


# The table
# ---------------------------------------------------------------------------------------------------------------------

ROOTS = ("google", "googleapiclient", "vertexai", "agentplatform", "gcsfs")


SLEEPS = re.compile(rb"\b(?:time|asyncio)\.sleep\b")
GENERATED = {"services", "types", "tests"}


def sleeping() -> Iterator[str]:
    """Give the modules of Google's clients that sleep, by their text. Generated ones wait through google.api_core."""
    for root in ROOTS:
        spec = find_spec(root)
        for folder in spec.submodule_search_locations or () if spec else ():
            for where, folders, files in os.walk(folder):
                folders[:] = [each for each in folders if each not in GENERATED]
                for path in (Path(where) / each for each in files if each.endswith(".py")):
                    text = path.read_bytes()
                    if SLEEPS.search(text) and _sleeps(text):
                        yield ".".join(path.relative_to(Path(folder).parent).with_suffix("").parts)


def _sleeps(text: bytes) -> bool:
    """Whether a module calls or takes `time.sleep` or `asyncio.sleep`, and does not only speak of it."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "sleep"
        and isinstance(node.value, ast.Name)
        and node.value.id in {"time", "asyncio"}
        for node in ast.walk(ast.parse(text))
    )


def test_the_table_has_every_module_of_googles_clients_that_sleeps() -> None:
    text = (Path(waits.__file__).parent / "waits.yaml").read_text(encoding="utf-8")
    table = yaml.safe_load(text)
    known = {name for kind in table for name in table[kind]}
    found = {name for name in sleeping() if not name.rpartition(".")[2].startswith("_test")}
    assert found - known == set()
