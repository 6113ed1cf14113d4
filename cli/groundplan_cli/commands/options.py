"""Arguments and options that several commands share."""

import math
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
        help="Directory of a Pulumi project. [default: the nearest with a Pulumi.yaml, from here upwards]",
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
