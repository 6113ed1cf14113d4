import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer import Context
from typer.main import get_command

from groundplan_cli.app import app
from groundplan_cli.commands.options import complete_stack


def context(**params: object) -> Context:
    made = Context(get_command(app))
    made.params = params
    return made


def test_stacks_complete_from_the_files(project: Path) -> None:
    assert complete_stack(context(project=project), "") == ["dev", "live"]
    assert complete_stack(context(project=project), "l") == ["live"]


@pytest.mark.parametrize("content", ["name: [", "runtime: nodejs\nname: a\n", ""])
def test_a_broken_project_completes_to_nothing(project: Path, content: str) -> None:
    (project / "Pulumi.yaml").write_text(content, encoding="utf-8")

    assert complete_stack(context(project=project), "") == []


def test_no_project_completes_to_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert complete_stack(context(), "") == []


def test_a_shell_gets_the_stacks(project: Path) -> None:
    environment = {
        **os.environ,
        "_GROUNDPLAN_COMPLETE": "complete_bash",
        "COMP_WORDS": "groundplan preview ",
        "COMP_CWORD": "2",
    }
    script = "from groundplan_cli.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment, cwd=project
    )

    assert done.stdout.split() == ["dev", "live"]
