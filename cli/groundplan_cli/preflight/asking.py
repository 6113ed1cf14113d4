"""From what was asked on the command line to the report."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from groundplan_cli.cloud.client import ask
from groundplan_cli.cloud.running import chosen
from groundplan_cli.errors import Error
from groundplan_cli.guardrails.target import RunOptions, find_target, read_target
from groundplan_cli.preflight.checking import check
from groundplan_cli.preflight.model import Report, Target
from groundplan_cli.remote.google import google
from groundplan_cli.remote.server import Server
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
        state: What the stack has made before: a file of `pulumi stack export`.
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
    own = _ids(asked.state) if asked.state is not None else frozenset()
    document, subject = read_target(what, replace(asked.run, applied=what.stack is not None))
    if document.profile is Profile.PREVIEW:
        raise Error(
            "The document does not say what a deployment would make",
            given=f"{subject.name}, a preview, in which values are not known yet",
            allowed="a stack, which is deployed on a mock cloud first; or what pulumi stack export prints",
            remedy="name the stack instead",
        )
    return check(document, cloud, stack=subject.name, own=own)


def _mock(caller: str) -> Target:
    server = chosen(None)
    rules: Mapping[str, bool] = ask(server.url, "GET", "about")["rules"]
    on = frozenset(name for name, is_on in rules.items() if is_on)
    return Target(Server(server.url, caller), f"the mock cloud at {server.url}", caller, on)


def _google() -> Target:
    found = google()
    return Target(found, "Google Cloud", found.member)


def _ids(state: Path) -> frozenset[str]:
    """Read the ids of the resources in a state."""
    try:
        resources = json.loads(state.read_bytes())["deployment"]["resources"]
        return frozenset(str(each["id"]) for each in resources if each.get("id") and not each.get("delete"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Error(
            "The state cannot be read",
            given=f"{state} ({type(error).__name__}: {error})",
            allowed="what pulumi stack export prints",
            remedy="write it anew: pulumi stack export --file FILE",
        ) from error
