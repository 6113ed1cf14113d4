"""What a call of the mock cloud costs in process, and what its start costs."""

import gc
import json
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.mock_load import server
from benchmarks.registry import Benchmark, Measurement

CALLS, ROUNDS, RESOURCES, STARTS = 3_000, 5, 100_000, 3
CREATES, GETS = 5_000, 20_000
"""Calls a second that are asked of a machine on which the bare loops take `CREATE_LOOP` and `GET_LOOP` seconds."""
CREATE_LOOP, GET_LOOP = 9e-6, 3e-6
LIST_SECONDS, LIST_LOOP = 0.005, 250e-6
"""What a page of a long list may take on such a machine, and what writing its JSON takes there."""
START_SECONDS, BARE_START, MEGABYTES = 0.5, 0.14, 150

SECRET: Final = {"replication": {"automatic": {}}, "labels": {"team": "ml"}}
FIRST: Final = "/v1/projects/acme/locations/us-central1/endpoints"
"""What is asked first: of the largest description, through an address that does not say of which API."""
HOST: Final = "secretmanager.googleapis.com"


def _each(work: Callable[[int], object], calls: int = CALLS) -> float:
    """Give the least processor time of a turn, of several rounds: other work on the machine has no part in it."""
    taken = []
    for number in range(ROUNDS):
        gc.collect()
        start = time.process_time()
        for turn in range(number * calls, (number + 1) * calls):
            work(turn)
        taken.append((time.process_time() - start) / calls)
    return min(taken)


def _calls() -> tuple[Callable[[int], object], Callable[[int], object]]:
    """Give what creates a secret, and what reads one."""
    from mockcloud.cloud.call import Request
    from mockcloud.discovery.catalogue import find
    from mockcloud.simulator import new_cloud

    cloud = new_cloud()
    create = find("POST", HOST, "v1/projects/acme/secrets")
    get = find("GET", HOST, "v1/projects/acme/secrets/s0")
    if create is None or get is None:
        raise RuntimeError("secrets are not described")
    made, read = create.match, get.match
    return (
        lambda turn: cloud.dispatch(Request(made.method, made.variables, {"secretId": f"s{turn}"}, SECRET)),
        lambda _: cloud.dispatch(Request(read.method, read.variables)),
    )


def measure_create() -> Measurement:
    """Compare creations with a loop that reads, keeps and writes the same JSON."""
    create, _ = _calls()
    kept: dict[str, Any] = {}
    text = json.dumps(SECRET)

    def bare(turn: int) -> str:
        kept[f"s{turn}"] = body = json.loads(text)
        return json.dumps(body)

    return _measured(_each(create), _each(bare), "creates")


def measure_get() -> Measurement:
    """Compare gets with a loop that finds and writes the same JSON."""
    create, get = _calls()
    create(0)
    kept = {"s0": SECRET}
    return _measured(_each(get), _each(lambda _: json.dumps(kept["s0"])), "gets")


def _measured(seconds: float, baseline: float, what: str) -> Measurement:
    return Measurement(
        seconds=seconds,
        baseline_seconds=baseline,
        details={
            f"{what}/s": 1 / seconds,
            f"µs for one of the {what}": seconds * 1e6,
            "µs in the loop": baseline * 1e6,
        },
    )


def measure_list() -> Measurement:
    """Compare a page from the middle of a long list with writing its JSON."""
    from mockcloud.doors.wire import HttpRequest, answer
    from mockcloud.simulator import new_cloud

    cloud = new_cloud()
    create = "/v1/projects/acme/secrets"
    body = json.dumps(SECRET).encode()
    for number in range(RESOURCES):
        answer(cloud, HttpRequest("POST", HOST, create, f"secretId=s{number:06}", {}, body))
    first = json.loads(answer(cloud, HttpRequest("GET", HOST, create, "pageSize=100")).body)
    query = f"pageSize=100&pageToken={first['nextPageToken']}"
    page = json.loads(answer(cloud, HttpRequest("GET", HOST, create, query)).body)
    seconds = _each(lambda _: answer(cloud, HttpRequest("GET", HOST, create, query)), 20)
    baseline = _each(lambda _: json.dumps(page), 20)
    return Measurement(
        seconds=seconds,
        baseline_seconds=baseline,
        details={"ms for a page": seconds * 1e3, "ms to write its JSON": baseline * 1e3, "resources": RESOURCES},
    )


def _started(name: str) -> tuple[float, float, float]:
    """Give processor time and time of day from a server's start to its first answer, and its memory then, in MB."""
    start = time.monotonic()
    with server(name) as serving:
        urllib.request.urlopen(f"http://127.0.0.1:{serving.port}{FIRST}", timeout=30).close()
        passed = time.monotonic() - start
        return serving.processor_seconds(), passed, _resident(serving.process)


def _resident(process: int) -> float:
    """Give the memory of a process, in MB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def measure_start() -> Measurement:
    """Compare the start of the mock cloud's server with that of a bare handler.

    Raises:
        RuntimeError: It takes more memory than it may.
    """
    ours = min(_started("empty") for _ in range(STARTS))
    bare = min(_started("bare") for _ in range(STARTS))
    if ours[2] > MEGABYTES:
        raise RuntimeError(f"the mock cloud takes {ours[2]:.0f} MB after its start, and may take {MEGABYTES}")
    return Measurement(
        seconds=ours[0],
        baseline_seconds=bare[0],
        details={
            "s to the first answer": ours[1],
            "s of a bare handler": bare[1],
            "s of processor time": ours[0],
            "s of processor time of a bare handler": bare[0],
            "MB": ours[2],
            "MB of a bare handler": bare[2],
        },
    )


DISPATCH_CREATE = Benchmark(
    name="mock-dispatch-create",
    judged="a creation in process",
    baseline="a loop that reads, keeps and writes the same JSON",
    limit=1 / CREATES / CREATE_LOOP,
    measure=measure_create,
)

DISPATCH_GET = Benchmark(
    name="mock-dispatch-get",
    judged="a get in process",
    baseline="a loop that finds and writes the same JSON",
    limit=1 / GETS / GET_LOOP,
    measure=measure_get,
)

LONG_LIST = Benchmark(
    name="mock-list",
    judged=f"a page of a list of {RESOURCES:,} resources",
    baseline="writing its JSON",
    limit=LIST_SECONDS / LIST_LOOP,
    measure=measure_list,
)

START = Benchmark(
    name="mock-start",
    judged="from the start of the mock cloud's server to its first answer",
    baseline="the same of a bare uvicorn handler",
    limit=START_SECONDS / BARE_START,
    measure=measure_start,
)
