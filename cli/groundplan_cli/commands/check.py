"""`groundplan check`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundplan_cli.commands.options import (
    AnswersOption,
    AsOfOption,
    ConfigOption,
    DebugOption,
    ProjectOption,
    SettingsOption,
    TierOption,
    TimeoutOption,
    WaiversOption,
    complete_stack,
)

if TYPE_CHECKING:
    from groundplan_policies.reports.report import Report


class Format(StrEnum):
    """What the report is written in."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"


class FailsFrom(StrEnum):
    """The lowest level of findings that fail the check."""

    BLOCK = "block"
    WARN = "warn"


def check(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[STACK|FILE|DIRECTORY|-]",
            help="A stack, which is previewed first; a document of pulumi stack export, pulumi preview --json or "
            "groundplan preview --json; a compiled pipeline as YAML or JSON; a project's directory; - for either on "
            "standard input. May be left out where the project has only one stack.",
            autocompletion=complete_stack,
            show_default=False,
        ),
    ] = None,
    *,
    project: ProjectOption = None,
    tier: TierOption = None,
    settings: SettingsOption = None,
    waivers: WaiversOption = None,
    framework: Annotated[
        str | None,
        typer.Option(
            "--framework",
            metavar="ID",
            help="Only the controls of a framework, such as cis-gcp-5.0, and those on ways around; says how much of "
            "it is met.",
            show_default=False,
        ),
    ] = None,
    level: Annotated[
        FailsFrom,
        typer.Option(
            "--level", help="The lowest level of findings that fail the check: with warn, advisory ones do as well."
        ),
    ] = FailsFrom.BLOCK,
    as_of: AsOfOption = None,
    form: Annotated[Format, typer.Option("--format", help="What the report is written in.")] = Format.TEXT,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write the report to a file.", show_default=False),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="List every finding, with its URN, also where there are many.")
    ] = False,
    applied: Annotated[
        bool,
        typer.Option(
            "--applied",
            help="Deploy the stack on a mock cloud first, and check the state: ids, e-mail addresses and what else "
            "only a cloud knows are judged, too.",
        ),
    ] = False,
    config: ConfigOption = None,
    answers: AnswersOption = None,
    timeout: TimeoutOption = None,
    debug: DebugOption = False,
) -> None:
    """Check a stack or a document against the guardrails, before it is applied or after.

    Works on any Pulumi program that uses Google Cloud. Exits with 1 if a finding fails the check that no waiver
    covers, if a rule has a fault, or if there is a resource of a type that nobody has reviewed.
    """
    from groundplan_cli.guardrails.checking import Asked, make_report
    from groundplan_cli.guardrails.rules import Chosen
    from groundplan_cli.guardrails.target import RunOptions
    from groundplan_policies.engine.levels import Level

    del debug  # its callback has remembered it
    report = make_report(
        Asked(
            target=target,
            project=project,
            run=RunOptions(config=config, answers=answers, timeout=timeout, applied=applied),
            chosen=Chosen(tier=tier, settings=settings, waivers=waivers, as_of=as_of, config=config),
            framework=framework,
            level=Level(level.value),
        )
    )
    _write(report, form, out, every=every)
    raise typer.Exit(report.exit_code)


def _write(report: "Report", form: Format, out: Path | None, *, every: bool) -> None:
    from groundplan_cli.files import write_atomically
    from groundplan_cli.render.console import error_console
    from groundplan_cli.render.report import print_report
    from groundplan_policies.reports.words import conclusion

    if out is not None:
        write_atomically(out, _as_text(report, form, every=every))
        error_console().print(f"{conclusion(report)} → {out}")
    elif form is Format.TEXT:
        print_report(report, every=every)
    else:
        typer.echo(_as_text(report, form, every=every), nl=False)


def _as_text(report: "Report", form: Format, *, every: bool) -> str:
    if form is Format.JSON:
        from groundplan_policies.reports.json_report import as_json

        return as_json(report)
    if form is Format.SARIF:
        from groundplan_policies.reports.sarif import as_sarif

        return as_sarif(report)
    if form is Format.JUNIT:
        from groundplan_policies.reports.junit import as_junit

        return as_junit(report)
    if form is Format.MARKDOWN:
        from groundplan_policies.reports.markdown import as_markdown

        return as_markdown(report)
    from groundplan_policies.reports.text import text

    return text(report, every=every)
