"""How a resource is shown: its name, its body, or the operation that ends with it."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.catalogue import description
from mockcloud.discovery.documents import package_of
from mockcloud.discovery.methods import OPERATIONS, Kind, Method
from mockcloud.discovery.names import singular
from mockcloud.discovery.schemas import Schemas
from mockcloud.services import operations
from mockcloud.services.collections import Collection
from mockcloud.services.registry import service

_FILE: Final = Path(__file__).parent / "operation_types.json"
"""Written by `tools/client_tables.py` from Google's client libraries."""
_EMPTY: Final = "google.protobuf.Empty"
_BELOW_LOCATION: Final = ("projects", "folders", "organizations")


@cache
def _types() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    with _FILE.open(encoding="utf-8") as file:
        found: dict[str, dict[str, tuple[str, str]]] = json.load(file)
    return found


@cache
def operation_types(method: Method) -> tuple[str, str]:
    """Give the messages with which a method's operation ends and with which it tells of itself; "" where unknown."""
    answer, metadata = _types().get(method.api, {}).get(method.id, ("", ""))
    return answer.replace("{}", method.version), metadata.replace("{}", method.version) or _described_metadata(method)


def _described_metadata(method: Method) -> str:
    """Give the message with which operations tell of themselves, as the description names it; "" where it names none.

    Of no client's source is this known, and descriptions list the message without saying whose it is.
    """
    schemas = description(method.api, method.version).schemas
    resource = singular(method.resource)
    resource = resource[:1].upper() + resource[1:]
    package = package_of(method.api, method.version)
    flat = "".join(part[:1].upper() + part[1:] for part in package.split("."))
    wanted = [f"{front}{each}OperationMetadata" for each in (resource, "") for front in (flat, "")]
    found = next((each for each in wanted if each in schemas), "")
    return operations.message_type(method, found) if found else ""


def shown_name(call: Call, name: str) -> str:
    """Give a full name as the API shows it: with the project's number, or only its last part."""
    known = service(call.api)
    if known.short_names:
        return name.rpartition("/")[2]
    return operations.with_number(call.cloud, name) if known.numbers else name


def operation_parent(name: str) -> str:
    """Give the full name below which a resource's operations lie: its location, else nothing above the API."""
    parts = name.split("/")
    if len(parts) >= 4 and parts[2] == "locations":  # noqa: PLR2004 - project and location, two segments each
        return "/".join(parts[:4])
    return "/".join(parts[:2]) if parts[0] in _BELOW_LOCATION else parts[0]


def show(call: Call, behaviour: Collection, record: Record) -> Answer | Body:
    """Give a resource as the client sees it."""
    if behaviour.shown is not None:
        return behaviour.shown(call, record)
    return Answer(record.body, ready=record.json())


def body_of(shown: Answer | Body) -> Body:
    """Give the body of what a handler gave."""
    return shown.body if isinstance(shown, Answer) else shown


def answered(
    call: Call,
    behaviour: Collection,
    record: Record,
    schema: str,
    *,
    before: Record | None = None,
    dry: bool = False,
) -> Answer | Body:
    """Give a resource, or the operation that ends with it.

    Args:
        call: The call.
        behaviour: How the resource's collection behaves.
        record: The resource.
        schema: Its schema; "" where it cannot be told.
        before: What it was before the call changed it.
        dry: Whether nothing was done, since the call only asks whether it would be.
    """
    shown = show(call, behaviour, record)
    if call.method.response not in OPERATIONS:
        return shown
    answer, _ = operation_types(call.method)
    type_name = answer or (operations.message_type(call.method, schema) if schema else _EMPTY)
    back = None if before is None else operations.fields_back(before, _differing(before.body, record.body))
    return _operation(call, behaviour, record.name, body_of(shown), type_name, back=back, dry=dry)


def _differing(one: Body, other: Body) -> list[str]:
    """Give the fields in which two bodies differ."""
    return [each for each in {**one, **other} if one.get(each) != other.get(each)]


def deleted(call: Call, behaviour: Collection, record: Record | None, *, dry: bool = False) -> Answer | Body:
    """Give what a deletion answers: nothing, or the operation that ends with nothing or with what was deleted."""
    if call.method.response not in OPERATIONS:
        response = call.method.response
        if record is not None and response in call.schemas and _is_resource(call.schemas, response):
            return show(call, behaviour, record)
        return {}
    answer, _ = operation_types(call.method)
    if answer in {"", _EMPTY} or record is None:
        return _operation(call, behaviour, call.name, {}, answer or _EMPTY, dry=dry)
    return _operation(call, behaviour, call.name, body_of(show(call, behaviour, record)), answer, dry=dry)


def _is_resource(schemas: Schemas, schema: str) -> bool:
    """Whether a schema that a deletion answers is that of a resource, such as a project: it has a name."""
    return "name" in schemas.fields(schema)


def _operation(
    call: Call,
    behaviour: Collection,
    about: str,
    response: Body,
    type_name: str,
    *,
    back: operations.Back | None = None,
    dry: bool,
) -> Answer | Body:
    parent = operation_parent(about)
    form = service(call.api).form(call, about)
    polled = _polled(call.method, parent, about) if not form.parent else parent
    if dry or polled is None:
        # Nothing is kept of a call that only asks, nor of an operation that no method gives: it is done at once.
        name = f"{parent}/operations/{call.cloud.ids.numeric(f'{call.api}/operations')}"
        return {"name": name, "done": True, "response": {"@type": f"type.googleapis.com/{type_name}", **response}}
    return operations.start(
        call,
        polled,
        response,
        type_name=type_name,
        metadata=metadata_of(call, about),
        seconds=behaviour.seconds,
        back=back,
        about=about,
    )


@cache
def _operation_paths(method: Method) -> frozenset[str]:
    """Give below what the operations of an API's version can be got: words of the path with `*` between."""
    found = description(method.api, method.version).routes.by_id.values()
    gets = [each for each in found if each.kind is Kind.GET and each.resource == "operations"]
    return frozenset("/".join("*" if word.startswith("{") else word for word in each.segments[:-2]) for each in gets)


def _polled(method: Method, parent: str, about: str) -> str | None:
    """Give the full name below which an operation is polled; None if it never is.

    Args:
        method: The method that starts it.
        parent: Where operations usually lie.
        about: Full name of the resource that it is about, which they lie below in some APIs.
    """
    paths = _operation_paths(method)
    if not paths:
        return None
    words = about.split("/")
    above = ["/".join(words[:length]) for length in range(len(words), 1, -1)]
    found = next((each for each in (parent, *above) if _form(each) in paths), None)
    return found if found is not None else "" if "" in paths else parent


def _form(name: str) -> str:
    """Give the words of a name with `*` between."""
    return "/".join("*" if at % 2 else word for at, word in enumerate(name.split("/")))


def metadata_of(call: Call, about: str) -> dict[str, Any] | None:
    """Give what an operation tells of itself, as far as its message has fields for it; None where that is unknown."""
    _, type_name = operation_types(call.method)
    if service(call.api).form(call, about).metadata is not None or not type_name:
        return None
    fields = call.schemas.fields(call.schemas.of_type(type_name))
    now = call.cloud.clock.tick()
    usual = {
        "createTime": now,
        "startTime": now,
        "updateTime": now,
        "target": shown_name(call, about),
        "verb": call.method.kind.value,
        "apiVersion": call.method.version,
    }
    told = {key: value for key, value in usual.items() if key in fields and not fields[key].ref}
    return {"@type": f"type.googleapis.com/{type_name}", **told}
