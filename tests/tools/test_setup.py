"""Making the environment: with uv, with Python alone, and with neither."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

PROGRAMS = ("sh", "awk", "dirname", "date", "tr", "rm")


def executable(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout with the setup script, and a PATH with almost nothing on it."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "tools" / "setup", tmp_path / "tools")
    for program in PROGRAMS:
        found = shutil.which(program)
        assert found
        (tmp_path / "bin" / program).symlink_to(found)
    return tmp_path


def setup(machine: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [machine / "tools" / "setup", *arguments],
        env={"PATH": str(machine / "bin"), "VIRTUAL_ENV": "/another"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_python_and_no_uv_is_wrong_use(machine: Path) -> None:
    executable(machine / "bin" / "python3", "case $1 in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac")
    result = setup(machine)
    assert result.returncode == 2
    assert "given:   Python 3.9.2, and no uv of at least 0.9" in result.stderr
    assert "do:      install one of the two" in result.stderr


def test_no_python_at_all_is_wrong_use(machine: Path) -> None:
    result = setup(machine)
    assert result.returncode == 2
    assert "allowed: an installed uv, or Python 3.11 or newer" in result.stderr


def test_a_python_without_venv_is_wrong_use(machine: Path) -> None:
    executable(machine / "bin" / "python3", "case $1 in -m) exit 1 ;; esac")
    result = setup(machine)
    assert result.returncode == 2
    assert "python3-venv" in result.stderr
    assert not (machine / ".tools").exists()


def test_an_installed_uv_is_used_and_brings_its_own_python(machine: Path) -> None:
    log = machine / "log"
    executable(
        machine / "bin" / "uv", f'case $1 in --version) echo uv 0.10.2 ;; *) echo "$VIRTUAL_ENV$*" >{log} ;; esac'
    )
    assert setup(machine).returncode == 0
    groups = "--all-groups --no-group protobuf-newest"
    assert log.read_text(encoding="utf-8") == f"sync --project . --frozen {groups} --quiet\n"


def test_a_project_in_a_folder_gets_its_own_environment(machine: Path) -> None:
    log = machine / "log"
    executable(machine / "bin" / "uv", f'case $1 in --version) echo uv 0.10.2 ;; *) echo "$*" >{log} ;; esac')
    assert setup(machine, "a folder").returncode == 0
    assert log.read_text(encoding="utf-8") == "sync --project a folder --frozen --all-groups --quiet\n"


def test_a_group_that_conflicts_gets_its_own_environment(machine: Path) -> None:
    log = machine / "log"
    executable(
        machine / "bin" / "uv",
        f'case $1 in --version) echo uv 0.10.2 ;; *) echo "$UV_PROJECT_ENVIRONMENT $*" >{log} ;; esac',
    )
    assert setup(machine, ".", "protobuf-newest").returncode == 0
    assert log.read_text(encoding="utf-8") == (
        ".venv-protobuf-newest sync --project . --frozen --no-default-groups --group protobuf-newest --quiet\n"
    )


def test_an_old_uv_is_passed_over(machine: Path) -> None:
    executable(machine / "bin" / "uv", "echo uv 0.8.22")
    assert setup(machine).returncode == 2


def test_a_python_that_serves_is_the_one_that_is_used(machine: Path) -> None:
    log = machine / "log"
    executable(machine / "bin" / "uv", f'case $1 in --version) echo uv 1.0.0 ;; *) echo "$*" >{log} ;; esac')
    executable(machine / "bin" / "python3.12", "exit 0")
    assert setup(machine).returncode == 0
    assert f"--python {machine}/bin/python3.12 " in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("command", "code", "said"), [("true", 0, "done in"), ("exit 3", 3, "failed with exit code 3")]
)
def test_a_command_is_timed_and_its_exit_code_kept(command: str, code: int, said: str) -> None:
    result = subprocess.run(
        [ROOT / "tools" / "timed", "Testing", "sh", "-c", command], capture_output=True, text=True, check=False
    )
    assert result.returncode == code
    assert result.stdout == ""
    assert result.stderr.startswith("==> Testing\n")
    assert said in result.stderr


def test_make_lists_its_targets() -> None:
    result = subprocess.run(
        ["make", "help"], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True
    )
    for target in ("preview", "test", "lint", "types", "docs", "bench"):
        assert f"make {target} " in result.stdout


@pytest.mark.parametrize("module", ["pulumi-cli", "pulumi-languages"])
def test_the_pulumi_command_and_its_hosts_need_go(tmp_path: Path, module: str) -> None:
    """Without Go the build says so and what follows, and makes nothing."""
    build = tmp_path / "tools" / module / "build"
    build.parent.mkdir(parents=True)
    shutil.copy(ROOT / "tools" / module / "build", build)
    (tmp_path / "bin").mkdir()
    for program in PROGRAMS:
        (tmp_path / "bin" / program).symlink_to(str(shutil.which(program)))
    result = subprocess.run([build], env={"PATH": str(tmp_path / "bin")}, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "install Go" in result.stderr
    assert not (tmp_path / ".tools").exists()
