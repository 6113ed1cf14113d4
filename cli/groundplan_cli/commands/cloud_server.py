"""`groundplan cloud start` and `stop`."""

import json
from typing import Annotated

import typer

from groundplan_cli.commands.cloud_options import (
    DataOption,
    JsonOption,
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


def start(
    *,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 for one that is free.")] = 0,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    open_to_network: Annotated[
        bool,
        typer.Option(
            "--open-to-network",
            help="Allow an address that is not loopback. Whoever reaches it may read and change everything.",
        ),
    ] = False,
    profile: ProfileOption = Profile.LENIENT,
    rule: OnOption = None,
    no_rule: OffOption = None,
    data: DataOption = None,
    seed: SeedOption = None,
    waits: WaitsOption = Waits.POLL,
    pass_through: PassThroughOption = False,
    real_delays: Annotated[
        bool,
        typer.Option("--real-delays", help="Wait out the delays of faults, rather than let them pass in virtual time."),
    ] = False,
    detach: Annotated[bool, typer.Option("--detach", help="Run in the background; come back when it answers.")] = False,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Start a mock cloud, and serve until Ctrl-C or `groundplan cloud stop`.

    Needs no account, and calls nobody. Any client can use it: `groundplan cloud env` prints the settings.
    """
    from groundplan_cli.cloud.serving import Ending, Wanted, noted, serving

    del debug  # its callback has remembered it
    wanted = Wanted(
        port=port,
        host=host,
        open_to_network=open_to_network,
        profile=profile.value,
        on=tuple(rule or ()),
        off=tuple(no_rule or ()),
        data=data,
        seed=seed,
        waits=waits.value,
        real_delays=real_delays,
        pass_through=pass_through,
    )
    if detach:
        from groundplan_cli.cloud.serving import detach as in_background

        server = in_background(wanted)
        _tell(server.url, as_json=as_json, stop="groundplan cloud stop")
        return
    from mockcloud.doors.memory import serve_only

    serve_only()
    with Ending() as ending, serving(wanted) as doors, noted(doors) as server:
        ending.stops(doors.server.stop_soon)
        _tell(server.url, as_json=as_json, stop="Ctrl-C, or groundplan cloud stop")
        doors.server.wait()
    typer.echo("The mock cloud has stopped.", err=True)


def _tell(url: str, *, as_json: bool, stop: str) -> None:
    if as_json:
        typer.echo(json.dumps({"url": url}))
        return
    typer.echo(f"The mock cloud serves at {url}")
    typer.echo(f"  look at it   {url}/")
    typer.echo('  use it       eval "$(groundplan cloud env)"')
    typer.echo("               groundplan cloud exec -- COMMAND")
    typer.echo(f"  stop it      {stop}")


def stop(*, port: PortOption = None, debug: DebugOption = False) -> None:
    """Stop a mock cloud."""
    from groundplan_cli.cloud.client import ask
    from groundplan_cli.cloud.running import chosen, wait_until_gone

    del debug  # its callback has remembered it
    server = chosen(port)
    ask(server.url, "POST", "stop")
    wait_until_gone(server)
    typer.echo(f"The mock cloud at {server.url} has stopped.")
