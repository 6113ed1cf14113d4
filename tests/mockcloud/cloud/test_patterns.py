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
    ],
)
def test_what_people_write_matches(text: str, subject: str) -> None:
    assert pattern(text).search(subject)
    assert pattern(text).fullmatch(subject)
    assert not pattern(text).search("!")


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+$",
        "(a|a)*$",
        "((a{2}){2}){2}",
        "(?:(a?))*",
        "(?=a)b",
        "(?x)a",
        r"(a)\1",
        "a{1001}",
        "(",
        "a{99999999999999999999}",
        "a" * 1001,
    ],
)
def test_what_repeats_within_itself_is_refused(text: str) -> None:
    with pytest.raises(PatternError):
        pattern(text)


@pytest.mark.parametrize("text", ["a*a*a*a*a*a*b", "^a?" + "a?" * 30 + "a" * 30 + "b", "^" + "(a|a)" * 30 + "b"])
def test_what_has_too_many_ways_for_a_text_is_refused(text: str) -> None:
    for match in (pattern(text).search, pattern(text).fullmatch):
        with pytest.raises(PatternError, match="too long"):
            match(LONG)


@pytest.mark.parametrize("text", ["name =~ '{}'", "name eq '{}'", "name =~ ('{}' OR x)"])
@pytest.mark.parametrize("expression", ["(a+)+$", "a*a*a*a*a*a*b"])
def test_filters_refuse_them(text: str, expression: str) -> None:
    for read in (matcher, filtered):
        with pytest.raises(ApiError) as caught:
            read(text.format(expression))({"name": f"{LONG}!"})  # type: ignore[misc]  # there is a filter
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
