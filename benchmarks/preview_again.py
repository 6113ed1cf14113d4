"""What a save costs under ``groundplan preview team --watch``, beside the first plan."""

import time
from pathlib import Path

from benchmarks.registry import Benchmark, Measurement

ROOT = Path(__file__).resolve().parent.parent


def measure() -> Measurement:
    """Preview the stack once in a new process, wait for its imports, then some times more and take the best."""
    import mockcloud

    with mockcloud.WarmRunner(ROOT, "team") as runner:
        times = []
        for _ in range(8):
            start = time.perf_counter()
            runner.preview()
            times.append(time.perf_counter() - start)
    first, _, *later = times
    return Measurement(
        seconds=min(later),
        baseline_seconds=first,
        details={"s for the first plan": first, "s for a plan after a save": min(later)},
    )


BENCHMARK = Benchmark(
    name="preview-again",
    judged="the plan of team after a save",
    baseline="the first plan, with the imports",
    limit=0.25,
    measure=measure,
)
