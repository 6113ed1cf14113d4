"""A program with a resource of another package: `--mock` says that its provider is missing, or finds it installed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockcloud.doors.serving import OpenDoors
from tests.cli.conftest import Invoke
from tests.cli.engine.rounds import needs_pulumi, project_on_a_mock_cloud
from tests.conformance.directories import PROJECTS
from tests.conformance.echo_provider import serve_echo_provider

pytestmark = [needs_pulumi, pytest.mark.pulumi_cli]


@pytest.fixture
def doors(project: Path, tmp_path: Path) -> Iterator[OpenDoors]:
    program = (PROJECTS / "python" / "passwords" / "__main__.py").read_text(encoding="utf-8")
    with project_on_a_mock_cloud(project, tmp_path, program) as found:
        yield found


def install(plugins: Path, name: str, version: str, port: int) -> None:
    """Write a plugin, as the engine would install it, that tells of a provider which is served already."""
    place = plugins / f"resource-{name}-v{version}"
    place.mkdir(parents=True)
    file = place / f"pulumi-resource-{name}"
    file.write_text(f"#!/bin/sh\necho {port}\nexec {shutil.which('tail')} -f /dev/null\n", encoding="utf-8")
    file.chmod(0o700)


def without_plugin() -> tuple[int, str]:
    """Run into what is missing, in another process: the SDK leaves the program behind that the engine stopped."""
    command = [sys.executable, "-m", "groundplan_cli", "preview", "dev", "--engine", "pulumi", "--mock"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stderr


def test_what_is_missing_is_said_and_what_is_installed_is_used(groundplan: Invoke, doors: OpenDoors) -> None:
    code, said = without_plugin()

    assert code == 2
    assert "to do:   install it: pulumi plugin install resource random 4.16.0\n" in said

    with serve_echo_provider() as port:
        install(Path(os.environ["PULUMI_HOME"]) / "plugins", "random", "4.16.0", port)
        made = groundplan("up", "dev", "--mock", "--yes", "--no-gate")
        gone = groundplan("destroy", "dev", "--mock", "--yes")

    assert made.exit_code == 0, made.output
    assert "+ password" in made.stdout
    assert "+ news" in made.stdout
    assert gone.exit_code == 0, gone.output
    assert not [each.name for each in doors.server.cloud.store if each.api == "pubsub"]
