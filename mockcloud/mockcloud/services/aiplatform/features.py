"""The feature registry: groups over tables, features, and monitors of them."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import already_exists, invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import cron
from mockcloud.services.aiplatform.api import (
    API,
    LOCATION,
    SERVICE,
    collection,
    given_id,
    now,
    refuse_in_use,
    shown,
    start,
    touch,
)

ID: Final = r"[a-z_][a-z0-9_]{0,%d}"
"""Ids of the feature store: lower-case letters, digits, underscores, not a digit first."""
_DONE: Final = "featureMonitorJob.done"
_SECONDS: Final = 60.0


def agent(call: Call, kind: str, identifier: str) -> str:
    """Give the account of a group or a view that has one of its own."""
    number = call.cloud.projects.number_of(call.project)
    return f"service-{number}@gcp-sa-aiplatform-{kind}-{identifier.replace('_', '-')}.iam.gserviceaccount.com"


def hold_cron(text: str, field: str) -> None:
    """Hold a field to a cron expression.

    Raises:
        ApiError: It is none.
    """
    try:
        cron.read(text)
    except cron.InvalidCron as error:
        raise invalid(f"Invalid cron: {error.allowed} is needed.", Violation(field, error.allowed)) from None


# Groups and their features
# ---------------------------------------------------------------------------------------------------------------------


def _group_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    return _group(call, name, body)


def _group_changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    return _group(call, record.name, body)


def _group(call: Call, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    source = body.get("bigQuery", {})
    uri = source.get("bigQuerySource", {}).get("inputUri", "")
    if source and not uri.startswith("bq://"):
        raise invalid(
            f"Invalid BigQuery source: '{uri}'. It must begin with bq://.",
            Violation("feature_group.big_query.big_query_source.input_uri", "It must begin with bq://."),
        )
    own = body.get("serviceAgentType") == "SERVICE_AGENT_TYPE_FEATURE_GROUP"
    email = {"serviceAccountEmail": agent(call, "fg", name.rpartition("/")[2])} if own else {}
    return {**body, **email}


def _group_deleting(call: Call, record: Record) -> None:
    location = record.name.rpartition("/featureGroups/")[0]
    views = [
        each
        for each in call.cloud.store.below(API, f"{location}/featureOnlineStores")
        if any(one.get("featureGroupId") == record.id for one in groups_of(each.body))
    ]
    if views:
        refuse_in_use(call, f"Feature views use '{shown(call.cloud, record.name)}': {views[0].body['name']}.")


def groups_of(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the feature groups that a view names."""
    return list(view.get("featureRegistrySource", {}).get("featureGroups", []))


collection(
    "featureGroups",
    new_id=given_id("featureGroupId", ID % 127, required=True),
    created=_group_created,
    changed=_group_changed,
    deleting=_group_deleting,
    children="force",
)


def _feature_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    return {"versionColumnName": name.rpartition("/")[2], **body}


collection(
    "featureGroups.features",
    new_id=given_id("featureId", ID % 127, required=True),
    created=_feature_created,
    seconds=2.0,
)


@SERVICE.method(f"{LOCATION}.featureGroups.features.batchCreate")
def batch_create(call: Call) -> Answer | Body:
    """Make several features of a group, all or none."""
    return create_features(call, column=True)


def create_features(call: Call, *, column: bool) -> Answer | Body:
    """Make several features, all or none.

    Args:
        call: The call.
        column: Whether each stands for a column of a table, as those of a group do.

    Raises:
        ApiError: What they lie below is not there, an id is invalid or taken.
    """
    parent = call.name.removesuffix("/features")
    if call.cloud.store.get(API, parent) is None:
        raise not_found(shown(call.cloud, parent))
    choose = given_id("featureId", ID % 127, required=True)
    bodies: list[tuple[str, dict[str, Any]]] = []
    for each in call.body.get("requests", []):
        identifier = choose(call, {"name": f"features/{each.get('featureId', '')}"})
        name = f"{parent}/features/{identifier}"
        if call.cloud.store.get(API, name) is not None or any(one == name for one, _ in bodies):
            raise already_exists(shown(call.cloud, name), what="Feature")
        moment = now(call.cloud)
        body = {
            **({"versionColumnName": identifier} if column else {}),
            **each.get("feature", {}),
            "name": shown(call.cloud, name),
            "createTime": moment,
            "updateTime": moment,
            "etag": call.cloud.etag(1),
        }
        bodies.append((name, body))
    made = [call.cloud.create(Record(API, name, body)).body for name, body in bodies]
    return start(call, parent, {"features": made})


# Monitors
# ---------------------------------------------------------------------------------------------------------------------


def _monitor_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    text = body.get("scheduleConfig", {}).get("cron", "")
    if text:
        hold_cron(text, "feature_monitor.schedule_config.cron")
    return body


collection(
    "featureGroups.featureMonitors",
    new_id=given_id("featureMonitorId", ID % 59, required=True),
    created=_monitor_created,
    children="cascade",
)


def _job_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    monitor = call.cloud.store.get(API, name.rpartition("/")[0].rpartition("/")[0])
    selection = monitor.body.get("featureSelectionConfig", {}) if monitor is not None else {}
    return {
        **body,
        "triggerType": "FEATURE_MONITOR_JOB_TRIGGER_ON_DEMAND",
        **({"featureSelectionConfig": selection} if selection else {}),
    }


def _job_planned(call: Call, record: Record) -> None:
    call.cloud.plan(_SECONDS, record, _DONE)


collection("featureGroups.featureMonitors.featureMonitorJobs", created=_job_created, after_create=_job_planned)


@SERVICE.on_event(_DONE)
def job_done(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """End a job of a monitor. A small local simulation: nothing is measured, so it reports no statistics."""
    del data
    touch(cloud, record, finalStatus={}, jobSummary={"totalSlotMs": "0"})
