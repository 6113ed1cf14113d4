"""`groundplan controls`."""

from enum import StrEnum
from typing import Annotated

import typer

from groundplan_cli.commands.options import DebugOption


class ListFormat(StrEnum):
    """What the list is written in."""

    TEXT = "text"
    JSON = "json"


def controls(
    *,
    family: Annotated[
        str | None,
        typer.Option("--family", metavar="FAMILY", help="Only this family, such as NET.", show_default=False),
    ] = None,
    severity: Annotated[
        str | None,
        typer.Option("--severity", metavar="SEVERITY", help="Only critical, high, medium or low.", show_default=False),
    ] = None,
    framework: Annotated[
        str | None,
        typer.Option(
            "--framework",
            metavar="ID",
            help="Only those with a clause of it, such as cis-gcp-5.0; says how much of it they cover.",
            show_default=False,
        ),
    ] = None,
    type_: Annotated[
        str | None,
        typer.Option(
            "--type",
            metavar="TYPE",
            help="Only those that look at this resource type, such as storage.Bucket or its token.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[ListFormat, typer.Option("--format", help="What the list is written in.")] = ListFormat.TEXT,
    debug: DebugOption = False,
) -> None:
    """List the controls. `groundplan explain CONTROL` says more of one."""
    from groundplan_cli.guardrails.catalog import Filter, as_json, select
    from groundplan_cli.render.controls import print_controls, print_coverage

    del debug  # its callback has remembered it
    found = select(Filter(family=family, severity=severity, framework=framework, type=type_))
    if form is ListFormat.JSON:
        typer.echo(as_json(found), nl=False)
    else:
        print_controls(found)
        if framework is not None:
            print_coverage(framework)
