import json

import pytest

from groundplan_cli.errors import report
from mockcloud import ProgramFailed, ProgramTimedOut
from tests.cli.conftest import FakeEngine, Invoke, finished


def failure() -> ProgramFailed:
    return ProgramFailed(
        "The program raised ValueError",
        given="no network\x1b[31m",
        allowed="a program that ends\nwithout an exception",
        remedy="mend the line",
        traceback='File "__main__.py", line 3\nValueError: no network\n',
    )


def test_a_broken_program_is_shown_without_our_own_traceback(groundplan: Invoke, engine: FakeEngine) -> None:
    engine.answer = failure()

    result = groundplan("preview", "dev")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert (
        result.stderr
        == """\
error: The program raised ValueError.
  given:   no network\\x1b[31m
  allowed: a program that ends
           without an exception
  to do:   mend the line

File "__main__.py", line 3
ValueError: no network
"""
    )


def test_debug_shows_where(groundplan: Invoke, engine: FakeEngine) -> None:
    engine.answer = failure()

    result = groundplan("preview", "dev", "--debug")

    assert result.exit_code == 2
    assert "Traceback (most recent call last)" in result.stderr


def test_a_timeout_is_wrong_use_and_not_our_fault(groundplan: Invoke, engine: FakeEngine) -> None:
    engine.answer = ProgramTimedOut("The program took too long", given="3 s", allowed="2 s", remedy="--timeout 9")

    assert groundplan("preview", "dev").exit_code == 2


def test_a_fault_of_our_own_says_so(groundplan: Invoke, engine: FakeEngine) -> None:
    engine.answer = RuntimeError("no such table\x07")

    result = groundplan("preview", "dev")

    assert result.exit_code == 3
    assert "groundplan failed: RuntimeError: no such table\\x07" in result.stderr
    assert "--debug" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_document_that_contradicts_itself_is_refused(groundplan: Invoke, engine: FakeEngine) -> None:
    engine.answer = finished({"version": 3, "deployment": {"resources": [{"urn": "x"}]}})

    result = groundplan("preview", "dev")

    assert result.exit_code == 2
    assert "has no URN" in result.stderr


def test_an_interrupt_says_so(groundplan: Invoke, engine: FakeEngine) -> None:
    engine.answer = KeyboardInterrupt()

    result = groundplan("preview", "dev")

    assert result.exit_code == 130
    assert result.stderr == "interrupted\n"


def test_an_interrupt_leaves_no_part_of_a_document(groundplan: Invoke, engine: FakeEngine) -> None:
    engine.answer = KeyboardInterrupt()

    assert groundplan("preview", "dev", "--json").stdout == ""
    with pytest.raises(json.JSONDecodeError):
        json.loads(groundplan("preview", "dev", "--json").stdout)


def test_a_part_that_says_nothing_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    code = report(ProgramTimedOut("It stopped", given="", allowed="", remedy="try again"), debug=False)

    assert code == 2
    assert capsys.readouterr().err == "error: It stopped.\n  to do:   try again\n"
