"""`groundplan import`."""

from typing import Annotated

import typer

from groundplan_cli.commands.engine_options import MockOption, opened
from groundplan_cli.commands.options import DebugOption, ProjectOption, complete_stack


def import_(
    token: Annotated[
        str,
        typer.Argument(metavar="TYPE", help="Type, as gcp.storage.Bucket or gcp:storage/bucket:Bucket."),
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name that the program will give it.")],
    identity: Annotated[str, typer.Argument(metavar="ID", help="Id in the cloud, as the type's documentation says.")],
    *,
    stack: Annotated[
        str | None,
        typer.Option(
            "--stack",
            metavar="STACK",
            help="The stack. May be left out where there is only one.",
            autocompletion=complete_stack,
            show_default=False,
        ),
    ] = None,
    project: ProjectOption = None,
    protect: Annotated[
        bool, typer.Option("--protect/--no-protect", help="Whether it is protected from deletion from then on.")
    ] = True,
    mock: MockOption = False,
    debug: DebugOption = False,
) -> None:
    """Take a resource that exists in the cloud into a stack's state, and print the code to write for it."""
    from groundplan_cli.engine.flows import adopt
    from groundplan_cli.engine.importing import check_token

    del debug  # its callback has remembered it
    checked = check_token(token)
    with opened(project, stack, mock=mock) as (session, _):
        code = adopt(session, checked, name, identity, protect=protect)
    raise typer.Exit(code)
