"""The first version of the API, in Knative's form: services with their revisions, configurations and routes.

It lists below `namespaces/PROJECT`, without a place: a host with a region says which one is meant, and the host without
one takes lists alone (https://docs.cloud.google.com/run/docs/reference/rest, service endpoints).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call, Request
from mockcloud.cloud.errors import ApiError, invalid, not_found
from mockcloud.cloud.ordering import ordered
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.catalogue import description
from mockcloud.discovery.methods import Method
from mockcloud.discovery.schemas import Violation
from mockcloud.services import standard
from mockcloud.services.presentation import body_of
from mockcloud.services.reading import all_of, found
from mockcloud.services.run import knative
from mockcloud.services.run.selectors import selector
from mockcloud.services.run.service import API, SERVICE, SERVICES

OLDER: Final = "v1"
_PATH: Final = re.compile(r"apis/[a-z.]+/v1/namespaces/([^/]+)/(.+)")
_HOST: Final = re.compile(r"([a-z0-9-]+)-run(?:\.mtls)?\.googleapis\.com|run\.([a-z0-9-]+)\.rep\.googleapis\.com")
_ANY: Final = "-"
SENT: Final = "annotations"
"""Where a record keeps the annotations as they were sent."""
_GROUP: Final = "serving.knative.dev/v1"


@SERVICE.preparation
def _place(call: Call) -> None:
    """Read names of the older form: in the place of the host, and revisions below some service."""
    if call.method.version != OLDER:
        return
    match = _PATH.fullmatch(call.name)
    if match:
        region = _HOST.fullmatch(call.request.host.lower())
        place = (region[1] or region[2]) if region else _ANY
        call.name = f"projects/{call.cloud.projects.id_of(match[1])}/locations/{place}/{match[2]}"
    call.name = call.name.replace("/revisions", f"/services/{_ANY}/revisions")
    call.name = re.sub(r"/(configurations|routes)(?=/|$)", "/services", call.name)


def hold_region(call: Call) -> None:
    """Hold a call that is no list to a host that says where.

    Raises:
        ApiError: 400.
    """
    if call.location == _ANY:
        raise invalid(
            "The host 'run.googleapis.com' takes only lists of namespaces. Send the request to the host of a region, "
            "such as 'us-central1-run.googleapis.com'."
        )


def methods(collection: str, *verbs: str) -> tuple[str, ...]:
    """Give the ids of methods, below namespaces and below locations."""
    return tuple(f"{above}.{collection}.{verb}" for above in ("namespaces", "projects.locations") for verb in verbs)


# Services
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(*methods("services", "create"), version=OLDER)
def create(call: Call) -> Answer | Body:
    """Make a service."""
    hold_region(call)
    name = named(call, _GROUP, "Service")
    today = _today(call, "create", call.name, {"serviceId": name})
    return _shown(call, body_of(standard.create(today)), f"{call.name}/{name}")


@SERVICE.method(*methods("services", "replaceService"), version=OLDER)
def change(call: Call) -> Answer | Body:
    """Put another one in the place of a service."""
    hold_region(call)
    record = found(call)
    named(call, _GROUP, "Service", record.id)
    given = (call.body.get("metadata") or {}).get("resourceVersion")
    if given and given != record.body.get("etag"):
        raise ApiError(
            409,
            "ABORTED",
            f"Conflict for resource '{record.id}': version '{given}' was specified but current version is "
            f"'{record.body.get('etag')}'.",
        )
    return _shown(call, body_of(standard.update(_today(call, "patch", call.name, {}))), call.name)


@SERVICE.method(*methods("services", "get"), version=OLDER)
def get(call: Call) -> Answer | Body:
    """Give a service."""
    hold_region(call)
    record = found(call)
    return service_to(call, record.name, record.body, record.hidden.get(SENT, {}))


@SERVICE.method(*methods("services", "delete"), *methods("revisions", "delete"), version=OLDER)
def delete(call: Call) -> Answer | Body:
    """Remove a service or a revision."""
    hold_region(call)
    record = _revision(call) if "/revisions/" in call.name else found(call)
    collection = "revisions" if "/revisions/" in call.name else "services"
    method = _method(f"{SERVICES}{'.revisions' if collection == 'revisions' else ''}.delete", "")
    standard.delete(_call(call, method, record.name, {}, _dry(call)))
    return {"status": "Success", "details": {"name": record.id, "kind": collection, "uid": record.body["uid"]}}


def named(call: Call, group: str, kind: str, name: str = "") -> str:
    """Give the name that a body has, and hold what else it says of itself.

    Args:
        call: The call.
        group: Its `apiVersion`.
        kind: Its kind.
        name: The name that it must have; "" for any.

    Raises:
        ApiError: 400.
    """
    metadata = call.body.get("metadata") or {}
    given = str(metadata.get("name", ""))
    namespace = call.cloud.projects.id_of(str(metadata.get("namespace") or call.project))
    wrong = [
        Violation(field, f"It must be '{wanted}'." if wanted else "It must be set.")
        for field, wanted, holds in (
            ("apiVersion", group, call.body.get("apiVersion") == group),
            ("kind", kind, call.body.get("kind") == kind),
            ("metadata.name", name, bool(given) and given == (name or given)),
            ("metadata.namespace", call.project, namespace == call.project),
        )
        if not holds
    ]
    if wrong:
        raise invalid("The request has errors", *wrong)
    return given


def _today(call: Call, verb: str, name: str, query: Mapping[str, str]) -> Call:
    """Give the call of the second version that means the same, which all rules were asked about."""
    method = _method(f"{SERVICES}.{verb}", "GoogleCloudRunV2Service")
    today = _call(call, method, name, knative.service_of(call.body), {**query, **_dry(call)})
    call.cloud.rules.ask(today)
    return today


def _call(call: Call, method: Method, name: str, body: dict[str, Any], query: Mapping[str, str]) -> Call:
    request = Request(method=method, query=query, body=body, headers=call.request.headers, door=call.request.door)
    return Call(call.cloud, request, description(API, method.version).schemas, name, body, call.caller)


def _dry(call: Call) -> dict[str, str]:
    return {"validateOnly": "true"} if call.text("dryRun") == "all" else {}


@cache
def _method(identifier: str, response: str) -> Method:
    """Give a method of the second version: one that answers at once, and replaces what it changes."""
    method = description(API, "v2").routes.by_id[identifier]
    return replace(method, response=response, http="PUT" if identifier.endswith(".patch") else method.http)


def _shown(call: Call, body: Body, name: str) -> Body:
    """Keep the annotations as they were sent, and show a service that was made or changed."""
    metadata, template = (
        (each.get("metadata") or {}).get("annotations") or {}
        for each in (call.body, (call.body.get("spec") or {}).get("template") or {})
    )
    sent = {"service": metadata, "template": template}
    record = call.cloud.store.get(API, name)
    if record is not None and not _dry(call):
        call.cloud.change(record, record.body, hidden={**record.hidden, SENT: sent})
    return service_to(call, name, body, sent)


def service_to(call: Call, name: str, body: Body, sent: Body) -> dict[str, Any]:
    """Give a service as this version shows it."""
    told = object_of(call, _GROUP, "Service", name, body)
    notes = knative.annotations_to(body, sent.get("service", {}))
    told["metadata"]["annotations"] = {each: value for each, value in notes.items() if value}
    return {**told, "spec": knative.spec_of(body, sent), "status": knative.status_of(body)}


def object_of(call: Call, group: str, kind: str, name: str, body: Body, collection: str = "") -> dict[str, Any]:
    """Give what every object says of itself."""
    _, project, _, place, *_, identifier = name.split("/")
    number = call.cloud.projects.number_of(project)
    return {
        "apiVersion": group,
        "kind": kind,
        "metadata": {
            "name": identifier,
            "namespace": number,
            "selfLink": f"/apis/{group}/namespaces/{number}/{collection or f'{kind.lower()}s'}/{identifier}",
            "uid": body.get("uid", ""),
            "resourceVersion": body.get("etag", ""),
            "generation": int(body.get("generation", 1)),
            "creationTimestamp": body.get("createTime", ""),
            "labels": {**body.get("labels", {}), "cloud.googleapis.com/location": place},
        },
    }


# What belongs to a service
# ---------------------------------------------------------------------------------------------------------------------


def _revision(call: Call) -> Record:
    """Find a revision, whatever service it is of."""
    above, _, identifier = call.name.rpartition("/")
    pattern = re.compile("/".join("[^/]+" if each == _ANY else re.escape(each) for each in above.split("/")))
    for each in call.cloud.store.collections(API):
        record = call.cloud.store.get(API, f"{each}/{identifier}") if pattern.fullmatch(each) else None
        if record is not None:
            return record
    raise not_found(identifier, what="Revision")


@SERVICE.method(*methods("revisions", "get"), version=OLDER)
def revision(call: Call) -> Answer | Body:
    """Give a revision."""
    hold_region(call)
    return _revision_to(call, _revision(call))


def _revision_to(call: Call, record: Record) -> dict[str, Any]:
    body = record.body
    told = object_of(call, _GROUP, "Revision", record.name, body)
    service = record.name.split("/")[-3]
    told["metadata"]["labels"] |= {f"serving.knative.dev/{each}": service for each in ("service", "configuration")}
    notes = knative.template_to(body, {})["metadata"].get("annotations", {})
    return {
        **told,
        "metadata": {**told["metadata"], "annotations": notes},
        "spec": knative.revision_spec_to(body),
        "status": {"observedGeneration": 1, "conditions": knative.conditions_to(list(body.get("conditions", [])))},
    }


@SERVICE.method(*methods("configurations", "get"), version=OLDER)
def configuration(call: Call) -> Answer | Body:
    """Give the configuration of a service: its template."""
    hold_region(call)
    return _configuration_to(call, found(call))


def _configuration_to(call: Call, record: Record) -> dict[str, Any]:
    told = object_of(call, _GROUP, "Configuration", record.name, record.body)
    status = knative.status_of(record.body)
    kept = ("observedGeneration", "conditions", "latestCreatedRevisionName", "latestReadyRevisionName")
    spec = knative.spec_of(record.body, record.hidden.get(SENT, {}))
    return {
        **told,
        "spec": {"template": spec["template"]},
        "status": {name: status[name] for name in kept},
    }


@SERVICE.method(*methods("routes", "get"), version=OLDER)
def route(call: Call) -> Answer | Body:
    """Give the route of a service: its traffic."""
    hold_region(call)
    return _route_to(call, found(call))


def _route_to(call: Call, record: Record) -> dict[str, Any]:
    told = object_of(call, _GROUP, "Route", record.name, record.body)
    status = knative.status_of(record.body)
    kept = ("observedGeneration", "conditions", "traffic", "url", "address")
    spec = {"traffic": knative.spec_of(record.body, {})["traffic"]}
    return {**told, "spec": spec, "status": {name: status[name] for name in kept if name in status}}


# Lists
# ---------------------------------------------------------------------------------------------------------------------


def listing(kind: str, group: str, show: Callable[[Call, Record], dict[str, Any]]) -> Callable[[Call], Answer | Body]:
    """Give what lists a collection: the newest first, those that a selector takes."""

    def handler(call: Call) -> Answer | Body:
        keep = selector(call.text("labelSelector"))
        every = [show(call, each) for each in ordered(all_of(call), "createTime desc")]
        query = {"pageSize": call.query.get("limit", ""), "pageToken": call.text("continue")}
        asked = _call(call, call.method, call.name, {}, query)
        chosen, token = slice_page(asked, [each for each in every if keep(each["metadata"]["labels"])])
        metadata = {"continue": token} if token else {}
        return {"apiVersion": group, "kind": f"{kind}List", "metadata": metadata, "items": chosen}

    return handler


def _service_to(call: Call, record: Record) -> dict[str, Any]:
    return service_to(call, record.name, record.body, record.hidden.get(SENT, {}))


for _collection, _kind, _show in (
    ("services", "Service", _service_to),
    ("revisions", "Revision", _revision_to),
    ("configurations", "Configuration", _configuration_to),
    ("routes", "Route", _route_to),
):
    SERVICE.method(*methods(_collection, "list"), version=OLDER)(listing(_kind, _GROUP, _show))
