"""Programs in processes of their own: what comes back, and that nothing stays behind when they are ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mockcloud import (
    DuplicateResource,
    InvalidSettings,
    InvokeNotAnswered,
    Preview,
    ProgramDied,
    ProgramFailed,
    ProgramReadStdin,
    ProgramTimedOut,
    Progress,
    StackNotFound,
    WarmRunner,
    preview_directory,
    preview_in_child,
)
from tests.mockcloud.embedded.helpers import PRELUDE, write_project

Run = Callable[..., Preview]
HANG = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path("pids").write_text(f"{child.pid}")
print("about to hang", file=sys.stderr, flush=True)
"""
FOR_EVER = "while True:\n    time.sleep(600)\n"


@contextmanager
def in_child(directory: Path, **settings: object) -> Iterator[Run]:
    def run(**options: object) -> Preview:
        return preview_in_child(directory, "dev", **settings, **options)  # type: ignore[arg-type] # given by the tests

    yield run


@contextmanager
def in_fork(directory: Path, **settings: object) -> Iterator[Run]:
    with WarmRunner(directory, "dev", **settings) as runner:  # type: ignore[arg-type] # given by the tests
        yield runner.preview


BOTH = pytest.mark.parametrize("start", [in_child, in_fork], ids=["child", "fork"])
Start = Callable[..., object]


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for something that another process does; fail if it does not."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)  # another process works meanwhile; there is nothing to wait on


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return status == "Z"


@BOTH
def test_the_preview_is_that_of_this_process(start: Start, tmp_path: Path) -> None:
    program = (
        PRELUDE
        + """
config = pulumi.Config()
pulumi.log.warn("careful")
print("hello")
a = Thing("a", password=config.require_secret("password"), size=config.require_int("size"))
b = Thing("b", of=a.computed, project=pulumi.runtime.invoke("gcp:x/get:get", {}).value["id"])
pulumi.export("b", [b.id, pulumi.StackReference("o/p/s").get_output("x")])
import parts
"""
    )
    write_project(tmp_path, program, files={"parts.py": ""}, settings="config:\n  proj:other:\n    secure: v1:x\n")
    settings = {
        "config": {"size": "3"},
        "secret_config": {"password": "hush-hush"},
        "stack_references": {"o/p/s": {"x": 1}},
        "invokes": {"gcp:x/get:get": {"id": "p"}},
    }
    here = preview_directory(tmp_path, "dev", **settings)  # type: ignore[arg-type] # the same for all three
    with start(tmp_path, **settings) as run:  # type: ignore[attr-defined] # one of the context managers above
        there = run()
    for part in ("document", "outputs", "diagnostics", "stdout", "stderr", "sources", "placeholders"):
        assert getattr(there, part) == getattr(here, part)
    assert there.seconds.program > 0


@BOTH
def test_progress_arrives_while_the_program_runs(start: Start, tmp_path: Path) -> None:
    program = (
        PRELUDE
        + """
import pathlib
Thing("a").id.apply(lambda _: None)
async def main():
    import asyncio
    while not pathlib.Path("go").exists():
        await asyncio.sleep(0.01)
pulumi.run(main)
"""
    )
    write_project(tmp_path, program)
    seen: list[Progress] = []

    def go_on(progress: Progress) -> None:
        seen.append(progress)
        (tmp_path / "go").touch()

    with start(tmp_path) as run:  # type: ignore[attr-defined] # as above
        run(on_progress=go_on, timeout=60)
    assert seen
    assert seen[0].phase == "program"


@BOTH
@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("raise ValueError('no')", ProgramFailed),
        ("input()", ProgramReadStdin),
        ("Thing('a'); Thing('a')", DuplicateResource),
        ("pulumi.runtime.invoke('gcp:x/y:z', {})", InvokeNotAnswered),
        ("import os; os._exit(3)", ProgramDied),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", ProgramDied),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_failures_are_the_same(start: Start, program: str, error: type[Exception], tmp_path: Path) -> None:
    write_project(tmp_path, PRELUDE + program + "\n")
    with start(tmp_path) as run, pytest.raises(error) as raised:  # type: ignore[attr-defined] # as above
        run(timeout=60)
    assert "to do: " in str(raised.value)
    if error is ProgramFailed:
        assert '__main__.py", line 10' in str(raised.value)


@BOTH
def test_a_fault_of_the_engine_is_not_the_programs(start: Start, tmp_path: Path) -> None:
    program = "import mockcloud.doors.embedded.runner as runner\nrunner.assemble = lambda registry: 1 / 0\n"
    write_project(tmp_path, program)
    with start(tmp_path) as run, pytest.raises(RuntimeError, match="in its own code"):  # type: ignore[attr-defined] # as above
        run(timeout=60)


@BOTH
def test_a_program_that_hangs_ends_with_all_it_started(start: Start, tmp_path: Path) -> None:
    write_project(tmp_path, HANG + FOR_EVER)
    with start(tmp_path) as run:  # type: ignore[attr-defined] # as above
        with pytest.raises(ProgramTimedOut) as raised:
            run(timeout=10)
        pid = int((tmp_path / "pids").read_text(encoding="utf-8"))
        wait_until(lambda: gone(pid))
    assert "no end after 10 seconds" in raised.value.given
    assert "--timeout" in raised.value.remedy


@BOTH
def test_what_a_program_left_running_ends_with_it(start: Start, tmp_path: Path) -> None:
    write_project(tmp_path, HANG)
    with start(tmp_path) as run:  # type: ignore[attr-defined] # as above
        assert run(timeout=60).stderr == "about to hang\n"
        pid = int((tmp_path / "pids").read_text(encoding="utf-8"))
        wait_until(lambda: gone(pid))


@pytest.mark.parametrize("how", ["preview_in_child(HERE, 'dev')", "WarmRunner(HERE, 'dev').preview()"])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_nothing_outlives_the_process_that_asked(how: str, sent: signal.Signals, tmp_path: Path) -> None:
    write_project(tmp_path, HANG + FOR_EVER)
    asking = f"import pathlib\nfrom mockcloud import *\nHERE = pathlib.Path({str(tmp_path)!r})\n{how}\n"
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(asking)], stderr=subprocess.PIPE)
    pids = tmp_path / "pids"
    wait_until(lambda: pids.exists() and pids.read_text(encoding="utf-8") != "")
    group = os.getpgid(int(pids.read_text(encoding="utf-8")))
    process.send_signal(sent)
    error = process.communicate(timeout=60)[1]
    assert (b"KeyboardInterrupt" in error) == (sent == signal.SIGINT)
    wait_until(lambda: gone(int(pids.read_text(encoding="utf-8"))) and gone(group))


def test_functions_cannot_go_to_another_process(tmp_path: Path) -> None:
    write_project(tmp_path)
    with pytest.raises(InvalidSettings, match="cannot be handed to another process"):
        preview_in_child(tmp_path, "dev", invokes={"gcp:x/y:z": lambda arguments: arguments})


def test_a_wrong_project_is_refused_from_a_child(tmp_path: Path) -> None:
    write_project(tmp_path)
    with pytest.raises(StackNotFound) as raised:
        preview_in_child(tmp_path, "prod")
    assert raised.value.allowed == "dev"


def test_the_working_directory_is_not_on_a_childs_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path / "own", "import pulumi\npulumi.export('ok', True)\n")
    (tmp_path / "json.py").write_text("raise RuntimeError('the wrong json')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert preview_in_child(tmp_path / "own", "dev").outputs == {"ok": True}


def test_a_warm_runner_sees_each_save_and_survives_failures(tmp_path: Path) -> None:
    program = "import pulumi, parts\npulumi.export('size', parts.SIZE)\n"
    write_project(tmp_path, program, files={"parts.py": "SIZE = 1\n"})
    with WarmRunner(tmp_path, "dev") as runner:
        assert runner.preview().outputs == {"size": 1}
        (tmp_path / "parts.py").write_text("SIZE = 22\n", encoding="utf-8")
        assert runner.preview().outputs == {"size": 22}
        (tmp_path / "parts.py").write_text("SIZE = = 3\n", encoding="utf-8")
        with pytest.raises(ProgramFailed, match="SyntaxError"):
            runner.preview()
        (tmp_path / "parts.py").write_text("import time\ntime.sleep(600)\n", encoding="utf-8")
        with pytest.raises(ProgramTimedOut):
            runner.preview(timeout=1)
        (tmp_path / "parts.py").write_text("SIZE = 4444\n", encoding="utf-8")
        assert runner.preview().outputs == {"size": 4444}
    runner.close()


def test_a_warm_runner_imports_installed_modules_once(tmp_path: Path) -> None:
    program = """
    import sys, pulumi
    cold = "pulumi_gcp" not in sys.modules
    import pulumi_gcp as gcp
    gcp.storage.Bucket("photos", location="EU")
    pulumi.export("cold", cold)
    """
    write_project(tmp_path, program)
    with WarmRunner(tmp_path, "dev") as runner:
        first, second = runner.preview(), runner.preview()
    assert (first.outputs, second.outputs) == ({"cold": True}, {"cold": False})
    assert "pulumi_gcp.storage.bucket" in first.modules
    assert "pulumi_gcp.compute" not in first.modules  # known to the package, but not loaded
    assert second.modules == ()


def test_a_warm_process_that_is_killed_is_said_to_be(tmp_path: Path) -> None:
    write_project(tmp_path)
    with WarmRunner(tmp_path, "dev") as runner:
        runner.preview()
        os.kill(runner._process.pid, signal.SIGKILL)
        with pytest.raises(ProgramDied, match="SIGKILL"):
            runner.preview()


def test_a_program_that_uses_grpc_survives_the_fork(tmp_path: Path) -> None:
    program = """
    from concurrent import futures
    import grpc, pulumi
    server = grpc.server(futures.ThreadPoolExecutor(1))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        grpc.channel_ready_future(channel).result(timeout=30)
    server.stop(0).wait()
    pulumi.export("served", True)
    """
    write_project(tmp_path, program)
    with WarmRunner(tmp_path, "dev") as runner:
        for _ in range(3):
            assert runner.preview(timeout=60).outputs == {"served": True}
