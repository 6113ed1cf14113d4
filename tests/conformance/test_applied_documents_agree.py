"""What `cloud.deploy` gives as a program's document is what the real engine exports after an `up` on the same cloud."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.pulumi.deploying import deploy
from mockcloud.doors.pulumi.serving import ProviderDoor
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.api import Api
from mockcloud.simulator import new_cloud
from tests.conformance.cloud_programs import ON_THE_CLOUD
from tests.conformance.offline import CONFIG, PROJECT, Project, needs_pulumi, pulumi_cli
from tests.conformance.real_engine import RealEngine
from tests.conformance.test_engines_agree import State, check, in_any_order, redacted

if TYPE_CHECKING:
    from tests.conformance.test_engines_agree import Json

pytestmark = [needs_pulumi, pytest.mark.pulumi_cli]

_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z?|\d{13,}")
_PRECISE = 10**12
"""Larger numbers are stamps, or ids that lose digits in the state of the real engine, whose numbers are floats."""
SECRET = {"token": "canary-token"}


def a_cloud() -> Cloud:
    """Make a cloud in which two topics are there before any program runs."""
    cloud = new_cloud(waits="poll")
    for name in ("old", "found"):
        Api(InProcess(cloud)).call("PUT", "pubsub.googleapis.com", f"v1/projects/{PROJECT}/topics/{name}", {})
    return cloud


class Doors:
    """The real engine, whose door leads to another cloud for each program."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def up(self, program: Callable[[], None], directory: Path) -> dict[str, State]:
        """Give the states that the engine exports after an `up` on a new cloud."""
        assert pulumi_cli is not None
        with ProviderDoor(a_cloud(), project=PROJECT) as door:
            engine = RealEngine(pulumi_cli, self.home, door.port)
            engine.start(directory, "proj", program.__name__, CONFIG, {f"proj:{k}": v for k, v in SECRET.items()})
            project = Project(engine, directory, program)
            project.up("--parallel=1").expect()
            return dict(project.state(secrets=True))


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Doors:
    return Doors(tmp_path_factory.mktemp("pulumi"))


def timeless(value: Json) -> Json:
    """Write times and stamps in one way: the two clouds are asked different things meanwhile."""
    if isinstance(value, dict):
        return {key: timeless(item) for key, item in value.items() if key not in ("etag", "fingerprint", "__defaults")}
    if isinstance(value, list):
        return [timeless(item) for item in value]
    if isinstance(value, int | float) and value > _PRECISE:
        return "[number]"
    return _TIME.sub("[time]", value) if isinstance(value, str) else value


def placeless(state: State) -> State:
    """Leave out where in the program it is, which other tests see to, and the id that an engine gives a provider."""
    made_up = ("sourcePosition", "stackTrace", *(("id",) if "::pulumi:providers:" in str(state["urn"]) else ()))
    return {key: timeless(value) for key, value in state.items() if key not in made_up}


@pytest.mark.parametrize("program", ON_THE_CLOUD, ids=lambda program: program.__name__)
def test_applied_documents_agree(program: Callable[[], None], doors: Doors, tmp_path: Path) -> None:
    stack = deploy(a_cloud(), program, config=CONFIG, secret_config=SECRET, project="proj", stack=program.__name__)
    ours = {each["urn"]: each for each in stack.document["deployment"]["resources"]}

    real = doors.up(program, tmp_path)

    assert ours.keys() == real.keys()
    for urn, state in ours.items():
        check(placeless(state), placeless(real[urn]), applied=True)
        if "::pulumi:providers:" not in urn:
            for field in ("id", "outputs"):
                mine, other = (in_any_order(timeless(redacted(each.get(field)))) for each in (state, real[urn]))
                assert mine == other, f"{urn}: {field} is {mine!r} and with the real engine {other!r}"
