"""Protocols and ports of firewall rules."""

import re
from collections.abc import Collection
from typing import Final

from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Reading, State, entries, read_value
from groundplan_policies.engine.verdicts import PASS, Outcome, all_of, fail, indeterminate

_WITH_PORTS: Final = frozenset({"all", "tcp", "udp", "sctp", "6", "17", "132"})
_WITHOUT: Final = frozenset({"ah", "esp", "icmp", "ipip"})
_LAST_NUMBER: Final = 255
_LAST_PORT: Final = 65535
_RANGE = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")


def judge_ports(block: Reading, protocol: str, ports: Collection[int]) -> Outcome:
    """Say whether a pair of protocol and ports leaves out some ports; it fails where it reaches one of them.

    Args:
        block: The pair: an entry of `allows`, or of `layer4Configs`.
        protocol: Name of the property that holds the protocol.
        ports: The ports.
    """
    if block.state in {State.UNKNOWN, State.SECRET, State.WRONG}:
        return unreadable(block, absent=PASS) or PASS
    named = read_value(block.value, block.path, protocol)[0]
    missing = unreadable(named, absent=indeterminate("is absent; expected is a protocol", named.path))
    if missing is not None:
        return missing
    word = named.text.strip().lower()
    if not word:
        return wrong_type(named, "a protocol")
    if word.isascii() and word.isdigit():  # with the zeroes in front that a program may have written
        word = word.lstrip("0") or "0"
    if word in _WITHOUT or (word not in _WITH_PORTS and _is_other_number(word)):
        return PASS
    if word not in _WITH_PORTS:
        return indeterminate("is no protocol that Google knows", named.path)
    readings = [each for reading in read_value(block.value, block.path, "ports") for each in entries(reading)]
    return all_of([_judge(each, ports) for each in readings])


def _is_other_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= len(str(_LAST_NUMBER)) and int(word) <= _LAST_NUMBER


def _judge(reading: Reading, ports: Collection[int]) -> Outcome:
    missing = unreadable(reading, absent=fail("is absent or empty, which opens every port", reading.path))
    if missing is not None:
        return missing
    if not reading.text:
        return wrong_type(reading, "a port or a range of ports")
    match = _RANGE.fullmatch(reading.text.strip())
    if match is None:
        return indeterminate("is no port and no range of ports", reading.path)
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last or last > _LAST_PORT:
        return indeterminate("is no range of ports that Google takes", reading.path)
    if any(first <= each <= last for each in ports):
        return fail("holds a port by which machines are managed", reading.path, reading.text)
    return PASS
