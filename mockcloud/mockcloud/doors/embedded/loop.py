"""The event loop that a program runs on."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Final, TypeVar, TypeVarTuple, Unpack

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_PULUMI_CONTEXT: Final = "pulumi.runtime._context"


class ProgramLoop(asyncio.SelectorEventLoop):
    """Runs Pulumi's calls to the monitor where they are made, not in a pool of threads.

    The SDK hands each call to an executor, since a real monitor is another process. Ours answers from memory, and
    threads would make the order of registrations a matter of chance. Work that the program itself hands to an executor
    goes to one.
    """

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Run a call of the SDK at once; pass any other call on.

        A call may answer with a coroutine, where it has to wait for code of the program (a transform). The loop awaits
        it, so that the SDK gets the answer.
        """
        if executor is not None or getattr(func, "__module__", "") != _PULUMI_CONTEXT:
            return super().run_in_executor(executor, func, *args)
        answer: asyncio.Future[T] = self.create_future()
        try:
            result = func(*args)
        except Exception as error:  # noqa: BLE001 - the awaiting coroutine gets it
            answer.set_exception(error)
            return answer
        if asyncio.iscoroutine(result):
            return self.create_task(result)
        answer.set_result(result)
        return answer


@contextmanager
def set_for_thread(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Make a loop the thread's, and put back what the thread had.

    A thread that had none and never asked may still get one by asking (`asyncio.get_event_loop`), as Pulumi's SDK does
    in unit tests; setting none afterwards would take that away, so what the policy remembers is put back as it was.
    """
    kept: dict[str, object] = vars(getattr(asyncio.get_event_loop_policy(), "_local", None) or _Nothing())
    before: dict[str, object] = {name: kept[name] for name in ("_loop", "_set_called") if name in kept}
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        kept.update(before or {"_set_called": False})


class _Nothing:
    """Stands for the memory of a policy that is not Python's own."""
