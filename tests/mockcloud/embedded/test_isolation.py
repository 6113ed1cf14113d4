# ruff: noqa: T201 - the programs under test print
"""Programs in one process do not see one another, and whoever else uses Pulumi there notices nothing."""

from __future__ import annotations

import asyncio
import builtins
import gc
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pulumi
import pytest
from pulumi.runtime import settings

from mockcloud import Preview, preview_directory, preview_program
from tests.conformance.programs import Thing
from tests.mockcloud.embedded.helpers import inputs, resources, write_project

ROOT = Path(__file__).parents[3]


def numbered(number: int) -> Preview:
    """Preview a program that mentions its number everywhere."""

    def program() -> None:
        def mark(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
            return pulumi.ResourceTransformResult({**args.props, "marked": number}, args.opts)

        pulumi.runtime.register_resource_transform(mark)
        things = [Thing("thing", {"size": number})]
        things += [Thing(f"more-{index}", {"of": things[-1].computed}) for index in range(20)]
        pulumi.export("number", [number, pulumi.Config().require_int("number"), pulumi.get_stack()])
        print("number", number)

    return preview_program(program, stack=f"s{number}", config={"number": str(number)})


def check(number: int, preview: Preview) -> None:
    assert preview.outputs == {"number": [number, number, f"s{number}"]}
    assert len(resources(preview)) == 23
    assert inputs(preview, "thing") == {"marked": number, "size": number}
    assert preview.stdout == f"number {number}\n"


def test_programs_one_after_another() -> None:
    for number in range(5):
        check(number, numbered(number))


def test_programs_at_the_same_time() -> None:
    barrier = threading.Barrier(8)

    def one(number: int) -> None:
        barrier.wait()
        for _ in range(3):
            check(number, numbered(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))


def test_programs_as_functions_run_at_once_and_need_not_wait_for_one_another() -> None:
    first, second = threading.Event(), threading.Event()

    def wait_for(mine: threading.Event, other: threading.Event) -> None:
        mine.set()
        assert other.wait(timeout=30)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(preview_program, lambda: wait_for(first, second))
        two = pool.submit(preview_program, lambda: wait_for(second, first))
        one.result()
        two.result()


def test_directories_at_the_same_time_take_turns(tmp_path: Path) -> None:
    program = "import os, pulumi, parts\npulumi.export('is', [parts.NUMBER, os.path.basename(os.getcwd())])\n"
    for number in range(4):
        write_project(tmp_path / str(number), program, files={"parts.py": f"NUMBER = {number}\n"})
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda number: preview_directory(tmp_path / str(number), "dev").outputs, range(4)))
    assert found == [{"is": [number, str(number)]} for number in range(4)]


def test_a_program_inside_a_running_loop() -> None:
    async def main() -> Preview:
        return numbered(7)

    check(7, asyncio.run(main()))


def test_a_failure_inside_a_running_loop() -> None:
    async def main() -> None:
        preview_program(lambda: 1 / 0)

    with pytest.raises(Exception, match="ZeroDivisionError"):
        asyncio.run(main())


def test_a_program_inside_a_program() -> None:
    def program() -> None:
        Thing("outer")
        check(3, numbered(3))
        Thing("outer-2")

    assert list(resources(preview_program(program))) == ["project-stack", "default", "outer", "outer-2"]


def test_a_failed_program_does_not_touch_the_next() -> None:
    for _ in range(3):
        with pytest.raises(Exception, match="ZeroDivisionError"):
            preview_program(lambda: [Thing("thing"), 1 / 0])
        check(1, numbered(1))


def test_nothing_is_left_in_the_process() -> None:
    before = (sys.stdin, sys.stdout, sys.stderr, builtins.__import__, gc.get_threshold(), gc.isenabled())
    numbered(1)
    with pytest.raises(Exception, match="ZeroDivisionError"):
        preview_program(lambda: 1 / 0)
    assert (sys.stdin, sys.stdout, sys.stderr, builtins.__import__, gc.get_threshold(), gc.isenabled()) == before


def _monitor_elsewhere() -> object:
    """Return the monitor that a new thread finds: that of the process, whoever set it."""
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.append(settings.SETTINGS.monitor))
    thread.start()
    thread.join()
    return seen[0]


def test_no_other_context_gets_our_monitor() -> None:
    before = _monitor_elsewhere()
    numbered(1)
    assert _monitor_elsewhere() is before


OWN_MOCKS = """
import pulumi
from pulumi.runtime import mocks, sync_await
from mockcloud import preview_program
from tests.conformance.programs import Group, Thing


class Echo(mocks.Mocks):
    def new_resource(self, args):
        return args.name, {**args.inputs, "computed": "known"}

    def call(self, args):
        return {}, None


preview_program(lambda: Thing("ours"))  # the SDK's functions are wrapped from here on
sync_await._ensure_event_loop()
mocks.set_mocks(Echo(), preview=False)


@pulumi.runtime.test
def test():
    group = Group("group")
    user = Thing("user", {"label": group.thing.computed, "size": 3})

    def check(values):
        assert values[:2] == ["known", 3], values
        assert values[2].endswith("Bucket::user"), values

    return pulumi.Output.all(user.label, user.size, user.urn).apply(check)


test()
print("passed")
"""


def test_pulumis_own_mocks_work_beside_the_engine() -> None:
    # In a process of its own: the SDK's mocks leave event loops open in its threads.
    done = subprocess.run([sys.executable, "-c", OWN_MOCKS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "passed\n", done.stderr
