"""Reading settings so that everything that is wrong with them is told at once.

Three kinds of checks look at a file: types and values of single settings, names that sections use of one another, and
what the constructs would refuse. Each needs what the one before has passed; so a setting that fails is left out for
the rest, and what only follows from its absence is not told.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

import groundplan as gp
from blueprint.settings import across
from blueprint.settings.report import Fault, describe, fault_at, faults_of
from blueprint.settings.root import NAMESPACE, Settings
from blueprint.settings.source import Source
from groundplan.core.validation import Checks

_UNKNOWN: Final = "extra_forbidden"
_ENTRY: Final = 2
"""Steps to an entry of a section: what others may name."""

_Place = tuple[str | int, ...]


def read(document: Mapping[str, object], stack: str, root: Path) -> Settings:
    """Return the settings of a stack; everything that is wrong with them is one ``SettingsError``.

    ``document`` holds the settings by key, ``root`` is the Pulumi project's directory. What an earlier stack exports is
    not known yet: settings that read one are gone through again, by ``rehearse``, when it is.
    """
    settings, found, left_out = _typed(document)
    if settings is not None:
        found += _across(settings, left_out)
        if not settings.reads and _complete(settings):
            refused = _rehearsed(settings, settings.environment())
            found += [fault for fault in refused if not _follows(fault, left_out)]
    if settings is None or found:
        raise describe(found, stack, Source.of_stack(root, stack, NAMESPACE))
    return settings


def rehearse(settings: Settings, env: gp.Environment, earlier: Sequence[gp.Exports], stack: str, root: Path) -> None:
    """Raise all that the constructs would refuse, in a stack that others run the stages before."""
    found = _rehearsed(settings, env, earlier)
    if found:
        raise describe(found, stack, Source.of_stack(root, stack, NAMESPACE))


def _typed(document: Mapping[str, object]) -> tuple[Settings | None, list[Fault], list[_Place]]:
    """Return the settings without those that cannot be read, what is wrong with these, and which they are."""
    left: dict[str, Any] = copy.deepcopy(dict(document))
    found: list[Fault] = []
    left_out: list[_Place] = []
    # Each round takes something out.
    while True:
        try:
            return Settings.model_validate_json(json.dumps(left)), found, left_out
        except ValidationError as error:
            found += [fault for fault in faults_of(error, Settings) if not _follows(fault, left_out)]
            # What is wrong is looked up before any of it is taken out: one setting may be wrong twice.
            wrong = {_wrong(left, detail["loc"], unknown=detail["type"] == _UNKNOWN) for detail in error.errors()}
            if None in wrong:
                return None, found, left_out
            for place in sorted((place for place in wrong if place), key=len, reverse=True):
                _take_out(left, place)
                left_out.append(place)


def _wrong(document: dict[str, Any], place: _Place, *, unknown: bool) -> _Place | None:
    """Return what has to be left out so that the rest can be read: the setting itself, or the block that lacks one.

    A list is left out as a whole, as the places of its entries would no longer be right. None if nothing can be.
    """
    if not place or place[0] not in document:
        return () if place and unknown else None
    inner: object = document
    found: list[str | int] = []
    for step in place:
        if isinstance(inner, dict) and step in inner:
            found.append(step)
            inner = inner[step]
        elif isinstance(inner, list):
            break
    return tuple(found)


def _take_out(document: dict[str, Any], place: _Place) -> None:
    """Take out what stands at a place; nothing where a block around it is gone already."""
    *above, last = place
    inner: object = document
    for step in above:
        inner = _inside(inner, step)
    if isinstance(inner, dict):
        inner.pop(last, None)


def _inside(value: object, step: str | int) -> object:
    """Return what is one step inside a value; a step that names one of several kinds of a section is no key."""
    if isinstance(value, list) and isinstance(step, int):
        return value[step]
    return value.get(step, value) if isinstance(value, dict) else value


def _across(settings: Settings, left_out: Sequence[_Place]) -> list[Fault]:
    checks = Checks("settings")
    across.check(settings, checks)
    return [fault for fault in map(fault_at, checks.problems) if not _follows(fault, left_out)]


def _follows(fault: Fault, left_out: Sequence[_Place]) -> bool:
    """Whether a fault is no more than the absence of what was left out."""
    return any(
        tuple(fault.place) == place or (len(place) <= _ENTRY and fault.problem.given == place[-1]) for place in left_out
    )


def _complete(settings: Settings) -> bool:
    return settings.tier is not None and settings.region is not None and settings.projects is not None


def _rehearsed(settings: Settings, env: gp.Environment, earlier: Sequence[gp.Exports] = ()) -> list[Fault]:
    # The constructs are read when there are settings to go through, not with their types.
    from blueprint import rehearsal

    return [fault_at(problem) for problem in rehearsal.problems(settings, env, earlier)]
