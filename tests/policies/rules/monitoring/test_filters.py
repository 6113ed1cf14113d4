"""What filters say."""

import pytest

from groundplan_policies.rules.monitoring.filters import Both, Call, Comparison, Either, FilterError, Node, Not, parse

A, B, C = (Comparison((each,), "=", "1") for each in "abc")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Both(())),
        ("a=1", A),
        ("a=1 b=1", Both((A, B))),
        ("a=1 AND b=1", Both((A, B))),
        ("a=1 OR b=1 AND c=1", Both((Either((A, B)), C))),
        ("NOT a=1 OR b=1", Either((Not(A), B))),
        ("-a=1", Not(A)),
        ("a=-1", Comparison(("a",), "=", "-1")),
        ("a=(1 OR 2)", Either((A, Comparison(("a",), "=", "2")))),
        ("a=(NOT 1)", Not(A)),
        ('a."b.c".d:"x y"', Comparison(("a", "b.c", "d"), ":", "x y")),
        ('"a"=1', A),
        (r'a="x\"y\\z"', Comparison(("a",), "=", 'x"y\\z')),
        (r'a=~"x\.y\"z"', Comparison(("a",), "=~", r'x\.y"z')),
        ("word", Comparison((), ":", "word")),
        ("sample(insertId, 0.1)", Call()),
        ("cast(a, FLOAT) > 1 b=1", Both((Call(), B))),
        ('log_id("stdout")', Comparison(("log_id",), "=", "stdout")),
        ("log_id(a, b)", Call()),
        ("source(a)", Call()),
        ("a=1 -- b=1\n c=1", Both((A, C))),
        ("(a=1)", A),
    ],
)
def test_what_is_read(text: str, expected: Node) -> None:
    assert parse(text) == expected


def test_as_long_and_as_deep_as_google_takes_them() -> None:
    assert parse("a" * 20_000) == Comparison((), ":", "a" * 20_000)
    assert parse("(" * 50 + "a=1" + ")" * 50) == A


@pytest.mark.parametrize(
    "text",
    [
        *("a=", "=a", "(a=1", "a=1)", "a=(b", "a=(b=1)", "a=()", "AND a=1", "OR", "a=1 OR", "NOT", "f(a", "a==b", '"a'),
        *("a=AND b", "a=1 ~ b", "log_id(", "(" * 60 + "a" + ")" * 60, "a" * 20_001, "NOT " * 60 + "a"),
    ],
)
def test_what_is_no_filter(text: str) -> None:
    with pytest.raises(FilterError):
        parse(text)
