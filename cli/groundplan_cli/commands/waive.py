"""`groundplan waive`."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from groundplan_cli.commands.explain import ControlArgument
from groundplan_cli.commands.options import (
    AnswersOption,
    ConfigOption,
    DebugOption,
    ProjectOption,
    SettingsOption,
    TierOption,
    TimeoutOption,
    WaiversOption,
    parse_day,
)


def waive(
    control: ControlArgument,
    resource: Annotated[
        str,
        typer.Argument(
            metavar="URN",
            help="URN of the resource with the finding, or its name where that is enough; the stack's name for a "
            "finding on the stack as a whole.",
            show_default=False,
        ),
    ],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why the finding may stand.", show_default=False)],
    ticket: Annotated[str, typer.Option("--ticket", help="Where that was discussed.", show_default=False)],
    owner: Annotated[str, typer.Option("--owner", help="Who answers for it.", show_default=False)],
    approver: Annotated[
        str, typer.Option("--approver", help="Who agrees: somebody else than the owner.", show_default=False)
    ],
    expires: Annotated[
        date,
        typer.Option(
            "--expires",
            metavar="DAY",
            parser=parse_day,
            help="The last day on which it holds, such as 2026-01-31.",
            show_default=False,
        ),
    ],
    issued: Annotated[
        date | None,
        typer.Option(
            "--issued",
            metavar="DAY",
            parser=parse_day,
            help="The first day on which it holds; by default today in UTC.",
            show_default=False,
        ),
    ] = None,
    stack: Annotated[
        str | None,
        typer.Option(
            "--stack",
            metavar="STACK",
            help="The stack; by default the one of the URN, or the project's only one.",
            show_default=False,
        ),
    ] = None,
    also: Annotated[
        list[Path] | None,
        typer.Option(
            "--also",
            metavar="FILE",
            help="A document of the same stack, such as an export after the deployment, in which the finding may have "
            "another fingerprint: that one counts too. May be repeated.",
            show_default=False,
        ),
    ] = None,
    project: ProjectOption = None,
    tier: TierOption = None,
    settings: SettingsOption = None,
    waivers: WaiversOption = None,
    config: ConfigOption = None,
    answers: AnswersOption = None,
    timeout: TimeoutOption = None,
    debug: DebugOption = False,
) -> None:
    """Write a waiver: say that one finding may stand for a while, who answers for it, and who agreed.

    The stack is previewed, and the waiver gets the fingerprint of the finding: it lapses when what the control reads
    changes. What cannot be waived, is no finding, or would not hold, is refused, and the file stays as it was.
    """
    from groundplan_cli.guardrails.rules import Chosen
    from groundplan_cli.guardrails.target import RunOptions
    from groundplan_cli.guardrails.waiving import Wish, write
    from groundplan_cli.render.console import error_console
    from groundplan_policies.engine.registry import find_control

    del debug  # its callback has remembered it
    found = find_control(control)
    wish = Wish(
        control=found,
        resource=resource,
        reason=reason,
        ticket=ticket,
        owner=owner,
        approver=approver,
        issued=issued,
        expires=expires,
        stack=stack,
        project=project,
        also=tuple(also or ()),
        run=RunOptions(config=config, answers=answers, timeout=timeout),
        chosen=Chosen(tier=tier, settings=settings, waivers=waivers, config=config),
    )
    for line in write(wish):
        error_console().print(line, soft_wrap=True)
