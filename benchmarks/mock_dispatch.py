"""What a call of the mock cloud costs in process, and what its start costs."""

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.mock_load import free_port, running
from benchmarks.mock_servers import PROJECT, TOKEN, strict_cloud
from benchmarks.registry import Benchmark, Measurement

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

CALLS, ROUNDS, RESOURCES, STARTS = 3_000, 5, 100_000, 3
CREATES, GETS = 5_000, 20_000
"""Calls a second that are asked of a machine on which the bare loops take `CREATE_LOOP` and `GET_LOOP` seconds."""
CREATE_LOOP, GET_LOOP = 6.7e-6, 2.8e-6
LIST_SECONDS, LIST_LOOP = 0.005, 250e-6
"""What a page of a long list may take on such a machine, and what writing its JSON takes there."""
START_SECONDS, BARE_START, MEGABYTES = 0.5, 0.14, 150

SECRET: Final = {"replication": {"automatic": {}}, "labels": {"team": "ml"}}
SECRETS: Final = f"projects/{PROJECT}/secrets"
OWNER: Final = {"authorization": f"Bearer {TOKEN}"}
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


def _calls(cloud: "Cloud") -> tuple[Callable[[int], object], Callable[[int], object]]:
    """Give what creates a secret, and what reads one."""
    from mockcloud.cloud.call import Request
    from mockcloud.discovery.catalogue import find

    create = find("POST", HOST, f"v1/{SECRETS}")
    get = find("GET", HOST, f"v1/{SECRETS}/s0")
    if create is None or get is None:
        raise RuntimeError("secrets are not described")
    made, read = create.match, get.match
    return (
        lambda turn: cloud.dispatch(
            Request(made.method, made.variables, {"secretId": f"s{turn}"}, SECRET, headers=OWNER)
        ),
        lambda _: cloud.dispatch(Request(read.method, read.variables, headers=OWNER)),
    )


def measure_create() -> Measurement:
    """Compare creations with a loop that reads, keeps and writes the same JSON."""
    create, _ = _calls(strict_cloud())
    kept: dict[str, Any] = {}
    text = json.dumps(SECRET)

    def bare(turn: int) -> str:
        kept[f"s{turn}"] = body = json.loads(text)
        return json.dumps(body)

    return _measured(_each(create), _each(bare), "creates")


def measure_get() -> Measurement:
    """Compare gets with a loop that finds and writes the same JSON."""
    create, get = _calls(strict_cloud())
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

    cloud = strict_cloud()
    path, body = f"/v1/{SECRETS}", json.dumps(SECRET).encode()
    for number in range(RESOURCES):
        answer(cloud, HttpRequest("POST", HOST, path, f"secretId=s{number:06}", OWNER, body))

    def page(token: str) -> bytes:
        return answer(cloud, HttpRequest("GET", HOST, path, f"pageSize=100&pageToken={token}", OWNER)).body

    token = ""
    for _ in range(RESOURCES // 200):
        token = json.loads(page(token))["nextPageToken"]
    found = json.loads(page(token))
    seconds = _each(lambda _: page(token), 20)
    baseline = _each(lambda _: json.dumps(found), 20)
    return Measurement(
        seconds=seconds,
        baseline_seconds=baseline,
        details={"ms for a page": seconds * 1e3, "ms to write its JSON": baseline * 1e3, "resources": RESOURCES},
    )


def measure_delete() -> Measurement:
    """Compare the deletion of a resource that has one below it, among many such and among few."""
    many, few = (_deletion(number) for number in (RESOURCES, CALLS))
    return Measurement(
        seconds=many,
        baseline_seconds=few,
        details={"ms among many": many * 1e3, "ms among few": few * 1e3, "collections": RESOURCES},
    )


def _deletion(resources: int) -> float:
    from mockcloud.cloud.store import Record

    cloud = strict_cloud()
    for number in range(resources):
        for name in (f"{SECRETS}/s{number}", f"{SECRETS}/s{number}/versions/1"):
            cloud.store.put(Record("secretmanager", name, {"name": name}))

    def delete(turn: int) -> None:
        record = cloud.store.get("secretmanager", f"{SECRETS}/s{turn}")
        if record is not None:
            cloud.delete(record)

    return _each(delete, CALLS // ROUNDS)


def _started(command: list[str]) -> tuple[float, float, float]:
    """Give the time, and the processor time, from the start of a server to its first answer; and its memory in MB."""
    port = free_port()
    start = time.monotonic()
    with running([*command, str(port)], port) as serving:
        passed = time.monotonic() - start
        return passed, serving.processor_seconds(), _resident(serving.process)


def _resident(process: int) -> float:
    """Give the memory of a process, in MB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def measure_start() -> Measurement:
    """Compare the start of the mock cloud, as people start it, with that of a bare handler.

    Raises:
        RuntimeError: It takes more memory than it may.
    """
    groundplan = [sys.executable, "-m", "groundplan_cli", "cloud", "start", "--port"]
    bare = [sys.executable, "-m", "benchmarks.mock_servers", "bare"]
    found = [(_started(groundplan), _started(bare)) for _ in range(STARTS)]
    ours, theirs = (min(each) for each in zip(*found, strict=True))
    if ours[2] > MEGABYTES:
        raise RuntimeError(f"the mock cloud takes {ours[2]:.0f} MB after its start, and may take {MEGABYTES}")
    return Measurement(
        seconds=ours[0],
        baseline_seconds=theirs[0],
        details={
            "s to the first answer": ours[0],
            "s of a bare handler": theirs[0],
            "s of processor time": ours[1],
            "s of processor time of a bare handler": theirs[1],
            "MB": ours[2],
            "MB of a bare handler": theirs[2],
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

DELETE = Benchmark(
    name="mock-delete",
    judged=f"a deletion among {RESOURCES:,} collections",
    baseline=f"one among {CALLS:,}",
    limit=5,
    measure=measure_delete,
)

START = Benchmark(
    name="mock-start",
    judged="from `groundplan cloud start` to the first answer",
    baseline="the same of a bare uvicorn handler",
    limit=START_SECONDS / BARE_START,
    measure=measure_start,
)
