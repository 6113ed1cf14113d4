"""Which checks look at a type. Made once for a set of controls, so that a document costs one look-up a type."""

from collections.abc import Iterable, Mapping

from groundplan_policies.engine.control import Check, Control
from groundplan_policies.engine.look import check_for, matches
from groundplan_policies.engine.names import token

OPTIONS_FAMILY = "BYP"
"""The family whose controls look at options that every resource has. That they look says nothing about a type."""


class Index:
    """The checks of a set of controls, by type."""

    def __init__(self, controls: Iterable[Control]) -> None:
        self._controls = tuple(controls)
        self._exact: dict[str, dict[str, Check]] = {}
        self._with_patterns: list[Control] = []
        for control in self._controls:
            for name, check in control.checks.items():
                if "*" not in name:
                    self._exact.setdefault(token(name), {})[control.id] = check
            if any("*" in name for name in control.checks):
                self._with_patterns.append(control)
        names = _names(self._controls)
        self._kinds = tuple(name for name in names if "*" in name)
        self._found: dict[str, Mapping[str, Check]] = {}
        self._named = {token(name) for name in names if "*" not in name}

    def checks(self, type_token: str) -> Mapping[str, Check]:
        """Give the checks for a type by the id of their control."""
        known = self._found.get(type_token)
        if known is None:
            known = self._found[type_token] = self._look_up(type_token)
        return known

    def _look_up(self, type_token: str) -> Mapping[str, Check]:
        found = dict(self._exact.get(type_token, {}))
        for control in self._with_patterns:
            if control.id not in found:
                check = check_for(control, type_token)
                if check is not None:
                    found[control.id] = check
        return found

    def knows(self, type_token: str) -> bool:
        """Whether a rule names a type, or a kind of types such as `*IamMember`. Rules on options do not count."""
        return type_token in self._named or any(matches(pattern, type_token) for pattern in self._kinds)


def _names(controls: Iterable[Control]) -> set[str]:
    """Give what controls name in their checks and reads: short names and patterns."""
    return {
        name
        for control in controls
        if control.family != OPTIONS_FAMILY
        for name in (*control.checks, *(each.type for each in control.reads))
        if name != "*"
    }
