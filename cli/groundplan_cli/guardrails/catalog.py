"""The controls as a list: those that are asked for, for people and for tools."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from groundplan_cli.errors import Error
from groundplan_policies import frameworks
from groundplan_policies.engine.control import Control, Read
from groundplan_policies.engine.index import Index
from groundplan_policies.engine.look import matches
from groundplan_policies.engine.names import token
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.engine.yamlfile import nearest
from groundplan_policies.reports.json_report import to_json
from groundplan_policies.types import reviewed_types

FORMAT: Final = "groundplan-controls/1"
"""Name and version of the list's JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which controls are asked for. Each field narrows them further; None narrows nothing.

    Attributes:
        family: Such as `NET`.
        severity: Such as `high`.
        framework: Id of a framework with a clause that they help to meet.
        type: A resource type that they look at: its short name or its token.
    """

    family: str | None = None
    severity: str | None = None
    framework: str | None = None
    type: str | None = None


def select(wanted: Filter) -> list[Control]:
    """Give the controls that are asked for.

    Raises:
        Error: There is no such family, severity or framework, or nobody knows the type.
    """
    every = list(all_controls().values())
    family = _known(wanted.family and wanted.family.upper(), {each.family for each in every}, "family")
    severity = _known(wanted.severity and wanted.severity.lower(), list(Severity), "severity")
    framework = _known(wanted.framework, frameworks.ids(), "framework")
    found = [
        each
        for each in every
        if (family is None or each.family == family)
        and (severity is None or each.severity.value == severity)
        and (framework is None or any(clause.framework == framework for clause in each.clauses))
        and (wanted.type is None or looks_at(each, wanted.type))
    ]
    if wanted.type is not None and not _is_type(wanted.type, every):
        raise _not_known(wanted.type, set(_types(every)), "resource type that a control knows")
    return found


def _is_type(name: str, controls: Iterable[Control]) -> bool:
    """Whether a type is known. Some controls look at every type, also at those that do not exist."""
    return Index(controls).knows(token(name)) or token(name) in reviewed_types()


def looks_at(control: Control, type_name: str) -> bool:
    """Whether a control looks at a type: by its name, or by a pattern such as `*IamMember`."""
    patterns = (*control.checks, *(each.type for each in control.reads))
    return any(matches(pattern, token(type_name)) for pattern in patterns if pattern != "*")


def _types(controls: Iterable[Control]) -> Iterator[str]:
    for each in controls:
        yield from (pattern for pattern in (*each.checks, *(read.type for read in each.reads)) if "*" not in pattern)


def _known(given: str | None, known: Iterable[str], what: str) -> str | None:
    if given is not None and given not in known:
        raise _not_known(given, known, what)
    return given


def _not_known(given: str, known: Iterable[str], what: str) -> Error:
    return Error(
        f"There is no such {what}",
        given=given,
        allowed=nearest(given, known),
        remedy="correct it, or leave it out to see all controls",
    )


def as_json(controls: Iterable[Control]) -> str:
    """Write controls as JSON."""
    return to_json({"format": FORMAT, "controls": [_control(each) for each in controls]})


def _control(control: Control) -> dict[str, Value]:
    return {
        "id": control.id,
        "family": control.family,
        "title": control.title,
        "why": control.why,
        "remedy": control.remedy,
        "severity": control.severity.value,
        "evidence": control.evidence.value,
        "waivable": control.waivable,
        "types": [*control.checks],
        "wholeStack": control.stack is not None,
        "reads": [_read(each) for each in control.reads],
        "parameters": [*control.settings],
        "objectives": [*control.objectives],
        "clauses": [
            {
                "framework": each.framework,
                "clause": each.clause,
                "coverage": each.coverage.value,
                "missing": each.missing,
            }
            for each in control.clauses
        ],
    }


def _read(read: Read) -> dict[str, Value]:
    return {
        "type": read.type,
        "path": read.path,
        "absent": read.absent.value,
        "empty": read.empty.value,
        "wrong": read.wrong.value,
        "secret": read.secret.value,
        "unknown": read.unknown.value,
    }
