"""From a request of any HTTP library to the answer of its cloud: the one place that decides where it goes."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from mockcloud.doors.process import sessions
from mockcloud.doors.process.bodies import read
from mockcloud.doors.process.far import send
from mockcloud.doors.process.network import is_googles, is_private, permit
from mockcloud.doors.wire import HttpRequest, HttpResponse

_SAFE = "/:@!$&'()*+,;=-._~%?"
"""Characters of a path or query that stay as they are; what a library leaves unencoded is encoded here."""


class TooLate(TimeoutError):
    """A fault makes an answer later than the client waits for it. What was asked for may be done."""


def exchange(
    verb: str, url: str, headers: Mapping[str, str], body: object = None, *, patience: float | None = None
) -> HttpResponse | None:
    """Answer a request, or give None where it may go where it wants to. A body is read only if it is answered.

    Args:
        verb: `GET`, `POST`, …
        url: The whole address.
        headers: By name, in any case.
        body: The body in whatever form libraries take it: see `bodies.read`.
        patience: Seconds for which the client waits for the answer; None for as long as it takes.

    Raises:
        TooLate: The answer comes later than that. Nobody really waits: the delay passes in the cloud's time.
        NoCloud: It cannot be told which cloud it belongs to, or its cloud is closed.
        NetworkRefused: It would leave the process.
    """
    lowered = {_text(name).lower(): _text(value) for name, value in headers.items()}
    authorization = lowered.get("authorization", "")
    if not sessions.OPEN:
        marked, _ = sessions.of_token(authorization.partition(" ")[2])
        if marked and is_googles(urlsplit(url).hostname or ""):
            sessions.refuse_closed(authorization)
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not is_googles(host) and not _is_private_endpoint(host, authorization):
        permit(host)
        return None
    session = sessions.choose(authorization)
    request = HttpRequest(
        verb=verb.upper(),
        host=host,
        path=quote(parts.path, _SAFE) or "/",
        query=quote(parts.query, _SAFE),
        headers=lowered,
        body=read(body),
        door="process",
    )
    session.cloud.faults.take_delay()  # of a call by another door, which asked for none
    found = send(session.cloud, request)
    late = session.cloud.faults.take_delay()
    if patience is not None and late > patience:
        raise TooLate(f"The read operation timed out: the answer takes {late:g} s.")
    # An answer to HEAD has no body, and may say how long it would be.
    if any(name.lower() == "content-length" for name in found.headers):
        return found
    return HttpResponse(found.status, {**found.headers, "Content-Length": str(len(found.body))}, found.body)


def _is_private_endpoint(host: str, authorization: str) -> bool:
    """Whether a call goes to an address of the user's network at which an API of Google's listens.

    It does if it goes to a private address with the mock cloud's credentials. A name is no address: what is sent to the
    wrong one by mistake is to be seen.
    """
    marked, _ = sessions.of_token(authorization.partition(" ")[2])
    return marked and is_private(host)


def _text(part: str | bytes) -> str:
    """Give a name or value of a header; clients may hand over bytes."""
    return part.decode("latin-1") if isinstance(part, bytes) else str(part)
