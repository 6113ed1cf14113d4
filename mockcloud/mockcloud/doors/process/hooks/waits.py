"""Waits inside Google's clients: they move the cloud's time on, and take none.

A client waits through the names `time` and `asyncio` of its own modules. Those names are replaced, in the modules of
`waits.yaml`; the functions themselves are not, so that a user's own `time.sleep` sleeps.
"""

import asyncio
import random
import time
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Final

import yaml

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.process import sessions
from mockcloud.doors.process.foreign import Foreign

_BREATH: Final = 0.001
"""Seconds that a wait for another thread takes."""


@lru_cache(maxsize=1)
def table() -> dict[str, "Kind"]:
    """Give the modules that wait: name -> kind of wait, as `waits.yaml` has them, but for those that are left alone."""
    text = (Path(__file__).parent / "waits.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(text)
    return {name: kind for kind in Kind for name in found[kind]}


def install(module: Foreign) -> None:
    """Replace the names through which a module waits."""
    kind = table()[module.__name__]
    for name, real, double in (("time", time, Time(kind)), ("asyncio", asyncio, Asyncio(kind))):
        if getattr(module, name, None) is real:
            setattr(module, name, double)


def install_random(module: Foreign) -> None:
    """Replace the name `random` of a module that draws how long it waits: the same test waits equally long."""
    module.random = Random()


class Kind(StrEnum):
    """Kinds of waits.

    `CLOUD`: for the cloud, whose time moves on instead. `POLL`: the same, until something happens there. `THREAD`: for
    another thread of this process; the cloud's time would run away meanwhile.
    """

    CLOUD = "cloud"
    POLL = "poll"
    THREAD = "thread"


def pause(seconds: float, kind: Kind = Kind.CLOUD) -> None:
    """Wait in the time of this context's cloud; for real, where there is none.

    Args:
        seconds: How long.
        kind: What is waited for.
    """
    session = sessions.here()
    if session is None:
        time.sleep(seconds)
    elif kind is Kind.THREAD:
        time.sleep(min(seconds, _BREATH))
    else:
        polls = _polls(session.cloud, seconds) if kind is Kind.POLL else 1
        session.cloud.advance(max(polls * seconds, 0))


def _polls(cloud: Cloud, seconds: float) -> int:
    """Give the number of polls after which something has happened; one where nothing will."""
    with cloud.lock:
        due, now = cloud.plans.next_at, cloud.clock.now
    if due is None or seconds <= 0:
        return 1
    return max(ceil((due - now) / timedelta(seconds=seconds)), 1)


def _passed() -> float:
    """Give the seconds by which the time of this context's cloud has moved since it was opened."""
    session = sessions.here()
    return 0.0 if session is None else (session.cloud.clock.now - session.began).total_seconds()


class Time:
    """What a module of a client has for `time`.

    Args:
        kind: What it waits for.
    """

    def __init__(self, kind: Kind = Kind.CLOUD) -> None:
        self._kind = kind

    def __getattr__(self, name: str) -> object:
        return getattr(time, name)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        pause(seconds, self._kind)

    def monotonic(self) -> float:
        """Give seconds that go with the cloud's, so that a deadline is reached by waiting for it."""
        return time.monotonic() + _passed()

    def time(self) -> float:
        """Give the seconds since 1970, later by what has passed in the cloud."""
        return time.time() + _passed()


class Asyncio:
    """What a module of a client has for `asyncio`.

    Args:
        kind: What it waits for.
    """

    def __init__(self, kind: Kind = Kind.CLOUD) -> None:
        self._kind = kind

    def __getattr__(self, name: str) -> object:
        return getattr(asyncio, name)

    async def sleep(self, delay: float, result: object = None) -> object:
        """Wait, and let others run meanwhile."""
        if sessions.here() is None:
            return await asyncio.sleep(delay, result)
        pause(delay, self._kind)
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
