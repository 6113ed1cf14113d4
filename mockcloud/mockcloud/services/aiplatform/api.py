"""The service itself: its names, its ids, the form of its operations. The topics register what they do with it."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.clock import TICK, stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import failed_precondition, invalid, not_found
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.methods import Kind, Method
from mockcloud.discovery.names import singular
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.collections import Collection, Complete, NewId
from mockcloud.services.references import resolve
from mockcloud.services.service import OperationForm, Service
from mockcloud.services.standard import operation_parent

API: Final = "aiplatform"
SERVICE: Final = Service(API, numbers=True)

LOCATION: Final = "projects.locations"
KEY: Final[Mapping[str, str]] = {"encryptionSpec.kmsKeyName": "cloudkms"}
"""Reference to the key, which nearly every resource of the service can have."""

_VERBS: Final = {Kind.CREATE: "Create", Kind.PATCH: "Update", Kind.UPDATE: "Update"}
_IRREGULAR: Final = {"ragCorpora": "RagCorpus", "timeSeries": "TensorboardTimeSeries"}
"""Resources whose message is not called as the singular of the collection."""
_OWN_DELETE: Final = frozenset({"metadataStores", "exampleStores", "memories", "onlineEvaluators"})
"""Collections with a metadata message of their own for delete; the others share `DeleteOperationMetadata`."""


# Operations
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.operation_form
def _form(call: Call, about: str) -> OperationForm:
    """Name an operation after what it is about, as Vertex does (`…/endpoints/1/operations/2`), and stamp it."""
    return OperationForm(
        parent=about,
        metadata=operation_metadata(call, _metadata_type(call.method)),
        ended="genericMetadata.updateTime",
    )


def _metadata_type(method: Method) -> str:
    """Give the message that a standard method's operation describes itself with (`from_gapic` in Google's client)."""
    name = _IRREGULAR.get(method.resource) or _upper(singular(method.resource))
    if method.kind is Kind.DELETE:
        return f"Delete{name}OperationMetadata" if method.resource in _OWN_DELETE else "DeleteOperationMetadata"
    return f"{_VERBS.get(method.kind, '')}{name}OperationMetadata"


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]


def operation_metadata(call: Call, name: str, **fields: object) -> Body:
    """Give what an operation says of itself: the message's name, and its fields beside the generic ones."""
    now = stamp(call.cloud.clock.now)
    return {
        "@type": f"type.googleapis.com/{message(call, name)}",
        "genericMetadata": {"createTime": now, "updateTime": now},
        **fields,
    }


def message(call: Call, name: str) -> str:
    """Give the full name of a message in the version that was called."""
    return f"google.cloud.aiplatform.{call.method.version}.{name}"


def start(
    call: Call,
    about: str,
    response: Body,
    what: str,
    *,
    type_name: str = "",
    seconds: float = 1.0,
    **metadata: object,
) -> Body:
    """Start an operation of a custom method.

    Args:
        call: The call.
        about: Full name of the resource that it is about.
        response: What it ends with.
        what: What it does, as its messages are called: `DeployModel` has `DeployModelResponse` and
            `DeployModelOperationMetadata`.
        type_name: Message of the response where it is called otherwise.
        seconds: How long it takes, in virtual seconds.
        metadata: Fields of the metadata beside the generic ones.
    """
    return operations.start(
        call,
        operation_parent(about),
        response,
        type_name=message(call, type_name or f"{what}Response"),
        metadata=operation_metadata(call, f"{what}OperationMetadata", **metadata),
        seconds=seconds,
        about=about,
    )


def start_delete(call: Call, about: str) -> Body:
    """Start the operation of a delete that is no standard one."""
    return operations.start(
        call,
        operation_parent(about),
        {},
        type_name="google.protobuf.Empty",
        metadata=operation_metadata(call, "DeleteOperationMetadata"),
        about=about,
    )


# Resources
# ---------------------------------------------------------------------------------------------------------------------


def collection(*names: str, **hooks: Any) -> None:  # noqa: ANN401 - the fields of Collection, checked by it
    """Say how the resources of collections behave. What they lie below must exist.

    Args:
        names: Words of the path below the location: `endpoints`, `featureGroups.features`.
        hooks: Fields of `Collection`. `children` also takes `force-in-use`: what is below is kept only where the rule
            for what is in use is on.
    """
    for each in names:
        fields = {**hooks, "references": {**KEY, **hooks.get("references", {})}}
        if "." in each:
            fields["created"] = _below(fields.get("created"))
        SERVICE.collection(f"{LOCATION}.{each}", **fields)


def _below(created: Complete | None) -> Complete:
    """Complete a resource that lies below another one, which must exist."""

    def complete(call: Call, name: str, body: dict[str, Any]) -> Body:
        parent = name.rpartition("/")[0].rpartition("/")[0]
        if call.cloud.rules.on(Rule.REFERENCES) and call.cloud.store.get(API, parent) is None:
            raise not_found(shown(call.cloud, parent))
        return created(call, name, body) if created else body

    return complete


def given_id(parameter: str, pattern: str, *, required: bool = False) -> NewId:
    """Give the rule for ids that a caller chooses.

    Args:
        parameter: Query parameter, or field of the request, that holds it.
        pattern: What it may look like. Without one, a number is given.
        required: Whether there must be one.
    """
    allowed = re.compile(pattern)

    def choose(call: Call, body: dict[str, Any]) -> str:
        given = call.text(parameter) or str(call.body.get(parameter, ""))
        if not given and isinstance(body.get("name"), str):
            given = body["name"].rpartition("/")[2]
        if not given and not required:
            return call.cloud.ids.numeric(f"{API}/{call.method.resource}")
        if not allowed.fullmatch(given):
            raise invalid(
                f"Invalid {parameter}: '{given}'. It must match {pattern}.",
                Violation(parameter, f"It must match {pattern}."),
            )
        return given

    return choose


def shown(cloud: Cloud, name: str) -> str:
    """Give a full name as Vertex shows it: with the project's number."""
    return operations.with_number(cloud, name)


def now(cloud: Cloud) -> str:
    """Give the moment of the next change, as a stamp."""
    return stamp(cloud.clock.now + TICK)


def need(cloud: Cloud, reference: str, what: str = "Resource") -> Record:
    """Find what a reference names.

    Raises:
        ApiError: 404.
    """
    record = resolve(cloud, reference, API)
    if record is None:
        raise not_found(reference, what=what)
    return record


def found(call: Call) -> Record:
    """Find the resource that a call names.

    Raises:
        ApiError: 404.
    """
    record = call.cloud.store.get(API, call.name)
    if record is None:
        raise not_found(shown(call.cloud, call.name))
    return record


def refuse_in_use(call: Call, message: str) -> None:
    """Refuse where the rule for what is in use is on.

    Raises:
        ApiError: 400, FAILED_PRECONDITION.
    """
    if call.cloud.rules.on(Rule.IN_USE):
        raise failed_precondition(message)


def touch(cloud: Cloud, record: Record, hidden: Body | None = None, **fields: object) -> Record:
    """Change fields of a resource; None takes one away. Etag and time of change follow."""
    body = {**record.body, **fields}
    if "updateTime" in body:
        body["updateTime"] = now(cloud)
    if "etag" in body:
        body["etag"] = cloud.etag(record.revision + 1)
    kept = {key: value for key, value in body.items() if value is not None}
    return cloud.change(record, kept, hidden=hidden)


def behaviour(call: Call) -> Collection:
    """Give how the resources of the call's collection behave."""
    return SERVICE.behaviour(call.method.collection)
