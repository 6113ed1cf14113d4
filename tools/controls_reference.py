"""Writes docs/reference/controls.md: every control, as its own metadata says, so that nothing is described twice.

``python -m tools.controls_reference`` rewrites the page; a test fails while it is not what this would write.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from groundplan_policies.engine.control import Clause, Control, Evidence, Read
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.settings.model import Settings
from groundplan_policies.settings.read import TIERS, read_settings
from groundplan_policies.waivers.faults import LONGEST
from groundplan_policies.waivers.match import can_be_waived
from tools.construct_catalog import ROOT

PAGE: Final = ROOT / "docs" / "reference" / "controls.md"

FAMILIES: Final = {
    "NET": "Network",
    "IAM": "Identities",
    "ENC": "Encryption",
    "DAT": "Data",
    "SUP": "Supply chain",
    "CMP": "Computing",
    "SRV": "Serving",
    "MON": "Monitoring",
    "RAI": "Responsible AI",
    "CST": "Cost",
    "REL": "Reliability",
    "PIPE": "Pipelines",
    "BYP": "Ways around",
}
"""Family -> what it is about, in the order of the page. A further family stands behind them under its own name."""

_INTRODUCTION: Final = """\
# Controls

Every control of the guardrails: what holds where it passes, why, and what mends it. `groundplan explain CONTROL` says
the same in a terminal, and [Checking a program](../guides/check.md) how they are run. This page is written by
`python -m tools.controls_reference` from the controls themselves.

The tables say which verdict comes out where a property is not there to be judged, on a resource that is in order but
for it:

| column | the property |
|---|---|
| absent | is not there, or is null |
| empty | is an empty block, list or text |
| wrong | is of another type than the provider takes |
| secret | is a secret, in whichever way |
| unknown | is known only after the deployment, and nothing says what it will come from |

An *indeterminate* verdict stops a deployment wherever a fail does. `*` stands for any part of a type's name, and for
every type. What begins with `document:`, `request:` or `settings:` is no property: it is a field beside the
properties of a resource, something that a program asks of the engine, or a part of the settings.
"""

_WAYS: Final = ("absent", "empty", "wrong", "secret", "unknown")

_EVIDENCE: Final = {
    Evidence.CONFIGURATION: "the property that the cloud obeys",
    Evidence.GRAPH: "several resources together",
    Evidence.DECLARATION: "what somebody says; a pass is never more than a declaration",
}


def page(controls: Mapping[str, Control] | None = None) -> str:
    """Return the page as Markdown.

    Args:
        controls: The controls by id; all of them by default.
    """
    every = list((all_controls() if controls is None else controls).values())
    order = [*FAMILIES, *sorted({each.family for each in every} - FAMILIES.keys())]
    tiers = {name: read_settings(name) for name in TIERS}
    lines = [_INTRODUCTION]
    for family in order:
        found = [each for each in every if each.family == family]
        if found:
            lines += _family(family, found, tiers)
    return "\n".join(lines)


def _family(family: str, controls: Sequence[Control], tiers: Mapping[str, Settings]) -> Iterator[str]:
    yield f"## {FAMILIES.get(family, family)}\n"
    yield "| control | severity | what holds |\n|---|---|---|"
    for each in controls:
        yield f"| [{each.id}](#{each.id.lower()}) | {each.severity.value} | {_text(each.title)} |"
    yield ""
    for each in controls:
        yield from _control(each, tiers)


def _control(control: Control, tiers: Mapping[str, Settings]) -> Iterator[str]:
    yield f"### {control.id}\n"
    yield f"**{_text(control.title)}**\n"
    yield f"{_text(control.why)}\n"
    yield f"**To do:** {_text(control.remedy)}\n"
    if control.ask:
        yield f"**What no document shows, and a person has to ask:** {_text(control.ask)}\n"
    yield "| | |\n|---|---|"
    yield from (f"| {name} | {value} |" for name, value in _facts(control, tiers) if value)
    yield ""
    if control.reads:
        yield "| property | of | absent | empty | wrong | secret | unknown |\n|---|---|---|---|---|---|---|"
        yield from _reads(control.reads)
        yield ""


def _facts(control: Control, tiers: Mapping[str, Settings]) -> Iterator[tuple[str, str]]:
    yield "severity", control.severity.value
    yield "level", ", ".join(f"{name} {settings.level(control).value}" for name, settings in tiers.items())
    yield "evidence", _EVIDENCE[control.evidence]
    yield "waiver", f"for {LONGEST[control.severity]} days at most" if can_be_waived(control) else "cannot be waived"
    yield "parameters", ", ".join(f"[`{each}`](guardrail-settings.md#parameters)" for each in control.settings)
    yield "clauses", "<br>".join(map(_clause, control.clauses))
    yield "objectives", ", ".join(control.objectives)


def _clause(clause: Clause) -> str:
    needs = ", ".join(f"`{name}` {_text(str(value))}" for name, value in clause.needs)
    parts = (
        f"{clause.framework} {clause.clause}: {clause.coverage.value}",
        f"with {needs}" if needs else "",
        f"but for {_text(_within_a_sentence(clause.missing))}" if clause.missing else "",
    )
    return ", ".join(filter(None, parts))


def _within_a_sentence(text: str) -> str:
    """Return a sentence as a part of another. An abbreviation keeps its capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _reads(reads: Iterable[Read]) -> Iterator[str]:
    """Yield a row for each property, with all types of which the verdicts are the same."""
    ordered = sorted(reads, key=_place)
    for (path, *verdicts), same in groupby(ordered, key=_place):
        types = ", ".join("every type" if each.type in {"*", "*:*"} else f"`{each.type}`" for each in same)
        yield f"| `{path}` | {types} | {' | '.join(map(str, verdicts))} |"


def _place(read: Read) -> tuple[str | Verdict, ...]:
    return (read.path, *(getattr(read, way) for way in _WAYS))


def _text(sentence: str) -> str:
    """Return a sentence as Markdown: what stands between backticks is code, and nothing else is markup."""
    parts = re.split(r"(`[^`]+`)", " ".join(sentence.split()))
    return "".join(each if each.startswith("`") else _plain(each) for each in parts).replace("|", "&#124;")


def _plain(text: str) -> str:
    return re.sub(r"([*_\[\]<>])", r"\\\1", text)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(all_controls())} controls")
