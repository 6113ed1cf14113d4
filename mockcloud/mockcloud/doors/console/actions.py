"""What the console does to a cloud."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.faults import USUAL, Added, Fault, InvalidFault, Phase
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.snapshots import Snapshot
from mockcloud.doors.console.views import Json
from mockcloud.errors import Error

MOST_SECONDS: Final = 100 * 366 * 24 * 3600
"""How far time moves at once: a hundred years."""
MOST_SNAPSHOTS: Final = 20
_PROJECT: Final = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
_NUMBER: Final = re.compile(r"[1-9]\d{0,18}")


class InvalidAction(Error):
    """What the console was asked to do makes no sense."""


def advance(cloud: Cloud, body: Mapping[str, Any]) -> Json:
    """Let time pass: `seconds`."""
    cloud.advance(_seconds(body))
    return {"now": stamp(cloud.clock.now)}


def _seconds(body: Mapping[str, Any]) -> float:
    seconds = body.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 <= seconds <= MOST_SECONDS:
        raise InvalidAction(
            "This is no span of time",
            given=f"seconds {seconds!r}",
            allowed=f"a number from 0 to {MOST_SECONDS}",
            remedy="Give how many seconds of the cloud's time are meant.",
        )
    return seconds


def late_policies(cloud: Cloud, body: Mapping[str, Any]) -> Json:
    """Let policies that are changed from now on count only after `seconds`, as Google's do."""
    cloud.access.delay = timedelta(seconds=_seconds(body))
    return {"seconds": cloud.access.delay.total_seconds()}


def number_projects(cloud: Cloud, body: Mapping[str, Any]) -> Json:
    """Let projects be there with the numbers that they have elsewhere: `numbers`, by id.

    Only where projects appear on first use. One that is there keeps its number.
    """
    numbers = body.get("numbers")
    if not isinstance(numbers, dict) or not all(
        _PROJECT.fullmatch(str(each)) and _NUMBER.fullmatch(str(number)) for each, number in numbers.items()
    ):
        raise InvalidAction(
            "These are no projects",
            given=f"numbers {numbers!r}",
            allowed='an object of ids and numbers, such as {"acme-dev": "123456789012"}',
            remedy="Give the numbers as texts of up to 19 digits.",
        )
    if not cloud.rules.on(Rule.PROJECTS):
        for identifier, number in numbers.items():
            if cloud.projects.get(number) is None:
                cloud.projects.ensure(identifier, number=number)
    return {"numbers": {each: cloud.projects.number_of(each) for each in numbers if cloud.projects.get(each)}}


def reset(cloud: Cloud) -> Json:
    """Empty the cloud."""
    cloud.reset()
    return {"now": stamp(cloud.clock.now)}


def faults(cloud: Cloud) -> Json:
    """Give the faults."""
    return {"faults": [_fault(each) for each in cloud.faults]}


def _fault(added: Added) -> Json:
    said = {name: value for name, value in asdict(added.fault).items() if value != USUAL[name]}
    return {"number": added.number, **said, "happened": added.happened, "fitting": added.fitting, "spent": added.spent}


def add_fault(cloud: Cloud, body: Mapping[str, Any]) -> Json:
    """Add a fault, from the fields of `Fault`."""
    for name, value in body.items():
        if name not in USUAL:
            raise InvalidFault(
                "A fault has no such field",
                given=repr(name)[:100],
                allowed=", ".join(USUAL),
                remedy="Leave it out, or name one of these.",
            )
        if not _is_like(value, USUAL[name]):
            raise InvalidFault(
                "A field of the fault has another type",
                given=f"{name}: {value!r}"[:100],
                allowed=_TYPES[type(USUAL[name])],
                remedy="Give it so.",
            )
    return _fault(cloud.faults.add(Fault(**body)))


_TYPES: Final = {bool: "true or false", int: "a whole number", float: "a number", str: "a text", Phase: "a text"}


def _is_like(value: object, usual: object) -> bool:
    """Whether a value of JSON has the type of another one. In Python true is a number; here it is none."""
    if isinstance(usual, bool) or isinstance(value, bool):
        return isinstance(usual, bool) and isinstance(value, bool)
    if isinstance(usual, str):
        return isinstance(value, str)
    return isinstance(value, (int, float) if isinstance(usual, float) else int)


def remove_fault(cloud: Cloud, number: str) -> Json:
    """End a fault."""
    cloud.faults.remove(int(number) if number.isdecimal() and len(number) < 10 else 0)  # noqa: PLR2004 - digits
    return faults(cloud)


def switch(cloud: Cloud, body: Mapping[str, Any]) -> Json:
    """Switch rules: name -> on or off. All or none."""
    for name, on in body.items():
        if not isinstance(on, bool):
            raise InvalidAction(
                "A rule is on or off", given=f"{name}: {on!r}"[:100], allowed="true, false", remedy="Give one of these."
            )
        kept = cloud.rules.names
        cloud.rules.switch(name, on=name in kept)  # refuses what is unknown before anything is switched
    for name, on in body.items():
        cloud.rules.switch(name, on=on)
    return {"on": cloud.rules.names}


class Snapshots:
    """The snapshots that the console took. They live as long as the server."""

    def __init__(self) -> None:
        self._kept: dict[str, Snapshot] = {}

    def names(self) -> Json:
        """Give their names, the oldest first."""
        return {"snapshots": [{"name": name, "now": stamp(each.now)} for name, each in self._kept.items()]}

    def take(self, cloud: Cloud, body: Mapping[str, Any]) -> Json:
        """Keep the cloud as it is under a `name`. One of the same name is replaced."""
        name = body.get("name")
        if not isinstance(name, str) or not 0 < len(name) <= 100:  # noqa: PLR2004 - a name that a page can show
            raise InvalidAction(
                "A snapshot has a name", given=repr(name)[:100], allowed="1 to 100 characters", remedy="Give it one."
            )
        if name not in self._kept and len(self._kept) >= MOST_SNAPSHOTS:
            raise InvalidAction(
                "There are too many snapshots",
                given=f"one more than {MOST_SNAPSHOTS}",
                allowed=f"{MOST_SNAPSHOTS}",
                remedy="Take it under the name of one that is not needed any more.",
            )
        self._kept[name] = cloud.snapshot()
        return self.names()

    def restore(self, cloud: Cloud, name: str) -> Json:
        """Make the cloud what it was."""
        kept = self._kept.get(name)
        if kept is None:
            raise InvalidAction(
                "There is no such snapshot",
                given=repr(name)[:100],
                allowed=", ".join(self._kept) or "none: nobody took one",
                remedy="Name one of them.",
            )
        cloud.restore(kept)
        return {"now": stamp(cloud.clock.now)}
