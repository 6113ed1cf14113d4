"""The form of a settings file: which keys it may have, and of which type each parameter is."""

import re
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Final, get_args, get_origin, get_type_hints

from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.looseness import ParameterValue
from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.yamlfile import Data, Place, YamlFile
from groundplan_policies.pipelines.roles import DIGEST, Role

KEYS: Final = ("extends", "levels", "parameters", "loosened", "approvers")
"""The keys of a settings file."""

LOOSENED_KEYS: Final = ("what", "author", "reason", "expires")
"""The keys of an explanation of what is loosened."""

_PATTERNS: Final = frozenset({"owner_pattern", "alert_patterns"})
"""Parameters that are regular expressions, or lists of them."""

_JSON_TYPES: Final[Mapping[type, Mapping[str, Value]]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    str: {"type": "string", "minLength": 1},
    tuple: {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True},
    Mapping: {
        "type": "object",
        "propertyNames": {"pattern": f"^{DIGEST.pattern}$"},
        "additionalProperties": {"enum": [each.value for each in Role]},
    },
}


@lru_cache(maxsize=1)
def parameter_types() -> Mapping[str, type]:
    """Give the type of each parameter: bool, int, str, tuple for a list of texts, Mapping for digests with roles."""
    hints = get_type_hints(Parameters)
    found: dict[str, type] = {}
    for each in fields(Parameters):
        (kind,) = (hint for hint in get_args(hints[each.name]) if hint is not type(None))
        found[each.name] = get_origin(kind) or kind
    return found


def read_parameter(file: YamlFile, place: Place, name: str, value: Data) -> ParameterValue:
    """Read the value of a parameter.

    Raises:
        FileError: It is of another type, negative, or no regular expression where one is expected.
    """
    kind = parameter_types()[name]
    if kind is Mapping:
        return _read_roles(file, place, name, value)
    if kind is tuple and isinstance(value, list):
        texts = file.texts(place, value, name)
        if name not in _PATTERNS or all(map(_compiles, texts)):
            return texts
    if kind is str and isinstance(value, str) and (name not in _PATTERNS or _compiles(value)):
        return file.text(place, value, name)
    if kind is bool and isinstance(value, bool):
        return value
    if kind is int and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    allowed = {tuple: "a list of texts", str: "a text", bool: "true or false", int: "a whole number from 0"}[kind]
    if name in _PATTERNS:
        allowed = "a list of regular expressions" if kind is tuple else "a regular expression"
    given = "nothing" if value is None else f"{str(value)[:60]!r}"
    raise file.wrong(f"The parameter {name} has a value that it cannot have", place, given, allowed, f"write {allowed}")


def _read_roles(file: YamlFile, place: Place, name: str, value: Data) -> Mapping[str, str]:
    """Read which components have which role."""
    found: dict[str, str] = {}
    for digest, role in file.mapping(place, value, name).items():
        here = (*place, digest)
        if not DIGEST.fullmatch(digest):
            raise file.wrong(
                "A component is named by something else than its digest",
                here,
                f"`{digest[:80]}`",
                "sha256: and 64 hexadecimal digits",
                "take the digest that `groundplan pipeline components FILE` prints",
            )
        if not isinstance(role, str) or role not in list(Role):
            raise file.wrong(
                "There is no such role of a component",
                here,
                f"{str(role)[:60]!r}",
                ", ".join(Role),
                "name one of these",
            )
        found[digest] = role
    return found


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def settings_schema() -> dict[str, Value]:
    """Give the JSON Schema (2020-12) of a settings file, for editors and reviewers.

    It knows no ids of controls: whether a key of `levels` exists is checked when the file is read.
    """
    parameters: dict[str, Value] = {
        name: {**_JSON_TYPES[parameter_types()[name]], "description": f"{text} Looser: {looser.value}."}
        for name, (text, looser) in Parameters.describe().items()
    }
    explanation: dict[str, Value] = {
        "what": {"type": "string", "description": "The key of `levels` or `parameters` that asks less."},
        "author": {"type": "string", "minLength": 1, "description": "Who answers for it."},
        "reason": {"type": "string", "minLength": 1, "description": "Why."},
        "expires": {"type": "string", "format": "date", "description": "The last day on which that holds."},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of the guardrails",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "extends": {
                "type": "string",
                "description": "A shipped tier (learner, team, regulated), or the path of a file, from this file on.",
            },
            "levels": {
                "type": "object",
                "description": "Level by the id of a control, a family, a severity, or `all`. The most special counts.",
                "additionalProperties": {"enum": [each.value for each in Level]},
            },
            "parameters": {"type": "object", "additionalProperties": False, "properties": parameters},
            "loosened": {
                "type": "array",
                "description": "Who answers for what asks less than the settings that are extended, and why.",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["what", "author", "reason"],
                    "properties": explanation,
                },
            },
            "approvers": {
                "type": "array",
                "description": "Who may approve waivers, beside the owners that CODEOWNERS names.",
                "items": {"type": "string", "minLength": 1},
            },
        },
    }
