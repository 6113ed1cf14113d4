"""What is wrong with a settings file: every failure in one message, each with its place and what to do."""

from __future__ import annotations

import re
import typing
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

import groundplan as gp
from blueprint.settings.base import InvalidSettingError
from blueprint.settings.source import Source
from groundplan.core.errors import Problem, nearest
from groundplan.core.validation import shown

_EXTRA = "extra_forbidden"
_MISSING = "missing"
_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_QUOTED = re.compile(r"'([^']+)'")


class SettingsError(gp.Error):
    """The settings of a stack cannot be used."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, with the setting that it is wrong with."""

    place: Sequence[str | int]
    problem: Problem


def faults_of(error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """Return what the types and checks of single settings find."""
    return [fault for detail in error.errors() for fault in _faults(detail, model)]


def fault_at(problem: Problem) -> Fault:
    """Return what a check across settings finds, which names the place itself, as ``stages[0]`` or ``network.cidr``."""
    return Fault(tuple(int(index) if index else name for name, index in _PART.findall(problem.field)), problem)


def describe(found: Sequence[Fault], stack: str, source: Source | None) -> SettingsError:
    """Return everything that is wrong as one error."""
    head = f"the settings of stack {stack}: {len(found)} cannot be used"
    return SettingsError("\n".join([head, *(line for fault in found for line in _lines(fault, source))]))


def _lines(fault: Fault, source: Source | None) -> list[str]:
    problem, where = fault.problem, f" ({source.show(fault.place)})" if source else ""
    return [
        f"  {_dotted(fault.place)}{where}: {problem.fault}",
        f"    given:   {problem.given}",
        f"    allowed: {problem.allowed}",
        f"    do:      {problem.remedy}",
    ]


def _faults(detail: ErrorDetails, model: type[BaseModel]) -> list[Fault]:
    place, cause = detail["loc"], detail.get("ctx", {}).get("error")
    if isinstance(cause, InvalidSettingError):
        return [Fault(place, problem) for problem in cause.problems]
    return [Fault(place, _problem(detail, place, model))]


def _problem(detail: ErrorDetails, place: Sequence[str | int], model: type[BaseModel]) -> Problem:
    key, known = str(place[-1]), sorted(_keys(model, place[:-1]))
    if detail["type"] == _EXTRA:
        near = nearest(key, known)
        remedy = f"did you mean {near}?" if near else "remove it, or use one of the allowed keys"
        return Problem(key, "is no setting", key, ", ".join(known), remedy)
    if detail["type"] == _MISSING:
        return Problem(key, "is missing", "nothing", _described(model, place), f"add {key}")
    context = detail.get("ctx", {})
    choices = _QUOTED.findall(str(context.get("expected_tags") or context.get("expected") or ""))
    given = context.get("tag", detail["input"])
    near = nearest(str(given), choices)
    allowed = ", ".join(choices) or detail["msg"].removeprefix("Input should be ")
    remedy = f"did you mean {near}?" if near else "change the value"
    return Problem(key, "has a value that cannot be", shown(given), allowed, remedy)


def _dotted(place: Sequence[str | int]) -> str:
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _keys(model: type[BaseModel], place: Sequence[str | int]) -> set[str]:
    """Return the keys that the section at a place has."""
    found = _section(model, place)
    return set(found.model_fields) if found else set()


def _described(model: type[BaseModel], place: Sequence[str | int]) -> str:
    section = _section(model, place[:-1])
    field = section.model_fields.get(str(place[-1])) if section else None
    return (field.description or "a value").splitlines()[0] if field else "a value"


def _section(model: type[BaseModel], place: Sequence[str | int]) -> type[BaseModel] | None:
    current: type[BaseModel] | None = model
    for part in place:
        if isinstance(part, int) or current is None:
            continue
        field = current.model_fields.get(part)
        # A key of a mapping of sections (the name of a bucket) is no field: the section is the mapping's.
        current = _inner(field.annotation) if field else current
    return current


def _inner(annotation: object) -> type[BaseModel] | None:
    """Return the section inside an optional, a list or a mapping; the first where there are several."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for argument in typing.get_args(annotation) if (found := _inner(argument))), None)
