"""Sharing of data: who subscribes to a listing gets a dataset that shows the shared one."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.bigquery import datasets, names
from mockcloud.services.reading import found
from mockcloud.services.references import resolve
from mockcloud.services.service import Service

API: Final = "analyticshub"
SERVICE: Final = Service(API)
_LISTINGS: Final = "projects.locations.dataExchanges.listings"
_SUBSCRIPTIONS: Final = "projects.locations.subscriptions"


@SERVICE.method(f"{_LISTINGS}.subscribe")
def subscribe(call: Call) -> Answer | Body:
    """Subscribe to a listing of a dataset: make the dataset that shows it."""
    listing = found(call)
    shared = listing.body.get("bigqueryDataset", {}).get("dataset", "")
    wanted = call.body.get("destinationDataset", {})
    reference = wanted.get("datasetReference", {})
    if not shared or not reference.get("datasetId"):
        why = "The mock cloud shares datasets: the listing needs one, and the call says what it is to be named."
        raise invalid(why, Violation("destination_dataset.dataset_reference", "It is required."))
    source = resolve(call.cloud, shared, "bigquery")
    if source is None:
        raise failed_precondition(f"The dataset '{shared}' of the listing is not there any more.")
    project = call.cloud.projects.id_of(reference.get("projectId") or call.project)
    linked = _linked(call, source, project, wanted)
    subscription = _subscription(call, listing, source, project, linked)
    if call.method.version == "v1beta1":
        return {}
    return {"subscription": subscription.body}


def _linked(call: Call, source: Record, project: str, wanted: Mapping[str, Any]) -> Record:
    """Make the dataset that shows another one."""
    identifier = wanted["datasetReference"]["datasetId"]
    names.hold_dataset_id(identifier)
    name = names.dataset_name(project, identifier)
    if call.cloud.store.get("bigquery", name) is not None:
        raise already_exists(name, what="Dataset")
    told = {key: wanted[key] for key in ("friendlyName", "description", "labels") if key in wanted}
    shown = {
        **told,
        "type": "LINKED",
        "location": source.body["location"],
        "linkedDatasetSource": {"sourceDataset": dict(source.body["datasetReference"])},
    }
    return datasets.create(call, project, identifier, shown)


def _subscription(call: Call, listing: Record, source: Record, project: str, linked: Record) -> Record:
    location = listing.name.split("/")[3]
    name = f"projects/{project}/locations/{location}/subscriptions/{call.cloud.ids.uuid('analyticshub/subscription')}"
    shown = f"projects/{call.cloud.projects.number_of(project)}/datasets/{linked.id}"
    now = stamp(call.cloud.clock.now)
    body = {
        "name": name,
        "listing": listing.name,
        "creationTime": now,
        "lastModifyTime": now,
        "state": "STATE_ACTIVE",
        "resourceType": "BIGQUERY_DATASET",
        "linkedDatasetMap": {shown: {"linkedDataset": shown, "listing": listing.name}},
        "linkedResources": [{"linkedDataset": shown, "listing": listing.name}],
        "destinationDataset": {"datasetReference": dict(linked.body["datasetReference"]), "location": location},
        "subscriberContact": call.caller.email,
    }
    del source
    return call.cloud.create(Record(API, name, body, {"dataset": linked.name}))


@SERVICE.method(f"{_LISTINGS}.listSubscriptions", "projects.locations.dataExchanges.listSubscriptions")
def list_subscriptions(call: Call) -> Answer | Body:
    """Give the subscriptions to a listing, or to all listings of an exchange."""
    shared = found(call).name
    rows = [
        each.body
        for each in call.cloud.store.of(API)
        if "/subscriptions/" in each.name and f"{each.body['listing']}/".startswith(f"{shared}/")
    ]
    chosen, token = slice_page(call, rows)
    return {**({"subscriptions": chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method(f"{_SUBSCRIPTIONS}.revoke")
def revoke(call: Call) -> Answer | Body:
    """End a subscription from the side of who shares: its dataset shows nothing any more."""
    record = found(call)
    _unlink(call, record)
    call.cloud.change(record, {**record.body, "state": "STATE_INACTIVE", "lastModifyTime": stamp(call.cloud.clock.now)})
    return {}


def _unlink(call: Call, record: Record) -> None:
    linked = call.cloud.store.get("bigquery", str(record.hidden.get("dataset", "")))
    if linked is not None and linked.body.get("type") == "LINKED":
        call.cloud.delete(linked)


SERVICE.collection(_SUBSCRIPTIONS, deleting=_unlink, state=None)
