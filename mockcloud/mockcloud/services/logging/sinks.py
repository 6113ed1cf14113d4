"""Sinks and exclusions, as they are configured. Nothing is routed."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import standard
from mockcloud.services.creating import create
from mockcloud.services.logging.service import API, SERVICE, everywhere, preceded, root_of
from mockcloud.services.logging.syntax import hold_filter
from mockcloud.services.reading import get, list_

_PARENT: Final = r"(?:projects|folders|organizations|billingAccounts)/[^/]+"
_DESTINATION: Final = re.compile(
    r"storage\.googleapis\.com/[^/]+"
    r"|bigquery\.googleapis\.com/projects/[^/]+/datasets/[^/]+(?:/tables/[^/]+)?"
    r"|pubsub\.googleapis\.com/projects/[^/]+/topics/[^/]+"
    rf"|logging\.googleapis\.com/{_PARENT}(?:/locations/[^/]+/buckets/[^/]+)?"
)
"""https://cloud.google.com/logging/docs/export/configure_export_v2#destination-paths."""
_OWN: Final = "serviceAccount:cloud-logs@system.gserviceaccount.com"
_KEPT: Final = (
    'LOG_ID("cloudaudit.googleapis.com/activity") OR LOG_ID("externalaudit.googleapis.com/activity") OR '
    'LOG_ID("cloudaudit.googleapis.com/system_event") OR LOG_ID("externalaudit.googleapis.com/system_event") OR '
    'LOG_ID("cloudaudit.googleapis.com/access_transparency") OR '
    'LOG_ID("externalaudit.googleapis.com/access_transparency")'
)
"""What goes to the bucket that cannot be changed (https://cloud.google.com/logging/docs/routing/overview)."""


def ensure(call: Call) -> None:
    """Make the two sinks that everything has."""
    root = root_of(call.name)
    for name, text in (("_Default", f"NOT ({_KEPT})"), ("_Required", _KEPT)):
        if call.cloud.store.get(API, f"{root}/sinks/{name}") is None:
            body = {
                "name": name,
                "resourceName": f"{root}/sinks/{name}",
                "destination": f"logging.googleapis.com/{root}/locations/global/buckets/{name}",
                "filter": text,
            }
            call.cloud.create(Record(API, f"{root}/sinks/{name}", body))


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    if not body.get("destination"):
        raise invalid("The destination of a sink must be set.", Violation("sink.destination", "It is not set."))
    return _complete(call, name, body)


def _complete(call: Call, name: str, body: dict[str, Any]) -> dict[str, Any]:
    root = root_of(name)
    identifier = name.rpartition("/sinks/")[2]
    destination = str(body["destination"])
    if not _DESTINATION.fullmatch(destination):
        why = "It is a bucket, dataset, topic, log bucket or project, such as storage.googleapis.com/NAME."
        raise invalid(f"Invalid destination: '{destination[:200]}'. {why}", Violation("sink.destination", why))
    hold_filter(body.get("filter", ""), "sink.filter")
    if call.text("customWriterIdentity"):
        body["writerIdentity"] = call.text("customWriterIdentity")
    elif call.flag("uniqueWriterIdentity"):
        body["writerIdentity"] = _identity(call, root)
    elif not destination.startswith(f"logging.googleapis.com/{root}/"):
        body.setdefault("writerIdentity", _OWN)
    return {**body, "name": identifier, "resourceName": name}


def _identity(call: Call, root: str) -> str:
    kind, _, owner = root.partition("/")
    if kind == "projects":
        number = call.cloud.projects.number_of(owner)
        return f"serviceAccount:service-{number}@gcp-sa-logging.iam.gserviceaccount.com"
    short = {"folders": "folder", "organizations": "org", "billingAccounts": "billing"}[kind]
    return f"serviceAccount:service-{short}-{owner}@gcp-sa-logging.iam.gserviceaccount.com"


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    kept: Mapping[str, Any] = {"destination": record.body.get("destination")}
    return _complete(call, record.name, {**kept, **body})


def _deleting(call: Call, record: Record) -> None:
    del call
    if record.id in {"_Required", "_Default"}:
        raise invalid(f"The sink {record.id} cannot be deleted.", Violation("sink_name", "It is the service's own."))


SERVICE.collection(
    *everywhere("sinks"), created=_created, changed=_changed, deleting=_deleting, state=None, orphans=True
)
for _verb, _handler in (("get", get), ("list", list_), ("delete", standard.delete)):
    SERVICE.method(*everywhere(f"sinks.{_verb}"))(preceded(ensure, _handler))


@SERVICE.method(*everywhere("sinks.create"))
def create_sink(call: Call) -> Answer | Body:
    """Make a sink."""
    ensure(call)
    return create(call)


@SERVICE.method(*everywhere("sinks.update", "sinks.patch"))
def update_sink(call: Call) -> Answer | Body:
    """Change a sink."""
    ensure(call)
    return standard.update(call)


# Exclusions
# ---------------------------------------------------------------------------------------------------------------------


def _named(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    if not body.get("filter"):
        raise invalid("The filter of an exclusion must be set.", Violation("exclusion.filter", "It is not set."))
    hold_filter(body["filter"], "exclusion.filter")
    return {**body, "name": name.rpartition("/")[2]}


SERVICE.collection(*everywhere("exclusions"), created=_named, state=None, orphans=True)
