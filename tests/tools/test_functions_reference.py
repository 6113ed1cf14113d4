"""The page of functions tells those of now."""

import pytest

from mockcloud.pulumi.functions import is_answered
from mockcloud.pulumi.properties import function_tokens
from tools import functions_reference
from tools.functions_reference import PAGE, page


def test_the_page_has_the_functions_of_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run: python -m tools.functions_reference"


def test_each_function_is_told_once_by_its_module() -> None:
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in page().splitlines() if line.startswith("| ")}

    assert "`getBucketObjectContent`" in rows["storage"].split(" | ")[1]
    assert "`getDbServers`" in rows["oracledatabase"].split(" | ")[2]
    told = sum(line.count("`get") + line.count("`Router") for name, line in rows.items() if name != "module")
    assert told == len(function_tokens())


def test_a_function_that_is_answered_no_more_is_counted_so(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sum(map(is_answered, function_tokens()))
    gone = "gcp:storage/getBucket:getBucket"
    monkeypatch.setattr(functions_reference, "is_answered", lambda token: token != gone and is_answered(token))

    assert f"mock cloud {before - 1} of the" in page()
    assert "| `getBucket` |" not in PAGE.read_text(encoding="utf-8")
