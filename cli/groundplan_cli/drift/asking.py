"""From what was asked on the command line to the report."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from groundplan_cli.cloud.running import chosen as chosen_server
from groundplan_cli.drift.history import AuditLog, Log, MockLog, NoLog
from groundplan_cli.drift.looking import Looked, look
from groundplan_cli.drift.model import Report
from groundplan_cli.drift.reading import read_by_engine, read_by_provider
from groundplan_cli.errors import Error
from groundplan_cli.guardrails.rules import Chosen, guardrails_for
from groundplan_cli.guardrails.target import Target, find_target
from groundplan_cli.remote.google import google
from groundplan_cli.remote.server import Server
from groundplan_cli.run import LIBRARIES, make_request
from groundplan_policies.engine import Document, Value
from mockcloud.errors import Error as EngineError
from mockcloud.pulumi.api import Transport

GOOGLE = "Google Cloud"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked.

    Attributes:
        project: The project's directory, None for the nearest.
        stack: The stack, None for the only one.
        chosen: Settings and waivers that were named.
    """

    project: Path | None = None
    stack: str | None = None
    chosen: Chosen = field(default_factory=Chosen)


def by_engine(asked: Asked, *, mock: bool) -> Report:
    """Let Pulumi's engine compare a stack with its cloud.

    Raises:
        Error: There is no engine, no such stack, or the cloud refuses.
    """
    from groundplan_cli.drift.engine import preview_refresh
    from groundplan_cli.engine.place import mock_place, own_place

    request = make_request(asked.project, asked.stack, config=asked.chosen.config, answers=None, timeout=None)
    guardrails = guardrails_for(Target(project=request.project, stack=request.stack), asked.chosen)
    place = mock_place(request, or_here=False) if mock else own_place(request)
    with place as found:
        refresh = preview_refresh(request, found)
    document = Document.read(refresh.state, libraries=LIBRARIES)
    server = chosen_server(None) if mock else None
    transport = Server(server.url) if server is not None else _google()
    return look(
        Looked(
            stack=request.stack,
            cloud=f"the mock cloud at {server.url}" if server is not None else GOOGLE,
            raw=refresh.state,
            seen=read_by_engine(document, refresh.found, transport=transport, labels=refresh.labels),
            guardrails=guardrails,
            log=MockLog.of_server(server.url) if server is not None else _audit_log(refresh.state),
        )
    )


def by_provider(asked: Asked, state: str) -> Report:
    """Compare a state from a file with the mock cloud that runs; no engine is needed.

    Args:
        asked: What was asked.
        state: The file; `-` for standard input.

    Raises:
        Error: The file cannot be read, or no mock cloud runs.
        DocumentError: It is no state.
    """
    target = _target(asked, state)
    guardrails = guardrails_for(target, asked.chosen)
    raw = _read(state)
    document = Document.read(raw, libraries=LIBRARIES)
    server = chosen_server(None)
    # The log is read first: reading changes nothing, but is noted.
    log = MockLog.of_server(server.url)
    return look(
        Looked(
            stack=target.name,
            cloud=f"the mock cloud at {server.url}",
            raw=raw,
            seen=read_by_provider(document, Server(server.url)),
            guardrails=guardrails,
            log=log,
        )
    )


def _target(asked: Asked, state: str) -> Target:
    """Give what settings and waivers are looked for beside: the stack, where one is named or is the only one."""
    if asked.stack is not None:
        return find_target(asked.stack, asked.project)
    try:
        return find_target(None, asked.project)
    except (Error, EngineError):
        if asked.project is not None:
            raise
        return Target(project=None, file=Path(state) if state != "-" else None)


def _read(state: str) -> Mapping[str, Value]:
    try:
        found = json.loads(sys.stdin.buffer.read() if state == "-" else Path(state).read_bytes())
    except (OSError, ValueError) as error:
        raise Error(
            "The state cannot be read",
            given=f"{'standard input' if state == '-' else state} ({error})",
            allowed="what pulumi stack export prints",
            remedy="write it anew: pulumi stack export --file FILE",
        ) from error
    if not isinstance(found, dict) or "deployment" not in found or _is_preview(found):
        raise Error(
            "This is no state of a stack",
            given="standard input" if state == "-" else state,
            allowed="what pulumi stack export prints: the resources as they were made",
            remedy="write it anew: pulumi stack export --file FILE",
        )
    return found


def _is_preview(raw: Mapping[str, Value]) -> bool:
    member = raw.get("groundplan")
    return isinstance(member, Mapping) and member.get("profile") == "preview"


def _google() -> Transport | None:
    """Give what calls Google; without credentials of Google's clients, nothing."""
    try:
        return google()
    except Error:
        return None


def _audit_log(state: Mapping[str, Value]) -> Log:
    """Give the audit log; without credentials of Google's clients there is none, which is no reason to see no drift."""
    deployment = state.get("deployment")
    records = deployment.get("resources") if isinstance(deployment, Mapping) else None
    entries = [each for each in records or () if isinstance(each, Mapping)] if isinstance(records, list) else []
    modified = {str(each.get("urn")): str(each["modified"]) for each in entries if each.get("modified")}
    try:
        return AuditLog(google(), modified)
    except Error as error:
        return NoLog(f"the audit log cannot be read: {error.what[:1].lower()}{error.what[1:]}")
