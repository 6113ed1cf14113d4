"""Finds where settings ask less than those that they extend, and who says why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.levels import Level, Loosening
from groundplan_policies.engine.looseness import ParameterValue, is_looser
from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.settings.model import Settings, keys_for
from groundplan_policies.waivers.faults import FAULTS


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a settings file says of something that it loosens."""

    author: str
    reason: str
    expires: date | None


@dataclass(frozen=True, slots=True)
class Own:
    """What one settings file says itself.

    Attributes:
        levels: Level by key.
        places: Key of a level, or name of a parameter -> `file:line`.
        explanations: Key or name -> who says why.
    """

    levels: Mapping[str, Level]
    places: Mapping[str, str]
    explanations: Mapping[str, Explanation]


def find_loosened(
    base: Settings, settings: Settings, own: Own, controls: Mapping[str, Control]
) -> tuple[Loosening, ...]:
    """Give where settings ask less than those that they extend; of what those loosened themselves, what is left of it.

    Args:
        base: The settings that are extended.
        settings: The settings, without what they loosen.
        own: What their file says itself.
        controls: The controls.
    """
    kept = (still for each in base.loosened if (still := _still(each, settings, controls)) is not None)
    return (*kept, *_levels(base, settings, own, controls), *_parameters(base, settings, own, controls))


def _judged(controls: Mapping[str, Control]) -> Iterator[tuple[str, Severity]]:
    """Give everything that has a level: controls, and findings about waivers."""
    for control in controls.values():
        yield control.id, control.severity
    for fault in FAULTS.values():
        yield fault.id, fault.severity


def _levels(base: Settings, settings: Settings, own: Own, controls: Mapping[str, Control]) -> Iterator[Loosening]:
    found: dict[tuple[str, Level, Level], list[str]] = {}
    for identifier, severity in _judged(controls):
        before, after = base.level_for(identifier, severity), settings.level_for(identifier, severity)
        if after.rank < before.rank:
            key = next(key for key in keys_for(identifier, severity) if key in own.levels)
            found.setdefault((key, before, after), []).append(identifier)
    for (key, before, after), identifiers in found.items():
        yield _loosening(own, key, before.value, after.value, identifiers)


def _parameters(base: Settings, settings: Settings, own: Own, controls: Mapping[str, Control]) -> Iterator[Loosening]:
    for name in Parameters.describe():
        before, after = getattr(base.parameters, name), getattr(settings.parameters, name)
        if is_looser(name, before, after):
            read_by = [each.id for each in controls.values() if name in each.settings]
            yield _loosening(own, name, as_text(before), as_text(after), read_by)


def _loosening(own: Own, what: str, before: str, after: str, identifiers: Iterable[str]) -> Loosening:
    said = own.explanations.get(what, Explanation("", "", None))
    return Loosening(
        what=what,
        before=before,
        after=after,
        controls=tuple(identifiers),
        author=said.author,
        reason=said.reason,
        expires=said.expires,
        place=own.places.get(what, ""),
    )


def _still(loosening: Loosening, settings: Settings, controls: Mapping[str, Control]) -> Loosening | None:
    """Give what is left of a loosening of the settings that are extended, None if it was tightened again."""
    if loosening.what in Parameters.describe():
        now = as_text(getattr(settings.parameters, loosening.what))
        return replace(loosening, after=now) if now != loosening.before else None
    severities = dict(_judged(controls))
    before = Level(loosening.before)
    left = tuple(each for each in loosening.controls if settings.level_for(each, severities[each]).rank < before.rank)
    return replace(loosening, controls=left) if left else None


def as_text(value: ParameterValue | None) -> str:
    """Give a value of a parameter for people."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} as {each}" for key, each in value.items()) or "an empty mapping"
    if isinstance(value, tuple):
        return ", ".join(value) or "an empty list"
    return str(value).lower() if isinstance(value, bool) else str(value)
