import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from groundplan_cli import checkup
from groundplan_cli.checkup import Finding, check_up
from tests.cli.conftest import Invoke


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory that is the whole PATH."""
    found = tmp_path / "bin"
    found.mkdir()
    monkeypatch.setenv("PATH", str(found))
    return found


def tool(directory: Path, name: str, script: str) -> None:
    path = directory / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def by_name() -> dict[str, Finding]:
    return {finding.name: finding for finding in check_up()}


@pytest.fixture
def working_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "_preview_nothing", lambda: 2)


@pytest.mark.usefixtures("working_engine")
def test_commands_are_found_with_their_versions(tools: Path) -> None:
    tool(tools, "pulumi", "echo v3.259.0")
    tool(tools, "pulumi-language-python", "exit 1")
    tool(tools, "git", "echo git version 2.44")
    tool(tools, "uv", "exit 1")

    findings = by_name()

    assert findings["pulumi command"].found == "v3.259.0"
    assert findings["pulumi language plugin"].found == str(tools)
    assert findings["git"].found == "version 2.44"
    assert findings["uv"].found.startswith("of unknown version")
    assert findings["embedded engine"].found.startswith("works (2 resources in ")


@pytest.mark.usefixtures("working_engine", "tools")
def test_what_is_missing_says_how_to_get_it_and_does_no_harm(groundplan: Invoke) -> None:
    result = groundplan("doctor")

    assert result.exit_code == 0
    assert "missing  pulumi command" in result.stdout
    assert "groundplan's commands need none" in result.stdout
    assert "https://www.pulumi.com/docs/install/" in result.stdout
    assert "Ready. Engines: embedded engine." in result.stdout


@pytest.mark.usefixtures("working_engine", "tools")
def test_a_package_that_is_missing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "installed", lambda package: "" if package == "pulumi-gcp" else "1.0")

    assert by_name()["pulumi-gcp"].remedy == "add pulumi-gcp to the project: uv add pulumi-gcp"


@pytest.mark.usefixtures("tools")
def test_an_engine_that_fails_is_a_finding(groundplan: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise ImportError("no module named grpc\x1b[31m")

    monkeypatch.setattr(checkup, "_preview_nothing", broken)

    result = groundplan("doctor")

    assert result.exit_code == 1
    assert "ImportError: no module named grpc\\x1b[31m" in result.stdout
    assert "Cannot work without: embedded engine. Engines: none." in result.stdout


@pytest.mark.usefixtures("working_engine", "tools")
def test_an_old_python_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "OLDEST_PYTHON", (99, 0))

    python = by_name()["python"]

    assert not python.ok
    assert python.needed
    assert "install 99.0 or newer" in python.remedy


@pytest.mark.usefixtures("working_engine")
def test_a_command_that_does_not_answer_is_not_waited_for(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(command: Sequence[str], **options: object) -> object:
        assert options["timeout"] == checkup.COMMAND_SECONDS
        raise subprocess.TimeoutExpired(command, checkup.COMMAND_SECONDS)

    tool(tools, "git", "")
    monkeypatch.setattr("subprocess.run", hangs)

    assert by_name()["git"].found == "does not answer (TimeoutExpired)"
