"""Where Pulumi's states of mock clouds are: apart from the user's own backend, and gone with the cloud."""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any, Final

from groundplan_cli.cloud.client import ask
from groundplan_cli.cloud.running import Running, is_process

BACKEND: Final = "PULUMI_BACKEND_URL"
_LOCAL: Final = "file://"
_PASSPHRASES: Final = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")


def base() -> Path:
    """Give the directory of the states of mock clouds; those of clouds that are gone are removed."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    found = cache / "groundplan" / "pulumi"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in found.glob("process-*"):
        pid = each.name.split("-")[1]
        if pid.isdecimal() and not is_process(int(pid)):
            shutil.rmtree(each, ignore_errors=True)
    return found


def digest(text: str) -> str:
    """Give a short name for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def name_of(about: dict[str, Any]) -> str:
    """Give what tells a cloud from others, of what its server says of itself."""
    if about.get("data"):
        return f"data-{digest(str(about['data']))}"
    return f"process-{about['pid']}-{about['era']}"


def is_chosen() -> bool:
    """Whether the user has named a directory for the state, such as one for mock clouds."""
    return os.environ.get(BACKEND, "").startswith(_LOCAL)


def command_state(server: Running) -> Path:
    """Give the directory of the state that Pulumi's own command has on a mock cloud, for all projects. It is made."""
    found = base() / name_of(ask(server.url, "GET", "about")) / "command"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def has_stacks(state: Path) -> bool:
    """Whether a state holds any stack."""
    return next((state / ".pulumi" / "stacks").rglob("*.json"), None) is not None


def variables(server: Running) -> dict[str, str]:
    """Give the variables with which Pulumi's command has a state of the mock cloud's own.

    Against a state of the real cloud, a refresh or a destroy would take out of it what the mock cloud does not have. A
    directory that the user has chosen stays.
    """
    if is_chosen():
        return {}
    found = {BACKEND: command_state(server).as_uri()}
    if not any(name in os.environ for name in _PASSPHRASES):
        found[_PASSPHRASES[0]] = ""
    return found
