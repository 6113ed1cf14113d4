"""What drifted, on a terminal and as JSON."""

import json
from collections.abc import Iterator
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from groundplan_cli.changes import Absent, PropertyChange
from groundplan_cli.drift.model import Drifted, Event, Report
from groundplan_cli.render.changes import property_line
from groundplan_cli.render.names import short_type
from groundplan_cli.render.values import reveal
from groundplan_cli.text import count, plain
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.results import Finding

MOST_EVENTS: Final = 5
"""Events that are listed of a resource before the rest is only counted."""


def print_drift(console: Console, report: Report) -> None:
    """Print what was found."""
    title = f"Drift of {plain(report.stack)}, compared with {plain(report.cloud)}"
    console.print(Text(title, style="bold"), soft_wrap=True)
    for each in report.drifted:
        console.print()
        for line in _drifted(each):
            console.print(line, soft_wrap=True)
    if report.elsewhere:
        console.print()
        console.print(Text("  Controls that this breaks elsewhere", style="bold"))
        for finding in report.elsewhere:
            name = finding.urn.rpartition("::")[2] or "the stack"
            console.print(_broken(finding, f"{plain(name)}: "), soft_wrap=True)
    if report.unread:
        console.print()
    for unread in report.unread:
        line = Text(f"  ? {plain(unread.resource.name)}", style="yellow")
        line.append(f"  {plain(short_type(unread.resource.type))}", style="dim")
        console.print(line.append(f"  not compared: {plain(unread.reason)}", style=""), soft_wrap=True)
    console.print()
    console.print(Text(_summary(report), style="bold"), soft_wrap=True)


def as_json(report: Report) -> str:
    """Write the report as JSON, for machines."""
    return (
        json.dumps(
            {
                "stack": report.stack,
                "cloud": report.cloud,
                "compared": report.looked,
                "drifted": [_entry(each) for each in report.drifted],
                "breaksElsewhere": [_finding(each) for each in report.elsewhere],
                "notCompared": [
                    {
                        "urn": each.resource.urn,
                        "type": each.resource.type,
                        "reason": each.reason,
                        "refused": each.refused,
                    }
                    for each in report.unread
                ],
                "undecided": report.undecided,
                "exitCode": report.exit_code,
            },
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )


def _summary(report: Report) -> str:
    drifted = report.drifted
    if not drifted:
        said = f"No drift in {count(report.looked, 'resource')}."
    else:
        gone = sum(each.gone for each in drifted)
        breaks = len(report.elsewhere) + sum(len(each.breaks) for each in drifted)
        said = f"{len(drifted) - gone} changed, {gone} gone, of {count(report.looked, 'resource')}; "
        said += (
            f"{count(breaks, 'finding')} of the guardrails {'comes' if breaks == 1 else 'come'} with it."
            if breaks
            else "no control is broken by it."
        )
    if report.unread:
        said += f" {len(report.unread)} not compared."
    if report.undecided:
        said += f" {count(report.undecided, 'secret property', 'secret properties')} cannot be compared."
    return said


def _drifted(each: Drifted) -> Iterator[Text]:
    line = Text(f"  {'-' if each.gone else '~'} {plain(each.resource.name)}", style="red" if each.gone else "yellow")
    line.append(f"  {plain(short_type(each.resource.type))}", style="dim")
    if each.resource.source is not None:
        line.append(f"  {plain(str(each.resource.source))}", style="dim")
    yield line.append("  is not there any more", style="red") if each.gone else line
    yield from map(property_line, each.changes)
    events = each.history.events
    if events:
        yield Text(f"      since {plain(events[0].at)}")
        for event in events[:MOST_EVENTS]:
            yield Text(f"      {_event(event)}", style="dim")
        if len(events) > MOST_EVENTS:
            yield Text(f"      and {len(events) - MOST_EVENTS} more", style="dim")
    else:
        yield Text(f"      since when and by whom is not known: {plain(each.history.silence)}", style="dim")
    for finding in each.breaks:
        yield _broken(finding)


def _event(event: Event) -> str:
    client = event.agent.partition(" ")[
        0
    ]  # clients go on with versions of all that they are made of; the JSON has them
    agent = f", {plain(client)}" if client else ""
    return f"{plain(event.at)}  {plain(event.by) or 'somebody'}  {plain(event.method)}{agent}"


def _broken(finding: Finding, about: str = "") -> Text:
    title = all_controls()[finding.control].title
    line = Text(f"      {'breaks' if finding.blocks else 'against'} {finding.control}  ", style="red")
    return line.append(f"{about}{title}", style="")


def _entry(each: Drifted) -> dict[str, Any]:
    events = each.history.events
    return {
        "urn": each.resource.urn,
        "type": each.resource.type,
        "name": each.resource.name,
        "id": each.resource.id,
        "source": str(each.resource.source) if each.resource.source is not None else None,
        "kind": "gone" if each.gone else "changed",
        "properties": [_property(change) for change in each.changes],
        "since": events[0].at if events else None,
        "by": sorted({event.by for event in events if event.by}),
        "events": [{"at": event.at, "by": event.by, "method": event.method, "agent": event.agent} for event in events],
        "silence": each.history.silence or None,
        "breaks": [_finding(finding) for finding in each.breaks],
    }


def _property(change: PropertyChange) -> dict[str, Any]:
    entry: dict[str, Any] = {"path": change.path}
    if not isinstance(change.old, Absent):
        entry["recorded"] = reveal(change.old)
    if not isinstance(change.new, Absent):
        entry["actual"] = reveal(change.new)
    return entry


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "control": finding.control,
        "title": all_controls()[finding.control].title,
        "urn": finding.urn,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "blocks": finding.blocks,
        "waived": finding.waiver is not None,
        "reasons": [{"path": each.path, "message": each.message} for each in finding.reasons],
    }
