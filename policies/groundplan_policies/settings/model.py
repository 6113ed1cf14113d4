"""Settings of the guardrails: which level each control has, and the parameters that decide verdicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.levels import Level, Loosening
from groundplan_policies.engine.looseness import ParameterValue
from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Severity

WATCHDOGS = "BYP"
"""The family whose controls look after the others. Settings may ask more of them than the tier, never less."""

EVERY = "all"
"""The key of a level that holds for every control."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings, resolved.

    Attributes:
        name: The name of a shipped tier, or of a team's own settings.
        tier: The shipped tier on which they rest.
        layers: Levels by the id of a control, a family, a severity, or `all`; those of the settings themselves first,
            then those of the settings that they extend, and so on. The first layer that says something of a control
            decides, and in it the most special key. Where none does, findings block.
        floor: The layers of the shipped tier on which they rest; empty for a tier itself.
        parameters: The parameters.
        approvers: Who may approve waivers, beside the owners that CODEOWNERS names.
        loosened: Where they ask less than what they extend.
    """

    name: str = "everything blocks"
    tier: str = ""
    layers: tuple[Mapping[str, Level], ...] = ()
    floor: tuple[Mapping[str, Level], ...] = ()
    parameters: Parameters = field(default_factory=Parameters)
    approvers: tuple[str, ...] = ()
    loosened: tuple[Loosening, ...] = ()

    def filled(self, **values: ParameterValue | None) -> "Settings":
        """Give the settings with parameters that nobody has said, such as the regions of an environment.

        What the settings say themselves stays.

        Args:
            values: Parameter -> value; None says nothing.
        """
        missing = {name: value for name, value in values.items() if getattr(self.parameters, name) is None}
        return replace(self, parameters=with_values(self.parameters, missing))

    def level(self, control: Control) -> Level:
        """Give the level of a control."""
        return self.level_for(control.id, control.severity)

    def level_for(self, identifier: str, severity: Severity) -> Level:
        """Give the level of anything with an id such as `WVR-01` and a severity."""
        keys = keys_for(identifier, severity)
        level = _first(self.layers, keys)
        if self.floor and identifier.partition("-")[0] == WATCHDOGS:
            return max(level, _first(self.floor, keys), key=lambda each: each.rank)
        return level


def _first(layers: Sequence[Mapping[str, Level]], keys: Sequence[str]) -> Level:
    return next((layer[key] for layer in layers for key in keys if key in layer), Level.BLOCK)


def with_values(parameters: Parameters, values: Mapping[str, ParameterValue | None]) -> Parameters:
    """Give parameters with other values for some of them. That each is of the right type is the caller's to know."""
    fitting: dict[str, Any] = dict(values)
    return replace(parameters, **fitting)


def keys_for(identifier: str, severity: Severity) -> tuple[str, ...]:
    """Give the keys under which a level may stand, the most special one first."""
    return identifier, identifier.partition("-")[0], severity.value, EVERY
