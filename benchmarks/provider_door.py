"""What the mock cloud costs a run of Pulumi's engine: its provider beside one that only gives back what it gets."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from benchmarks.registry import Benchmark, Measurement

ROUNDS: Final = 4
PER_TYPE: Final = 25
TYPES: Final = 4
CONFIG: Final = {"gcp:project": "acme-dev", "gcp:region": "europe-west4"}


def program() -> None:
    """Make a hundred resources: topics, subscriptions on them, buckets, accounts."""
    import pulumi_gcp as gcp

    for number in range(PER_TYPE):
        topic = gcp.pubsub.Topic(f"topic-{number}", name=f"topic-{number}", labels={"team": "ml"})
        gcp.pubsub.Subscription(f"subscription-{number}", name=f"subscription-{number}", topic=topic.name)
        gcp.storage.Bucket(f"bucket-{number}", name=f"acme-bench-{number}", location="EU")
        gcp.serviceaccount.Account(f"account-{number}", account_id=f"account-{number}")


def missing() -> str:
    """Say that the engine is not there, "" if it is."""
    from tests.conformance.real_engine import find_pulumi

    return "" if find_pulumi() is not None else "the pulumi command is on no path, and .tools/pulumi/bin has none"


def measure() -> Measurement:
    """Let the engine make the program with either provider in turn, and take the best of each.

    The first round loads what the provider needs, and is not counted.
    """
    pairs = [(_up(_door()), _up(_echo())) for _ in range(ROUNDS + 1)]
    ours, theirs = (min(each) for each in zip(*pairs[1:], strict=True))
    resources = PER_TYPE * TYPES
    return Measurement(
        seconds=ours,
        baseline_seconds=theirs,
        details={
            "resources": resources,
            "s with the mock cloud": ours,
            "s with an empty provider": theirs,
            "ms more for a resource": (ours - theirs) / resources * 1e3,
        },
    )


@contextmanager
def _door() -> Iterator[int]:
    from mockcloud.doors.pulumi.serving import ProviderDoor
    from mockcloud.simulator import new_cloud

    with ProviderDoor(new_cloud(waits="poll"), project="acme-dev") as door:
        yield door.port


def _echo() -> AbstractContextManager[int]:
    from tests.conformance.echo_provider import serve_echo_provider

    return serve_echo_provider()


def _up(provider: AbstractContextManager[int]) -> float:
    """Give the seconds that an `up` of the program takes."""
    from tests.conformance.real_engine import RealEngine, find_pulumi, serve_program

    pulumi = find_pulumi()
    if pulumi is None:
        raise RuntimeError(missing())
    with tempfile.TemporaryDirectory(prefix="groundplan-") as home, provider as port:
        engine = RealEngine(pulumi, Path(home), port)
        directory = Path(home) / "project"
        engine.start(directory, "bench", "dev", CONFIG, {})
        with serve_program(program) as address:
            start = time.perf_counter()
            engine.run(directory, "up", "--yes", "--skip-preview", "--exec-kind=auto.inline", f"--client={address}")
            return time.perf_counter() - start


BENCHMARK = Benchmark(
    name="provider-door",
    judged=f"an up of {PER_TYPE * TYPES} resources by the engine, with the mock cloud's provider",
    baseline="the same with a provider that gives back what it gets",
    limit=1.2,
    measure=measure,
    missing=missing,
)
