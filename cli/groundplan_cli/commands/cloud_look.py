"""`groundplan cloud state` and `log`."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from groundplan_cli.commands.cloud_options import JsonOption, PortOption
from groundplan_cli.commands.options import DebugOption

if TYPE_CHECKING:
    from collections.abc import Iterator


def state(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[API/NAME]",
            help="One resource, such as secretmanager/projects/acme/secrets/key.",
            show_default=False,
        ),
    ] = None,
    *,
    api: Annotated[
        str | None, typer.Option("--api", metavar="API", help="List the resources of an API.", show_default=False)
    ] = None,
    project: Annotated[
        str | None,
        typer.Option("--project", metavar="PROJECT", help="List the resources of a project.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
    port: PortOption = None,
    debug: DebugOption = False,
) -> None:
    """Show what there is in a mock cloud: counts, the resources of an API or a project, or one resource."""
    from groundplan_cli.cloud.client import ask
    from groundplan_cli.cloud.running import chosen
    from groundplan_cli.text import plain

    del debug  # its callback has remembered it
    url = chosen(port).url
    if name is not None:
        of, _, rest = name.partition("/")
        typer.echo(_dump(ask(url, "GET", "resource", api=of, name=rest)))
    elif api or project:
        found = list(_resources(url, api, project))
        if as_json:
            typer.echo(_dump(found))
        else:
            for each in found:
                typer.echo(plain(f"{each['api']}/{each['name']}" + (f"  {each['state']}" if each["state"] else "")))
    else:
        _counts({**ask(url, "GET", "about"), **ask(url, "GET", "state")}, as_json=as_json)


def _resources(url: str, api: str | None, project: str | None) -> "Iterator[dict[str, Any]]":
    from groundplan_cli.cloud.client import ask

    after = None
    while True:
        found = ask(url, "GET", "resources", api=api, project=project, after=after, size=500)
        yield from found["resources"]
        if not found["more"]:
            return
        last = found["resources"][-1]
        after = f"{last['api']}/{last['name']}"


def _counts(found: dict[str, Any], *, as_json: bool) -> None:
    from groundplan_cli.text import plain

    if as_json:
        typer.echo(_dump(found))
        return
    on = [rule for rule, is_on in found["rules"].items() if is_on]
    typer.echo(f"{found['profile']}, rules: {', '.join(on) or 'none'}; it is {found['now']} there")
    typer.echo(f"resources  {found['resources']}, calls {found['calls']}, faults {found['faults']}")
    for project in found["projects"]:
        typer.echo(plain(f"  project {project['project']}  {project['resources']}"))
    for service in found["services"]:
        typer.echo(plain(f"  {service['api']}"))
        for collection, number in service["collections"].items():
            typer.echo(plain(f"    {collection}  {number}"))


def log(
    *,
    changes: Annotated[bool, typer.Option("--changes", help="What changed, rather than who called what.")] = False,
    violations: Annotated[
        bool,
        typer.Option("--violations", help="What perimeters and organisation policies in dry run would have refused."),
    ] = False,
    since: Annotated[
        int | None,
        typer.Option("--since", metavar="NUMBER", min=0, help="Only what came behind a number.", show_default=False),
    ] = None,
    size: Annotated[int, typer.Option("--size", min=1, max=500, help="How many at most.")] = 100,
    follow: Annotated[bool, typer.Option("--follow", help="Stay, and show what comes, until Ctrl-C.")] = False,
    as_json: JsonOption = False,
    port: PortOption = None,
    debug: DebugOption = False,
) -> None:
    """Show who called what in a mock cloud, what changed, or what rules in dry run would have refused."""
    from groundplan_cli.cloud.client import ask
    from groundplan_cli.cloud.running import chosen

    del debug  # its callback has remembered it
    if violations:
        _check_violations(changes=changes, since=since, follow=follow)
        _violations(chosen(port).url, size, as_json=as_json)
        return
    url, kind = chosen(port).url, "changes" if changes else "calls"
    entries = ask(url, "GET", kind, since=since, size=size)[kind]
    if as_json and not follow:
        typer.echo(_dump(entries))
        return
    for each in entries:
        typer.echo(_entry(each, as_json=as_json))
    if follow:
        for each in _later(url, kind, entries[-1]["number"] if entries else since or 0):
            typer.echo(_entry(each, as_json=as_json))


def _check_violations(*, changes: bool, since: int | None, follow: bool) -> None:
    from groundplan_cli.errors import Error

    options = (("--changes", changes), ("--since", since is not None), ("--follow", follow))
    given = [name for name, is_given in options if is_given]
    if given:
        raise Error(
            "Options exclude each other",
            given=" ".join(["--violations", *given]),
            allowed="--violations alone, or with --size and --json",
            remedy=f"leave out {' and '.join(given)}",
        )


def _violations(url: str, size: int, *, as_json: bool) -> None:
    from groundplan_cli.cloud.client import ask
    from groundplan_cli.text import plain

    found = ask(url, "GET", "violations", size=size)["violations"]
    if as_json:
        typer.echo(_dump(found))
        return
    for each in found:
        about = f"{each['method']}  {each['name']}  {each['caller']}"
        typer.echo(plain(f"{each['rule']}  {each['policy']}  {about}  {each['reason']}"))


def _later(url: str, kind: str, after: int) -> "Iterator[dict[str, Any]]":
    """Give the entries that come behind a number, as they come, until the server stops."""
    from groundplan_cli.cloud.client import ask, events

    era = None
    for news in events(url):
        if era not in {None, news["era"]}:
            after = 0  # the cloud was emptied, and counts anew
        era = news["era"]
        while found := ask(url, "GET", kind, since=after)[kind]:
            yield from found
            after = found[-1]["number"]


def _entry(each: dict[str, Any], *, as_json: bool) -> str:
    from groundplan_cli.text import plain

    if as_json:
        return json.dumps(each)
    change = "what" in each
    what = each["what"] if change else str(each["status"])
    about = f"{each['api']}/{each['name']}" if change else f"{each['method']}  {each['name']}"
    refused = "" if change or not each["message"] else f"  {each['message'].splitlines()[0]}"
    return plain(f"{each['number']:>6}  {each['at']:<28}{what:<7}{about}  {each['caller']}{refused}")


def _dump(found: object) -> str:
    return json.dumps(found, indent=2)
