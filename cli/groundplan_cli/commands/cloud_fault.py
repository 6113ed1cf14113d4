"""`groundplan cloud fault`: what goes wrong on request."""

import json
from enum import StrEnum
from typing import Annotated, Any

import typer

from groundplan_cli.commands.cloud_options import JsonOption, PortOption
from groundplan_cli.commands.options import DebugOption

fault = typer.Typer(
    help="Let calls of a mock cloud go wrong: errors, delays, lost answers, operations that fail or never end.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Phase(StrEnum):
    """Where on a call's way something goes wrong."""

    BEFORE = "before"
    AFTER = "after"
    OPERATION = "operation"


@fault.command()
def add(
    *,
    method: Annotated[str, typer.Option("--method", metavar="GLOB", help="Which methods: aiplatform.*.create.")] = "*",
    name: Annotated[str, typer.Option("--name", metavar="GLOB", help="Which resources: projects/acme/*.")] = "*",
    phase: Annotated[
        Phase,
        typer.Option(
            "--phase",
            help="before: no effect. after: the effect is there, the answer is lost. operation: what the call begins.",
        ),
    ] = Phase.BEFORE,
    status: Annotated[
        int, typer.Option("--status", metavar="CODE", help="HTTP status of the error.", show_default=False)
    ] = 0,
    message: Annotated[
        str, typer.Option("--message", help="What the error says, instead of Google's words.", show_default=False)
    ] = "",
    retry_after: Annotated[
        int,
        typer.Option("--retry-after", metavar="SECONDS", help="When to try again, says the error.", show_default=False),
    ] = 0,
    delay: Annotated[
        float,
        typer.Option(
            "--delay", metavar="SECONDS", help="How long the call takes, in virtual time.", show_default=False
        ),
    ] = 0.0,
    count: Annotated[
        int, typer.Option("--count", metavar="N", help="How often; by default always.", show_default=False)
    ] = 0,
    skip: Annotated[
        int, typer.Option("--skip", metavar="N", help="How many calls go well before.", show_default=False)
    ] = 0,
    probability: Annotated[
        float, typer.Option("--probability", metavar="P", help="How likely; which calls it hits depends on the seed.")
    ] = 1.0,
    stuck: Annotated[bool, typer.Option("--stuck", help="The operation never ends.")] = False,
    seconds: Annotated[
        float, typer.Option("--seconds", metavar="SECONDS", help="How long the operation takes.", show_default=False)
    ] = 0.0,
    polls: Annotated[
        int, typer.Option("--polls", metavar="N", help="The operation ends at this poll.", show_default=False)
    ] = 0,
    accelerator: Annotated[
        str,
        typer.Option(
            "--accelerator",
            metavar="GLOB",
            help="No such accelerator is left: nvidia-l4, v5litepod-*.",
            show_default=False,
        ),
    ] = "",
    port: PortOption = None,
    debug: DebugOption = False,
) -> None:
    """Let something go wrong from now on."""
    from groundplan_cli.cloud.client import ask
    from groundplan_cli.cloud.running import chosen

    del debug  # its callback has remembered it
    said = {
        "method": method,
        "name": name,
        "phase": phase.value,
        "status": status,
        "message": message,
        "retry_after": retry_after,
        "delay": delay,
        "count": count,
        "skip": skip,
        "probability": probability,
        "stuck": stuck,
        "seconds": seconds,
        "polls": polls,
        "accelerator": accelerator,
    }
    found = ask(chosen(port).url, "POST", "faults", said)
    typer.echo(f"fault {_line(found)}")


@fault.command("list")
def list_(*, as_json: JsonOption = False, port: PortOption = None, debug: DebugOption = False) -> None:
    """List the faults, with how often each happened."""
    from groundplan_cli.cloud.client import ask
    from groundplan_cli.cloud.running import chosen

    del debug  # its callback has remembered it
    found = ask(chosen(port).url, "GET", "faults")["faults"]
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    for each in [] if as_json else found:
        typer.echo(_line(each))


@fault.command()
def remove(
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The fault's number.")],
    *,
    port: PortOption = None,
    debug: DebugOption = False,
) -> None:
    """End a fault."""
    from groundplan_cli.cloud.client import ask
    from groundplan_cli.cloud.running import chosen

    del debug  # its callback has remembered it
    ask(chosen(port).url, "DELETE", f"faults/{number}")
    typer.echo(f"fault {number} has ended")


@fault.command("late-iam")
def late_iam(
    span: Annotated[str, typer.Argument(metavar="TIME", help="How late: 0 for at once, 90s, 7m.")],
    *,
    port: PortOption = None,
    debug: DebugOption = False,
) -> None:
    """Let policies that are changed from now on count only after some virtual time, as Google's do.

    It matters where IAM decides: with the profile strict, or the rule access.
    """
    from groundplan_cli.cloud.client import ask
    from groundplan_cli.cloud.running import chosen
    from groundplan_cli.cloud.spans import seconds

    del debug  # its callback has remembered it
    found = ask(chosen(port).url, "POST", "late-policies", {"seconds": seconds(span)})
    typer.echo(f"Changed policies count after {found['seconds']:g} s")


def _line(found: dict[str, Any]) -> str:
    from groundplan_cli.text import plain

    told = {key: each for key, each in found.items() if key not in {"number", "happened", "fitting", "spent"}}
    text = " ".join(f"{key.replace('_', '-')}={each}" for key, each in told.items())
    spent = ", spent" if found["spent"] else ""
    return plain(f"{found['number']}: {text}; happened {found['happened']} of {found['fitting']}{spent}")
