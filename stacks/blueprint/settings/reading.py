"""Reading settings so that everything that is wrong with them is told at once.

Three kinds of checks look at a file: types and values of single settings, names that sections use of one another, and
what the constructs would refuse. Each needs what the one before has passed; so a setting that fails is left out for
the rest, and what only follows from its absence is not told.
"""

from __future__ import annotations

import copy
import json
import typing
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
            found += _rehearsed(settings, settings.environment())
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
            told = [fault for fault in faults_of(error, Settings) if not _follows(fault, left_out)]
            found += told
            wrong = {_without(left, detail["loc"], unknown=detail["type"] == _UNKNOWN) for detail in error.errors()}
            if None in wrong:
                return None, found, left_out
            left_out += [place for place in wrong if place]


def _without(document: dict[str, Any], place: _Place, *, unknown: bool) -> _Place | None:
    """Take out what stands at a place: an unknown key alone, else the entry of its section; return what was taken."""
    if not place or place[0] not in document:
        return () if place and unknown else None
    whole = document[str(place[0])]
    entries = typing.get_origin(getattr(Settings.model_fields.get(str(place[0])), "annotation", None)) is dict
    if unknown:
        *above, key = place
        inner: object = document
        for step in above:
            inner = _inside(inner, step)
        if isinstance(inner, dict) and key in inner:
            del inner[key]
            return place
    if entries and isinstance(whole, dict) and len(place) > 1 and place[1] in whole:
        del whole[str(place[1])]
        return place[:2]
    del document[str(place[0])]
    return place[:1]


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
    return any(tuple(fault.place) == place or fault.problem.given == place[-1] for place in left_out)


def _complete(settings: Settings) -> bool:
    return settings.tier is not None and settings.region is not None and settings.projects is not None


def _rehearsed(settings: Settings, env: gp.Environment, earlier: Sequence[gp.Exports] = ()) -> list[Fault]:
    # The constructs are read when there are settings to go through, not with their types.
    from blueprint import rehearsal

    return [fault_at(problem) for problem in rehearsal.problems(settings, env, earlier)]
