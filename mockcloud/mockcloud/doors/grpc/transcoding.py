"""From a call by gRPC to one of the cloud, and its answer back."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from google.api.httpbody_pb2 import HttpBody
from google.protobuf.message import DecodeError, Message

from mockcloud.cloud.call import Answer, Request
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid, not_modelled
from mockcloud.discovery.catalogue import Found, api_of_host, find, versions
from mockcloud.discovery.documents import apis
from mockcloud.doors.grpc.bindings import Bound
from mockcloud.doors.grpc.messages import from_json, media, to_json
from mockcloud.doors.grpc.rpcs import Rpc

_OF_MANY: Final = re.compile("(Get|List|Delete|Cancel|Wait)(Operation|Location)s?")


def requested(cloud: Cloud, rpc: Rpc, message: Message, host: str, headers: Mapping[str, str]) -> Request:
    """Turn a request into one of the cloud.

    Args:
        cloud: The cloud.
        rpc: The method.
        message: The request.
        host: Host that was called, which tells the APIs apart that share a method; "" where it says nothing.
        headers: Metadata of the call, by lower-case name.

    Raises:
        ApiError: 400 for a request of no form that the method has, 501 for a method that is not modelled.
    """
    body = to_json(message)
    if rpc.api:
        found, bound = _own(rpc, body)
    else:
        found, bound = _shared(cloud, rpc, body, host)
    method = found.match.method
    return Request(
        method=method,
        variables=found.match.variables,
        query=bound.query,
        body=bound.body if method.request else None,
        headers=headers,
        door="grpc",
        rpc=rpc.path.strip("/").replace("/", "."),
    )


def _own(rpc: Rpc, body: Mapping[str, Any]) -> tuple[Found, Bound]:
    """Find a method of one API."""
    of_form = not rpc.bindings
    for binding in rpc.bindings:
        bound = binding.bind(rpc.request, body)
        if bound is not None:
            of_form = True
            found = find(bound.verb, f"{rpc.api}.googleapis.com", bound.path)
            if found is not None:
                return found, bound
    if of_form:
        raise not_modelled(f"the method {rpc.path}")
    forms = ", ".join(dict.fromkeys(each.uri for each in rpc.bindings))
    raise invalid(f"The request of {rpc.path} does not name what it is about. Allowed: {forms}")


def _shared(cloud: Cloud, rpc: Rpc, body: Mapping[str, Any], host: str) -> tuple[Found, Bound]:
    """Find a method that every API has: by the host, else by who has what the request names."""
    bounds = [bound for each in rpc.bindings if (bound := each.bind(rpc.request, body)) is not None]
    if not bounds:
        raise invalid(f"The request of {rpc.path} does not name what it is about.")
    # A path alone may be that of another method, such as a `get` of something whose id has a colon.
    ending = f".{_method_id(rpc.method)}"
    named = api_of_host(host) if host else None
    for api in [named] if named else _holders(cloud, str(body.get("name", body.get("resource", "")))):
        for version in versions(api):
            for bound in bounds:
                found = find(bound.verb, f"{api}.googleapis.com", f"{version}/{bound.path}")
                if found is not None and f".{found.match.method.id}".endswith(ending):
                    return found, bound
    raise not_modelled(f"the method {rpc.path}" + (f" of {named}" if named else ""))


def _method_id(name: str) -> str:
    """Give how the id of a shared method ends: `operations.get` for `GetOperation`."""
    match = _OF_MANY.fullmatch(name)
    return f"{match[2].lower()}s.{match[1].lower()}" if match else name[:1].lower() + name[1:]


def _holders(cloud: Cloud, name: str) -> Iterator[str]:
    """Give the APIs that have something of a name, and then all, in the order of the table."""
    parts = name.split("/")
    if parts[0] == "projects" and len(parts) > 1:
        parts[1] = cloud.projects.id_of(parts[1])
    stored = "/".join(parts)
    with cloud.lock:
        holding = [api for api in apis() if cloud.store.get(api, stored) is not None]
    yield from holding
    yield from apis()


def answered(rpc: Rpc, answer: Answer) -> Message:
    """Turn an answer into the message of the method."""
    if answer.content is not None and rpc.response.DESCRIPTOR.full_name == HttpBody.DESCRIPTOR.full_name:
        return media(answer.content, answer.content_type)
    return from_json(rpc.response, answer.body)


def message_of(rpc: Rpc, request: object, serializer: Callable[[Any], bytes] | None) -> Message:
    """Read what a client passes as a request.

    Args:
        rpc: The method.
        request: A message of any library, or bytes where the client writes them itself.
        serializer: Writes it as bytes.

    Raises:
        ApiError: 400: the bytes are no such message.
    """
    written = serializer(request) if serializer else request
    if isinstance(written, Message):
        written = written.SerializeToString()
    message = rpc.request()
    try:
        message.ParseFromString(written if isinstance(written, bytes) else bytes(str(written), "utf-8"))
    except DecodeError as error:
        raise invalid(f"The request of {rpc.path} is no {rpc.request.DESCRIPTOR.full_name}: {error}") from None
    return message
