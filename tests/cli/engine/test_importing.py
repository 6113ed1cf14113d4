"""`import` on the real command: what it prints is put into the program as it is, and nothing is left to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from groundplan_cli.app import app
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.doors.serving import OpenDoors
from mockcloud.pulumi.api import Api
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.provider import Provider
from tests.cli.engine.rounds import needs_pulumi, project_on_a_mock_cloud
from tests.mockcloud.pulumi.lives import SETTINGS, World

pytestmark = [needs_pulumi, pytest.mark.pulumi_cli]

EXISTING = {
    "gcp.container.Cluster": "container/cluster:Cluster",
    "gcp.compute.TargetHttpsProxy": "compute/targetHttpsProxy:TargetHttpsProxy",
}


@pytest.fixture
def doors(project: Path, tmp_path: Path) -> Iterator[OpenDoors]:
    """A project without resources, and a mock cloud that others find."""
    with project_on_a_mock_cloud(project, tmp_path, "") as found:
        yield found


def run(*words: str) -> Result:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, f"{words}: {done.output}"
    return done


def test_the_code_that_it_prints_goes_up_and_changes_nothing(doors: OpenDoors, project: Path) -> None:
    others = World(Provider(Place(Api(InProcess(doors.server.cloud)), SETTINGS)))
    program = ""
    for number, (kind, example) in enumerate(EXISTING.items()):
        others.make(example)
        printed = run("import", kind, f"old-{number}", others.made[example].id, "--stack", "dev", "--mock").stdout
        program += printed[printed.index("import pulumi") :]

    (project / "__main__.py").write_text(program, encoding="utf-8")
    done = run("up", "dev", "--mock", "--yes", "--no-gate")

    assert "2 unchanged." in done.stdout, program
