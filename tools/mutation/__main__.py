"""Breaks the rules one place at a time, and says which changes no test notices.

Each mutant runs in a process that is forked from this one, which has loaded everything but the rules: so one costs
little more than its tests. The files on disk are never changed.
"""

import argparse
import contextlib
import gc
import importlib
import io
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

import pytest

from tools.construct_catalog import ROOT
from tools.mutation.mutants import Mutant, mutants
from tools.mutation.suites import OF_ALL, PACKAGE, RULES, module_name, modules, names_of_cases, suite_of

ENOUGH: Final = 0.9
"""The share of mutants that tests must notice."""

_SECONDS: Final = 120
"""After which a mutant counts as noticed: it does not end."""

_LOADED: Final = (
    "groundplan_policies.engine.evaluate",
    "groundplan_policies.testing",
    "hypothesis",
    "tests.policies.rules.harness",
)
"""What the tests import beside the rules. Loaded once, it costs a mutant nothing."""

_QUIETLY: Final = (
    *("-q", "-x", "--no-header", "--assert=plain"),
    *("-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception"),
)


@dataclass
class Result:
    """What came out for one module.

    Attributes:
        tried: How many mutants ran.
        alive: Those that no test noticed.
        left_out: Why none ran, "" if they did.
    """

    tried: int = 0
    alive: list[Mutant] = field(default_factory=list)
    left_out: str = ""


class _Instead(MetaPathFinder, Loader):
    """Loads a mutant in the place of its module."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self._name, self._path, self._code = name, path, code

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Give the mutant for its name, nothing for any other."""
        del path, target
        return ModuleSpec(fullname, self, origin=str(self._path)) if fullname == self._name else None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leave it to Python."""
        del spec
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Run the mutant."""
        exec(self._code, vars(module))  # noqa: S102 - the code of this repository, with one place changed


def passes(path: Path, code: CodeType, tests: Sequence[Path], only: str = "") -> bool:
    """Run tests on a module's code in a process of its own, and say whether they all pass.

    Args:
        path: The module's file.
        code: What is loaded in its place.
        tests: The test files.
        only: What the names of the tests must match, as pytest's `-k` has it.
    """
    child = os.fork()
    if child == 0:
        signal.alarm(_SECONDS)
        gc.disable()
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.meta_path.insert(0, _Instead(module_name(path), path, code))
        code_of_exit = 1
        try:
            code_of_exit = int(pytest.main([*_QUIETLY, *(["-k", only] if only else []), *map(str, tests)]))
        finally:
            os._exit(code_of_exit)
    return os.waitpid(child, 0)[1] == 0


def judge(path: Path, most: int) -> Result:
    """Try the mutants of a module, at most so many, evenly spread; 0 for all."""
    source = path.read_text(encoding="utf-8")
    tests = suite_of(path)
    only = names_of_cases(path)
    if not tests:
        return Result(left_out="it has no test")
    as_it_is = compile(source, str(path), "exec")
    if not passes(path, as_it_is, tests) or (only and not passes(path, as_it_is, OF_ALL, only)):
        return Result(left_out="its tests fail without a change")
    every = list(mutants(source, str(path)))
    step = max(1, -(-len(every) // most)) if most else 1
    result = Result()
    for mutant in every[::step]:
        result.tried += 1
        if passes(path, mutant.code, tests) and (not only or passes(path, mutant.code, OF_ALL, only)):
            result.alive.append(mutant)
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print what came out, and return 1 where too few mutants were noticed."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutation", description=__doc__)
    parser.add_argument("wanted", nargs="*", help="families or modules, such as network or network/net_01; all without")
    parser.add_argument("--most", type=int, default=0, help="mutants of a module at most, evenly spread; 0 for all")
    asked = parser.parse_args(arguments)
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in _LOADED:
        importlib.import_module(name)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        pytest.main(["--version"])  # it loads its own plugins
    gc.freeze()
    loaded = [each for each in sys.modules if each.startswith(f"{PACKAGE}.")]
    if loaded:
        message = f"rules are loaded already, so that no mutant would be: {', '.join(loaded)}"
        raise SystemExit(message)
    results = [_told(path, asked.most) for path in modules(asked.wanted)]
    tried = sum(each.tried for each in results)
    noticed = tried - sum(len(each.alive) for each in results)
    share = noticed / tried if tried else 1.0
    print(f"{noticed} of {tried} mutants noticed: {share:.1%}; at least {ENOUGH:.0%} are asked for")
    return 0 if share >= ENOUGH and not any(each.left_out for each in results) else 1


def _told(path: Path, most: int) -> Result:
    """Try a module, and print what came out."""
    start = time.monotonic()
    result = judge(path, most)
    where, noticed = path.relative_to(RULES), result.tried - len(result.alive)
    said = result.left_out or f"{noticed} of {result.tried} noticed, {time.monotonic() - start:.0f} s"
    print(f"{where}: {said}", flush=True)
    for mutant in result.alive:
        print(f"    {where}:{mutant.line}  {mutant.what}", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
