"""Runs a program to its end on its event loop.

This is `pulumi.runtime.stack.run_in_stack` with another way to wait: the SDK looks at every unresolved output again
each time that one resolves, which makes a large program's time grow with the square of its size.
"""

import asyncio
import gc
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import isawaitable
from typing import Any, Final, TypeAlias

from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import Stack

_LOCK: Final = threading.Lock()
_PATIENCE: Final = 1.0
"""Seconds that a cancelled task has to end."""

_Task: TypeAlias = "asyncio.Future[object]"


class Outputs(set[_Task]):
    """The outputs of a program that are not resolved yet; the SDK adds to it and takes away.

    Attributes:
        failed: Resolved with the exception of the first output that fails while nothing derived from it is waited for.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.failed: asyncio.Future[None] = loop.create_future()

    def add(self, task: _Task) -> None:
        """Track one more output."""
        super().add(task)
        task.add_done_callback(self._look)

    def _look(self, task: _Task) -> None:
        if task in self and not task.cancelled() and not self.failed.done() and (error := task.exception()):
            self.failed.set_exception(error)


async def run_stack(program: Callable[[], object], outputs: Outputs) -> tuple[str, ...]:
    """Run a program inside a new stack resource, until everything that it began has ended. Gives what it exports.

    Raises:
        Exception: Whatever the program, a registration or an output raises.
    """
    stack = Stack()
    try:
        result = program()
        if isawaitable(result):
            await result
        entry = stack._take_async_program()  # noqa: SLF001 - as the SDK's own runner does
        if entry is not None:
            stack._add_program_outputs(await entry())  # noqa: SLF001 - as above
    finally:
        stack._finish()  # noqa: SLF001 - as above
    manager = SETTINGS.rpc_manager
    while manager.rpcs or outputs:
        while manager.rpcs:
            await asyncio.sleep(0)
            await manager.rpcs.pop()
        if manager.unhandled_exception is not None:
            raise manager.unhandled_exception.with_traceback(manager.exception_traceback)
        await _settle(outputs)
    if manager.unhandled_exception is not None:
        raise manager.unhandled_exception.with_traceback(manager.exception_traceback)
    return tuple(stack.outputs)


async def _settle(outputs: Outputs) -> None:
    """Wait until no output is left, or one fails. Each is waited for once."""
    while outputs:
        task = next(iter(outputs))
        both: set[asyncio.Future[Any]] = {task, outputs.failed}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if outputs.failed.done():
            outputs.failed.result()
        if task.done():
            # Resolved outputs leave by themselves; a failed one whose failure somebody else handles does not.
            outputs.discard(task)


def end_pending(loop: asyncio.AbstractEventLoop) -> None:
    """End what a program leaves pending on its loop."""
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.wait(tasks, timeout=_PATIENCE))
    loop.run_until_complete(loop.shutdown_asyncgens())


@contextmanager
def quietly() -> Iterator[None]:
    """Release what a failed program leaves behind without a warning of each coroutine in it that nobody awaited.

    The SDK's outputs hold such coroutines once one of them fails, and Python would warn of each, at some later time and
    in the middle of something else.
    """
    with _LOCK, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        yield


def release() -> None:
    """Release what a program leaves behind. It is full of cycles, which only the collector finds.

    While a program runs the collector rarely looks (see `capture`), so what it made is young, and cheap to find.
    """
    gc.collect(1 if gc.get_count()[1:] == (0, 0) else 2)
