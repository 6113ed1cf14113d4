"""A cloud with its services: what every door opens on."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar, overload

from mockcloud.cloud.clock import START
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.rules.chain import Rules
from mockcloud.services.registry import service

C = TypeVar("C", bound=Cloud)


@overload
def new_cloud(
    profile: str = "lenient",
    *,
    on: Iterable[str] = (),
    off: Iterable[str] = (),
    seed: int = 0,
    start: datetime = START,
    waits: str = "clock",
) -> Cloud: ...


@overload
def new_cloud(
    profile: str = "lenient",
    *,
    on: Iterable[str] = (),
    off: Iterable[str] = (),
    seed: int = 0,
    start: datetime = START,
    waits: str = "clock",
    kind: type[C],
) -> C: ...


def new_cloud(
    profile: str = "lenient",
    *,
    on: Iterable[str] = (),
    off: Iterable[str] = (),
    seed: int = 0,
    start: datetime = START,
    waits: str = "clock",
    kind: type[Cloud] = Cloud,
) -> Cloud:
    """Make a cloud.

    Args:
        profile: `lenient` or `strict`.
        on: Rules that are on beside the profile's.
        off: Rules that are off.
        seed: Of the ids.
        start: When its time begins.
        waits: `clock`: only time that passes finishes what takes time. `poll`: asking does.
        kind: Class of the cloud.

    Raises:
        NoSuchRule: A profile or rule is unknown.
    """
    return kind(service, rules=Rules(profile, on=on, off=off), seed=seed, start=start, waits=waits)
