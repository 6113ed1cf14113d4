"""The round of the guide to deploying, on the real command and a mock cloud: its program and its commands."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from groundplan_cli.app import app
from mockcloud.doors.serving import OpenDoors
from tests.architecture.sources import ROOT
from tests.cli.engine.rounds import needs_pulumi, project_on_a_mock_cloud
from tests.docs.markdown import Page

PATH = ROOT / "docs" / "guides" / "deploy.md"
PAGE = Page(name=PATH.name, path=PATH, text=PATH.read_text(encoding="utf-8"))

pytestmark = [needs_pulumi, pytest.mark.pulumi_cli]


@pytest.fixture
def doors(project: Path, tmp_path: Path) -> Iterator[OpenDoors]:
    """The guide's project, and a mock cloud that others find."""
    with project_on_a_mock_cloud(project, tmp_path, next(PAGE.blocks("python")).text) as found:
        yield found


def run(*words: str) -> Result:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, f"{words}: {done.output}"
    return done


def topics(doors: OpenDoors) -> list[str]:
    return [each.name.rpartition("/")[2] for each in doors.server.cloud.store if each.api == "pubsub"]


def test_the_round_of_the_guide(doors: OpenDoors, project: Path) -> None:
    lines = [line for block in PAGE.blocks("bash") if block.runs for line in block.text.splitlines()]
    commands = {words[1]: words[1:] for line in lines if (words := shlex.split(line))[1] != "cloud"}
    settings = (project / "Pulumi.dev.yaml").read_text(encoding="utf-8")

    assert "1 to create." in run(*commands["preview"]).stdout
    assert topics(doors) == []

    made = run(*commands["up"]).stdout
    assert "+ events  pubsub.Topic" in made
    assert 'topic  "projects/acme-dev/topics/events"' in made
    assert topics(doors) == ["events"]

    assert "1 unchanged." in run(*commands["refresh"]).stdout

    assert "1 deleted." in run(*commands["destroy"]).stdout
    assert topics(doors) == []
    assert (project / "Pulumi.dev.yaml").read_text(encoding="utf-8") == settings
    assert not list(project.glob("**/.pulumi"))


def test_what_a_program_protects_stays(doors: OpenDoors, project: Path) -> None:
    """In a destroy, which says so before it begins, and where an up would delete it."""
    protecting = """
import pulumi
import pulumi_gcp as gcp

gcp.pubsub.Topic("kept", name="kept", opts=pulumi.ResourceOptions(protect=True))
"""
    (project / "__main__.py").write_text(protecting, encoding="utf-8")
    run("up", "dev", "--mock", "--yes", "--no-gate")

    destroyed = CliRunner().invoke(app, ["destroy", "dev", "--mock", "--yes"])
    (project / "__main__.py").write_text("", encoding="utf-8")
    deleted = CliRunner().invoke(app, ["up", "dev", "--mock", "--yes", "--no-gate"])

    assert destroyed.exit_code == deleted.exit_code == 2
    assert "Protected resources would be deleted" in destroyed.stderr
    assert "kept pubsub.Topic (__main__.py:5)" in destroyed.stderr
    assert "A protected resource would be deleted" in deleted.stderr
    for refused in (destroyed, deleted):
        assert "protect=False" in refused.stderr
        assert "pulumi state" not in refused.stderr
    assert topics(doors) == ["kept"]
