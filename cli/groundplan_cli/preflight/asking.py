"""From what was asked on the command line to the report."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from groundplan_cli.answers import Answers
from groundplan_cli.cloud.client import ask
from groundplan_cli.cloud.running import chosen
from groundplan_cli.errors import Error
from groundplan_cli.guardrails.target import RunOptions, find_target, read_target
from groundplan_cli.guardrails.target import Target as What
from groundplan_cli.preflight.checking import check
from groundplan_cli.preflight.model import Report, Target
from groundplan_cli.preflight.own import Own, from_engine, from_file
from groundplan_cli.remote.google import google
from groundplan_cli.remote.server import Server
from groundplan_cli.run import Request, parse_config
from groundplan_policies.engine import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked.

    Attributes:
        target: A stack, a document, or None for the project's only stack.
        project: The project's directory, None for the nearest.
        run: How a stack is previewed.
        mock: Whether a mock cloud is asked.
        caller: Who is to deploy, on a mock cloud; "" for its owner.
        state: What the stack has made before: a file of `pulumi stack export`; by default the engine is asked.
    """

    target: str | None = None
    project: Path | None = None
    run: RunOptions = field(default_factory=RunOptions)
    mock: bool = False
    caller: str = ""
    state: Path | None = None


def preflight(asked: Asked) -> Report:
    """Find out what is to be deployed, and what would stop it.

    Raises:
        Error: Wrong use, no credentials, or no mock cloud runs.
        mockcloud.Error: The program failed.
        DocumentError: The document cannot be understood.
    """
    if asked.caller and not asked.mock:
        raise Error(
            "Google Cloud takes the caller from the credentials",
            given=f"--caller {asked.caller} without --mock",
            allowed="--caller together with --mock",
            remedy="leave it out; to ask for an account that you may impersonate: "
            "gcloud auth application-default login --impersonate-service-account=ACCOUNT",
        )
    what = find_target(asked.target, asked.project)
    cloud = _mock(asked.caller) if asked.mock else _google()
    own = _own(asked, what)
    document, subject = read_target(what, replace(asked.run, applied=what.stack is not None))
    if document.profile is Profile.PREVIEW:
        raise Error(
            "The document does not say what a deployment would make",
            given=f"{subject.name}, a preview, in which values are not known yet",
            allowed="a stack, which is deployed on a mock cloud first; or what pulumi stack export prints",
            remedy="name the stack instead",
        )
    return check(document, cloud, stack=subject.name, own=own)


def _own(asked: Asked, what: What) -> Own:
    """Give what the stack has made before. A document is what is to be made somewhere, perhaps for the first time."""
    if asked.state is not None:
        return from_file(asked.state)
    if what.project is None or what.stack is None:
        return Own()
    run = asked.run
    request = Request(what.project, what.stack, parse_config(run.config), Answers(), run.timeout)
    return from_engine(request, mock=asked.mock)


def _mock(caller: str) -> Target:
    server = chosen(None)
    rules: Mapping[str, bool] = ask(server.url, "GET", "about")["rules"]
    on = frozenset(name for name, is_on in rules.items() if is_on)
    return Target(Server(server.url, caller), f"the mock cloud at {server.url}", caller, on)


def _google() -> Target:
    found = google()
    return Target(found, "Google Cloud", found.member)
