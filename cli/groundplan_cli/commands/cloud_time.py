"""`groundplan cloud advance` and `reset`."""

from typing import Annotated

import typer

from groundplan_cli.commands.cloud_options import PortOption
from groundplan_cli.commands.options import DebugOption


def advance(
    span: Annotated[str, typer.Argument(metavar="TIME", help="How far: 90, 90s, 5m, 2h, 1d12h.")],
    *,
    port: PortOption = None,
    debug: DebugOption = False,
) -> None:
    """Let time pass in a mock cloud: operations end, jobs run, tokens grow old. It takes no real time."""
    from groundplan_cli.cloud.client import ask
    from groundplan_cli.cloud.running import chosen
    from groundplan_cli.cloud.spans import seconds

    del debug  # its callback has remembered it
    now = ask(chosen(port).url, "POST", "advance", {"seconds": seconds(span)})["now"]
    typer.echo(f"It is {now} in the mock cloud.")


def reset(*, port: PortOption = None, debug: DebugOption = False) -> None:
    """Empty a mock cloud, also what it keeps with --data: no resources, no faults, its first moment."""
    from groundplan_cli.cloud.client import ask
    from groundplan_cli.cloud.running import chosen

    del debug  # its callback has remembered it
    server = chosen(port)
    ask(server.url, "POST", "reset")
    typer.echo(f"The mock cloud at {server.url} is empty.")
