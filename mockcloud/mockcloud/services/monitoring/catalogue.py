"""What time series can be about, and through which channels alerts can be told."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import not_found
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body
from mockcloud.services.monitoring.service import SERVICE


@cache
def _table() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    with Path(__file__).with_suffix(".yaml").open(encoding="utf-8") as file:
        found: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(file)
    return found


@cache
def resource_descriptors() -> Mapping[str, Body]:
    """Give the descriptors of monitored resources by type."""
    return {
        kind: {
            "type": kind,
            "displayName": each["displayName"],
            "labels": [{"key": key} for key in ("project_id", *each["labels"])],
        }
        for kind, each in _table()["resources"].items()
    }


@cache
def channel_descriptors() -> Mapping[str, Body]:
    """Give the descriptors of notification channels by type."""
    return {
        kind: {
            "type": kind,
            "displayName": each["displayName"],
            "labels": [{"key": key} for key in each["labels"]],
            "launchStage": "GA",
        }
        for kind, each in _table()["channels"].items()
    }


def _of(call: Call) -> Mapping[str, Body]:
    return channel_descriptors() if "notificationChannel" in call.method.id else resource_descriptors()


@SERVICE.method("projects.monitoredResourceDescriptors.get", "projects.notificationChannelDescriptors.get")
def get(call: Call) -> Answer | Body:
    """Give a descriptor."""
    front, _, kind = call.name.partition("Descriptors/")
    found = _of(call).get(kind)
    if found is None:
        raise not_found(call.name)
    return {**found, "name": f"{front}Descriptors/{kind}"}


@SERVICE.method("projects.monitoredResourceDescriptors.list", "projects.notificationChannelDescriptors.list")
def list_(call: Call) -> Answer | Body:
    """Give a page of the descriptors."""
    keep = matcher(call.text("filter").replace("resource.type", "type"))
    wanted = [{**each, "name": f"{call.name}/{kind}"} for kind, each in _of(call).items() if keep is None or keep(each)]
    chosen, token = slice_page(call, wanted)
    field = "channelDescriptors" if "notificationChannel" in call.method.id else "resourceDescriptors"
    return {field: chosen, **({"nextPageToken": token} if token else {})}
