"""What the id of a resource tells: its own, a name that the API gives it, or another form, for an import."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.links import Type
from mockcloud.pulumi.rows import Row
from mockcloud.pulumi.settled import values_of
from mockcloud.pulumi.templates import Missing, fill, parse, variables

_WORDS: Final = re.compile(r"\{\w+\}(?:/\{\w+\})*")
"""Ids that are words alone."""

_IDENTIFIER: Final = re.compile(r"\w+Id=\{(\w+)\}")
"""The parameter or field of a creation in which the program says the id."""


def of_other_form(kind: Type, place: Place, identifier: str) -> tuple[str, dict[str, str]]:
    """Give the id that another form of one means, as the row tells, and what the form says; the id itself else."""
    row = kind.row
    if parse(row.id, identifier) is not None and not _WORDS.fullmatch(row.id):
        return identifier, {}
    for form, meant in row.imports.items():
        # A variable at the beginning may be a full name only where the form's last words tell where it ends.
        same_length = form.count("/") == identifier.count("/")
        told = parse(form, identifier) if same_length or form.startswith("{parent}") else None
        if told is not None:
            try:
                return fill(meant, values_of(kind, place, told)), told
            except Missing:
                continue
    return identifier, {}


def read_identifier(row: Row, identifier: str, short: Mapping[str, str]) -> dict[str, str]:
    """Read the variables of an id.

    Args:
        row: The type's row.
        identifier: The id, or a name that the API gives.
        short: What it tells if it is a short form.
    """
    # An id that begins with a variable is any text: a full name is none.
    full: Mapping[str, str] | None = parse(row.self, identifier) if row.id.startswith("{") else None
    if full is None and _WORDS.fullmatch(row.id) and "{project}" in row.self and "{%" not in row.self:
        full = short
    return dict(full or parse(row.id, identifier) or parse(row.self, identifier) or short)


def read_short(row: Row, identifier: str) -> dict[str, str]:
    """Read an id that leaves out what the provider's settings say: `{project}/{name}`, `{name}`."""
    wanted = [name for name in dict.fromkeys(variables(row.id)) if name != "project"]
    parts = identifier.split("/")
    for names in (["project", *wanted], *(wanted[at:] for at in range(len(wanted)))):
        if len(parts) == len(names):
            return dict(zip(names, parts, strict=True))
    if row.id.startswith("{") and len(parts) > len(wanted) > 1:
        # The first one is a full name: `{keyRing}/{name}`.
        first, rest = parts[: 1 - len(wanted)], parts[1 - len(wanted) :]
        return dict(zip(wanted, ["/".join(first), *rest], strict=True))
    return {}


def read_full_name(kind: Type, full: str) -> dict[str, Any]:
    """Read from the full name that the API gives what a resource lies in, `parent`, and the id of its creation."""
    collection, _, query = kind.row.create.template.partition("?")
    found = parse(f"{collection}/{{_last}}", full) or {}
    identifier = found.pop("_last", None)
    chosen = kind.method.method.id_parameter
    told = [each for each in query.split("&") if not chosen or each.startswith(f"{chosen}=")]
    for written in (*told, *(f"{name}={value}" for name, value in kind.row.sends.items())):
        match = _IDENTIFIER.fullmatch(written)
        if match and identifier:
            found[match[1]] = identifier
    return {name: value for name, value in found.items() if name != "project"}
