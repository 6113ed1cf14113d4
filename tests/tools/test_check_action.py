"""The GitHub Action and the hook for pre-commit: what they say agrees with the command, and what they run is safe."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from groundplan_cli.app import app
from tests.architecture.sources import ROOT
from tests.policies.test_testing import raw

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
(STEP,) = ACTION["runs"]["steps"]
OWN = {"target", "sarif", "command"}
"""Inputs that are no option of the command."""


def options() -> set[str]:
    """The long options of `groundplan check`, without the dashes."""
    command = typer.main.get_command(app).commands["check"]  # type: ignore[attr-defined]
    return {name.removeprefix("--") for each in command.params for name in each.opts if name.startswith("--")}


def test_every_input_is_an_option_of_the_command_or_one_of_the_action() -> None:
    assert set(ACTION["inputs"]) - OWN <= options()
    assert set(ACTION["inputs"]) > OWN
    assert all(each["description"] for each in ACTION["inputs"].values())
    assert not any(each.get("required") for each in ACTION["inputs"].values())


def test_every_input_comes_as_an_environment_variable_and_in_no_other_way() -> None:
    named = {f"GROUNDPLAN_{key.replace('-', '_').upper()}": f"${{{{ inputs.{key} }}}}" for key in ACTION["inputs"]}

    assert STEP["env"] == named
    assert "${{" not in STEP["run"]
    assert [key for key, value in STEP.items() if key != "env" and "${{" in str(value)] == []


def test_the_script_reads_each_of_them() -> None:
    script = (ROOT / "tools" / "check-action").read_text(encoding="utf-8")

    assert set(re.findall(r"GROUNDPLAN_[A-Z_]+", script)) == set(STEP["env"])
    assert set(re.findall(r"add --([a-z-]+)", script)) == set(ACTION["inputs"]) - OWN
    assert "eval" not in script


@dataclass(frozen=True)
class Ran:
    code: int
    calls: list[list[str]]
    outputs: str
    summary: str
    errors: str


FAKE = """\
import json, os, sys
with open(os.environ["CALLS"], "a", encoding="utf-8") as file:
    print(json.dumps(sys.argv[1:]), file=file)
print("a summary")
sys.exit(int(os.environ["CODE"]))
"""


def run(directory: Path, code: int = 0, command: str | None = None, **inputs: str) -> Ran:
    """Run the script as the action does, by default with a command that only keeps what it is given."""
    fake = directory / "groundplan"
    fake.write_text(f"#!{sys.executable}\n{FAKE}", encoding="utf-8")
    fake.chmod(0o700)
    files = {name: directory / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "CALLS")}
    for file in files.values():
        file.touch()
    defaults = {key: each.get("default", "") for key, each in ACTION["inputs"].items()}
    given = {**defaults, "command": command or str(fake), **{key.replace("_", "-"): v for key, v in inputs.items()}}
    done = subprocess.run(
        [str(ROOT / "tools" / "check-action")],
        cwd=directory,
        env={
            "PATH": os.environ["PATH"],
            "CODE": str(code),
            **{name: str(file) for name, file in files.items()},
            **{f"GROUNDPLAN_{key.replace('-', '_').upper()}": value for key, value in given.items()},
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    told = {name: file.read_text(encoding="utf-8") for name, file in files.items()}
    calls = [json.loads(line) for line in told["CALLS"].splitlines()]
    return Ran(done.returncode, calls, told["GITHUB_OUTPUT"], told["GITHUB_STEP_SUMMARY"], done.stderr)


def test_a_clean_check_gives_both_reports(tmp_path: Path) -> None:
    ran = run(tmp_path, target="team", as_of="2027-01-31")

    assert ran.calls == [
        ["check", "--level=block", "--as-of=2027-01-31", "--format=sarif", "--out=groundplan.sarif", "--", "team"],
        ["check", "--level=block", "--as-of=2027-01-31", "--format=markdown", "--", "team"],
    ]
    assert (ran.code, ran.outputs) == (0, "clean=true\nsarif=groundplan.sarif\n")
    assert ran.summary == "a summary\n"


def test_a_check_with_findings_gives_both_and_fails(tmp_path: Path) -> None:
    ran = run(tmp_path, code=1)

    assert (ran.code, ran.outputs) == (1, "clean=false\nsarif=groundplan.sarif\n")
    assert ran.summary == "a summary\n"
    # Where no day was said both reports are of the same one, and where no target was said the project's stack is meant.
    days = {argument for call in ran.calls for argument in call if argument.startswith("--as-of=")}
    assert len(ran.calls) == 2
    assert len(days) == 1
    assert all("--" not in call for call in ran.calls)


@pytest.mark.parametrize("code", [2, 3])
def test_a_check_that_could_not_be_made_says_nothing(tmp_path: Path, code: int) -> None:
    ran = run(tmp_path, code=code)

    assert (ran.code, ran.outputs, ran.summary, len(ran.calls)) == (code, "", "", 1)


def test_an_input_is_one_argument_whatever_it_holds(tmp_path: Path) -> None:
    odd = "--debug; touch here $(touch here) `touch here` '\" \\"
    inputs: dict[str, Any] = {key.replace("-", "_"): odd for key in ACTION["inputs"] if key != "command"}
    ran = run(tmp_path, **inputs)

    assert ran.calls[0] == [
        "check",
        *(f"--{key}={odd}" for key in ("project", "tier", "settings", "waivers", "framework", "level", "as-of")),
        "--format=sarif",
        f"--out={odd}",
        "--",
        odd,
    ]
    assert not (tmp_path / "here").exists()


def test_a_path_cannot_add_outputs(tmp_path: Path) -> None:
    ran = run(tmp_path, sarif="a\nclean=true")

    assert (ran.code, ran.outputs, ran.calls) == (2, "", [])
    assert "line break" in ran.errors


def test_the_real_command_takes_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(raw("inherited")), encoding="utf-8")
    command = str(Path(sys.executable).with_name("groundplan"))
    ran = run(
        tmp_path, command=command, target="plan.json", tier="team", level="warn", as_of="2027-01-31", sarif="a.sarif"
    )

    assert ran.code == 1, ran.errors
    results = json.loads((tmp_path / "a.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert "DAT-05" in {each["ruleId"] for each in results}
    assert "DAT-05" in ran.summary


def test_pre_commit_takes_the_hook() -> None:
    manifest = ROOT / ".pre-commit-hooks.yaml"
    (hook,) = yaml.safe_load(manifest.read_text(encoding="utf-8"))

    subprocess.run([sys.executable, "-m", "pre_commit", "validate-manifest", str(manifest)], check=True)
    program, command = hook["entry"].split()
    assert program == "groundplan"
    assert command in typer.main.get_command(app).commands  # type: ignore[attr-defined]
    # Names of files would be taken for targets.
    assert hook["pass_filenames"] is False
