"""The event loop that a program runs on."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
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
