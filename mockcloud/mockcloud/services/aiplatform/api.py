"""The service itself: its names, its ids, the form of its operations. The topics register what they do with it."""

import re
from functools import cache
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.clock import TICK, stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import failed_precondition, invalid, not_found
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.catalogue import description
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.collections import NewId
from mockcloud.services.presentation import operation_parent, operation_types
from mockcloud.services.references import resolve
from mockcloud.services.service import OperationForm, Service

API: Final = "aiplatform"
SERVICE: Final = Service(API, numbers=True)

LOCATION: Final = "projects.locations"
_REGION: Final = "us-central1"
"""Where the operations of projects lie."""

_LOCATION_PARTS: Final = 4
"""Segments of a location's name."""


# Operations
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.operation_form
def _form(call: Call, about: str) -> OperationForm:
    """Name an operation after what it is about, as Vertex does (`…/endpoints/1/operations/2`), and stamp it."""
    return OperationForm(
        parent=_with_operations(about, call.method.version),
        metadata=_metadata(call),
        ended="genericMetadata.updateTime",
    )


def _with_operations(about: str, version: str) -> str:
    """Give a resource, or the nearest one that it lies below, whose operations can be asked for.

    Those of a project's own settings (`projects/acme/cacheConfig`) lie in a location.
    """
    parts = about.split("/")
    if "locations" not in parts:
        return "/".join((*parts[:2], "locations", _REGION))
    while len(parts) > _LOCATION_PARTS and not _has_operations(".".join(parts[::2]), version):
        parts = parts[:-2]
    return "/".join(parts)


@cache
def _has_operations(words: str, version: str) -> bool:
    return f"{words}.operations.get" in description(API, version).routes.by_id


def _metadata(call: Call) -> dict[str, Any]:
    moment = stamp(call.cloud.clock.now)
    _, type_name = operation_types(call.method)
    return {
        "@type": f"type.googleapis.com/{type_name or message(call, 'GenericOperationMetadata')}",
        "genericMetadata": {"createTime": moment, "updateTime": moment},
    }


def message(call: Call, name: str) -> str:
    """Give the full name of a message in the version that was called."""
    return f"google.cloud.aiplatform.{call.method.version}.{name}"


def start(
    call: Call,
    about: str,
    response: Body,
    *,
    seconds: float = 1.0,
    back: operations.Back | None = None,
    **metadata: object,
) -> Body:
    """Start the operation of a custom method.

    Args:
        call: The call.
        about: Full name of the resource that it is about.
        response: What it ends with.
        seconds: How long it takes, in virtual seconds.
        back: What takes back what the call did, as in `operations.start`.
        metadata: Fields of the metadata beside the generic ones.
    """
    type_name, _ = operation_types(call.method)
    return operations.start(
        call,
        operation_parent(about),
        response,
        type_name=type_name,
        metadata={**_metadata(call), **metadata},
        seconds=seconds,
        back=back,
        about=about,
    )


# Resources
# ---------------------------------------------------------------------------------------------------------------------


def collection(*names: str, **hooks: Any) -> None:  # noqa: ANN401 - the fields of Collection, checked by it
    """Say how the resources of collections behave.

    Args:
        names: Words of the path below the location: `endpoints`, `featureGroups.features`.
        hooks: Fields of `Collection`.
    """
    SERVICE.collection(*(f"{LOCATION}.{each}" for each in names), **hooks)


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


def touch(cloud: Cloud, record: Record, hidden: Body | None = None, /, **fields: object) -> Record:
    """Change fields of a resource; None takes one away. Etag and time of change follow."""
    body = {**record.body, **fields}
    if "updateTime" in body:
        body["updateTime"] = now(cloud)
    if "etag" in body:
        body["etag"] = cloud.etag(record.revision + 1)
    kept = {key: value for key, value in body.items() if value is not None}
    return cloud.change(record, kept, hidden=hidden)
