"""Arguments and options that several commands share."""

import math
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from groundplan_cli.errors import DEBUG_KEY


def _set_debug(context: typer.Context, value: bool) -> bool:
    """Remember the wish for a traceback, wherever on the line it stands."""
    if value:
        context.meta[DEBUG_KEY] = True
    return value


def _finite(value: float | None) -> float | None:
    """Refuse what is no number of seconds: nan is neither more nor less than any limit."""
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"{value} is no number of seconds; give one such as 60")
    return value


def parse_day(value: str) -> date:
    """Read a day. Typer's own dates have a time of day."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(f"{value!r} is no day; write it as 2026-01-31") from None


def complete_stack(context: typer.Context, incomplete: str) -> list[str]:
    """Give the stacks of the project that begin as typed. Completion never fails: without a project there are none."""
    from groundplan_cli.errors import Error
    from groundplan_cli.project import find_project
    from mockcloud.errors import Error as EngineError

    try:
        project = find_project(context.params.get("project"))
        return [stack for stack in project.stacks() if stack.startswith(incomplete)]
    except (Error, EngineError, OSError):
        return []


StackArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[STACK]",
        help="The stack: one of the project's Pulumi.STACK.yaml files. May be left out where there is only one.",
        autocompletion=complete_stack,
        show_default=False,
    ),
]
ProjectOption = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="DIR",
        help="Directory of a Pulumi project; by default the nearest with a Pulumi.yaml, from here upwards.",
        show_default=False,
    ),
]
ConfigOption = Annotated[
    list[str] | None,
    typer.Option(
        "--config",
        metavar="KEY=VALUE",
        help="Set a configuration value for this run, over that of the stack's file. May be repeated.",
        show_default=False,
    ),
]
AnswersOption = Annotated[
    Path | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="What functions (get_…) and other stacks answer, as YAML: invokes, stackReferences, secretConfig.",
        show_default=False,
    ),
]
TimeoutOption = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=0.1,
        callback=_finite,
        help="Stop a program that runs longer.",
        show_default=False,
    ),
]
DebugOption = Annotated[
    bool,
    typer.Option("--debug", callback=_set_debug, is_eager=True, help="Show the traceback of an error."),
]
TierOption = Annotated[
    str | None,
    typer.Option(
        "--tier",
        metavar="TIER",
        help="Settings of a shipped tier: learner, team or regulated. By default those of guardrails.STACK.yaml beside "
        "the stack's file, else the tier that the stack's configuration names, else regulated.",
        show_default=False,
    ),
]
SettingsOption = Annotated[
    Path | None,
    typer.Option("--settings", metavar="FILE", help="A file with your own settings, instead.", show_default=False),
]
WaiversOption = Annotated[
    Path | None,
    typer.Option(
        "--waivers",
        metavar="FILE",
        help="The waivers; by default those of waivers.STACK.yaml beside the stack's file.",
        show_default=False,
    ),
]
AsOfOption = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        parser=parse_day,
        help="The day for which waivers and explanations are judged, such as 2026-01-31; by default today in UTC.",
        show_default=False,
    ),
]
