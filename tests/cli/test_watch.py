"""`--watch`: with saves and runs that the test hands out one by one, and once for real."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Self

import pytest
from watchfiles import Change

import mockcloud
from groundplan_cli import watch
from mockcloud import Preview, ProgramFailed
from tests.cli.conftest import Invoke, finished
from tests.cli.documents import shop

Step = Callable[[], Preview]


class FakeRunner:
    """Gives one prepared answer a run."""

    steps: Iterator[Step]
    closed = False

    def __init__(self, directory: Path, stack: str, **options: object) -> None:
        self.asked = (directory, stack, options)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        type(self).closed = True

    def preview(self, **_: object) -> Preview:
        return next(self.steps)()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Callable[..., type[FakeRunner]]:
    """Prepare the answers of the runs. There is one save for each; then somebody presses Ctrl-C."""

    def prepare(*steps: Step) -> type[FakeRunner]:
        def saves(_: Path) -> Iterator[None]:
            yield from (None for _ in steps)
            raise KeyboardInterrupt

        runner = type("Prepared", (FakeRunner,), {"steps": iter(steps)})
        monkeypatch.setitem(vars(mockcloud), "WarmRunner", runner)
        monkeypatch.setattr(watch, "_saves", saves)
        return runner

    return prepare


def changed() -> Preview:
    build = shop()
    build.add("gcp:compute/firewall:Firewall", "deny-all")
    return finished(build.document())


def same() -> Preview:
    return finished(shop().document())


def broken() -> Preview:
    raise ProgramFailed("The program raised", given="SyntaxError", allowed="an end", remedy="mend it")


def test_each_save_shows_the_plan_and_what_changed(groundplan: Invoke, runs: Callable[..., type[FakeRunner]]) -> None:
    runner = runs(same, changed)

    result = groundplan("preview", "dev", "--watch")

    assert result.exit_code == 0
    first, second = result.stdout.split("4 resources in 1 component")
    assert "Changes" not in first
    assert "Changes from the plan before" in second
    assert "+ deny-all  compute.Firewall" in second
    assert result.stderr.endswith("Stopped watching.\n")
    assert runner.closed


def test_a_broken_program_is_shown_and_watching_goes_on(
    groundplan: Invoke, runs: Callable[..., type[FakeRunner]]
) -> None:
    runs(same, broken, changed)

    result = groundplan("preview", "dev", "--watch")

    assert result.exit_code == 0
    assert "error: The program raised." in result.stderr
    assert "Changes from the plan before" in result.stdout


def test_the_first_plan_is_compared_with_a_document(
    groundplan: Invoke, runs: Callable[..., type[FakeRunner]], tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    assert runs(same)
    file.write_text('{"version": 3, "deployment": {"resources": []}}', encoding="utf-8")

    result = groundplan("preview", "dev", "--watch", "--diff", str(file))

    assert "plan.json" in result.stdout
    assert "+ net  compute.Network" in result.stdout


def test_a_fault_of_our_own_ends_it(groundplan: Invoke, runs: Callable[..., type[FakeRunner]]) -> None:
    def fault() -> Preview:
        raise RuntimeError("lost")

    runs(fault)

    assert groundplan("preview", "dev", "--watch").exit_code == 3


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("/shop/__main__.py", True),
        ("/shop/Pulumi.dev.yaml", True),
        ("/shop/__pycache__/a.py", False),
        ("/shop/.git/index.txt", False),
        ("/shop/.venv/lib/a.py", False),
        ("/shop/a.pyc", False),
        ("/shop/.a.py.swp", False),
    ],
)
def test_only_what_a_program_reads_counts_as_a_save(path: str, counts: bool) -> None:
    assert watch._Sources()(Change.modified, path) is counts


def test_saves_come_at_once_and_then_with_each_change(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    saves = watch._saves(tmp_path)
    next(saves)

    file.write_text("one", encoding="utf-8")  # between two turns, as during a run

    next(saves)


def lines_of(process: "subprocess.Popen[str]") -> "Queue[str]":
    """Read a process's output without waiting for ever for a line that does not come."""
    lines: Queue[str] = Queue()

    def read() -> None:
        assert process.stdout
        for line in process.stdout:
            lines.put(line)

    Thread(target=read, daemon=True).start()
    return lines


def wait_for(lines: "Queue[str]", text: str) -> str:
    while True:
        line = lines.get(timeout=60)
        if text in line:
            return line


def test_watching_a_real_program(project: Path) -> None:
    program = project / "__main__.py"
    program.write_text("import pulumi\npulumi.ComponentResource('shop:index:Store', 'one')\n", encoding="utf-8")
    command = [sys.executable, "-m", "groundplan_cli", "preview", "dev", "--watch"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        try:
            lines = lines_of(process)
            wait_for(lines, "one  shop.Store")
            wait_for(lines, "Watching")
            program.write_text("import pulumi\nraise ValueError('no')\n", encoding="utf-8")
            wait_for(lines, "ValueError")
            wait_for(lines, "Watching")
            program.write_text("import pulumi\npulumi.ComponentResource('shop:index:Store', 'two')\n", encoding="utf-8")
            wait_for(lines, "+ two  shop.Store")
            process.send_signal(signal.SIGINT)
            wait_for(lines, "Stopped watching.")
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()
