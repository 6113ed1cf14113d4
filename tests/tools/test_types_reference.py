"""The page of types tells those of now."""

import pytest

from mockcloud.pulumi.properties import tokens
from tools import types_reference
from tools.types_reference import PAGE, is_alive, page


def test_the_page_has_the_types_of_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run: python -m tools.types_reference"


def test_each_type_is_counted_once_and_named_where_it_is_opaque() -> None:
    rows = [
        line.strip("| ").split(" | ") for line in page().splitlines() if line.startswith("| ") and "module" not in line
    ]

    assert sum(int(row[1]) for row in rows) == len(tokens())
    named = sum(row[3].count("`") // 2 for row in rows if len(row) > 3)
    assert named == sum(not is_alive(each) for each in tokens())


def test_a_type_that_lives_no_more_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = "gcp:storage/bucket:Bucket"
    monkeypatch.setattr(types_reference, "is_alive", lambda token: token != gone and is_alive(token))

    storage = next(line for line in page().splitlines() if line.startswith("| storage |"))
    assert "`Bucket`" in storage
    assert "`Bucket`" not in PAGE.read_text(encoding="utf-8")
