"""Reads settings: a shipped tier, or a team's own file that extends one."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.engine.yamlfile import FileError, YamlFile, nearest, parse_yaml, read_yaml
from groundplan_policies.settings.form import KEYS, LOOSENED_KEYS, parameter_types, read_parameter
from groundplan_policies.settings.loosened import Explanation, Own, find_loosened
from groundplan_policies.settings.model import EVERY, WATCHDOGS, Settings, with_values
from groundplan_policies.waivers.faults import FAULTS

TIERS: Final = ("learner", "team", "regulated")
"""The shipped tiers, from the laxest to the strictest."""

_SUFFIXES = frozenset({".yaml", ".yml"})


class SettingsError(FileError):
    """Settings that do not exist, or a settings file that holds what it may not."""


def read_settings(source: str | Path, *, controls: Mapping[str, Control] | None = None) -> Settings:
    """Read settings.

    Args:
        source: The name of a shipped tier, or the path of a file that ends in `.yaml` or `.yml`.
        controls: The controls of which a file may speak; all of this package by default.

    Raises:
        SettingsError: There is no such tier or file, or the file holds what it may not: a key, level, parameter or
            control that does not exist, a value of another type, a key twice, or it extends itself.
    """
    known = all_controls() if controls is None else controls
    if str(source) in TIERS:
        return _shipped(str(source), known)
    path = Path(source)
    if path.suffix not in _SUFFIXES:
        raise SettingsError(
            "There are no such settings",
            given=str(source),
            allowed=f"{nearest(str(source), TIERS)}, or the path of a YAML file",
            remedy="name a shipped tier, or the file with your own settings",
        )
    return _file(path, known, ())


def _shipped(name: str, controls: Mapping[str, Control]) -> Settings:
    file = _tier_file(name)
    extended = file.data.get("extends")
    base = _shipped(str(extended), controls) if extended else Settings()
    # A tier is where a comparison begins: that it asks less than the next one is what it is for.
    # A tier names controls of this package, whichever of them are asked.
    return replace(_on_top(base, file, {**all_controls(), **controls}), name=name, tier=name, loosened=())


@cache
def _tier_file(name: str) -> YamlFile:
    """Read a tier's file, once in a process."""
    text = files("groundplan_policies.settings").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return parse_yaml(text, SettingsError, name=f"{name}.yaml")


def _file(path: Path, controls: Mapping[str, Control], above: tuple[Path, ...]) -> Settings:
    file = read_yaml(path, SettingsError)
    here = path.resolve()
    if here in above:
        chain = " -> ".join(each.name for each in (*above, here))
        raise file.wrong(
            "The settings extend themselves", ("extends",), chain, "a chain that ends in a tier", "extend another"
        )
    if "extends" not in file.data:
        raise file.wrong(
            "The settings extend nothing",
            (),
            "a file without `extends`",
            f"{', '.join(TIERS)}, or the path of another settings file",
            "say which settings yours change, such as `extends: regulated`",
        )
    extended = file.text(("extends",), file.data["extends"], "extends")
    if extended in TIERS:
        base = _shipped(extended, controls)
    elif Path(extended).suffix in _SUFFIXES:
        base = _file(path.parent / extended, controls, (*above, here))
    else:
        raise file.wrong(
            "There are no such settings to extend",
            ("extends",),
            f"`{extended}`",
            f"{nearest(extended, TIERS)}, or the path of another settings file",
            "correct the name",
        )
    if not base.floor:
        base = replace(base, floor=base.layers)
    settings = _on_top(base, file, controls)
    _refuse_blind_watchdogs(file, base, settings, controls)
    return replace(settings, name=path.stem)


def _refuse_blind_watchdogs(
    file: YamlFile, base: Settings, settings: Settings, controls: Mapping[str, Control]
) -> None:
    """Refuse a level for the controls on ways around the others that asks less than the tier: it would not hold."""
    own = settings.layers[0]
    for control in controls.values():
        if control.family != WATCHDOGS:
            continue
        for key in (control.id, control.family):
            if key in own and own[key].rank < base.level(control).rank:
                raise file.wrong(
                    "The controls on ways around the others ask what the tier asks, or more",
                    ("levels", key),
                    f"`{own[key]}` for {key}",
                    f"`{base.level(control)}`, as in what these settings extend, or a stricter level",
                    "remove the line; what these controls find cannot be waived either",
                )


def _on_top(base: Settings, file: YamlFile, controls: Mapping[str, Control]) -> Settings:
    """Lay what a file says over the settings that it extends."""
    file.check_keys((), file.data, KEYS, "key of settings")
    levels = _levels(file, controls)
    given = file.mapping(("parameters",), file.data.get("parameters"), "parameters")
    file.check_keys(("parameters",), given, tuple(parameter_types()), "parameter")
    values = {name: read_parameter(file, ("parameters", name), name, value) for name, value in given.items()}
    settings = replace(
        base,
        layers=(levels, *base.layers),
        parameters=with_values(base.parameters, values),
        approvers=(*base.approvers, *file.texts(("approvers",), file.data.get("approvers"), "list of approvers")),
    )
    places = {key: file.at((part, key)) for part, keys in (("levels", levels), ("parameters", values)) for key in keys}
    own = Own(levels, places, _explanations(file, controls))
    return replace(settings, loosened=find_loosened(base, settings, own, controls))


def _keys(controls: Mapping[str, Control]) -> tuple[str, ...]:
    """Give every key that a level may have."""
    families = sorted({each.partition("-")[0] for each in (*controls, *FAULTS)})
    return (*controls, *FAULTS, *families, *(each.value for each in Severity), EVERY)


def _levels(file: YamlFile, controls: Mapping[str, Control]) -> Mapping[str, Level]:
    given = file.mapping(("levels",), file.data.get("levels"), "levels")
    file.check_keys(("levels",), given, _keys(controls), "control, family or severity")
    levels: dict[str, Level] = {}
    for key, value in given.items():
        if value not in list(Level):
            raise file.wrong(
                "There is no such level", ("levels", key), f"`{value}` for {key}", ", ".join(Level), "correct the level"
            )
        levels[key] = Level(str(value))
    return levels


def _explanations(file: YamlFile, controls: Mapping[str, Control]) -> Mapping[str, Explanation]:
    found: dict[str, Explanation] = {}
    entries = file.sequence(("loosened",), file.data.get("loosened"), "list of what is loosened")
    for number, entry in enumerate(entries):
        place = ("loosened", number)
        fields = file.mapping(place, entry, "explanation")
        file.check_keys(place, fields, LOOSENED_KEYS, "key of an explanation")
        what = file.text((*place, "what"), fields.get("what"), "what is loosened")
        file.check_keys(place, [what], (*_keys(controls), *parameter_types()), "control, family, severity or parameter")
        if what in found:
            raise file.wrong("What is loosened is explained twice", place, f"`{what}`", "each once", "remove one")
        expires = fields.get("expires")
        found[what] = Explanation(
            author=file.text((*place, "author"), fields.get("author"), "author"),
            reason=file.text((*place, "reason"), fields.get("reason"), "reason"),
            expires=None if expires is None else file.day((*place, "expires"), expires, "expires"),
        )
    return found
