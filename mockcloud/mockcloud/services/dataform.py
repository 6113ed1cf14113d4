"""Dataform: repositories, workspaces with files, compilations and invocations.

Files are kept; nothing is compiled or run: a compilation finds no error, and an invocation is simulated.
"""

import hashlib
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.progress import EVENT, Step, plan_run, progress, stop
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("dataform")
SERVICE.on_event(EVENT)(progress)

_REPOSITORIES: Final = "projects.locations.repositories"
_WORKSPACES: Final = f"{_REPOSITORIES}.workspaces"
_SECONDS: Final = 30.0

SERVICE.collection(_REPOSITORIES, state=None, children="force")


def _files(record: Record) -> dict[str, str]:
    """Give what is in a workspace: path -> contents in base64."""
    return dict(record.hidden.get("files", {}))


def _path(call: Call, given: object) -> str:
    path = str(given or "")
    if not path or path.startswith("/") or ".." in path.split("/"):
        raise invalid(f"Invalid path: '{path}'.", Violation("path", "It is no path inside the workspace."))
    del call
    return path


@SERVICE.method(f"{_WORKSPACES}.writeFile")
def write_file(call: Call) -> Answer | Body:
    """Write a file of a workspace."""
    record = found(call)
    path = _path(call, call.body.get("path"))
    files = {**_files(record), path: call.body.get("contents", "")}
    call.cloud.change(record, record.body, hidden={**record.hidden, "files": files})
    return {}


@SERVICE.method(f"{_WORKSPACES}.readFile")
def read_file(call: Call) -> Answer | Body:
    """Give a file of a workspace."""
    path = _path(call, call.text("path"))
    files = _files(found(call))
    if path not in files:
        raise not_found(path, what="File")
    return {"fileContents": files[path]}


@SERVICE.method(f"{_WORKSPACES}.removeFile")
def remove_file(call: Call) -> Answer | Body:
    """Remove a file of a workspace."""
    record = found(call)
    path = _path(call, call.body.get("path"))
    files = _files(record)
    if files.pop(path, None) is None:
        raise not_found(path, what="File")
    call.cloud.change(record, record.body, hidden={**record.hidden, "files": files})
    return {}


@SERVICE.method(f"{_WORKSPACES}.queryDirectoryContents")
def list_directory(call: Call) -> Answer | Body:
    """Give what is in a directory of a workspace."""
    start = call.text("path").strip("/")
    prefix = f"{start}/" if start else ""
    names = {each.removeprefix(prefix) for each in _files(found(call)) if each.startswith(prefix)}
    files = sorted(each for each in names if "/" not in each)
    directories = sorted({each.partition("/")[0] for each in names if "/" in each})
    entries = [{"directory": each} for each in directories] + [{"file": each} for each in files]
    return {"directoryEntries": entries} if entries else {}


@SERVICE.method(f"{_WORKSPACES}.commit")
def commit(call: Call) -> Answer | Body:
    """Commit the files of a workspace to its repository."""
    record = found(call)
    author = call.body.get("author", {})
    if not author.get("emailAddress"):
        raise invalid("A commit has an author.", Violation("author.email_address", "It is empty."))
    repository = found(call, record.name.rsplit("/", 2)[0])
    files = _files(record)
    digest = hashlib.sha1(usedforsecurity=False)
    digest.update(repr(sorted(files.items())).encode())
    history = repository.hidden.get("history", [])
    entry = {
        "commitSha": digest.hexdigest(),
        "commitTime": call.cloud.clock.tick(),
        "author": dict(author),
        "commitMessage": call.body.get("commitMessage", ""),
    }
    hidden = {**repository.hidden, "files": files, "history": [entry, *history]}
    call.cloud.change(repository, repository.body, hidden=hidden)
    return {}


@SERVICE.method(f"{_REPOSITORIES}.readFile")
def read_committed(call: Call) -> Answer | Body:
    """Give a committed file."""
    path = _path(call, call.text("path"))
    files = _files(found(call))
    if path not in files:
        raise not_found(path, what="File")
    return {"contents": files[path]}


@SERVICE.method(f"{_REPOSITORIES}.fetchHistory")
def history(call: Call) -> Answer | Body:
    """Give the commits of a repository, the newest first."""
    return {"commits": list(found(call).hidden.get("history", []))}


# Compilations and invocations
# ---------------------------------------------------------------------------------------------------------------------


def _compilation(call: Call, name: str, body: dict[str, Any]) -> Body:
    repository = found(call, name.rsplit("/", 2)[0])
    sources = [each for each in ("gitCommitish", "workspace", "releaseConfig") if each in body]
    if len(sources) != 1:
        raise invalid("A compilation has one source.", Violation("compilation_result", "Set one of its sources."))
    commits = repository.hidden.get("history", [])
    sha = {"resolvedGitCommitSha": commits[0]["commitSha"]} if commits and "workspace" not in body else {}
    return {**body, **sha, "dataformCoreVersion": "3.0.0"}


SERVICE.collection(f"{_REPOSITORIES}.compilationResults", created=_compilation, state=None)


def _invocation(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    compilation = body.get("compilationResult", "")
    if compilation:
        found(call, call.cloud.projects.by_id(compilation))
    elif not body.get("workflowConfig"):
        raise invalid("An invocation has a source.", Violation("workflow_invocation", "Set compilation_result."))
    now = call.cloud.clock.tick()
    return {
        **body,
        "state": "RUNNING",
        "resolvedCompilationResult": compilation,
        "invocationTiming": {"startTime": now},
    }


def _run(call: Call, record: Record) -> None:
    steps = [Step(_SECONDS, {"state": "SUCCEEDED"}, ("invocationTiming.endTime",))]
    plan_run(call, record, steps, lambda _: {"state": "FAILED"})


SERVICE.collection(f"{_REPOSITORIES}.workflowInvocations", created=_invocation, after_create=_run, state=None)


@SERVICE.method(f"{_REPOSITORIES}.workflowInvocations.cancel")
def cancel(call: Call) -> Answer | Body:
    """Cancel an invocation that runs."""
    record = found(call)
    if record.body["state"] != "RUNNING":
        raise failed_precondition(f"The invocation has ended: {record.body['state']}.")
    stop(call.cloud, record, {"state": "CANCELLED"}, "invocationTiming.endTime")
    return {}
