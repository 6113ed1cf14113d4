"""The way of a request: to what answers it by its path or host, else to the method that it means."""

from collections.abc import Callable
from typing import Final

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.doors.media import media_answer
from mockcloud.doors.wire.messages import HttpRequest, HttpResponse
from mockcloud.doors.wire.reading import understood
from mockcloud.doors.wire.writing import refused, written

Endpoint = Callable[[Cloud, HttpRequest], HttpResponse | None]
"""Answers what is no method of a description, such as a token; None for what is not its own. It may raise ApiError."""

ENDPOINTS: Final[list[Endpoint]] = [media_answer]
"""What is asked before the descriptions, in this order. One that is not meant must say so at once."""


def answer(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    """Answer a request. Whatever is wrong with it becomes an answer too."""
    api = ""
    try:
        for endpoint in ENDPOINTS:
            response = endpoint(cloud, request)
            if response is not None:
                return response
        found, query = understood(request)
        api = found.method.api
        return written(cloud.dispatch(found), query)
    except ApiError as error:
        return refused(error, api)
