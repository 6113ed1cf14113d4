"""Faults: what goes wrong because somebody asked for it, at the same calls in every run."""

import hashlib
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.trouble import Pattern, asks_for_accelerator, out_of_stock, refusal, target
from mockcloud.discovery.catalogue import description, versions
from mockcloud.discovery.documents import apis
from mockcloud.errors import Error

if TYPE_CHECKING:
    from mockcloud.cloud.call import Call

_STATUSES: Final = range(400, 600)
_MOST_SECONDS: Final = 366 * 24 * 3600.0
_WILD: Final = re.compile(r"[*?\[]")


class Phase(StrEnum):
    """Where on a call's way something goes wrong."""

    BEFORE = "before"
    """Behind the rules and before the method does anything: the call has no effect."""
    AFTER = "after"
    """When the method has done its work: the effect is there, and the client gets an error instead of the answer."""
    OPERATION = "operation"
    """The call is answered; what it began goes wrong: an operation, or a job."""


class InvalidFault(Error):
    """A fault makes no sense, or there is none of this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that goes wrong.

    Attributes:
        method: Which methods, by full id with `*` and `?`: `aiplatform.*.create`.
        name: Which resources, by full name with `*` and `?`: `projects/acme/*`. A new resource has its name if the call
            chooses it, else that of its collection.
        phase: Where it goes wrong: `before`, `after` or `operation`.
        status: HTTP status of the error; 0 for no error. An operation ends with the error that belongs to it.
        message: What the error says; "" for Google's usual words.
        retry_after: Seconds after which the client is asked to try again; 0 for no such header.
        delay: Seconds that the call takes. They pass in the cloud's time; a server can be told to wait them out too.
        count: How often it happens; 0 for always.
        skip: How many calls that fit go well before.
        probability: With which probability it happens. Which calls it hits depends on the cloud's seed only.
        stuck: The operation never ends.
        seconds: The operation takes this long, in virtual seconds; 0 for as long as usual.
        polls: The operation ends when it has been asked for this often, whatever the time; 0 for as usual.
        accelerator: Only calls that ask for such an accelerator, or for a machine type that has some, by name with `*`:
            `nvidia-l4`, `NVIDIA_H100*`, `v5litepod-*`. By itself it means that there is none left.
    """

    method: str = "*"
    name: str = "*"
    phase: Phase = Phase.BEFORE
    status: int = 0
    message: str = ""
    retry_after: int = 0
    delay: float = 0.0
    count: int = 0
    skip: int = 0
    probability: float = 1.0
    stuck: bool = False
    seconds: float = 0.0
    polls: int = 0
    accelerator: str = ""

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            InvalidFault: It does not.
        """
        if self.phase not in _EFFECTS:
            raise InvalidFault(
                "The fault makes no sense",
                given=f"the phase {self.phase!r}",
                allowed=", ".join(Phase),
                remedy="Name one of these phases.",
            )
        object.__setattr__(self, "phase", Phase(self.phase))
        for holds, given, allowed in (
            (self.status == 0 or self.status in _STATUSES, f"status {self.status}", "400 to 599, or 0 for no error"),
            (0 < self.probability <= 1, f"probability {self.probability}", "more than 0, at most 1"),
            (
                min(self.count, self.skip, self.polls, self.retry_after) >= 0,
                "a negative number",
                "whole numbers from 0",
            ),
            (0 <= self.delay <= _MOST_SECONDS, f"a delay of {self.delay} s", "0 to a year, in seconds"),
            (0 <= self.seconds <= _MOST_SECONDS, f"an operation of {self.seconds} s", "0 to a year, in seconds"),
            (self._does_something(), "a fault that does nothing", _EFFECTS[self.phase]),
            (
                self.phase is Phase.OPERATION or not (self.stuck or self.seconds or self.polls),
                f"stuck, seconds or polls with the phase {self.phase.value}",
                "the phase operation for these",
            ),
            (
                self.phase is not Phase.OPERATION or not (self.delay or self.retry_after),
                "delay or retry_after with the phase operation",
                "the phases before and after for these",
            ),
        ):
            if not holds:
                raise InvalidFault(
                    "The fault makes no sense",
                    given=given,
                    allowed=allowed,
                    remedy="Give what is allowed; groundplan cloud fault add --help lists it.",
                )

    def _does_something(self) -> bool:
        if self.phase is Phase.OPERATION:
            return bool(self.status or self.stuck or self.seconds or self.polls or self.accelerator)
        return bool(self.status or self.delay or self.accelerator)


_EFFECTS: Final = {
    Phase.BEFORE: "a status, a delay or an accelerator",
    Phase.AFTER: "a status, a delay or an accelerator",
    Phase.OPERATION: "a status, an accelerator, stuck, seconds or polls",
}

USUAL: Final[Mapping[str, Any]] = {each.name: each.default for each in fields(Fault)}
"""What a fault says where nothing else is said, by field."""


@dataclass(slots=True)
class Added:
    """A fault of a cloud, and what became of it.

    Attributes:
        number: From 1; no other fault of this cloud has it.
        fault: The fault.
        fitting: How many calls it fitted.
        happened: How often it happened.
        methods: Which methods it fits.
        names: Which resources it fits.
    """

    number: int
    fault: Fault
    fitting: int = 0
    happened: int = 0
    methods: Pattern = field(init=False, repr=False)
    names: Pattern = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Read the patterns once."""
        self.methods, self.names = Pattern(self.fault.method), Pattern(self.fault.name)

    @property
    def spent(self) -> bool:
        """Whether it has happened as often as it should."""
        return bool(self.fault.count) and self.happened >= self.fault.count


class Faults:
    """The faults of one cloud. They are not part of a snapshot: restoring one neither ends nor repeats a fault.

    Args:
        seed: Chooses which calls a fault with a probability hits.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._faults: dict[int, Added] = {}
        self._given = 0
        self._late = threading.local()

    def __len__(self) -> int:
        return len(self._faults)

    def __iter__(self) -> Iterator[Added]:
        return iter(list(self._faults.values()))

    def add(self, fault: Fault) -> Added:
        """Let something go wrong from now on.

        Raises:
            InvalidFault: There is no such method.
        """
        _check_method(fault.method)
        self._given += 1
        added = Added(self._given, fault)
        self._faults[added.number] = added
        return added

    def remove(self, number: int) -> None:
        """End a fault.

        Raises:
            InvalidFault: There is none of this number.
        """
        if self._faults.pop(number, None) is None:
            raise InvalidFault(
                "There is no such fault",
                given=str(number),
                allowed=", ".join(map(str, self._faults)) or "none: the cloud has no faults",
                remedy="List the faults, and name one of them.",
            )

    def clear(self) -> None:
        """End all faults."""
        self._faults.clear()

    def strike(self, call: "Call", phase: Phase) -> None:
        """Let happen to a call what fits it in a phase.

        Raises:
            ApiError: What a fault says.
        """
        for added in self._happening(call, phase):
            fault = added.fault
            if fault.delay:
                self._late.seconds = getattr(self._late, "seconds", 0.0) + fault.delay
                call.cloud.advance(fault.delay)
            if (error := _error(call, fault)) is not None:
                raise error

    def take_delay(self) -> float:
        """Give the seconds by which the call that this thread just made is late, and forget them."""
        seconds: float = getattr(self._late, "seconds", 0.0)
        if seconds:
            self._late.seconds = 0.0
        return seconds

    def of_operation(self, call: "Call") -> Fault | None:
        """Give what goes wrong with the operation or job that a call begins; None for nothing.

        Whoever begins one asks once, and plans what the fault says; `ending` gives the error that it ends with.
        """
        return next((each.fault for each in self._happening(call, Phase.OPERATION)), None) if self._faults else None

    def _happening(self, call: "Call", phase: Phase) -> Iterator[Added]:
        for added in list(self._faults.values()):
            if added.fault.phase is phase and not added.spent and self._fits(added, call):
                added.fitting += 1
                if added.fitting > added.fault.skip and self._drawn(added):
                    added.happened += 1
                    yield added

    def _fits(self, added: Added, call: "Call") -> bool:
        return (
            added.methods.fits(call.method.full_id)
            and added.names.fits(*target(call))
            and (not added.fault.accelerator or asks_for_accelerator(call.body, added.fault.accelerator))
        )

    def _drawn(self, added: Added) -> bool:
        if added.fault.probability >= 1:
            return True
        text = f"{self._seed}/{added.number}/{added.fitting}"
        drawn = int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48
        return drawn < added.fault.probability


def _error(call: "Call", fault: Fault) -> ApiError | None:
    if fault.status:
        return refusal(fault.status, fault.message, fault.retry_after)
    return out_of_stock(call, fault.message) if fault.accelerator else None


def ending(call: "Call", fault: Fault) -> ApiError | None:
    """Give the error with which an operation or job ends because of a fault; None where it ends well, or never."""
    return None if fault.stuck else _error(call, fault)


def _check_method(pattern: str) -> None:
    """Refuse a pattern that names an API, and no method of it: nothing would ever go wrong."""
    api, dot, _ = pattern.partition(".")
    if _WILD.search(api):
        return
    if api not in apis():
        raise _no_method(pattern, api, apis(), "the name of an API that is served")
    ids = [f"{api}.{each}" for version in versions(api) for each in description(api, version).routes.by_id]
    if not dot or not Pattern(pattern).fits(*ids):
        raise _no_method(pattern, pattern, ids, f"{api}.*, or methods such as {min(ids)}")


def _no_method(pattern: str, part: str, known: Iterable[str], allowed: str) -> InvalidFault:
    names = sorted({*known})
    near = [each for each in names if each.startswith(part)][:3] or get_close_matches(part, names, n=3)
    return InvalidFault(
        "No method fits the fault",
        given=pattern,
        allowed=f"{allowed}; near: {', '.join(near)}" if near else allowed,
        remedy="Name methods as `groundplan cloud log` does.",
    )
