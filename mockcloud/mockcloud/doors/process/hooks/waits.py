"""Waits inside Google's clients: they move the cloud's time on, and take none.

A client waits through the names `time` and `asyncio` of its own modules. Those names are replaced, in the modules of
`waits.yaml`; the functions themselves are not, so that a user's own `time.sleep` sleeps.
"""

import asyncio
import random
import time
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from mockcloud.doors.process import sessions
from mockcloud.doors.process.foreign import Foreign

_BREATH: Final = 0.001
"""Seconds that a wait for another thread takes."""


@lru_cache(maxsize=1)
def table() -> dict[str, str]:
    """Give the modules that wait: name -> `cloud`, or `thread` for one that waits for a thread of this process."""
    text = (Path(__file__).parent / "waits.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(text)
    return {name: kind for kind in ("cloud", "thread") for name in found[kind]}


def install(module: Foreign) -> None:
    """Replace the names through which a module waits."""
    thread = table()[module.__name__] == "thread"
    for name, real, double in (("time", time, Time(thread=thread)), ("asyncio", asyncio, Asyncio())):
        if getattr(module, name, None) is real:
            setattr(module, name, double)


def install_random(module: Foreign) -> None:
    """Replace the name `random` of a module that draws how long it waits: the same test waits equally long."""
    module.random = Random()


def pause(seconds: float, *, thread: bool = False) -> None:
    """Wait in the time of this context's cloud; for real, where there is none.

    Args:
        seconds: How long.
        thread: Whether it is another thread of this process that is waited for.
    """
    session = sessions.here()
    if session is None:
        time.sleep(seconds)
        return
    if thread:
        time.sleep(min(seconds, _BREATH))
    else:
        session.cloud.advance(max(seconds, 0))


def _passed() -> float:
    """Give the seconds by which the time of this context's cloud has moved since it was opened."""
    session = sessions.here()
    return 0.0 if session is None else (session.cloud.clock.now - session.began).total_seconds()


class Time:
    """What a module of a client has for `time`.

    Args:
        thread: Whether it waits for other threads.
    """

    def __init__(self, *, thread: bool = False) -> None:
        self._thread = thread

    def __getattr__(self, name: str) -> object:
        return getattr(time, name)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        pause(seconds, thread=self._thread)

    def monotonic(self) -> float:
        """Give seconds that go with the cloud's, so that a deadline is reached by waiting for it."""
        return time.monotonic() + _passed()

    def time(self) -> float:
        """Give the seconds since 1970, later by what has passed in the cloud."""
        return time.time() + _passed()


class Asyncio:
    """What a module of a client has for `asyncio`."""

    def __getattr__(self, name: str) -> object:
        return getattr(asyncio, name)

    async def sleep(self, delay: float, result: object = None) -> object:
        """Wait, and let others run meanwhile."""
        if sessions.here() is None:
            return await asyncio.sleep(delay, result)
        pause(delay)
        return await asyncio.sleep(0, result)


class Random:
    """What a module of a client has for `random`: the middle of what could be drawn, while a cloud is open."""

    def __getattr__(self, name: str) -> object:
        return getattr(random, name)

    def uniform(self, low: float, high: float) -> float:
        """Give a number between two."""
        return random.uniform(low, high) if sessions.here() is None else (low + high) / 2  # noqa: S311 - no secret

    def random(self) -> float:
        """Give a number between nothing and one."""
        return random.random() if sessions.here() is None else 0.5  # noqa: S311 - no secret

    def randint(self, low: int, high: int) -> int:
        """Give a whole number between two."""
        return random.randint(low, high) if sessions.here() is None else (low + high) // 2  # noqa: S311 - no secret
