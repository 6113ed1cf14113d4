"""From a request of any HTTP library to the answer of its cloud: the one place that decides where it goes."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from mockcloud.doors.process import sessions
from mockcloud.doors.process.network import is_googles, permit
from mockcloud.doors.wire import HttpRequest, HttpResponse, answer


def exchange(verb: str, url: str, headers: Mapping[str, str], body: bytes) -> HttpResponse | None:
    """Answer a request, or give None where it may go where it wants to.

    Args:
        verb: `GET`, `POST`, …
        url: The whole address.
        headers: By name, in any case.
        body: All of the body.

    Raises:
        NoCloud: It cannot be told which cloud it belongs to.
        NetworkRefused: It would leave the process.
    """
    if not sessions.OPEN:
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    lowered = {name.lower(): value for name, value in headers.items()}
    if not is_googles(host):
        permit(host)
        return None
    session = sessions.choose(lowered.get("authorization", ""))
    request = HttpRequest(verb.upper(), host, parts.path or "/", parts.query, lowered, body, door="process")
    return answer(session.cloud, request)
