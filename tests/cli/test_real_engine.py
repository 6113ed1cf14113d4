"""The command as a person starts it: a process, the real engine, and programs that go wrong in every way."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from groundplan_policies.engine import Document

Run = Callable[..., "subprocess.CompletedProcess[str]"]
CANARY = "hunter2-canary"

GOOD = """
import pulumi

class Store(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("shop:index:Store", name, {})
        self.register_outputs({"url": "gs://" + name})

print("hello from the program")
pulumi.log.warn("careful")
Store("one")
pulumi.export("size", pulumi.Config().require_int("size"))
pulumi.export("token", pulumi.Output.secret("hunter2-canary"))
"""


@pytest.fixture
def run(project: Path) -> Run:
    """Start the command in the project, with a program, and wait for it."""

    def start(program: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        (project / "__main__.py").write_text(program, encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-m", "groundplan_cli", *(arguments or ("preview", "dev"))],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **environment},
        )

    return start


def test_a_program_is_previewed(run: Run) -> None:
    done = run(GOOD, "preview", "dev", "--config", "size=3", FORCE_COLOR="")

    assert done.returncode == 0, done.stderr
    assert "└── one  shop.Store" in done.stdout
    assert "size   3" in done.stdout
    assert "token  secret" in done.stdout
    assert "hello from the program" in done.stderr
    assert "warning: careful" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert CANARY not in done.stdout + done.stderr


def test_json_can_be_piped_and_read_back(run: Run, project: Path) -> None:
    done = run(GOOD, "preview", "dev", "--config", "size=3", "--json")

    document = Document.read(done.stdout)
    assert [resource.name for resource in document] == ["shop-dev", "one"]
    assert str(document.resources[1].source) == "__main__.py:11"
    assert CANARY not in done.stdout

    (project / "plan.json").write_text(done.stdout, encoding="utf-8")
    again = run(GOOD, "preview", "dev", "--config", "size=4", "--diff", "plan.json", "--exit-code")
    assert again.returncode == 1
    assert "size: 3 → 4" in again.stdout


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import pulumi\nraise ValueError('no network')\n", "no network"),
        ("import pulumi\nx = (\n", "SyntaxError"),
        ("import nonsense_that_is_not_there\n", "nonsense_that_is_not_there"),
        ("import sys\nsys.exit(4)\n", "sys.exit"),
        ("import os\nos._exit(4)\n", "4"),
        ("input('name? ')\n", "standard input"),
        ("import pulumi\npulumi.Config().require('size')\n", "size"),
        (
            "import pulumi\nfor _ in '12':\n    pulumi.ComponentResource('shop:index:Store', 'twice')\n",
            "urn:pulumi:dev::shop::shop:index:Store::twice",
        ),
        ("import pulumi\npulumi.StackReference('organization/other/dev').get_output('x')\n", "organization/other/dev"),
    ],
    ids=["raises", "syntax", "import", "exits", "dies", "reads", "config", "duplicate", "reference"],
)
def test_a_broken_program_is_wrong_use_and_says_what_to_do(run: Run, program: str, said: str) -> None:
    done = run(program)

    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert said in done.stderr
    assert "to do:" in done.stderr
    assert "groundplan_cli" not in done.stderr
    assert "mockcloud" not in done.stderr


def test_a_program_that_hangs_is_stopped(run: Run) -> None:
    done = run("while True: pass\n", "preview", "dev", "--timeout", "2")

    assert done.returncode == 2
    assert "2" in done.stderr
    assert "--timeout" in done.stderr or "timeout" in done.stderr


def test_colour_is_for_terminals_and_can_be_asked_for(run: Run) -> None:
    """On an error, since that takes no run of a program."""
    assert "\x1b[1;31merror" in run("", "preview", "missing", FORCE_COLOR="1").stderr
    assert "\x1b[1;31m" not in run("", "preview", "missing", FORCE_COLOR="1", NO_COLOR="1").stderr
    assert run("", "preview", "missing").stderr.startswith("error: ")


def test_names_that_would_drive_a_terminal_are_shown(run: Run) -> None:
    done = run("import pulumi\npulumi.ComponentResource('shop:index:Store', 'a\\x1b[2Jb')\n")

    assert done.returncode == 0
    assert "a\\x1b[2Jb" in done.stdout
    assert "\x1b" not in done.stdout


def test_the_page_of_a_real_program_is_written(run: Run, project: Path) -> None:
    done = run(GOOD, "graph", "dev", "--config", "size=3", "--format", "html", "--out", "plan.html")

    assert done.returncode == 0, done.stderr
    text = (project / "plan.html").read_text(encoding="utf-8")
    assert "shop-dev" in text
    assert CANARY not in text


def test_the_doctor_finds_a_working_engine(run: Run) -> None:
    done = run("", "doctor")

    assert done.returncode == 0, done.stdout
    assert "embedded engine" in done.stdout
    assert "works (2 resources in " in done.stdout


def test_other_stacks_answer_from_a_file(run: Run, project: Path) -> None:
    answers = "stackReferences: {organization/network/live: {subnet: core}}\nsecretConfig: {token: hunter2-canary}\n"
    (project / "answers.yaml").write_text(answers, encoding="utf-8")
    program = """
import pulumi
pulumi.export("subnet", pulumi.StackReference("organization/network/live").require_output("subnet"))
pulumi.export("token", pulumi.Config().require_secret("token"))
"""

    done = run(program, "preview", "dev", "--answers", "answers.yaml")

    assert done.returncode == 0, done.stderr
    assert 'subnet  "core"' in done.stdout
    assert "token   secret" in done.stdout
    assert CANARY not in done.stdout + done.stderr


def test_ctrl_c_ends_the_program_too(project: Path) -> None:
    pipe = project / "pipe"
    os.mkfifo(pipe)
    program = f"import os, time\nopen({str(pipe)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    (project / "__main__.py").write_text(program, encoding="utf-8")
    command = [sys.executable, "-m", "groundplan_cli", "preview", "dev", "--json"]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        child = int(pipe.read_text(encoding="utf-8"))  # waits until the program writes

        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert (out, err) == ("", "interrupted\n")
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
