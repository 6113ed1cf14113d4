from groundplan_policies.reports.layout import UNBROKEN, WIDEST, Role, Span, as_ascii, as_text, wrap


def lines(*spans: Span, width: int, **options: object) -> list[str]:
    return as_text(wrap(spans, width, **options)).splitlines()  # type: ignore[arg-type]  # passed on as they are


def test_words_go_to_the_next_line_where_they_do_not_fit() -> None:
    assert lines(Span("one two three"), width=7) == ["one two", "three"]
    assert lines(Span("one two three"), width=6) == ["one", "two", "three"]


def test_a_word_that_is_too_long_stays_whole() -> None:
    assert lines(Span("a extraordinary b"), width=5) == ["a", "extraordinary", "b"]


def test_lines_are_indented_as_far_as_the_lead_or_as_wished() -> None:
    assert lines(Span("one two"), width=9, lead=(Span("id:  "),)) == ["id:  one", "     two"]
    assert lines(Span("one two"), width=9, lead=(Span("id:  "),), indent=2) == ["id:  one", "  two"]


def test_a_word_may_have_several_roles() -> None:
    (line,) = wrap([Span("a", Role.BAD), Span("b c", Role.FAINT)], 80)

    assert [(each.text, each.role) for each in line] == [
        ("a", Role.BAD),
        ("b c", Role.FAINT),
    ]


def test_a_role_is_told_once_for_all_words_of_it() -> None:
    spans = [Span("one two", Role.FAINT), Span(" three"), Span(" four five", Role.BAD)]

    (line,) = wrap(spans, 80, lead=(Span("  "), Span("id ", Role.BAD)))

    assert [(each.text, each.role) for each in line] == [
        ("  ", Role.PLAIN),
        ("id ", Role.BAD),
        ("one two", Role.FAINT),
        (" three", Role.PLAIN),
        (" ", Role.PLAIN),
        ("four five", Role.BAD),
    ]


def test_a_blank_that_does_not_break_is_printed_as_a_blank() -> None:
    assert lines(Span(f"one two{UNBROKEN}three"), width=8) == ["one", "two three"]


def test_no_line_is_wider_than_can_be_read() -> None:
    found = lines(Span("word " * 100), width=500)

    assert max(map(len, found)) <= WIDEST
    assert len(found) > 1


def test_nothing_gives_an_empty_line() -> None:
    assert lines(Span(""), width=10) == [""]


def test_a_span_holds_nothing_that_is_not_to_be_seen() -> None:
    assert Span("a\x1b[1m\n\u202e").text == "a\\x1b[1m\\x0a\\u202e"


def test_ascii_has_signs_for_ours_and_escapes_for_others() -> None:
    assert as_ascii("a · b … ×2 → é €") == "a | b ... x2 -> \\xe9 \\u20ac"
    assert as_text([(Span("é "),)], unicode=False) == "\\xe9\n"
    assert as_text([(Span("é "),)]) == "é\n"
