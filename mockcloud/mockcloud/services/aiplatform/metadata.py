"""Vertex ML Metadata: stores, artifacts, executions, contexts. What links them is in `lineage`."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.filters import Matcher, matcher
from mockcloud.cloud.ordering import ordered
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform.api import API, LOCATION, SERVICE, collection, given_id, now, shown, start
from mockcloud.services.aiplatform.lineage import belongs, children, parents
from mockcloud.services.collections import NewId
from mockcloud.services.reading import hold_parent
from mockcloud.services.references import resolve

DEFAULT_STORE: Final = "default"
_NODES: Final = ("artifacts", "executions", "contexts")
_MOST_SAMPLED: Final = 100
"""Names that the answer to a purge holds at most (PurgeArtifactsResponse.purge_sample)."""


def _chosen(parameter: str) -> NewId:
    given = given_id(parameter, r"[A-Za-z0-9][A-Za-z0-9._-]{0,255}")

    def choose(call: Call, body: dict[str, Any]) -> str:
        if not call.text(parameter) and not body.get("name"):
            return call.cloud.ids.uuid(f"{API}/{call.method.resource}")
        return given(call, body)

    return choose


def _store_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    return {**body, "state": {"diskUtilizationBytes": "0"}}


collection("metadataStores", new_id=_chosen("metadataStoreId"), created=_store_created, state=None, children="force")
collection("metadataStores.metadataSchemas", new_id=_chosen("metadataSchemaId"), required=("schema",))
collection("metadataStores.artifacts", new_id=_chosen("artifactId"), state=None)
collection("metadataStores.executions", new_id=_chosen("executionId"), state=None)
collection("metadataStores.contexts", new_id=_chosen("contextId"), children="cascade")


def ensure_store(cloud: Cloud, location: str) -> Record:
    """Give the default store of a location, and make it where there is none: pipelines bring it along."""
    name = f"{location}/metadataStores/{DEFAULT_STORE}"
    found = cloud.store.get(API, name)
    return found or add(cloud, name, {"state": {"diskUtilizationBytes": "0"}})


def add(cloud: Cloud, name: str, body: Mapping[str, Any], hidden: Body | None = None) -> Record:
    """Add a resource of the metadata by its full name, where no call asks for it."""
    moment = now(cloud)
    full = {**body, "name": shown(cloud, name), "createTime": moment, "updateTime": moment}
    if "/metadataStores/" in name.rpartition("/")[0]:
        full["etag"] = cloud.etag(1)
    return cloud.create(Record(API, name, full, hidden or {}))


# Lists
# ---------------------------------------------------------------------------------------------------------------------

_IN_CONTEXT: Final = re.compile(r"in_context\(\s*(\"[^\"]*\"|'[^']*')\s*\)")
_RELATIVES: Final = re.compile(r"(parent_contexts|child_contexts)\s*:\s*((?:\"[^\"]*\"\s*,?\s*)+)")
_QUOTED: Final = re.compile(r"\"[^\"]*\"")
_TYPED: Final = re.compile(r"\.(?:number_value|string_value|bool_value)\b")


def read_filter(call: Call, text: str) -> Matcher | None:
    """Read a filter of the metadata service, which knows `in_context("…")` and the relatives of contexts."""
    text = _IN_CONTEXT.sub(lambda found: f"in_context = {_numbered(call, found[1])}", text)
    text = _RELATIVES.sub(lambda found: _each(call, found[1], found[2]), text)
    return matcher(_TYPED.sub("", text))


def _each(call: Call, field: str, names: str) -> str:
    terms = [f"{field} = {_numbered(call, each)}" for each in _QUOTED.findall(names)]
    return f"({' AND '.join(terms)})"


def _numbered(call: Call, quoted: str) -> str:
    record = resolve(call.cloud, quoted[1:-1], API)
    return f'"{shown(call.cloud, record.name)}"' if record is not None else f'"{quoted[1:-1]}"'


def _asked(cloud: Cloud, record: Record) -> Body:
    """Give a body as filters see it: with the contexts that it is in, and its relatives."""
    return {
        **record.body,
        "inContext": belongs(cloud, record),
        "parentContexts": parents(record),
        "childContexts": children(record),
    }


def _matching(call: Call, name: str, text: str) -> list[Record]:
    keep = read_filter(call, text)
    found = call.cloud.store.page(API, name)
    return [each for each in found if keep is None or keep(_asked(call.cloud, each))]


@SERVICE.method(*(f"{LOCATION}.metadataStores.{each}.list" for each in _NODES))
def list_nodes(call: Call) -> Answer | Body:
    """Give artifacts, executions or contexts that pass a filter."""
    hold_parent(call, SERVICE.behaviour(call.method.collection), call.name)
    found = _matching(call, call.name, call.text("filter"))
    chosen, token = slice_page(call, ordered(found, call.text("orderBy")))
    bodies = [each.body for each in chosen]
    key = call.name.rpartition("/")[2]
    return {**({key: bodies} if bodies else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method(*(f"{LOCATION}.metadataStores.{each}.purge" for each in _NODES))
def purge(call: Call) -> Answer | Body:
    """Delete what passes a filter; without `force`, only count it."""
    text = call.body.get("filter", "")
    if not text:
        raise invalid("A purge needs a filter.", Violation("filter", "It is required."))
    found = _matching(call, call.name, text)
    if call.body.get("force"):
        for each in found:
            call.cloud.delete(each)
    sample = [each.body["name"] for each in found[:_MOST_SAMPLED]]
    response = {"purgeCount": str(len(found)), **({} if call.body.get("force") else {"purgeSample": sample})}
    return start(call, call.name.rpartition("/")[0], response)
