"""Threads: what is started inside a cloud stays inside. Only the cloud is carried, no other variable of the context."""

import functools
from collections.abc import Callable
from typing import TypeVar

from mockcloud.doors.process import sessions
from mockcloud.doors.process.foreign import Foreign

Given = TypeVar("Given")


def install(threading: Foreign) -> None:
    """Hook `threading`."""
    original = threading.Thread.start

    @functools.wraps(original)
    def start(self: Foreign) -> None:
        session = sessions.of_context() if sessions.OPEN else None
        if session is not None:
            self.run = carried(session, self.run)
        original(self)

    threading.Thread.start = start


def install_pools(thread: Foreign) -> None:
    """Hook `concurrent.futures.thread`: a pool's threads may have been started elsewhere."""
    original = thread.ThreadPoolExecutor.submit

    @functools.wraps(original)
    def submit(self: Foreign, fn: Foreign, /, *args: Foreign, **kwargs: Foreign) -> Foreign:
        session = sessions.of_context() if sessions.OPEN else None
        return original(self, fn if session is None else carried(session, fn), *args, **kwargs)

    thread.ThreadPoolExecutor.submit = submit


def carried(session: sessions.Session, function: Callable[..., Given]) -> Callable[..., Given]:
    """Give a function that runs in a session."""

    def run(*args: Foreign, **kwargs: Foreign) -> Given:
        before = sessions.CURRENT.get()
        sessions.CURRENT.set(session)
        try:
            return function(*args, **kwargs)
        finally:
            sessions.CURRENT.set(before)

    return run
