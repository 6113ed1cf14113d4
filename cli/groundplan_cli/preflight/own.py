"""What a stack has made before: those names are its own."""

import json
from dataclasses import dataclass
from pathlib import Path

from pulumi.automation import CommandError

from groundplan_cli.engine.command import Command, NoCommand
from groundplan_cli.engine.faults import NoStack, Story, explain
from groundplan_cli.engine.place import Place, kept_place
from groundplan_cli.errors import Error
from groundplan_cli.preflight.model import Kind, Unasked
from groundplan_cli.run import Request

ABOUT = "what the stack has made before"


@dataclass(frozen=True, slots=True)
class Own:
    """What a stack has made before.

    Attributes:
        ids: Ids of its resources.
        unasked: Why they are not known, where that is so.
    """

    ids: frozenset[str] = frozenset()
    unasked: tuple[Unasked, ...] = ()


def from_file(state: Path) -> Own:
    """Read it from what `pulumi stack export` printed.

    Raises:
        Error: The file cannot be read, or is something else.
    """
    try:
        return Own(_ids(state.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Error(
            "The state cannot be read",
            given=f"{state} ({type(error).__name__}: {error})",
            allowed="what pulumi stack export prints",
            remedy="write it anew: pulumi stack export --file FILE",
        ) from error


def from_engine(request: Request, *, mock: bool) -> Own:
    """Ask the engine, if there is one that knows the stack. Changes nothing. What is not known is said, and no error.

    Args:
        request: The stack.
        mock: Whether its resources are in the mock cloud that runs.
    """
    place = kept_place(request) if mock else Place()
    if place is None:
        return Own()
    name = request.stack.rpartition("/")[2] if mock else request.stack
    directory = str(place.made or request.project.root)
    try:
        return Own(_ids(Command().run(["stack", "export", "--stack", name], directory, place.environment).stdout))
    except CommandError as error:
        why = explain(error, Story(request), mock=mock)
        return Own() if isinstance(why, NoStack) else _not_known(f"{why.what} ({' '.join(why.given.split())})")
    except NoCommand as error:
        return _not_known(error.what)


def _not_known(reason: str) -> Own:
    hint = "names that it took itself count as taken, unless --state gives them"
    return Own(unasked=(Unasked(kind=Kind.NAME, about=ABOUT, reason=f"{reason}; {hint}"),))


def _ids(exported: str | bytes) -> frozenset[str]:
    resources = json.loads(exported)["deployment"].get("resources") or ()
    return frozenset(str(each["id"]) for each in resources if each.get("id") and not each.get("delete"))
