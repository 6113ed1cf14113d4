"""`groundplan refresh`."""

import typer

from groundplan_cli.commands.engine_options import MockOption, YesOption, consent, opened
from groundplan_cli.commands.options import DebugOption, ProjectOption, StackArgument


def refresh(
    stack: StackArgument = None,
    *,
    project: ProjectOption = None,
    mock: MockOption = False,
    yes: YesOption = False,
    debug: DebugOption = False,
) -> None:
    """Take into a stack's state what the cloud has: what was changed or deleted outside.

    Changes nothing in the cloud. The next `up` puts right what differs from the program.
    """
    from groundplan_cli.engine.flows import refresh as run_refresh

    del debug  # its callback has remembered it
    agreed = consent(yes=yes)
    agreed.check("refresh")
    with opened(project, stack, mock=mock) as (session, request):
        code = run_refresh(session, request, agreed)
    raise typer.Exit(code)
