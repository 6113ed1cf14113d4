"""Ranges of addresses: which of them are the whole internet, alone or together."""

import pytest

from groundplan_policies.rules.network.ranges import are_internet, is_internet, parse_range


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0/0",
        "::/0",
        "::0/0",
        "0.0.0.0/1",
        "128.0.0.0/1",
        "::/1",
        "8000::/1",
        "2000::/3",
        "64.0.0.0/2",
        "8.0.0.0/7",
        "2a00::/15",
        "203.0.113.7/0",
        "0.0.0.0/0.0.0.0",
    ],
)
def test_the_internet_its_halves_and_what_nobody_owns(text: str) -> None:
    assert is_internet(text)


@pytest.mark.parametrize(
    "text",
    ["8.0.0.0/8", "2a00::/16", "203.0.113.7", "10.0.0.0/8", "240.0.0.0/4", "fc00::/7", "2001:db8::/32", "nonsense", ""],
)
def test_a_range_that_somebody_may_own_or_that_is_private_is_not_the_internet(text: str) -> None:
    assert not is_internet(text)


@pytest.mark.parametrize("text", ["nonsense", "", "10.0.0.0/33", "10.0.0/8", "::ffff:0.0.0.0/96", "::ffff:10.0.0.1"])
def test_what_is_no_range_is_none(text: str) -> None:
    assert parse_range(text) is None


def test_many_ranges_that_pass_alone_are_the_internet_together() -> None:
    # 128 blocks of a 256th each; two of the 130 are private and count for nothing.
    blocks = [f"{first}.0.0.0/8" for first in range(1, 131)]
    assert are_internet(blocks)
    assert not are_internet(blocks[:-1])


def test_half_of_the_global_space_of_six_is_the_internet() -> None:
    # 2000::/3 holds 8192 blocks with a prefix of 16 bits.
    blocks = [f"{0x2400 + number:x}::/16" for number in range(4096)]
    assert are_internet(blocks)
    assert not are_internet(blocks[:-1])


def test_ranges_are_counted_once_and_in_their_own_family() -> None:
    assert not are_internet(["8.0.0.0/8"] * 200)
    assert not are_internet(["nonsense", "8.0.0.0/8"])
    six = [f"{0x2400 + number:x}::/16" for number in range(4096)]
    assert are_internet([*["8.0.0.0/8"] * 200, *six])
    assert not are_internet([])
