"""`groundplan explain`."""

from typing import Annotated

import typer

from groundplan_cli.commands.options import DebugOption


def complete_control(incomplete: str) -> list[str]:
    """Give the ids that begin as typed."""
    from groundplan_policies.engine.registry import all_controls

    return [each for each in all_controls() if each.startswith(incomplete.upper())]


ControlArgument = Annotated[
    str,
    typer.Argument(
        metavar="CONTROL", help="Id of a control, such as NET-01.", autocompletion=complete_control, show_default=False
    ),
]


def explain(control: ControlArgument, *, debug: DebugOption = False) -> None:
    """Say everything about a control: why it is there, what mends it, what it reads, and what it decides on.

    For each property it says what comes out where the property is absent, empty, of a wrong type, secret, or known
    only after the deployment.
    """
    from groundplan_cli.render.explain import print_control
    from groundplan_policies.engine.registry import find_control

    del debug  # its callback has remembered it
    print_control(find_control(control))
