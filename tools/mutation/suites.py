"""Which tests could notice a change of a module: those beside it, and those of the rules that use it."""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from tools.construct_catalog import ROOT

RULES: Final = ROOT / "policies" / "groundplan_policies" / "rules"
TESTS: Final = ROOT / "tests" / "policies" / "rules"
PACKAGE: Final = "groundplan_policies.rules"

OF_ALL: Final = tuple(TESTS / f"test_{each}.py" for each in ("wrong_shapes", "fires", "reads_are_stated"))
"""Tests that try every control. They cost more, so only those mutants meet them that all others leave alive."""


def module_name(path: Path) -> str:
    """Return the dotted name of a module of the rules."""
    return ".".join((PACKAGE, *path.relative_to(RULES).with_suffix("").parts))


def modules(wanted: list[str]) -> list[Path]:
    """Return the modules whose path below the rules begins with one of the words; all without a word."""
    found = [each for each in sorted(RULES.rglob("*.py")) if each.name != "__init__.py"]
    return [
        each
        for each in found
        if not wanted or each.relative_to(RULES).with_suffix("").as_posix().startswith(tuple(wanted))
    ]


def users(path: Path) -> list[Path]:
    """Return the modules that use a module, by whatever way, itself among them, the nearest first."""
    found = [path]
    for each in found:
        found += [user for user, used in _imports().items() if module_name(each) in used and user not in found]
    return found


def suite_of(path: Path) -> list[Path]:
    """Return the tests of a module and of all that use it, the nearest first."""
    beside = (TESTS / each.relative_to(RULES).parent / f"test_{each.name}" for each in users(path))
    return [each for each in beside if each.is_file()]


def names_of_cases(path: Path) -> str:
    """Return which cases of `OF_ALL` are about a module, as pytest's `-k` has it; "" where none is."""
    stems = [each.stem for each in users(path) if each.stem.rpartition("_")[2].isdecimal()]
    return " or ".join(name for stem in stems for name in (stem, stem.replace("_", "-")))


@cache
def _imports() -> Mapping[Path, frozenset[str]]:
    return {path: frozenset(_imported(path)) for path in modules([])}


def _imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.startswith(PACKAGE):
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found
