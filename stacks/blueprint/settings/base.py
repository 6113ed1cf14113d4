"""What all settings share: strict models, and checks that are the constructs' own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from groundplan.core.errors import Problem
from groundplan.core.validation import Checks

PROJECT_ROOT = Path(__file__).resolve().parents[3]
"""The repository that the blueprint is part of."""


class Section(BaseModel):
    """A part of the settings: unknown keys are refused, values are not converted, docstrings are the documentation."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class InvalidSettingError(ValueError):
    """A value that the constructs' own check refuses, with what that check says."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Take what the check found, at least one."""
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.fault for problem in problems))


def verify(check: Callable[[Checks], object]) -> None:
    """Run a construct's own check on settings; raise ``InvalidSettingError`` with all that it finds."""
    checks = Checks("settings")
    check(checks)
    if checks.problems:
        raise InvalidSettingError(checks.problems)


def verify_each(values: Iterable[str], check: Callable[[Checks, str], object]) -> None:
    """Run a construct's own check on each of several values."""
    verify(lambda checks: [check(checks, value) for value in values])
