"""The round of the guide to deploying, on the real command and a mock cloud: its program and its commands."""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from groundplan_cli.app import app
from groundplan_cli.cloud.running import VARIABLE
from groundplan_cli.cloud.serving import Wanted, noted, serving
from mockcloud.doors.serving import OpenDoors
from tests.architecture.sources import ROOT
from tests.conformance.real_engine import find_pulumi
from tests.docs.markdown import Page

PATH = ROOT / "docs" / "guides" / "deploy.md"
PAGE = Page(name=PATH.name, path=PATH, text=PATH.read_text(encoding="utf-8"))

pulumi = find_pulumi()
pytestmark = [
    pytest.mark.pulumi_cli,
    pytest.mark.skipif(
        pulumi is None, reason="the real Pulumi CLI is not at hand (PATH, $GROUNDPLAN_PULUMI, .tools/pulumi/bin)"
    ),
]


@pytest.fixture
def doors(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenDoors]:
    """The guide's project, and a mock cloud that others find."""
    assert pulumi is not None
    monkeypatch.setenv("PATH", f"{pulumi.parent}{os.pathsep}{os.environ['PATH']}")
    for name in ("XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "PULUMI_HOME"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(project)
    (project / "__main__.py").write_text(next(PAGE.blocks("python")).text, encoding="utf-8")
    (project / "Pulumi.dev.yaml").write_text("config: {'gcp:project': acme-dev}\n", encoding="utf-8")
    with serving(Wanted()) as found, noted(found):
        yield found


def run(*words: str) -> Result:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, f"{words}: {done.output}"
    return done


def topics(doors: OpenDoors) -> list[str]:
    return [each.name.rpartition("/")[2] for each in doors.server.cloud.store if each.api == "pubsub"]


def test_the_round_of_the_guide(doors: OpenDoors, project: Path) -> None:
    lines = [line for block in PAGE.blocks("bash") for line in block.text.splitlines()]
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
