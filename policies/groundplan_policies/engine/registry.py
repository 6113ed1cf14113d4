"""Finds the controls: every module below `rules` that has one."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from types import ModuleType

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.errors import Error


class ControlError(Error):
    """A control that does not exist, or two of one id."""


def collect(controls: Iterable[Control]) -> Mapping[str, Control]:
    """Give controls by id, in the order of their ids.

    Raises:
        ControlError: Two have the same id.
    """
    found: dict[str, Control] = {}
    for control in controls:
        if control.id in found:
            raise ControlError(
                "Two controls have one id",
                given=f"{control.id}: {found[control.id].title!r} and {control.title!r}",
                allowed="each id once",
                remedy="give one of them another id; an id that was published is never given to another control",
            )
        found[control.id] = control
    return dict(sorted(found.items(), key=lambda each: _order(each[0])))


@lru_cache(maxsize=1)
def all_controls() -> Mapping[str, Control]:
    """Give every control of this package by id."""
    from groundplan_policies import rules

    return collect(control for module in _modules(rules) if isinstance(control := vars(module).get("CONTROL"), Control))


def find_control(identifier: str) -> Control:
    """Give a control by its id, in any case of letters.

    Raises:
        ControlError: There is none.
    """
    controls = all_controls()
    found = controls.get(identifier.upper())
    if found is None:
        near = get_close_matches(identifier.upper(), controls, n=3, cutoff=0.5)
        raise ControlError(
            "There is no such control",
            given=identifier,
            allowed=f"{', '.join(near)}, …"
            if near
            else f"one of {len(controls)} ids such as {next(iter(controls), '')}",
            remedy="list them with `groundplan controls`",
        )
    return found


def _modules(package: ModuleType) -> Iterable[ModuleType]:
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(info.name)


def _order(identifier: str) -> tuple[str, int]:
    family, _, number = identifier.partition("-")
    return family, int(number) if number.isdecimal() else 0
