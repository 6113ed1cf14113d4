"""Online serving of features: stores, views of tables, and their synchronisation."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid, not_found
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import cron
from mockcloud.services.aiplatform import tables
from mockcloud.services.aiplatform.api import API, LOCATION, SERVICE, collection, found, given_id, now, shown, touch
from mockcloud.services.aiplatform.features import ID, agent, groups_of, hold_cron

_VIEWS: Final = f"{LOCATION}.featureOnlineStores.featureViews"
_SYNC: Final = "featureView.sync"
_SYNCED: Final = "featureView.synced"
_SECONDS: Final = 60.0
_TOKEN_LIFE: Final = timedelta(hours=1)
_SOURCES: Final = ("bigQuerySource", "featureRegistrySource", "vertexRagSource")


# Stores
# ---------------------------------------------------------------------------------------------------------------------


def _store_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    if "bigtable" not in body and "optimized" not in body:
        raise invalid(
            "The store has no storage type.", Violation("feature_online_store.storage_type", "bigtable or optimized.")
        )
    if "bigtable" in body:
        scaling = body["bigtable"].get("autoScaling", {})
        return {**body, "bigtable": {**body["bigtable"], "autoScaling": {"cpuUtilizationTarget": 50, **scaling}}}
    serving = body.get("dedicatedServingEndpoint", {})
    if serving.get("privateServiceConnectConfig", {}).get("enablePrivateServiceConnect"):
        number = call.cloud.ids.numeric("aiplatform/attachments", 10)
        region = name.split("/")[3]
        attachment = f"projects/{number}/regions/{region}/serviceAttachments/sa-{name.rpartition('/')[2]}"
        return {**body, "dedicatedServingEndpoint": {**serving, "serviceAttachment": attachment}}
    return {**body, "dedicatedServingEndpoint": {**serving, "publicEndpointDomainName": _domain(call, name)}}


def _domain(call: Call, name: str) -> str:
    _, project, _, region, *_ = name.split("/")
    number = call.cloud.projects.number_of(project)
    return f"{call.cloud.ids.numeric('aiplatform/domains')}.{region}-{number}.featurestore.vertexai.goog"


collection(
    "featureOnlineStores",
    new_id=given_id("featureOnlineStoreId", ID % 59, required=True),
    created=_store_created,
    state=("state", "STABLE"),
    children="force",
    seconds=300.0,
)


# Views
# ---------------------------------------------------------------------------------------------------------------------


def _view_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    sources = [each for each in _SOURCES if body.get(each)]
    if len(sources) != 1:
        raise invalid("A view has exactly one source.", Violation("feature_view.source", f"One of {_SOURCES}."))
    return _view(call, name, body)


def _view_changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    return _view(call, record.name, body)


def _view(call: Call, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    _hold_features(call, name, body)
    text = body.get("syncConfig", {}).get("cron", "")
    if text:
        hold_cron(text, "feature_view.sync_config.cron")
    own = body.get("serviceAgentType") == "SERVICE_AGENT_TYPE_FEATURE_VIEW"
    email = {"serviceAccountEmail": agent(call, "fv", name.rpartition("/")[2])} if own else {}
    return {**body, **email}


def _hold_features(call: Call, name: str, body: Mapping[str, Any]) -> None:
    if not call.cloud.rules.on(Rule.REFERENCES):
        return
    location = name.rpartition("/featureOnlineStores/")[0]
    source = body.get("featureRegistrySource", {})
    if source.get("projectNumber"):
        project = call.cloud.projects.id_of(source["projectNumber"])
        location = f"projects/{project}/locations/{name.split('/')[3]}"
    for group in groups_of(body):
        parent = f"{location}/featureGroups/{group.get('featureGroupId', '')}"
        for each in (parent, *(f"{parent}/features/{one}" for one in group.get("featureIds", []))):
            if call.cloud.store.get(API, each) is None:
                raise not_found(shown(call.cloud, each))


def _planned(call: Call, record: Record) -> None:
    plan_sync(call.cloud, record)


def plan_sync(cloud: Cloud, record: Record) -> None:
    """Plan the next synchronisation of a view that has a schedule."""
    cloud.plans.cancel(API, record.name)
    text = record.body.get("syncConfig", {}).get("cron", "")
    at = cron.read(text).after(cloud.clock.now) if text else None
    if at is not None:
        cloud.plan((at - cloud.clock.now).total_seconds(), record, _SYNC, recurring=True)


collection(
    "featureOnlineStores.featureViews",
    new_id=given_id("featureViewId", ID % 59, required=True),
    created=_view_created,
    changed=_view_changed,
    after_create=_planned,
    after_change=_planned,
    children="cascade",
    seconds=30.0,
)


# Synchronisation
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.on_event(_SYNC)
def sync_again(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Synchronise a view because its schedule says so."""
    del data
    begin(cloud, record)
    plan_sync(cloud, record)


def begin(cloud: Cloud, view: Record) -> Record:
    """Begin to synchronise a view."""
    name = f"{view.name}/featureViewSyncs/{cloud.ids.numeric('aiplatform/featureViewSyncs')}"
    moment = now(cloud)
    body = {"name": shown(cloud, name), "createTime": moment, "runTime": {"startTime": moment}}
    record = cloud.create(Record(API, name, body))
    cloud.plan(_SECONDS, record, _SYNCED)
    return record


@SERVICE.on_event(_SYNCED)
def end(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Take the rows of the source over, as far as the mock cloud has them."""
    del data
    view = cloud.store.get(API, record.name.rpartition("/featureViewSyncs/")[0])
    rows = tables.served(cloud, view) if view is not None else {}
    if view is not None and rows:
        kept = {**view.hidden.get("rows", {}), **rows}
        cloud.change(view, view.body, hidden={**view.hidden, "rows": kept})
    moment = stamp(cloud.clock.now)
    touch(
        cloud,
        record,
        runTime={**record.body["runTime"], "endTime": moment},
        finalStatus={},
        syncSummary={"rowSynced": str(len(rows)), "systemWatermarkTime": moment},
    )


@SERVICE.method(f"{_VIEWS}.sync")
def sync(call: Call) -> Answer | Body:
    """Synchronise a view now."""
    return {"featureViewSync": begin(call.cloud, found(call)).body["name"]}


@SERVICE.method(f"{_VIEWS}.generateFetchAccessToken")
def access_token(call: Call) -> Answer | Body:
    """Give a token with which the view alone can be read."""
    found(call)
    expires = stamp(call.cloud.clock.now + _TOKEN_LIFE)
    return {"accessToken": f"mock.{call.caller.member}", "expireTime": expires}
