"""Whether the time that a resource takes stays the same in large programs."""

import json
import time
from collections.abc import Callable

from benchmarks.registry import Benchmark, Measurement

SMALL, LARGE = 1_000, 10_000
TYPE = "gcp:storage/bucket:Bucket"


def program(count: int) -> Callable[[], None]:
    """Return a Pulumi program of so many buckets, a tree in which ten refer to each.

    A chain would not do: Pulumi's SDK follows dependencies by recursion, and a thousand are too deep for Python.
    """

    def buckets() -> None:
        from pulumi_gcp import storage

        made: list[storage.Bucket] = []
        for number in range(count):
            labels = {"above": made[number // 10].name} if made else {}
            made.append(storage.Bucket(f"bucket-{number}", location="EU", labels=labels))

    return buckets


def seconds(count: int) -> float:
    """Return the processor time of one preview of so many resources; what else the machine runs has no part in it."""
    import mockcloud

    start = time.process_time()
    preview = mockcloud.preview_program(program(count), project="growth", stack="dev")
    taken = time.process_time() - start
    made = json.dumps(preview.document).count(f'"type": "{TYPE}"')
    if made != count:
        message = f"the preview has {made} buckets, not {count}"
        raise RuntimeError(message)
    return taken


def measure() -> Measurement:
    """Preview a program of each size, after a first one that pays for the imports."""
    seconds(10)
    # The small one ends before the machine has settled, so its best of three counts.
    small = min(seconds(SMALL) for _ in range(3))
    large = seconds(LARGE)
    return Measurement(
        seconds=large / LARGE,
        baseline_seconds=small / SMALL,
        details={f"resources/s at {SMALL}": SMALL / small, f"resources/s at {LARGE}": LARGE / large},
    )


BENCHMARK = Benchmark(
    name="preview-growth",
    judged=f"time a resource in a preview of {LARGE:,}",
    baseline=f"in one of {SMALL:,}",
    limit=1.3,
    measure=measure,
)
