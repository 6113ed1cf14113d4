"""The way of a request: to what answers it by its path or host, else to the method that it means."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.discovery.catalogue import verbs
from mockcloud.doors.extra import extra_answer
from mockcloud.doors.media import media_answer
from mockcloud.doors.private_endpoint import private_endpoint_answer
from mockcloud.doors.wire.batch import batch_answer
from mockcloud.doors.wire.descriptions import description_answer
from mockcloud.doors.wire.forms import PLAIN
from mockcloud.doors.wire.hosts import host_answer
from mockcloud.doors.wire.messages import HttpRequest, HttpResponse
from mockcloud.doors.wire.reading import asked_of, call_of, method_of
from mockcloud.doors.wire.writing import refused, written
from mockcloud.doors.xml import xml_answer

Endpoint = Callable[[Cloud, HttpRequest], HttpResponse | None]
"""Answers what is no method of a description, such as a token; None for what is not its own. It may raise ApiError."""

ENDPOINTS: Final[list[Endpoint]] = [
    extra_answer,
    media_answer,
    batch_answer,
    description_answer,
    xml_answer,
    private_endpoint_answer,
    host_answer,
]
"""What is asked before the descriptions, in this order. One that is not meant must say so at once."""

_LOG: Final = logging.getLogger("mockcloud")


def answer(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    """Answer a request. Whatever is wrong with it becomes an answer too."""
    if request.verb == "OPTIONS":
        allowed = sorted({"OPTIONS", *verbs(request.host, request.path.removeprefix("/"))})
        return HttpResponse(204, {"Allow": ", ".join(allowed)}, b"")
    response = _answer(cloud, request)
    return replace(response, body=b"") if request.verb == "HEAD" else response


def _answer(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    api, form = "", PLAIN
    try:
        for endpoint in ENDPOINTS:
            response = endpoint(cloud, request)
            if response is not None:
                return response
        method, variables = method_of(request)
        api = method.api
        form, query = asked_of(request, method)
        call = call_of(request, method, variables, query, form)
        return written(cloud.dispatch(call), form, method)
    except ApiError as error:
        return refused(error, api, form)
    except Exception:  # noqa: BLE001 - a fault of ours: the client gets it in Google's form, the log says where it is
        _LOG.exception("No answer to %s %s%s", request.verb, request.host, request.path)
        return refused(ApiError(500, "INTERNAL", "Internal error encountered.", reason="backendError"), api, form)
