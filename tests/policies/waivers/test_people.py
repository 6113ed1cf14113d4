"""One person under several spellings is one person."""

import pytest

from groundplan_policies.waivers.people import person, same_person


@pytest.mark.parametrize(
    "text", ["web@acme.test", "WEB@acme.test", "user:web@acme.test", " Web <web@acme.test> ", "mailto:web@acme.test"]
)
def test_a_name_has_one_form(text: str) -> None:
    assert person(text) == "web@acme.test"


@pytest.mark.parametrize(
    ("one", "other"),
    [("web", "@web"), ("@web", "web@acme.test"), ("group:ml@acme.test", "ML@acme.test"), ("Web  Team", "web team")],
)
def test_one_under_two_spellings_is_one(one: str, other: str) -> None:
    assert same_person(one, other)
    assert same_person(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("web@acme.test", "web@other.test"), ("@web", "@ops"), ("web@acme.test", "@ops"), ("a/x", "a/y")]
)
def test_two_are_two(one: str, other: str) -> None:
    assert not same_person(one, other)
