"""The escape hatch: what a caller sets on a construct's child, merged last and written down."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi import _types as pulumi_types

from groundplan.core.errors import ArgumentError, Problem, nearest
from groundplan.core.validation import Checks

Overrides = Mapping[str, Mapping[str, object]]
"""Child's role -> property -> value; properties by their Pulumi names (``location`` or ``publicAccessPrevention``)."""


def check(checks: Checks, overrides: Overrides) -> None:
    """Record overrides that are not properties by the role of a child."""
    if checks.instance("overrides", overrides, Mapping, "a mapping of a child's role to its properties"):
        for role, changes in overrides.items():
            checks.instance(f"overrides[{role!r}]", changes, Mapping, "a mapping of properties to values")


def merge(where: str, role: str, args: object, changes: Mapping[str, object]) -> list[str]:
    """Set the changes on a resource's arguments, in place; return the paths that changed, as Pulumi names them.

    A mapping is merged into the mapping or the arguments that are there; anything else replaces what is there.
    """
    paths: list[str] = []
    names = {pulumi: python for python, pulumi in pulumi_types.input_type_py_to_pulumi_names(type(args)).items()}
    python_names = {python: pulumi for pulumi, python in names.items()}
    for key, value in changes.items():
        pulumi_name = key if key in names else python_names.get(key)
        if pulumi_name is None:
            near = nearest(key, names)
            raise ArgumentError(
                where,
                [
                    Problem(
                        f"overrides[{role!r}]",
                        f"sets a property that {type(args).__name__} does not have",
                        key,
                        ", ".join(sorted(names)),
                        f"did you mean {near}?" if near else "use one of the resource's own properties",
                    )
                ],
            )
        current = args.__dict__.get(names[pulumi_name])
        if isinstance(value, Mapping) and pulumi_types.is_input_type(type(current)):
            paths += [f"{pulumi_name}.{path}" for path in merge(where, role, current, value)]
            continue
        if isinstance(value, Mapping) and isinstance(current, Mapping):
            value = {**current, **value}  # noqa: PLW2901 - the merged value stands for the given one from here on
        args.__dict__[names[pulumi_name]] = value
        paths.append(pulumi_name)
    return paths
