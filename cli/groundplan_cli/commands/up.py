"""`groundplan up`."""

from pathlib import Path
from typing import Annotated

import typer

from groundplan_cli.commands.engine_options import MockOption, SecretAnswersOption, YesOption, consent, opened
from groundplan_cli.commands.options import (
    AsOfOption,
    ConfigOption,
    DebugOption,
    ProjectOption,
    SettingsOption,
    StackArgument,
    TierOption,
    WaiversOption,
)


def up(
    stack: StackArgument = None,
    *,
    project: ProjectOption = None,
    mock: MockOption = False,
    plan: Annotated[
        Path | None,
        typer.Option(
            "--plan",
            metavar="FILE",
            help="Do no more than a plan says, which preview --engine pulumi --save-plan wrote.",
            show_default=False,
        ),
    ] = None,
    yes: YesOption = False,
    no_gate: Annotated[
        bool, typer.Option("--no-gate", help="Do not ask the guardrails. Said loudly, since it is seldom right.")
    ] = False,
    tier: TierOption = None,
    settings: SettingsOption = None,
    waivers: WaiversOption = None,
    as_of: AsOfOption = None,
    config: ConfigOption = None,
    answers: SecretAnswersOption = None,
    debug: DebugOption = False,
) -> None:
    """Make what a stack's program says, with Pulumi's engine, once the guardrails let it pass.

    Previews, lets the guardrails judge the preview, asks, applies, and judges the state. What they block stops it
    before the first change, with exit code 1. Ctrl-C cancels: what has begun comes to its end, and the state is whole.
    """
    from groundplan_cli.engine.flows import up as run_up
    from groundplan_cli.guardrails.rules import Chosen

    del debug  # its callback has remembered it
    chosen = Chosen(tier=tier, settings=settings, waivers=waivers, as_of=as_of, config=config)
    agreed = consent(yes=yes)
    agreed.check("up")
    _check_plan(plan)
    with opened(project, stack, mock=mock, config=config, answers=answers) as (session, request):
        code = run_up(session, request, None if no_gate else chosen, agreed, plan.resolve() if plan else None)
    raise typer.Exit(code)


def _check_plan(plan: Path | None) -> None:
    from groundplan_cli.errors import Error

    if plan is not None and not plan.is_file():
        raise Error(
            "There is no such plan",
            given=str(plan),
            allowed="a file that groundplan preview --engine pulumi --save-plan FILE wrote",
            remedy="save one first, or correct the path",
        )
