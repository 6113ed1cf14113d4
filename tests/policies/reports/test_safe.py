import unicodedata

import pytest

from groundplan_policies.reports.markup import code, prose
from groundplan_policies.reports.safe import clip, count, plain


def test_what_cannot_be_seen_is_escaped() -> None:
    assert plain("a\x1b\x7f\u202e\ud800\U000e0041b") == "a\\x1b\\x7f\\u202e\\ud800\\U000e0041b"


@pytest.mark.parametrize("category", ["Cc", "Cf", "Cs", "Zl", "Zp"])
def test_no_character_of_a_dangerous_kind_is_left(category: str) -> None:
    found = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == category]

    # Marks that shape letters of a script are letters to its readers: the soft hyphen, signs before numbers, and so on.
    harmless = {"\xad", *map(chr, range(0x600, 0x606)), "\u06dd", "\u070f", "\u0890", "\u0891", "\u08e2"}
    harmless |= {each for each in found if 0x110BD <= ord(each) < 0x1D17B}
    assert [each for each in found if each in plain(each) and each not in harmless] == []


def test_ordinary_text_stays_as_it_is() -> None:
    assert plain("größe – 価格 🙂 a_b") == "größe – 価格 🙂 a_b"


def test_lines_stay_where_they_may() -> None:
    assert plain("a\n\tb\r", lines=True) == "a\n\tb\\x0d"
    assert plain("a\nb") == "a\\x0ab"


def test_numbers_have_their_nouns() -> None:
    assert (count(1, "fault"), count(2, "fault"), count(1200, "fault of a rule", "faults of rules")) == (
        "1 fault",
        "2 faults",
        "1,200 faults of rules",
    )


def test_a_text_is_cut_with_a_mark() -> None:
    assert (clip("abcd", 4), clip("abcde", 4), clip("ab", 0)) == ("abcd", "abc…", "…")


def test_code_is_no_markup() -> None:
    assert code("a_b|`<c>") == "<code>a&#95;b&#124;&#96;&#60;c&#62;</code>"
    assert code("plain words-1/2") == "<code>plain words-1/2</code>"
    assert code("é\x1b") == "<code>&#233;&#92;x1b</code>"


def test_a_sentence_has_code_in_backticks_and_no_other_markup() -> None:
    assert prose("Set `a_b` to *x* <y>.") == "Set <code>a&#95;b</code> to &#42;x&#42; &#60;y&#62;."
    assert prose("one ` alone, `two` more") == "one <code> alone&#44; </code>two&#96; more"
    assert prose("see http://x.test and www.x.test @me #1") == "see http&#58;//x.test and www&#46;x.test &#64;me &#35;1"
    assert prose("https://x") == "http&#115;&#58;//x"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("::stop-commands::e", r"\x3a:stop-commands::e"),
        ("a ::error::x", r"a \x3a:error::x"),
        ("##vso[task.setvariable x]y", r"\x23#vso[task.setvariable x]y"),
        ("a##[error]b", r"a\x23#[error]b"),
        ("urn:pulumi:dev::shop::gcp:a/b:C::d", "urn:pulumi:dev::shop::gcp:a/b:C::d"),
        ("## heading", "## heading"),
    ],
)
def test_what_a_runner_of_ci_would_obey_is_broken(text: str, safe: str) -> None:
    assert plain(text) == safe
