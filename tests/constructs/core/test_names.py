"""Names: whatever is named, Google takes the name, the same each time, and different for different things."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import groundplan as gp
from groundplan.core import names, tables

KINDS = sorted(tables.load("name_limits")["kinds"])
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
LOGICAL = st.lists(st.text(LETTERS, min_size=1, max_size=20), min_size=1, max_size=10).map(
    lambda words: "n" + "-".join(words)
)
PREFIX = st.text(LETTERS, max_size=7).map(lambda text: f"p{text}")


def reserved(name: str) -> bool:
    """Whether Google keeps some part of the name for itself; that such a name is refused is tested below."""
    return any(word in name for word in ("goog", "g00gle", "ssl", "null", "undefined"))


@given(kind=st.sampled_from(KINDS), prefix=PREFIX, name=LOGICAL, role=st.one_of(st.just(""), LOGICAL))
@settings(max_examples=500)
def test_google_takes_every_name(kind: str, prefix: str, name: str, role: str) -> None:
    assume(not reserved(prefix + name + role))
    made = names.cloud_name(kind, prefix, name, role)
    row = tables.load("name_limits")["kinds"][kind]
    assert row["min"] <= len(made) <= row["max"]
    assert re.fullmatch(row["pattern"], made)
    assert made == names.cloud_name(kind, prefix, name, role)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["a", "a" * 200, "a-" * 100 + "z"])
def test_google_takes_the_shortest_and_the_longest(kind: str, name: str) -> None:
    row = tables.load("name_limits")["kinds"][kind]
    made = names.cloud_name(kind, "p", name)
    assert row["min"] <= len(made) <= row["max"]
    assert re.fullmatch(row["pattern"], made)


@given(st.lists(st.text(LETTERS, min_size=1), min_size=2, max_size=5, unique=True))
def test_long_names_keep_apart(ends: list[str]) -> None:
    long = ["the-same-beginning-" * 5 + end for end in ends]
    assert len({names.cloud_name("network", "gp", name) for name in long}) == len(long)


def test_what_fits_is_readable() -> None:
    assert names.cloud_name("network", "gp", "core", "nat") == "gp-core-nat"
    assert names.cloud_name("dataset", "gp", "team-data") == "gp_team_data"
    assert names.cloud_name("network", "gp", "core", "") == "gp-core"


def test_what_is_too_long_keeps_its_beginning() -> None:
    name = "the-network-of-a-department-with-a-very-long-name-that-goes-on-and-on"
    made = names.cloud_name("network", "gp", name)
    assert made.startswith("gp-the-network-of-a-department-with-a-very-long-name")
    assert len(made) <= 63
    assert made == f"{made[:-7]}-{names.digest(f'gp-{name}')}"


def test_what_is_too_short_gets_a_digest() -> None:
    assert names.cloud_name("service_account", "g", "a") == f"g-a-{names.digest('g-a')}"


def test_a_kind_of_digits_is_named_by_the_digest() -> None:
    first, second = (names.cloud_name("endpoint", "gp", name) for name in ("churn", "fraud"))
    assert first != second
    assert re.fullmatch("[1-9][0-9]{9}", first)


@pytest.mark.parametrize(
    ("kind", "parts", "rule"),
    [
        ("pool", ("gcp", "ci"), "not beginning with gcp-"),
        ("bucket", ("goog", "data"), "not beginning with goog"),
        ("bucket", ("gp", "my-google-data"), "without google or g00gle"),
    ],
)
def test_what_google_keeps_for_itself_is_refused(kind: str, parts: tuple[str, ...], rule: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        names.cloud_name(kind, *parts)
    message = str(caught.value)
    assert rule in message
    assert all(part in message for part in ("given:", "allowed:", "do:"))


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(gp.Error, match="no kind of name named 'bucke'; nearest: bucket"):
        names.cloud_name("bucke", "gp")


def test_a_digest_is_for_ever() -> None:
    assert names.digest("groundplan") == names.digest("groundplan", 64)[:6]
    assert names.digest("", 8) == "e3b0c442"
