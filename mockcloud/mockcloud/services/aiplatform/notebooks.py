"""Colab Enterprise: templates, runtimes that start and stop, and notebooks that are executed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import already_exists, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform import jobs
from mockcloud.services.aiplatform.api import (
    API,
    LOCATION,
    SERVICE,
    collection,
    found,
    given_id,
    need,
    now,
    refuse_in_use,
    shown,
    start,
    touch,
)

_ID: Final = r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}"
_SECONDS: Final = 120.0
"""Virtual seconds that a runtime takes to start."""
_LIFE: Final = timedelta(days=180)
"""How long a runtime lives unless it is upgraded (NotebookRuntime.expiration_time)."""
_OF_TEMPLATE: Final = (
    "machineSpec",
    "dataPersistentDiskSpec",
    "networkSpec",
    "eucConfig",
    "idleShutdownConfig",
    "encryptionSpec",
    "serviceAccount",
    "shieldedVmConfig",
    "softwareConfig",
    "reservationAffinity",
    "networkTags",
    "notebookRuntimeType",
)
"""What a runtime takes from its template."""


# Templates
# ---------------------------------------------------------------------------------------------------------------------


def _template_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    return {
        "notebookRuntimeType": "USER_DEFINED",
        "machineSpec": {"machineType": "e2-standard-4"},
        "dataPersistentDiskSpec": {"diskType": "pd-standard", "diskSizeGb": "100"},
        "networkSpec": {"enableInternetAccess": True},
        "eucConfig": {},
        "idleShutdownConfig": {"idleTimeout": "10800s"},
        "shieldedVmConfig": {},
        **body,
    }


def _template_deleting(call: Call, record: Record) -> None:
    location = record.name.rpartition("/notebookRuntimeTemplates/")[0]
    name = shown(call.cloud, record.name)
    users = [
        each
        for each in call.cloud.store.page(API, f"{location}/notebookRuntimes")
        if each.body.get("notebookRuntimeTemplateRef", {}).get("notebookRuntimeTemplate") == name
    ]
    if users:
        refuse_in_use(call, f"Runtimes use the template '{name}': {', '.join(each.id for each in users)}.")


collection(
    "notebookRuntimeTemplates",
    new_id=given_id("notebookRuntimeTemplateId", _ID),
    created=_template_created,
    deleting=_template_deleting,
    required=("displayName",),
    state=None,
)


@SERVICE.method(f"{LOCATION}.notebookRuntimeTemplates.setDefault")
def set_default(call: Call) -> Answer | Body:
    """Make a template the one that is used where none is named."""
    record = need(call.cloud, call.body.get("name", ""), "NotebookRuntimeTemplate")
    for each in call.cloud.store.page(API, record.parent):
        if each.body.get("isDefault") and each.name != record.name:
            touch(call.cloud, each, isDefault=None)
    return touch(call.cloud, record, isDefault=True).body


# Runtimes
# ---------------------------------------------------------------------------------------------------------------------

collection("notebookRuntimes", state=None)


@SERVICE.method(f"{LOCATION}.notebookRuntimes.assign")
def assign(call: Call) -> Answer | Body:
    """Give a user a runtime, made from a template."""
    asked = call.body.get("notebookRuntime", {})
    for field in ("displayName", "runtimeUser"):
        if not asked.get(field):
            raise invalid("The runtime is not complete.", Violation(f"notebook_runtime.{field}", "It is required."))
    template = need(call.cloud, call.body.get("notebookRuntimeTemplate", ""), "NotebookRuntimeTemplate")
    parent = call.name.removesuffix("/notebookRuntimes") + "/notebookRuntimes"
    identifier = given_id("notebookRuntimeId", _ID)(call, {})
    name = f"{parent}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(shown(call.cloud, name), what="NotebookRuntime")
    moment = now(call.cloud)
    region = name.split("/")[3]
    body = {
        **{key: template.body[key] for key in _OF_TEMPLATE if key in template.body},
        **asked,
        "name": shown(call.cloud, name),
        "notebookRuntimeTemplateRef": {"notebookRuntimeTemplate": shown(call.cloud, template.name)},
        "runtimeState": "RUNNING",
        "healthState": "HEALTHY",
        "proxyUri": f"https://{identifier}-dot-{region}.aiplatform-notebook.googleusercontent.com",
        "createTime": moment,
        "updateTime": moment,
        "expirationTime": stamp(call.cloud.clock.now + _LIFE),
        "version": "1",
        "isUpgradable": False,
    }
    record = call.cloud.create(Record(API, name, body))
    return start(call, record.name, record.body, seconds=_SECONDS, back={"name": record.name})


def _moved(call: Call, wanted: str, reached: str, **changes: object) -> Answer | Body:
    record = found(call)
    if record.body["runtimeState"] != wanted:
        refuse_in_use(
            call, f"'{shown(call.cloud, record.name)}' is {record.body['runtimeState']}; it must be {wanted} for this."
        )
    touch(call.cloud, record, runtimeState=reached, **changes)
    return start(call, record.name, {}, seconds=_SECONDS)


@SERVICE.method(f"{LOCATION}.notebookRuntimes.start")
def start_runtime(call: Call) -> Answer | Body:
    """Start a runtime that is stopped."""
    return _moved(call, "STOPPED", "RUNNING", healthState="HEALTHY")


@SERVICE.method(f"{LOCATION}.notebookRuntimes.stop")
def stop_runtime(call: Call) -> Answer | Body:
    """Stop a runtime."""
    return _moved(call, "RUNNING", "STOPPED", healthState=None)


@SERVICE.method(f"{LOCATION}.notebookRuntimes.upgrade")
def upgrade(call: Call) -> Answer | Body:
    """Give a runtime the newest version, and a new life."""
    return _moved(call, "RUNNING", "RUNNING", expirationTime=stamp(call.cloud.clock.now + _LIFE), isUpgradable=False)


# Executions
# ---------------------------------------------------------------------------------------------------------------------


def _execution_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    if body.get("notebookRuntimeTemplateResourceName"):
        need(call.cloud, body["notebookRuntimeTemplateResourceName"], "NotebookRuntimeTemplate")
    return body


jobs.kind(
    "notebookExecutionJobs",
    jobs.Job(field="jobState", error="status", stamps=False, seconds=120.0, cancels=False),
    new_id=given_id("notebookExecutionJobId", _ID),
    created=_execution_created,
)


def make(cloud: Cloud, parent: str, request: Mapping[str, Any]) -> Record:
    """Make an execution where no call asks for it, for a schedule.

    Args:
        cloud: The cloud.
        parent: Full name of the location.
        request: `notebookExecutionJob`, and the name of the `schedule`.
    """
    body = {
        **request.get("notebookExecutionJob", {}),
        "jobState": "JOB_STATE_QUEUED",
        "scheduleResourceName": request["schedule"],
    }
    identifier = cloud.ids.numeric("aiplatform/notebookExecutionJobs")
    record = jobs.make(cloud, f"{parent}/notebookExecutionJobs/{identifier}", body)
    jobs.begin(cloud, record)
    return record
