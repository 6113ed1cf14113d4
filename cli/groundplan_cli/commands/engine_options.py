"""Options of the commands that work with Pulumi's engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from groundplan_cli.engine.flows import Consent
    from groundplan_cli.engine.session import Session
    from groundplan_cli.run import Request


class Engine(StrEnum):
    """What runs a program."""

    EMBEDDED = "embedded"
    PULUMI = "pulumi"


MockOption = Annotated[
    bool,
    typer.Option(
        "--mock",
        help="Work on the mock cloud that runs (groundplan cloud start), with a state of its own: neither the real "
        "cloud nor the real state is touched.",
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Consent in advance; needed where there is no terminal.")]
SecretAnswersOption = Annotated[
    Path | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="With --mock: values for the stack's encrypted configuration, as YAML under secretConfig.",
        show_default=False,
    ),
]


@contextmanager
def opened(
    project: Path | None,
    stack: str | None,
    *,
    mock: bool,
    config: list[str] | None = None,
    answers: Path | None = None,
    or_here: bool = False,
) -> "Iterator[tuple[Session, Request]]":
    """Open the stack that was named on the engine, while the block runs."""
    from groundplan_cli.engine.command import find_command
    from groundplan_cli.engine.place import mock_place, own_place
    from groundplan_cli.engine.session import open_session
    from groundplan_cli.errors import Error
    from groundplan_cli.run import make_request

    find_command()
    request = make_request(project, stack, config=config, answers=answers, timeout=None)
    said = request.answers
    if said.invokes or said.stack_references or (said.secret_config and not mock):
        raise Error(
            "Answers have no meaning here",
            given=f"--answers {answers}" + ("" if mock else " without --mock"),
            allowed="secretConfig, together with --mock: the engine asks the cloud and its backend for the rest",
            remedy="leave them out",
        )
    place = mock_place(request, or_here=or_here) if mock else own_place(request)
    with place as found, open_session(request, found) as session:
        yield session, request


def consent(*, yes: bool) -> "Consent":
    """Give how consent is had: `--yes`, else somebody at a terminal."""
    import sys

    from groundplan_cli.engine.flows import Consent

    return Consent(yes=yes, ask=_ask if sys.stdin.isatty() else None)


def _ask(question: str) -> str:
    return str(typer.prompt(question, default="", show_default=False, err=True))
