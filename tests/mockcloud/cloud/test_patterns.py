"""Regular expressions of clients: what matches as ever, and what is refused before it takes for ever."""

import pytest

from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.patterns import PatternError, pattern
from mockcloud.services.compute.lists import filtered

LONG = "a" * 100


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("^web-[0-9]+$", "web-12"),
        (".*(^web-1$|^web-2$).*", "web-2"),
        ("^[a-z]([-a-z0-9]*[a-z0-9])?$", "web-a-1"),
        (r"(?i)WEB-\d{1,3}", "web-1"),
        (r"(?P<kind>web|db)-(?:a|b)[^]x]{2}", "db-b12"),
        ("(?i:A)(bc){2}", "abcbc"),
        (r"web[\]|)]\.x{}", "web|.x{}"),
        ("a+?b*?", "ab"),
        ("(a+)+b", "aab"),
        ("(a|a)*$", "aaa"),
        ("((a{2}){2}){2}", "a" * 8),
        (r"\p{Greek}\z", "λ"),
    ],
)
def test_what_people_write_matches(text: str, subject: str) -> None:
    assert pattern(text).search(subject)
    assert pattern(text).fullmatch(subject)
    assert not pattern(text).fullmatch(f"{subject}!")


def test_part_of_a_text_is_found_and_is_not_the_whole() -> None:
    assert pattern("b+").search("abbc")
    assert not pattern("b+").fullmatch("abbc")


@pytest.mark.parametrize("text", ["(?=a)b", "(?!a)b", "(?<=a)b", r"(a)\1", "a{1001}", "((a{100}){100}){100}", "("])
def test_what_re2_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(PatternError, match="is no regular expression"):
        pattern(text)


def test_a_long_expression_is_shown_short() -> None:
    with pytest.raises(PatternError) as caught:
        pattern("(" * 1000)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "text", ["(a+)+$", "a*a*a*a*a*a*b", "^a?" + "a?" * 30 + "a" * 30 + "b", "^" + "(a|a)" * 30 + "b"]
)
def test_many_ways_take_no_time(text: str) -> None:
    assert not pattern(text).search("a" * 10_000 + "!")


def test_what_could_take_too_long_for_a_text_is_refused() -> None:
    wide = pattern("[ab]*a[ab]{900}c")
    for match in (wide.search, wide.fullmatch):
        with pytest.raises(PatternError, match="too long"):
            match("a" * 1_000_000)


def test_half_a_character_is_some_character() -> None:
    assert pattern("^.$").search("\ud800")
    assert not pattern("\ud800").search("a")


@pytest.mark.parametrize("text", ["name =~ '{}'", "name eq '{}'", "name =~ ('{}' OR x)"])
@pytest.mark.parametrize("expression", ["(?!b)a", "(?=a)", "[ab]*a[ab]{900}c"])
def test_filters_refuse_them(text: str, expression: str) -> None:
    for read in (matcher, filtered):
        with pytest.raises(ApiError) as caught:
            read(text.format(expression))({"name": "a" * 1_000_000})  # type: ignore[misc]  # there is a filter
        assert caught.value.code == 400


@pytest.mark.parametrize(
    ("wanted", "fits"), [("*a*a*b", False), ("a*a", True), ("*a*", True), ("b*", False), (f"{LONG}*a", False)]
)
def test_stars_take_no_time(wanted: str, *, fits: bool) -> None:
    keep = matcher(f'name = "{wanted}"')
    assert keep is not None
    assert keep({"name": LONG}) is fits
    many = matcher('name = "' + "*a" * 40 + '*b"')
    assert many is not None
    assert not many({"name": LONG})
