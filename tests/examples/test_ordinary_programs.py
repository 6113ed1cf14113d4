"""Programs that know nothing of this project go up and down, and Google's clients find what they make.

Each runs in process, and with the real engine.
"""

import os
import runpy
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from mockcloud import MockCloud, mock_gcp
from mockcloud.doors.pulumi.serving import ProviderDoor
from tests.conformance.offline import Project, needs_pulumi, pulumi_cli
from tests.conformance.real_engine import RealEngine
from tests.examples.ordinary import PASSWORD, RESIDUE, SHAPES, Example, there


@pytest.fixture
def cloud() -> Iterator[MockCloud]:
    with mock_gcp() as opened:
        yield opened


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_in_process(shape: Example, cloud: MockCloud) -> None:
    stack = cloud.deploy(shape.directory, secret_config=shape.secrets)
    assert stack.opaque == ()
    made = there(cloud)

    shape.use(stack.outputs)
    stack.destroy()

    assert made
    assert there(cloud) <= RESIDUE


@contextmanager
def program_of(directory: Path) -> Iterator[Callable[[], None]]:
    """Give a project's program, as the engine of its own directory would run it."""
    before, path = Path.cwd(), list(sys.path)
    os.chdir(directory)
    sys.path.insert(0, str(directory))
    try:
        yield lambda: void(runpy.run_path("__main__.py", run_name="__main__"))
    finally:
        os.chdir(before)
        sys.path[:] = path


def void(_: object) -> None:
    """Give nothing."""


def settings(directory: Path) -> dict[str, str]:
    """Give the configuration of a project's stack: what the project says, and what the stack does."""
    project = yaml.safe_load((directory / "Pulumi.yaml").read_text(encoding="utf-8")).get("config", {})
    own = yaml.safe_load((directory / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]
    name = directory.name
    said = {
        key if ":" in key else f"{name}:{key}": each.get("value", each.get("default")) for key, each in project.items()
    }
    return {key: str(value) for key, value in {**said, **own}.items()}


@needs_pulumi
@pytest.mark.pulumi_cli
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_with_the_real_engine(shape: Example, cloud: MockCloud, tmp_path: Path) -> None:
    assert pulumi_cli is not None
    with ProviderDoor(cloud) as door, program_of(shape.directory) as program:
        engine = RealEngine(pulumi_cli, tmp_path, door.port)
        engine.start(tmp_path / "project", shape.name, "dev", settings(shape.directory), shape.secrets)
        project = Project(engine, tmp_path / "project", program)
        project.up().expect()
        project.unchanged()
        (stack,) = (each for each in project.state(secrets=True).values() if each["type"] == "pulumi:pulumi:Stack")

        shape.use(stack["outputs"])

        assert PASSWORD not in str(project.state())
        project.destroy().expect()
        assert project.state() == {}
    assert there(cloud) <= RESIDUE
