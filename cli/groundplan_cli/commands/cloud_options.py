"""Options that the commands of `groundplan cloud` share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Profile(StrEnum):
    """How much the cloud asks."""

    LENIENT = "lenient"
    STRICT = "strict"


class Waits(StrEnum):
    """What finishes what takes time."""

    POLL = "poll"
    CLOCK = "clock"


PortOption = Annotated[
    int | None,
    typer.Option(
        "--port",
        metavar="PORT",
        min=1,
        max=65535,
        help="Which mock cloud, by its port. By default that of the environment (GROUNDPLAN_CLOUD), else the only one.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")]
ProfileOption = Annotated[
    Profile,
    typer.Option("--profile", help="lenient: you own everything, projects appear on first use. strict: all is asked."),
]
OnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--rule", metavar="RULE", help="A rule that is on beside the profile's. May be repeated.", show_default=False
    ),
]
OffOption = Annotated[
    list[str] | None,
    typer.Option("--no-rule", metavar="RULE", help="A rule that is off. May be repeated.", show_default=False),
]


def _directory(text: str) -> Path:
    """Read the name of a directory. A variable that is not set is none: it would be the one where the user is."""
    if not text.strip():
        raise typer.BadParameter("it names no directory; write . for the one where you are")
    return Path(text)


DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        parser=_directory,
        help="Keep the cloud in a directory, and go on from there.",
        show_default=False,
    ),
]
SeedOption = Annotated[
    int | None,
    typer.Option(
        "--seed",
        metavar="NUMBER",
        help="Makes ids differ from those of another cloud. By default 0.",
        show_default=False,
    ),
]
PassThroughOption = Annotated[
    bool,
    typer.Option("--pass-through", help="Let the HTTPS proxy reach hosts that are not Google's; else it refuses them."),
]
WaitsOption = Annotated[
    Waits,
    typer.Option("--waits", help="poll: whoever asks for what takes time sees it done. clock: only `advance` does it."),
]
