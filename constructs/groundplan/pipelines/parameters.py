"""Parameters of a compiled pipeline: which it has, of which types, and what a schedule gives them."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias, TypeGuard

import pulumi

from groundplan.core.validation import Checks

Parameter: TypeAlias = pulumi.Input[str] | int | float | Sequence[object] | Mapping[str, object]
"""A value of a parameter: text, also if it is known only later; or a number, a truth value, a list, a mapping."""

# Source: ParameterType.ParameterTypeEnum of the pipeline specification, version 2.1.
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "STRING": (str, pulumi.Output),
    "NUMBER_INTEGER": (int,),
    "NUMBER_DOUBLE": (int, float),
    "BOOLEAN": (bool,),
    "LIST": (list, tuple),
    "STRUCT": (dict,),
}


def is_text(value: object) -> TypeGuard[pulumi.Input[str]]:
    """Whether a value is text, which is all that the provider passes on to a run."""
    return isinstance(value, str | pulumi.Output)


def definitions(spec: Mapping[str, object]) -> Mapping[str, Mapping[str, object]]:
    """Return the parameters of a compiled pipeline, by name."""
    found: object = spec
    for key in ("root", "inputDefinitions", "parameters"):
        found = found.get(key, {}) if isinstance(found, Mapping) else {}
    return found if isinstance(found, Mapping) else {}


def check_parameters(checks: Checks, field: str, given: Mapping[str, Parameter], spec: Mapping[str, object]) -> None:
    """Record where the values that a schedule gives are not what a compiled pipeline takes."""
    known = definitions(spec)
    for name, value in given.items():
        if not checks.one_of(field, name, known):
            continue
        kind = str(known[name].get("parameterType", "STRING"))
        allowed = _TYPES.get(kind, ())
        # In Python a truth value is a number too; in a pipeline it is none.
        good = isinstance(value, allowed) and (kind == "BOOLEAN" or not isinstance(value, bool))
        checks.that(
            good,
            f"{field}[{name!r}]",
            "is not of the parameter's type",
            given=value,
            allowed=kind,
            do="give a value of the type that the pipeline declares",
        )
    missing = sorted(
        name
        for name, row in known.items()
        if name not in given and "defaultValue" not in row and not row.get("isOptional")
    )
    checks.that(
        not missing,
        field,
        "leave out what the pipeline has no default for",
        given=", ".join(sorted(given)) or "nothing",
        allowed=f"values for {', '.join(missing)} too",
        do="give them, or give them a default in the pipeline",
    )


def with_defaults(spec: Mapping[str, object], given: Mapping[str, Parameter]) -> dict[str, Any]:
    """Return a compiled pipeline in which values that are no text are the parameters' defaults."""
    changed: dict[str, Any] = copy.deepcopy(dict(spec))
    for name, value in given.items():
        if not is_text(value):
            changed["root"]["inputDefinitions"]["parameters"][name]["defaultValue"] = value
    return changed
