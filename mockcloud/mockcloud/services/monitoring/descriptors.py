"""Descriptors of metrics: made by hand, or by the first point that is written. Their ids hold slashes."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid, not_found
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.monitoring.filtering import plain
from mockcloud.services.monitoring.service import API, SERVICE


@SERVICE.method("projects.metricDescriptors.create")
def create(call: Call) -> Answer | Body:
    """Make a descriptor, or add labels to one."""
    kind = call.body.get("type", "")
    if "/" not in kind:
        raise invalid(f"Invalid metric type: '{kind}'.", Violation("metric_descriptor.type", "It names no metric."))
    return put(call.cloud, call.name, call.body).body


def put(cloud: Cloud, collection: str, given: Body) -> Record:
    """Make a descriptor, or change the one of its type.

    Args:
        cloud: The cloud.
        collection: Full name of the project's descriptors.
        given: What is known of the metric.
    """
    kind = given["type"]
    name = f"{collection}/{kind}"
    body: dict[str, Any] = {
        "metricKind": "GAUGE",
        "valueType": "DOUBLE",
        "description": "",
        "displayName": "",
        **given,
        "name": name,
        "monitoredResourceTypes": given.get("monitoredResourceTypes", ["global", "generic_node", "generic_task"]),
    }
    record = cloud.store.get(API, name)
    if record is not None:
        return cloud.change(record, body)
    return cloud.create(Record(API, name, body, collection=collection))


@SERVICE.method("projects.metricDescriptors.get")
def get(call: Call) -> Answer | Body:
    """Give a descriptor."""
    return _found(call).body


def _found(call: Call) -> Record:
    record = call.cloud.store.get(API, call.name)
    if record is None:
        raise not_found(call.name, what="Metric")
    return record


@SERVICE.method("projects.metricDescriptors.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of a project's descriptors."""
    keep = matcher(plain(call.text("filter")))
    # Filters speak of the metric, of which the descriptor is one.
    wanted = [
        each.body
        for each in call.cloud.store.page(API, call.name)
        if keep is None or keep({**each.body, "metric": each.body})
    ]
    chosen, token = slice_page(call, wanted)
    return {**({"metricDescriptors": chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method("projects.metricDescriptors.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a descriptor with its time series."""
    record = _found(call)
    project = "/".join(record.name.split("/")[:2])
    series = call.cloud.store.get(API, f"{project}/timeSeries/{record.id}")
    if series is not None:
        call.cloud.delete(series)
    call.cloud.delete(record)
    return {}
