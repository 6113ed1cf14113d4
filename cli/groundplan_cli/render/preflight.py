"""What a preflight found, on a terminal and as JSON."""

import json
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from groundplan_cli.preflight.model import Finding, Kind, Report
from groundplan_cli.text import count, plain

TITLES: Final = {
    Kind.PROJECT: "Projects that are not there",
    Kind.API: "APIs that are not enabled",
    Kind.ROLE: "Permissions that the caller does not have",
    Kind.QUOTA: "Quotas that are too small",
    Kind.POLICY: "Organisation policies that refuse",
    Kind.AGENT: "Service agents that may not be there",
    Kind.RANGE: "Address ranges that overlap",
    Kind.NAME: "Names that are taken",
}


def print_preflight(console: Console, report: Report) -> None:
    """Print what was found."""
    title = f"Preflight of {plain(report.stack)} for {plain(report.cloud)}"
    title += f", as {plain(report.caller)}" if report.caller else ""
    console.print(Text(title, style="bold"), soft_wrap=True)
    for kind, words in TITLES.items():
        found = [each for each in report.findings if each.kind is kind]
        if found:
            console.print()
            console.print(Text(words, style="bold"))
        for each in found:
            _print_finding(console, each)
    if report.unasked:
        console.print()
        console.print(Text("Could not be asked", style="bold"))
    for unasked in report.unasked:
        console.print(Text(f"  ? {plain(unasked.about)}: {plain(unasked.reason)}", style="yellow"), soft_wrap=True)
    console.print()
    console.print(Text(_summary(report), style="bold"), soft_wrap=True)


def as_json(report: Report) -> str:
    """Write the report as JSON, for machines."""
    content = {
        "stack": report.stack,
        "cloud": report.cloud,
        "caller": report.caller or None,
        "resources": report.resources,
        "projects": list(report.projects),
        "findings": [_entry(each) for each in report.findings],
        "unasked": [{"kind": each.kind.value, "about": each.about, "reason": each.reason} for each in report.unasked],
        "exitCode": report.exit_code,
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _print_finding(console: Console, each: Finding) -> None:
    line = Text(f"  {'✗' if each.sure else '?'} {plain(each.about)}", style="red" if each.sure else "yellow")
    where = f"{plain(each.project)}: " if each.project not in {"", each.about} else ""
    console.print(line.append(f"  {where}{plain(each.problem)}", style=""), soft_wrap=True)
    if each.resources:
        names = [urn.rpartition("::")[2] for urn in each.resources]
        listed = ", ".join(map(plain, names[:3])) + (f" and {len(names) - 3} more" if len(names) > 3 else "")  # noqa: PLR2004 - a line's worth
        console.print(Text(f"      for {listed}", style="dim"), soft_wrap=True)
    console.print(Text(f"      {plain(each.remedy)}", style="green"), soft_wrap=True)


def _summary(report: Report) -> str:
    sure = sum(each.sure for each in report.findings)
    maybe = len(report.findings) - sure
    what = f"{count(report.resources, 'resource')} in {count(len(report.projects), 'project')}"
    said = f"{count(sure, 'finding')} would stop {what}." if sure else f"Nothing would stop {what}."
    if maybe:
        said += f" {count(maybe, 'possible finding')}."
    if report.unasked:
        said += f" {count(len(report.unasked), 'question')} could not be asked."
    return said


def _entry(each: Finding) -> dict[str, Any]:
    return {
        "kind": each.kind.value,
        "about": each.about,
        "project": each.project or None,
        "problem": each.problem,
        "remedy": each.remedy,
        "resources": list(each.resources),
        "sure": each.sure,
    }
