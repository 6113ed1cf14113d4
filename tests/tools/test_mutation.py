"""The mutation testing of the rules changes what verdicts hang on, and notices what no test notices."""

import re
import subprocess
import sys
from textwrap import dedent

import pytest

from tests.architecture.sources import ROOT
from tools.mutation.mutants import mutants
from tools.mutation.suites import RULES, TESTS, module_name, modules, names_of_cases, suite_of, users


def changes(source: str) -> list[str]:
    text = f"import re\n{dedent(source)}"
    return [each.what for each in mutants(text, "rule.py")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b == c", ["b == c  →  b != c"]),
        ("a = b < c", ["b < c  →  b <= c"]),
        ("a = b is not c", ["b is not c  →  b is c"]),
        ("a = b and c", ["b and c  →  b or c"]),
        ("a = b + c", ["b + c  →  b - c"]),
        ("a = True", ["True  →  False"]),
        ("a = 7", ["7  →  8"]),
        ("a = 'location'", ["'location'  →  'locationX'"]),
        ("a = PASS", ["PASS  →  FAILED"]),
        ("a = Verdict.FAIL", ["Verdict.FAIL  →  Verdict.PASS"]),
        ("a = (b, c)", ["(b, c)  →  (c,)", "(b, c)  →  (b,)"]),
        ("a = Read(b, absent=c)", ["Read(b, absent=c)  →  Read(b)"]),
        ("a = b if c else d", ["b if c else d  →  b if not c else d"]),
        ("a = b if not c else d", ["b if not c else d  →  b if c else d"]),
        ("def f(a: int = 1) -> bool:\n    return a", ["1  →  2"]),
    ],
)
def test_a_place_is_changed(source: str, expected: list[str]) -> None:
    assert changes(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring."""',
        "from x import y",
        "a: Literal['x']",
        "a = 'a sentence'",
        "raise ValueError('x')",
        "def f(a: Literal['x']) -> Literal['y']: ...",
        "@lru_cache(7)\ndef f(): ...",
        "a = (option('document:protect'), Read('*', 'request:hooks'), *(option('document:a', x) for x in y))",
        "A = ('1.1', '1.2')\nCONTROL = Control(id='X', clauses=A)",
        "CONTROL = Control(id='X', title='X', settings=('x',), waivable=False)",
    ],
)
def test_words_and_types_stay(source: str) -> None:
    assert changes(source) == []


def test_of_a_message_only_the_verdict_is_changed() -> None:
    assert changes("a = fail('word', 'path')") == ["fail  →  indeterminate"]


def test_what_a_control_reads_and_checks_is_changed() -> None:
    found = changes("CONTROL = Control(id='X', reads=(A, B), checks={'storage.Bucket': check})")

    assert found == ["(A, B)  →  (B,)", "(A, B)  →  (A,)", "'storage.Bucket'  →  'storage.BucketX'"]


def test_what_is_words_and_code_is_changed() -> None:
    assert changes("A = 'x'\nB = A\nCONTROL = Control(id='X', clauses=A)") == ["'x'  →  'xX'"]


def test_a_mutant_is_the_module_with_one_change_and_its_line() -> None:
    source = "from __future__ import annotations\nimport re\nA = 1\nB = A + 1\n"
    values = []
    for mutant in mutants(source, "rule.py"):
        namespace: dict[str, int] = {}
        exec(mutant.code, namespace)  # noqa: S102 - the text is this test's own
        values.append((mutant.line, namespace["A"], namespace["B"]))

    assert values == [(3, 2, 3), (4, 1, 0), (4, 1, 3)]


def test_every_rule_has_mutants_that_compile() -> None:
    few = [each.name for each in modules(["network", "data"]) if not list(mutants(each.read_text("utf-8"), each.name))]

    assert few == []


def test_a_shared_module_is_tried_by_the_tests_of_all_that_use_it() -> None:
    classes = RULES / "data" / "classes.py"
    found = suite_of(classes)

    assert found[0] == TESTS / "data" / "test_classes.py"
    assert {TESTS / "data" / "test_dat_09.py", TESTS / "network" / "test_net_26.py"} <= set(found)
    assert users(RULES / "data" / "dat_06.py") == [RULES / "data" / "dat_06.py"]


def test_every_module_has_a_test() -> None:
    assert [each.name for each in modules([]) if not suite_of(each)] == []


def test_names_lead_to_modules_and_controls() -> None:
    rule = RULES / "network" / "net_01.py"

    assert modules(["network/net_01"]) == [rule]
    assert module_name(rule) == "groundplan_policies.rules.network.net_01"
    assert names_of_cases(rule) == "net_01 or net-01"
    assert "net_19 or net-19" in names_of_cases(RULES / "network" / "ports.py")


@pytest.mark.slow
def test_it_tries_a_rule_and_counts() -> None:
    command = [sys.executable, "-m", "tools.mutation", "data/dat_05"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    count = len(list(mutants((RULES / "data" / "dat_05.py").read_text(encoding="utf-8"), "dat_05.py")))

    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(rf"^data/dat_05.py: {count} of {count} noticed, \d+ s$", result.stdout, re.MULTILINE)
    assert f"{count} of {count} mutants noticed: 100.0%" in result.stdout
