"""What the pack can be told: settings, waivers, and the day for which they are judged."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from groundplan_policies.crossguard.session import Session
from groundplan_policies.engine.errors import Error
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.yamlfile import nearest
from groundplan_policies.settings.model import Settings
from groundplan_policies.settings.read import TIERS, read_settings
from groundplan_policies.waivers import Waiver, read_waivers

_PATHS: Final = "A path, from the directory in which Pulumi runs the program."
SCHEMA: Final[Mapping[str, Mapping[str, Value]]] = {
    "tier": {"type": "string", "enum": [*TIERS], "description": "A shipped tier. Regulated where nothing is said."},
    "settings": {"type": "string", "description": f"The file with your own settings, in the place of a tier. {_PATHS}"},
    "waivers": {"type": "string", "description": f"The file with the waivers. {_PATHS}"},
    "asOf": {
        "type": "string",
        "format": "date",
        "description": "The day for which waivers are judged, such as 2027-01-31. Today in UTC by default.",
    },
}
"""JSON Schema of each entry of the pack's configuration."""

_DEFAULT_TIER: Final = "regulated"


class ConfigurationError(Error):
    """A configuration of the pack that cannot be understood."""


def configured(entries: Mapping[str, Value], today: Callable[[], date]) -> Session:
    """Begin a run under a configuration.

    Args:
        entries: The configuration, by the keys of `SCHEMA`. An empty text says nothing.
        today: Gives the day where the configuration names none.

    Raises:
        ConfigurationError: There is no such entry, or it is no text or no day.
        SettingsError, WaiverError: A tier or a file does not exist or cannot be understood.
    """
    texts = {key: _text(key, value) for key, value in entries.items()}
    given = {key: text for key, text in texts.items() if text}
    return Session(_settings(given), waivers=_waivers(given), as_of=_day(given["asOf"]) if "asOf" in given else today())


def _text(key: str, value: Value) -> str:
    if key not in SCHEMA:
        raise ConfigurationError(
            "The policy pack has no such setting", given=key, allowed=nearest(key, tuple(SCHEMA)), remedy="correct it"
        )
    if not isinstance(value, str):
        raise ConfigurationError(
            "A setting of the policy pack is no text", given=key, allowed="a text", remedy="put it in quotes"
        )
    return value


def _settings(given: Mapping[str, str]) -> Settings:
    if "tier" in given and "settings" in given:
        raise ConfigurationError(
            "Settings of the policy pack exclude each other",
            given="tier and settings",
            allowed="a tier, or a file with settings, which names the tier that it extends",
            remedy="leave out one of them",
        )
    return read_settings(given.get("settings", given.get("tier", _DEFAULT_TIER)))


def _waivers(given: Mapping[str, str]) -> tuple[Waiver, ...]:
    if "waivers" not in given:
        return ()
    path = Path(given["waivers"]).resolve()
    root = next((each for each in path.parents if (each / ".git").exists()), None)
    return read_waivers(path, root=root, name=given["waivers"])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(
            "The day of the policy pack is none", given=f"asOf {text[:40]!r}", allowed="2027-01-31", remedy="correct it"
        ) from None
