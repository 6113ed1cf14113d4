"""The settings of a server that runs."""

from groundplan_cli.cloud.client import ask
from groundplan_cli.cloud.running import Running
from groundplan_cli.cloud.states import variables


def settings_of(server: Running, *, project: str | None = None, client: str | None = None) -> dict[str, str]:
    """Give the variables with which clients use a server.

    Args:
        server: The server.
        project: Project of programs that name none; None for the usual one.
        client: One kind of client, whose variables alone are wanted; None for all.

    Raises:
        Error: The server does not answer, or there is no such kind of client.
    """
    import os

    from mockcloud.doors.environment import DEFAULT_PROJECT, Client, Doors, of_client, settings

    doors = Doors(**ask(server.url, "GET", "about")["doors"])
    found = settings(doors, project=project or DEFAULT_PROJECT, before=os.environ)
    named = {each.name: each.value for each in (of_client(found, client) if client is not None else found)}
    return {**named, **(variables(server) if client in {None, Client.PULUMI} else {})}
