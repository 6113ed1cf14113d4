"""`groundplan cloud env` and `exec`."""

from typing import TYPE_CHECKING, Annotated

import typer

from groundplan_cli.cloud.shells import Shell
from groundplan_cli.commands.cloud_options import (
    DataOption,
    OffOption,
    OnOption,
    PassThroughOption,
    PortOption,
    Profile,
    ProfileOption,
    SeedOption,
    Waits,
    WaitsOption,
)
from groundplan_cli.commands.options import DebugOption
from groundplan_cli.errors import Error

if TYPE_CHECKING:
    from groundplan_cli.cloud.running import Running

ProjectIdOption = Annotated[
    str | None,
    typer.Option(
        "--project",
        metavar="PROJECT",
        help="Project where a program names none. By default mock-project.",
        show_default=False,
    ),
]


def env(
    *,
    shell: Annotated[Shell, typer.Option("--shell", help="Who reads it.")] = Shell.SH,
    client: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="CLIENT",
            help="Only what one kind of client needs: python, go, java, node, gcloud, terraform or pulumi.",
            show_default=False,
        ),
    ] = None,
    project: ProjectIdOption = None,
    port: PortOption = None,
    debug: DebugOption = False,
) -> None:
    """Print the settings with which clients use a mock cloud that runs, unchanged.

    In a shell: eval "$(groundplan cloud env)". In fish: groundplan cloud env --shell fish | source
    """
    from groundplan_cli.cloud.running import chosen
    from groundplan_cli.cloud.settings import settings_of
    from groundplan_cli.cloud.shells import script
    from mockcloud.doors.environment import UNSET

    del debug  # its callback has remembered it
    found = settings_of(chosen(port), project=project, client=client)
    typer.echo(script(shell, found, UNSET), nl=False)


def exec_(
    command: Annotated[
        list[str] | None, typer.Argument(metavar="-- COMMAND", help="What to run.", show_default=False)
    ] = None,
    *,
    project: ProjectIdOption = None,
    port: PortOption = None,
    profile: ProfileOption = Profile.LENIENT,
    rule: OnOption = None,
    no_rule: OffOption = None,
    data: DataOption = None,
    seed: SeedOption = None,
    waits: WaitsOption = Waits.POLL,
    pass_through: PassThroughOption = False,
    debug: DebugOption = False,
) -> None:
    """Run a command whose Google Cloud is the mock cloud. Its exit code is this one's.

    Uses the mock cloud that runs. Where none does, or options say what kind it is to be, it starts one that ends with
    the command.
    """
    from groundplan_cli.cloud.child import become, environment, run
    from groundplan_cli.cloud.running import Running, chosen, only
    from groundplan_cli.cloud.serving import Wanted, serving
    from groundplan_cli.cloud.settings import settings_of
    from mockcloud.doors.environment import UNSET

    del debug  # its callback has remembered it
    if not command:
        raise Error(
            "There is no command to run",
            given="nothing behind exec",
            allowed="a command with its arguments",
            remedy="groundplan cloud exec -- pytest",
        )
    wanted = Wanted(
        profile=profile.value,
        on=tuple(rule or ()),
        off=tuple(no_rule or ()),
        data=data,
        seed=seed,
        waits=waits.value,
        pass_through=pass_through,
    )
    server = chosen(port) if port is not None else (only() if wanted == Wanted() else None)
    if server is not None:
        _tell(command, server, stays=True)
        become(command, environment(settings_of(server, project=project), UNSET))
    with serving(wanted) as doors:
        here = Running(doors.server.url, 0)
        _tell(command, here, stays=data is not None)
        code = run(command, environment(settings_of(here, project=project), UNSET))
    raise typer.Exit(code)


def _tell(command: list[str], server: "Running", *, stays: bool) -> None:
    from groundplan_cli.cloud.child import about_state
    from groundplan_cli.cloud.states import command_state, is_chosen

    note = about_state(command, state=None if is_chosen() else command_state(server), stays=stays)
    if note:
        typer.echo(f"note: {note}", err=True)
