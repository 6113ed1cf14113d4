"""An `up` that was cut short is taken up again, and ends as one that was not."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pulumi_gcp as gcp
import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.faults import Fault, Phase
from mockcloud.cloud.persistence.keeper import keep
from mockcloud.doors.process.far import send
from mockcloud.doors.pulumi.serving import ProviderDoor
from mockcloud.doors.wire import HttpRequest, HttpResponse
from mockcloud.simulator import new_cloud
from tests.conformance.offline import PROJECT, Project, needs_pulumi, project_on
from tests.conformance.real_engine import RealEngine, collect_what_was_left
from tests.conformance.test_applied_documents_agree import timeless

pytestmark = [
    needs_pulumi,
    pytest.mark.pulumi_cli,
    # A program whose engine is gone leaves its coroutines and threads behind.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Let go of what stopped programs left once nothing of the test holds it: else another test fails for it."""
    yield
    collect_what_was_left(end=True)


CREATED = "pubsub.projects.topics.create"


def taking_over(*adopted: str) -> Callable[[], None]:
    """Give a program that makes five topics, each after the one before, and a subscription to the last.

    Args:
        adopted: Names of topics that are there, though the state does not know.
    """

    def program() -> None:
        topic: gcp.pubsub.Topic | None = None
        for number in range(5):
            name = f"topic{number}"
            known = f"projects/{PROJECT}/topics/{name}" if name in adopted else None
            after = [topic] if topic else None
            topic = gcp.pubsub.Topic(name, name=name, opts=pulumi.ResourceOptions(depends_on=after, import_=known))
        assert topic is not None
        gcp.pubsub.Subscription("readers", name="readers", topic=topic.id)

    return program


program = taking_over()


def whole(project: Project) -> dict[str, Any]:
    """Give what a state says of resources, without times."""
    kept = ("type", "id", "inputs", "outputs", "dependencies", "protect", "pendingReplacement", "initErrors")
    states = project.state(secrets=True).items()
    return {urn: {key: timeless(each.get(key)) for key in kept} for urn, each in states if "gcp:pubsub" in urn}


def names(cloud: Cloud) -> list[str]:
    """Name what is in a cloud."""
    return sorted(each.name for each in cloud.store if each.api == "pubsub")


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[str]]:
    """The state and the cloud of an `up` that nothing cut short."""
    cloud = new_cloud(waits="poll")
    with project_on(cloud, tmp_path_factory.mktemp("whole"), program) as project:
        project.up().expect()
        return whole(project), names(cloud)


class Gate:
    """Holds the answer to one call back, after the cloud has done what it asks for."""

    def __init__(self, path: str) -> None:
        self.path, self.reached, self.released = path, threading.Event(), threading.Event()

    def send(self, cloud: Cloud, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        answer = send(cloud, request)
        if request.path.endswith(self.path) and request.verb == "PUT":
            self.reached.set()
            assert self.released.wait(30)
        return answer


def test_an_engine_is_killed_while_the_cloud_makes_something(
    tmp_path: Path, uninterrupted: tuple[dict[str, Any], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud, gate = new_cloud(waits="poll"), Gate("/topics/topic2")
    monkeypatch.setattr("mockcloud.doors.pulumi.transport.send", gate.send)
    with project_on(cloud, tmp_path, program) as project:
        project.up_until(gate.reached)
        gate.released.set()

        assert "locked" in project.up().text
        project.attempt("cancel", "--yes").expect()
        assert project.names() == {"topic0", "topic1"}
        refused = project.up()
        assert refused.code != 0
        assert "pending" in refused.text
        assert "409 ALREADY_EXISTS" in refused.text
        project.program = taking_over("topic2")
        project.up().expect()
        project.program = program
        project.up().expect()

        assert (whole(project), names(cloud)) == uninterrupted


def test_a_cloud_is_killed_and_started_again(
    tmp_path: Path, uninterrupted: tuple[dict[str, Any], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "cloud"
    first, gate = new_cloud(waits="poll"), Gate("/topics/topic2")
    keeper = keep(first, kept)
    monkeypatch.setattr("mockcloud.doors.pulumi.transport.send", gate.send)
    outcome: list[Any] = []
    with project_on(first, tmp_path, program) as project:
        running = threading.Thread(target=lambda: outcome.append(project.up()))
        running.start()
        assert gate.reached.wait(60)
        keeper.close()
    gate.released.set()
    running.join(60)
    assert outcome[0].code != 0

    second = new_cloud(waits="poll")
    keeper = keep(second, kept)
    with ProviderDoor(second, project=PROJECT) as door:
        again = Project(RealEngine(project.engine.pulumi, tmp_path, door.port), project.directory, program)
        assert again.names() == {"topic0", "topic1"}
        again.program = taking_over("topic2")
        again.up().expect()
        again.program = program
        again.up().expect()
        assert (whole(again), names(second)) == uninterrupted
    keeper.close()


@pytest.mark.parametrize(
    ("fault", "lost"),
    [
        (Fault(method=CREATED, status=503, count=3, skip=1), False),
        (Fault(method=CREATED, status=503, count=8, skip=1), False),
        (Fault(method=CREATED, status=500, count=1, skip=2, phase=Phase.AFTER), True),
    ],
    ids=["a few 503s", "many 503s", "a lost response"],
)
def test_calls_that_fail(
    fault: Fault, lost: bool, tmp_path: Path, uninterrupted: tuple[dict[str, Any], list[str]]
) -> None:
    cloud = new_cloud(waits="poll")
    cloud.faults.add(fault)
    with project_on(cloud, tmp_path, program) as project:
        first = project.up()
        assert (first.code == 0) == (fault.count == 3)
        if lost:
            made = [each.rpartition("/")[2] for each in names(cloud)]
            missing = (set(made) - project.names()).pop()
            assert "take it over with `pulumi import`" in project.up().text
            project.program = taking_over(missing)
            project.up().expect()
            project.program = program
        project.up().expect()

        assert (whole(project), names(cloud)) == uninterrupted


def test_a_cancelled_up_leaves_a_whole_state(
    tmp_path: Path, uninterrupted: tuple[dict[str, Any], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud, gate = new_cloud(waits="poll"), Gate("/topics/topic2")
    monkeypatch.setattr("mockcloud.doors.pulumi.transport.send", gate.send)
    with project_on(cloud, tmp_path, program) as project:
        ended = project.up_until(gate.reached, by=signal.SIGINT, then=gate.released.set)
        assert ended.code != 0
        assert project.names() == {"topic0", "topic1", "topic2"}

        project.up().expect()
        assert (whole(project), names(cloud)) == uninterrupted
