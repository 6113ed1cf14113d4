"""Ranges of addresses: which of them are the whole internet, alone or together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import TypeVar

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Read
from groundplan_policies.engine.expect import of_verdict, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict, all_of, fail, indeterminate

_WIDEST = {4: 8, 6: 16}
"""The shortest prefix that may belong to one organisation: registries give none a wider range."""

_HALF = {4: 2**31, 6: 2**124}
"""Half of the addresses of IPv4, and half of those that IPv6 routes globally (2000::/3)."""

_Range = TypeVar("_Range", IPv4Network, IPv6Network)
_MAPPED = IPv6Network("::ffff:0:0/96")


@lru_cache(maxsize=16384)
def parse_range(text: str) -> IPv4Network | IPv6Network | None:
    """Give a range, or a single address as one; None for a text that is none, or is IPv4 dressed up as IPv6."""
    try:
        found = ip_network(text, strict=False)
    except ValueError:
        return None
    return None if isinstance(found, IPv6Network) and found.subnet_of(_MAPPED) else found


@lru_cache(maxsize=16384)
def is_internet(text: str) -> bool:
    """Whether one range is the internet: 0.0.0.0/0, ::/0, a half of them, or wider than any organisation's own.

    A range that lies in private or reserved space is none, however wide (240.0.0.0/4). False for a text that is none.
    """
    found = parse_range(text)
    return found is not None and not found.is_private and found.prefixlen < _WIDEST[found.version]


def are_internet(texts: Iterable[str]) -> bool:
    """Whether several ranges, each of which may pass alone, are together at least half of the internet."""
    found = [each for each in map(parse_range, texts) if each is not None and not each.is_private]
    four = [each for each in found if isinstance(each, IPv4Network)]
    six = [each for each in found if isinstance(each, IPv6Network)]
    return _at_least(_HALF[4], four) or _at_least(_HALF[6], six)


def _at_least(addresses: int, ranges: Sequence[_Range]) -> bool:
    # The sum before overlaps are taken out is the larger one, and settles most lists.
    if sum(each.num_addresses for each in ranges) < addresses:
        return False
    return sum(each.num_addresses for each in collapse_addresses(ranges)) >= addresses


def judge_range(reading: Reading, *, absent: Outcome, empty: Outcome | None = None) -> Outcome:
    """Say of one range whether it is narrower than the internet."""
    missing = unreadable(reading, absent=absent, empty=empty)
    if missing is not None:
        return missing
    if not reading.text:
        return wrong_type(reading, "a range of addresses")
    if parse_range(reading.text) is None:
        return indeterminate("is no range of addresses", reading.path)
    if is_internet(reading.text):
        return fail("is the whole internet, or much of it; expected are ranges of your own", reading.path, reading.text)
    return PASS


@dataclass(frozen=True)
class NarrowRanges:
    """A check: every range at a path is known, and neither one nor all together are the internet.

    Attributes:
        path: The place of the ranges.
        lists: Whether there are lists of texts there, and not one text each.
        absent: Verdict where there are none.
        empty: Verdict for an empty block, list or text.
    """

    path: str
    absent: Verdict = Verdict.FAIL
    empty: Verdict = Verdict.FAIL
    lists: bool = True

    @cached_property
    def _path(self) -> Path:
        return Path(self.path)

    def __call__(self, resource: Resource, context: Context) -> Outcome:  # noqa: ARG002 - the form of a check
        """Look at one resource."""
        found = self._path.read(resource)
        readings = [each for reading in found for each in entries(reading)] if self.lists else found
        outcome = all_of([self._look(reading) for reading in readings])
        if outcome.verdict is Verdict.FAIL:
            return outcome
        known = [reading.text for reading in readings if reading.state is State.KNOWN]
        if are_internet(known):
            return fail("are together most of the internet; expected are ranges of your own", self.path)
        return outcome

    def reads(self, type_: str) -> Read:
        """Give what this says of missing values, for the control's documentation."""
        return Read(type_, self.path, absent=self.absent, empty=self.empty)

    def _look(self, reading: Reading) -> Outcome:
        return judge_range(
            reading,
            absent=of_verdict(self.absent, "is absent, which admits every address", reading.path),
            empty=of_verdict(self.empty, "is empty; expected are ranges of your own", reading.path),
        )
