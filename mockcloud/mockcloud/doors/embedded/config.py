"""A stack's configuration: the project's defaults, the stack's settings file, and what the caller gives.

Source: pulumi `pkg/workspace/config.go` (mergeConfig, createConfigValue) and `sdk/go/common/resource/config`. Values
of the process environment (`PULUMI_CONFIG` and others) are not consulted.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mockcloud.doors.embedded.errors import InvalidConfig, MissingConfig
from mockcloud.doors.embedded.project import Project
from mockcloud.doors.embedded.yaml_file import read_mapping
from mockcloud.pulumi.values import REDACTED

PLACEHOLDER: Final = REDACTED
"""What a program gets for an encrypted value that the caller does not give: it cannot be decrypted offline."""

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "array": (list,),
    "object": (dict,),
}


@dataclass(slots=True)
class Config:
    """Configuration values as a program sees them: texts, keyed `namespace:name`.

    Attributes:
        values: The values; structured ones as JSON.
        secret_keys: The keys whose values are secret.
        placeholders: The keys whose value is encrypted and was not given.
        ignored: What the stack's settings file says that the embedded engine cannot follow, in words.
    """

    values: dict[str, str] = field(default_factory=dict)
    secret_keys: set[str] = field(default_factory=set)
    placeholders: set[str] = field(default_factory=set)
    ignored: list[str] = field(default_factory=list)

    def give(self, project: str, config: Mapping[str, str], secret_config: Mapping[str, str]) -> None:
        """Put what the caller gives over what is there. A key without a namespace is the project's."""
        for given, secret in ((config, False), (secret_config, True)):
            for key, value in given.items():
                full = full_key(project, key)
                self.values[full] = value
                self.placeholders.discard(full)
                (self.secret_keys.add if secret else self.secret_keys.discard)(full)


def full_key(project: str, key: str) -> str:
    """Give a key with its namespace: the project's if it names none."""
    return key if ":" in key else f"{project}:{key}"


def read_config(project: Project, stack: str, config: Mapping[str, str], secret_config: Mapping[str, str]) -> Config:
    """Read a stack's configuration.

    Args:
        project: The project.
        stack: The stack's name, without organisation and project.
        config: Values that replace those of the files.
        secret_config: The same for secret values: the only way to give one that is encrypted in the files.

    Raises:
        StackNotFound: The stack has no settings file.
        MissingConfig: The project declares values that are given nowhere.
        InvalidConfig: A value is of another type than the project declares.
        InvalidProject: The settings file cannot be read.
    """
    file = project.stack_file(stack)
    settings = read_mapping(file)
    found = Config()
    declared = settings.get("config")
    for key, value in declared.items() if isinstance(declared, dict) else ():
        _set(found, full_key(project.name, str(key)), value)
    if settings.get("environment"):
        found.ignored.append(f"`environment` in {file.name}: Pulumi ESC is a service; give its values as configuration")
    found.give(project.name, config, secret_config)
    _apply_project(found, project, file)
    return found


def _set(config: Config, key: str, value: object) -> None:
    plain, secret, placeholder = _reveal(value)
    config.values[key] = _text(plain)
    if secret:
        config.secret_keys.add(key)
    if placeholder:
        config.placeholders.add(key)


def _reveal(value: object) -> tuple[object, bool, bool]:
    """Replace encrypted parts of a value; say whether it is secret, and whether a part was encrypted."""
    if isinstance(value, dict):
        if set(value) == {"secure"} and isinstance(value["secure"], str):
            return PLACEHOLDER, True, True
        parts = {str(key): _reveal(item) for key, item in value.items()}
        return {key: part[0] for key, part in parts.items()}, *_either(parts.values())
    if isinstance(value, list):
        items = [_reveal(item) for item in value]
        return [item[0] for item in items], *_either(items)
    return value, False, False


def _either(parts: Iterable[tuple[object, bool, bool]]) -> tuple[bool, bool]:
    found = list(parts)
    return any(part[1] for part in found), any(part[2] for part in found)


def _text(value: object) -> str:
    """Give a value as Pulumi hands it to a program: a text, or JSON if it is structured."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    return "" if value is None else str(value)


def _apply_project(config: Config, project: Project, file: Path) -> None:
    """Fill in the project's defaults and check its declarations."""
    missing: list[str] = []
    for name, declared in sorted(project.config.items()):
        key = full_key(project.name, name)
        form = declared if isinstance(declared, dict) else {"value": declared}
        default = form.get("default", form.get("value"))
        if key not in config.values and default is not None:
            config.values[key] = _text(default)
            if form.get("secret") is True:
                config.secret_keys.add(key)
        elif key not in config.values and key.startswith(f"{project.name}:"):
            missing.append(name)
        elif key not in config.placeholders and "type" in form and key in config.values:
            _check_type(key, str(form["type"]), config.values[key], file)
    if missing:
        raise MissingConfig(
            f"The stack lacks configuration that {project.name!r} declares",
            given=f"no value for {', '.join(missing)}",
            allowed="a value for each key under `config` in Pulumi.yaml that has no default",
            remedy=f"add it under `config` in {file}, or give it: --config {missing[0]}=VALUE",
        )


def _check_type(key: str, type_: str, text: str, file: Path) -> None:
    allowed = _TYPES.get(type_)
    if allowed is None or type_ == "string":
        return
    try:
        value: object = json.loads(text)
    except ValueError:
        value = text
    if not isinstance(value, allowed) or (type_ == "integer" and isinstance(value, bool)):
        raise InvalidConfig(
            f"The configuration value {key} is of the wrong type",
            given=type(value).__name__,
            allowed=f"{type_}, as Pulumi.yaml declares",
            remedy=f"mend it under `config` in {file}",
        )
