"""Cloud Build: builds that go through their states, triggers, worker pools, connections to source hosts.

A build is simulated: its steps are not run, and it succeeds unless a fault says otherwise.
"""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid
from mockcloud.cloud.masks import apply_mask, merged, read_mask
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.older_names import with_location
from mockcloud.services.progress import EVENT, Step, plan_steps, progress, stop
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("cloudbuild")
SERVICE.on_event(EVENT)(progress)

_METADATA: Final = "type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata"
_SECONDS: Final = 60.0
"""How long a simulated build takes, in virtual seconds."""

_ENDED: Final = frozenset({"SUCCESS", "FAILURE", "INTERNAL_ERROR", "TIMEOUT", "CANCELLED", "EXPIRED"})


@SERVICE.preparation
def _place(call: Call) -> None:
    """Read names of the older form, which leaves the location out, as those of the location `global`."""
    call.name = with_location(call.name, "global", {"builds", "triggers"})


@SERVICE.method("projects.builds.create", "projects.locations.builds.create")
def create_build(call: Call) -> Answer | Body:
    """Start a build."""
    if not call.body.get("steps"):
        raise invalid("A build has at least one step.", Violation("build.steps", "It is empty."))
    return start_build(call, call.name.rpartition("/")[0], call.body)


def start_build(call: Call, parent: str, body: Body) -> Body:
    """Start a build below a location, and give its operation."""
    cloud = call.cloud
    identifier = cloud.ids.uuid("cloudbuild/builds")
    name = f"{parent}/builds/{identifier}"
    project = name.split("/")[1]
    now = cloud.clock.tick()
    waiting = bool(body.get("approval", {}).get("config", {}).get("approvalRequired"))
    build = {
        "timeout": "600s",
        "queueTtl": "3600s",
        **body,
        "id": identifier,
        "projectId": project,
        "name": operations.with_number(cloud, name),
        "status": "PENDING" if waiting else "QUEUED",
        "createTime": now,
        "logUrl": f"https://console.cloud.google.com/cloud-build/builds;region={name.split('/')[3]}/{identifier}",
        "serviceAccount": body.get("serviceAccount")
        or f"projects/{project}/serviceAccounts/{_default_account(call, project)}",
    }
    if waiting:
        build["approval"] = {**body["approval"], "state": "PENDING"}
    record = cloud.create(Record("cloudbuild", name, build))
    if not waiting:
        _run(call, record)
    return operations.start(
        call,
        parent,
        {**build, "status": "SUCCESS"},
        type_name="google.devtools.cloudbuild.v1.Build",
        metadata={"@type": _METADATA, "build": build},
        seconds=_SECONDS,
    )


def _run(call: Call, record: Record) -> None:
    images = [
        {"name": each, "digest": f"sha256:{call.cloud.ids.hexadecimal('cloudbuild/digest', 64)}"}
        for each in record.body.get("images", [])
    ]
    results = {"images": images, "buildStepImages": ["" for _ in record.body.get("steps", [])]}
    steps = [
        Step(1.0, {"status": "WORKING"}, ("startTime",)),
        Step(_SECONDS, {"status": "SUCCESS", "results": results}, ("finishTime",)),
    ]
    plan_steps(call.cloud, record, steps)


@SERVICE.method("projects.builds.cancel", "projects.locations.builds.cancel")
def cancel_build(call: Call) -> Answer | Body:
    """Cancel a build that has not ended."""
    record = found(call)
    if record.body["status"] in _ENDED:
        raise failed_precondition(f"The build has ended: {record.body['status']}.")
    return stop(call.cloud, record, {"status": "CANCELLED"}, "finishTime").body


@SERVICE.method("projects.builds.retry", "projects.locations.builds.retry")
def retry_build(call: Call) -> Answer | Body:
    """Start a build again, as a new one."""
    record = found(call)
    dropped = {"id", "name", "status", "createTime", "startTime", "finishTime", "results", "logUrl"}
    return start_build(
        call, record.name.rsplit("/", 2)[0], {key: each for key, each in record.body.items() if key not in dropped}
    )


@SERVICE.method("projects.builds.approve", "projects.locations.builds.approve")
def approve_build(call: Call) -> Answer | Body:
    """Approve or refuse a build that waits for it."""
    record = found(call)
    if record.body["status"] != "PENDING":
        raise failed_precondition("The build does not wait for an approval.")
    result = {**call.body.get("approvalResult", {}), "approverAccount": call.caller.email}
    approved = result.get("decision") == "APPROVED"
    approval = {"state": "APPROVED" if approved else "REJECTED", "result": result}
    status = "QUEUED" if approved else "CANCELLED"
    record = call.cloud.change(record, merged(record.body, {"status": status, "approval": approval}))
    if approved:
        _run(call, record)
    parent = record.name.rsplit("/", 2)[0]
    return operations.start(
        call,
        parent,
        record.body,
        type_name="google.devtools.cloudbuild.v1.Build",
        metadata={"@type": _METADATA, "build": record.body},
    )


# Triggers
# ---------------------------------------------------------------------------------------------------------------------


def _new_trigger_id(call: Call, body: dict[str, Any]) -> str:
    del body
    return call.cloud.ids.uuid("cloudbuild/triggers")


def _trigger(call: Call, name: str, body: dict[str, Any]) -> Body:
    """Complete a trigger: its name is short unless the caller gives one, its id is the cloud's."""
    identifier = name.rpartition("/")[2]
    given = body.get("name", "")
    if given and "/" in given and "triggers" not in given:
        raise invalid(f"Invalid trigger name: '{given}'.", Violation("trigger.name", "It is no name."))
    wanted = call.body.get("name", "")
    return {
        **body,
        "id": identifier,
        "name": wanted if wanted and "/" not in wanted else f"trigger-{identifier[:8]}",
        "resourceName": name,
        "createTime": call.cloud.clock.tick(),
    }


def _find_trigger(call: Call) -> Record:
    """Find a trigger by id or by name."""
    record = call.cloud.store.get("cloudbuild", call.name)
    if record is None:
        parent, _, wanted = call.name.rpartition("/")
        record = next(
            (each for each in call.cloud.store.page("cloudbuild", parent) if each.body["name"] == wanted), None
        )
    return record or found(call)


for _collection in ("projects.triggers", "projects.locations.triggers"):
    SERVICE.collection(_collection, new_id=_new_trigger_id, created=_trigger, state=None)


@SERVICE.method(
    "projects.triggers.get",
    "projects.locations.triggers.get",
)
def get_trigger(call: Call) -> Answer | Body:
    """Give a trigger, by id or by name."""
    return _find_trigger(call).body


@SERVICE.method("projects.triggers.patch", "projects.locations.triggers.patch")
def patch_trigger(call: Call) -> Answer | Body:
    """Replace a trigger's settings, all of them: an update names no fields unless the mask does."""
    record = _find_trigger(call)
    kept = {key: record.body[key] for key in ("id", "createTime", "resourceName", "name")}
    mask = call.text("updateMask")
    paths: list[tuple[str, ...]] = read_mask(mask, call.schemas, "BuildTrigger") if mask else [("*",)]
    new = apply_mask(record.body, call.body, paths)
    return call.cloud.change(
        record, {**new, **kept, **({"name": new["name"]} if "/" not in new.get("name", "/") else {})}
    ).body


@SERVICE.method("projects.triggers.delete", "projects.locations.triggers.delete")
def delete_trigger(call: Call) -> Answer | Body:
    """Delete a trigger, by id or by name."""
    call.cloud.delete(_find_trigger(call))
    return {}


@SERVICE.method("projects.triggers.run", "projects.locations.triggers.run")
def run_trigger(call: Call) -> Answer | Body:
    """Start the build of a trigger."""
    record = _find_trigger(call)
    if record.body.get("disabled"):
        raise failed_precondition("The trigger is disabled.")
    source = call.body.get("source", call.body)
    # A build file is in the repository, which the mock cloud does not read: such a build shows no steps.
    template = record.body.get("build", {})
    approval = {"config": record.body["approvalConfig"]} if "approvalConfig" in record.body else {}
    body = {
        **template,
        "buildTriggerId": record.body["id"],
        "substitutions": {
            **record.body.get("substitutions", {}),
            **template.get("substitutions", {}),
            **source.get("substitutions", {}),
            "TRIGGER_NAME": record.body["name"],
        },
        **({"serviceAccount": record.body["serviceAccount"]} if "serviceAccount" in record.body else {}),
        **({"approval": approval} if approval else {}),
    }
    return start_build(call, record.name.rsplit("/", 2)[0], body)


# Worker pools, connections, repositories
# ---------------------------------------------------------------------------------------------------------------------

SERVICE.collection("projects.locations.workerPools", state=("state", "RUNNING"), seconds=60.0)


def _connection(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    return {**body, "installationState": {"stage": "COMPLETE"}, "reconciling": False}


SERVICE.collection("projects.locations.connections", created=_connection, state=None)
SERVICE.collection("projects.locations.connections.repositories", required=("remoteUri",), state=None)


@SERVICE.method("projects.locations.connections.repositories.batchCreate")
def create_repositories(call: Call) -> Answer | Body:
    """Link several repositories at once."""
    made: list[Body] = []
    for at, each in enumerate(call.body.get("requests", [])):
        identifier = each.get("repositoryId", "")
        name = f"{call.name}/{identifier}"
        if not identifier or "/" in identifier:
            where = f"requests[{at}].repository_id"
            raise invalid("A repository has an id.", Violation(where, "It is empty, or holds a slash."))
        if call.cloud.store.get("cloudbuild", name) is not None:
            raise already_exists(name, what="Repository")
        now = call.cloud.clock.tick()
        body = {**each.get("repository", {}), "name": name, "createTime": now, "updateTime": now}
        made.append(call.cloud.create(Record("cloudbuild", name, body)).body)
    return operations.start(
        call,
        "/".join(call.name.split("/")[:4]),
        {"repositories": made},
        type_name="google.devtools.cloudbuild.v2.BatchCreateRepositoriesResponse",
    )


_BITBUCKET: Final = "projects.locations.bitbucketServerConfigs"


@SERVICE.method(f"{_BITBUCKET}.connectedRepositories.batchCreate")
def connect_repositories(call: Call) -> Answer | Body:
    """Connect repositories of a Bitbucket server. Nobody asks the server."""
    config = found(call, call.name.removesuffix("/connectedRepositories"))
    wanted = [
        each.get("bitbucketServerConnectedRepository", {}).get("repo", {}) for each in call.body.get("requests", [])
    ]
    there = config.body.get("connectedRepositories", [])
    new = [*there, *(each for each in wanted if each not in there)]
    call.cloud.change(config, {**config.body, "connectedRepositories": new})
    return operations.start(
        call,
        "/".join(config.name.split("/")[:4]),
        {"bitbucketServerConnectedRepositories": [{"parent": config.name, "repo": each} for each in wanted]},
        type_name="google.devtools.cloudbuild.v1.BatchCreateBitbucketServerConnectedRepositoriesResponse",
    )


@SERVICE.method(f"{_BITBUCKET}.removeBitbucketServerConnectedRepository")
def disconnect_repository(call: Call) -> Answer | Body:
    """Let go of a repository of a Bitbucket server."""
    config, gone = found(call), call.body.get("connectedRepository", {})
    left = [each for each in config.body.get("connectedRepositories", []) if each != gone]
    call.cloud.change(config, {**config.body, "connectedRepositories": left})
    return {}


@SERVICE.method("projects.locations.getDefaultServiceAccount")
def default_account(call: Call) -> Answer | Body:
    """Give the account with which builds run where they name none."""
    account = _default_account(call, call.project)
    return {
        "name": f"{call.name}/defaultServiceAccount",
        "serviceAccountEmail": f"projects/{call.project}/serviceAccounts/{account}",
    }


def _default_account(call: Call, project: str) -> str:
    return f"{call.cloud.projects.number_of(project)}-compute@developer.gserviceaccount.com"
