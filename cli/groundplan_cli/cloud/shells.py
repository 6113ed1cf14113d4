"""Settings written for a shell, or as JSON."""

import json
import shlex
from collections.abc import Iterable, Mapping
from enum import StrEnum


class Shell(StrEnum):
    """Who reads the settings."""

    SH = "sh"
    FISH = "fish"
    JSON = "json"


def script(shell: Shell, settings: Mapping[str, str], unset: Iterable[str]) -> str:
    """Write settings as commands of a shell, or as a JSON object in which null stands for what is unset."""
    gone = [name for name in unset if name not in settings]
    if shell is Shell.JSON:
        return json.dumps({**dict.fromkeys(gone), **settings}, indent=2) + "\n"
    if shell is Shell.FISH:
        lines = [f"set -e {name};" for name in gone]
        lines += [f"set -gx {name} {_fish(value)};" for name, value in settings.items()]
    else:
        lines = [f"unset {name}" for name in gone]
        lines += [f"export {name}={shlex.quote(value)}" for name, value in settings.items()]
    return "\n".join(lines) + "\n"


def _fish(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
