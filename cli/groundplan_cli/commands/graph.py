"""`groundplan graph`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundplan_cli.commands.options import (
    AnswersOption,
    ConfigOption,
    DebugOption,
    ProjectOption,
    StackArgument,
    TimeoutOption,
)

if TYPE_CHECKING:
    from groundplan_cli.graph.model import Graph


class Format(StrEnum):
    """What the picture is written in."""

    MERMAID = "mermaid"
    DOT = "dot"
    HTML = "html"


def graph(
    stack: StackArgument = None,
    form: Annotated[
        Format, typer.Option("--format", help="Mermaid, DOT, or one self-contained page.")
    ] = Format.MERMAID,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write to a file instead of standard output.", show_default=False),
    ] = None,
    project: ProjectOption = None,
    config: ConfigOption = None,
    answers: AnswersOption = None,
    timeout: TimeoutOption = None,
    debug: DebugOption = False,
) -> None:
    """Draw the plan: what it is made of, who may do what, and where values flow.

    Constructs are drawn as one box each, in the lanes of the platform's story. The HTML page explains it to somebody
    new: the borders of trust, a walk step by step, and for each box what is in it, what it may do, and its keys. It
    needs no network.
    """
    from groundplan_cli.files import write_atomically
    from groundplan_cli.graph.model import build_graph
    from groundplan_cli.render.console import error_console
    from groundplan_cli.render.diagnostics import print_diagnostics
    from groundplan_cli.render.progress import progress
    from groundplan_cli.run import make_request, run

    del debug  # its callback has remembered it
    request = make_request(project, stack, config=config, answers=answers, timeout=timeout)
    with progress(request.stack) as tell:
        result = run(request, tell)
    print_diagnostics(error_console(), result.preview)
    picture = build_graph(result.document)
    text = _render(form, picture)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(out, text)
        flows = sum(1 for flow in picture.flows if flow.paths)
        typer.echo(f"{out}: {len(picture.cards)} boxes, {flows} flows", err=True)


def _render(form: Format, picture: "Graph") -> str:
    if form is Format.HTML:
        from groundplan_cli.render.html import html

        return html(picture)
    if form is Format.DOT:
        from groundplan_cli.render.dot import dot

        return dot(picture)
    from groundplan_cli.render.mermaid import mermaid

    return mermaid(picture)
