"""Metrics counted from entries, as they are configured. Nothing is counted."""

from typing import Any
from urllib.parse import unquote

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.logging.service import API, SERVICE, found
from mockcloud.services.logging.syntax import hold_filter


@SERVICE.method("projects.metrics.create")
def create(call: Call) -> Answer | Body:
    """Make a metric. Its name may hold slashes."""
    name = call.body.get("name", "")
    if call.cloud.store.get(API, f"{call.name}/{name}") is not None:
        raise already_exists(f"{call.name}/{name}")
    return call.cloud.create(_record(call, call.name, name)).body


def _record(call: Call, collection: str, name: str) -> Record:
    if not name or not call.body.get("filter"):
        raise invalid("Name and filter of a metric must be set.", Violation("metric", "One of them is not set."))
    hold_filter(call.body["filter"], "metric.filter")
    now = call.cloud.clock.tick()
    descriptor = {"metricKind": "DELTA", "valueType": "INT64", **call.body.get("metricDescriptor", {})}
    project = collection.split("/")[1]
    kind = f"logging.googleapis.com/user/{name}"
    body: dict[str, Any] = {
        **call.body,
        "name": name,
        "resourceName": f"{collection}/{name}",
        "metricDescriptor": {
            **descriptor,
            "name": f"projects/{project}/metricDescriptors/{kind}",
            "type": kind,
            "unit": descriptor.get("unit", "1"),
        },
        "createTime": now,
        "updateTime": now,
    }
    return Record(API, f"{collection}/{name}", body, collection=collection)


@SERVICE.method("projects.metrics.get")
def get(call: Call) -> Answer | Body:
    """Give a metric."""
    return found(call, unquote(call.name)).body


@SERVICE.method("projects.metrics.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of a project's metrics."""
    chosen, token = slice_page(call, call.cloud.store.page(API, call.name))
    return {
        **({"metrics": [each.body for each in chosen]} if chosen else {}),
        **({"nextPageToken": token} if token else {}),
    }


@SERVICE.method("projects.metrics.update")
def update(call: Call) -> Answer | Body:
    """Define a metric anew, or for the first time."""
    # A name that holds slashes comes encoded.
    collection, _, name = unquote(call.name).partition("/metrics/")
    new = _record(call, f"{collection}/metrics", name)
    record = call.cloud.store.get(API, new.name)
    if record is None:
        return call.cloud.create(new).body
    return call.cloud.change(record, {**new.body, "createTime": record.body["createTime"]}).body


@SERVICE.method("projects.metrics.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a metric."""
    call.cloud.delete(found(call, unquote(call.name)))
    return {}
