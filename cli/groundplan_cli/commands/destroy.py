"""`groundplan destroy`."""

import typer

from groundplan_cli.commands.engine_options import MockOption, YesOption, consent, opened
from groundplan_cli.commands.options import DebugOption, ProjectOption, StackArgument


def destroy(
    stack: StackArgument = None,
    *,
    project: ProjectOption = None,
    mock: MockOption = False,
    yes: YesOption = False,
    debug: DebugOption = False,
) -> None:
    """Delete everything that a stack holds, after asking for the stack's name.

    What is protected stops it before anything is deleted.
    """
    from groundplan_cli.engine.flows import destroy as run_destroy

    del debug  # its callback has remembered it
    agreed = consent(yes=yes)
    agreed.check("destroy")
    with opened(project, stack, mock=mock) as (session, request):
        code = run_destroy(session, request, agreed)
    raise typer.Exit(code)
