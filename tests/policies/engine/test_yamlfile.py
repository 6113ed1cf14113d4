"""YAML that people write is read without surprises, and every value has a line."""

from datetime import date
from pathlib import Path

import pytest

from groundplan_policies.engine.yamlfile import Data, FileError, YamlFile, nearest, parse_yaml, read_yaml


def parsed(text: str) -> YamlFile:
    return parse_yaml(text, FileError, name="f.yaml")


def refusal(text: str) -> FileError:
    with pytest.raises(FileError) as caught:
        parsed(text)
    return caught.value


def test_only_true_and_false_are_booleans() -> None:
    data = parsed("a: off\nb: no\nc: y\nd: true\ne: False\nf: 010\ng: null\n").data

    assert data == {"a": "off", "b": "no", "c": "y", "d": True, "e": False, "f": 8, "g": None}


def test_a_day_is_a_day() -> None:
    assert parsed("a: 2026-06-15").data == {"a": date(2026, 6, 15)}


def test_every_value_has_a_line() -> None:
    file = parsed("# first\na:\n  - b: 1\n    c: 2\n\nd: x\n")

    assert file.at(("a", 0, "c")) == "f.yaml:4"
    assert file.at(("a", 0, "nothing", 3)) == "f.yaml:3"
    assert file.at(("d",)) == "f.yaml:6"
    assert file.at(()) == "f.yaml:1"


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_file_is_an_empty_mapping(text: str) -> None:
    assert parsed(text).data == {}


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("a: 1\nb: 2\na: 3", "the key `a` twice (f.yaml:3)"),
        ("a:\n  b: 1\n  b: 1", "the key `b` twice (f.yaml:3)"),
        ("a: &x [1]\nb: *x", "an alias (f.yaml:2)"),
        ("a: !!python/object/apply:os.system [ls]", "a value with a tag (f.yaml:1)"),
        ("a: !!binary aGk=", "a value with a tag (f.yaml:1)"),
        ("a: !own 1", "a value with a tag (f.yaml:1)"),
        ("a: 2026-02-30", "a day or number that does not exist (f.yaml:1)"),
        ("? [a]\n: 1", "a key that is no plain text (f.yaml:1)"),
        ("<<: {a: 1}", "a key that is no plain text (f.yaml:1)"),
        ("- 1", "list '[1]' (f.yaml:1)"),
        ("a: [", "(f.yaml:1)"),
        ("a: 1\n---\nb: 1", "but found another document (f.yaml:2)"),
        ("a: \x00", "it cannot be read (f.yaml)"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(text: str, given: str) -> None:
    assert refusal(text).given.endswith(given)


def test_deep_nesting_is_no_crash() -> None:
    assert "nested too deeply" in refusal("[" * 5000).what


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"no\.yaml"):
        read_yaml(tmp_path / "no.yaml", FileError)
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9")
    with pytest.raises(FileError, match="no UTF-8"):
        read_yaml(tmp_path / "latin.yaml", FileError)


def test_a_file_may_be_called_by_another_name(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: 1")

    assert read_yaml(tmp_path / "x.yaml", FileError).name == (tmp_path / "x.yaml").as_posix()
    assert read_yaml(tmp_path / "x.yaml", FileError, name="x").at(()) == "x:1"


@pytest.mark.parametrize("value", [None, "", "  ", 7, True, ["x"], {}])
def test_a_text_is_no_other_type_and_not_empty(value: object) -> None:
    with pytest.raises(FileError, match="text that is not empty"):
        parsed("a: 1").text(("a",), value, "name")  # type: ignore[arg-type]  # what a file may hold all the same


def test_a_text_loses_the_space_around_it() -> None:
    assert parsed("").text((), " x ", "name") == "x"


@pytest.mark.parametrize("value", ["2026-06-15", 20260615, None, parsed("a: 2026-06-15T10:00:00").data["a"]])
def test_a_day_is_no_text_and_has_no_hour(value: object) -> None:
    with pytest.raises(FileError, match="YYYY-MM-DD"):
        parsed("").day((), value, "expires")  # type: ignore[arg-type]  # what a file may hold all the same


def test_lists_and_mappings_are_told_apart() -> None:
    file = parsed("")
    assert file.sequence((), None, "x") == ()
    assert file.mapping((), None, "x") == {}
    assert file.texts((), ["a", " b"], "x") == ("a", "b")
    wrong: tuple[Data, ...] = ({}, "a", 1)
    for value in wrong:
        with pytest.raises(FileError, match="a list"):
            file.sequence((), value, "x")
    others: tuple[Data, ...] = ([], "a", 1)
    for other in others:
        with pytest.raises(FileError, match="a mapping"):
            file.mapping((), other, "x")


def test_a_value_in_a_message_is_short() -> None:
    with pytest.raises(FileError) as caught:
        parsed("").mapping((), "x" * 500, "x")
    assert len(caught.value.given) < 100


def test_an_unknown_key_comes_with_the_nearest() -> None:
    file = parsed("levles: 1")

    with pytest.raises(FileError) as caught:
        file.check_keys((), file.data, ("extends", "levels", "parameters"), "key")
    assert caught.value.given == "`levles` (f.yaml:1)"
    assert caught.value.allowed == "levels, …"
    file.check_keys((), file.data, ("levles",), "key")


@pytest.mark.parametrize(
    ("given", "allowed"),
    [("NTE-01", "NET-01, NET-02"), ("zzzzz", "NET-01, NET-02"), ("", "NET-01, NET-02")],
)
def test_the_nearest_names(given: str, allowed: str) -> None:
    assert sorted(nearest(given, ["NET-02", "NET-01"]).split(", ")) == allowed.split(", ")


def test_the_case_of_letters_does_not_count() -> None:
    assert nearest("net-01", ["NET-01", "ENC-44"]).startswith("NET-01")
    assert nearest("NETWORK", ["networks", "data"]) == "networks, …"


def test_of_many_names_the_first_are_shown() -> None:
    assert nearest("zzz", [f"{letter}-1" for letter in "abcdefghijklmnop"]).endswith("l-1, …")
