"""The console as an ASGI application: the page at `/`, and its API below `/_mock`."""

import asyncio
import json
import os
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route, Router

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.doors.console import access, actions, views
from mockcloud.doors.console.guard import problem, refuse
from mockcloud.doors.console.page import page, policy
from mockcloud.doors.rest.app import Receive, Scope, Send
from mockcloud.doors.wire.reading import read_json
from mockcloud.errors import Error

MOST_BYTES: Final = 2**20
_GLANCE: Final = 0.2
"""Seconds between two looks at whether something happened."""
_QUIET: Final = 75
"""Looks without news after which something is sent all the same, so that a connection that is gone is noticed."""

View = Callable[[Mapping[str, str]], object]
Action = Callable[[Mapping[str, Any]], object]


class ConsoleApp:
    """The console.

    Args:
        cloud: The cloud that it shows.
        stop: Stops the server.
        closing: Set when the server stops.
        doors: What else is open beside REST, for those who ask.
    """

    def __init__(
        self, cloud: Cloud, *, stop: Callable[[], None], closing: threading.Event, doors: Mapping[str, str]
    ) -> None:
        self._cloud = cloud
        self._stop = stop
        self._closing = closing
        self._doors = doors
        self._snapshots = actions.Snapshots()
        self._router = Router(self._routes())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, if it may be made at all."""
        if why := problem(scope):
            await refuse(send, why)
        else:
            await self._router(scope, receive, send)

    def _routes(self) -> list[Route]:
        cloud, kept = self._cloud, self._snapshots
        return [
            Route("/", self._page),
            Route("/_mock/events", self._events),
            self._view(
                "/_mock/about",
                lambda _: {
                    **views.about(cloud),
                    "plans": sum(1 for _ in cloud.plans),
                    "pid": os.getpid(),
                    "doors": dict(self._doors),
                },
            ),
            self._view("/_mock/state", lambda _: views.state(cloud)),
            self._view("/_mock/resources", lambda query: views.resources(cloud, query)),
            self._view(
                "/_mock/resource", lambda query: views.resource(cloud, query.get("api", ""), query.get("name", ""))
            ),
            self._view("/_mock/operations", lambda _: views.operations(cloud)),
            self._view("/_mock/policies", lambda _: access.policies(cloud)),
            self._view("/_mock/who-can", lambda query: access.who_can(cloud, query)),
            self._view("/_mock/calls", lambda query: views.calls(cloud, query)),
            self._view("/_mock/changes", lambda query: views.changes(cloud, query)),
            self._view("/_mock/violations", lambda query: views.violations(cloud, query)),
            self._view("/_mock/faults", lambda _: actions.faults(cloud)),
            self._view("/_mock/snapshots", lambda _: kept.names()),
            self._action("/_mock/advance", lambda body: actions.advance(cloud, body)),
            self._action("/_mock/reset", lambda _: actions.reset(cloud)),
            self._action("/_mock/projects", lambda body: actions.number_projects(cloud, body)),
            self._action("/_mock/rules", lambda body: actions.switch(cloud, body)),
            self._action("/_mock/late-policies", lambda body: actions.late_policies(cloud, body)),
            self._action("/_mock/faults", lambda body: actions.add_fault(cloud, body)),
            self._action("/_mock/snapshots", lambda body: kept.take(cloud, body)),
            Route("/_mock/snapshots/{name:path}", self._restore, methods=["POST"]),
            Route("/_mock/faults/{number}", self._remove, methods=["DELETE"]),
            self._action("/_mock/stop", self._stopped),
        ]

    def _view(self, path: str, view: View) -> Route:
        async def endpoint(request: Request) -> Response:
            return self._answered(lambda: view(request.query_params), request.query_params.get("name", ""))

        return Route(path, endpoint, methods=["GET"])

    def _action(self, path: str, action: Action) -> Route:
        async def endpoint(request: Request) -> Response:
            body = await _body(request)
            if body is None:
                return _refused(400, "The body is not understood", "something else", "a JSON object of at most 1 MiB")
            return self._answered(lambda: action(body))

        return Route(path, endpoint, methods=["POST"])

    async def _restore(self, request: Request) -> Response:
        return self._answered(
            lambda: self._snapshots.restore(self._cloud, request.path_params["name"]), request.path_params["name"]
        )

    async def _remove(self, request: Request) -> Response:
        return self._answered(
            lambda: actions.remove_fault(self._cloud, request.path_params["number"]), str(request.path_params["number"])
        )

    def _stopped(self, _: Mapping[str, Any]) -> object:
        self._stop()
        return {}

    def _answered(self, made: Callable[[], object], asked: str = "") -> Response:
        try:
            with self._cloud.lock:
                content = made()
        except Error as error:
            return _refused(400, error.what, error.given, error.allowed, error.remedy)
        if content is None:
            what = repr(asked) if asked else "no name"
            remedy = "look at what there is: groundplan cloud state, or fault list"
            return _refused(404, "There is no such thing", what, "the name of something that is there", remedy)
        return JSONResponse(content, headers=_HEADERS)

    async def _page(self, _: Request) -> Response:
        return HTMLResponse(page(), headers={**_HEADERS, "Content-Security-Policy": policy()})

    async def _events(self, request: Request) -> Response:
        headers = {**_HEADERS, "Content-Type": "text/event-stream; charset=utf-8"}
        return StreamingResponse(self._news(request), headers=headers)

    async def _news(self, request: Request) -> AsyncIterator[str]:
        """Say where the cloud stands, at once and whenever it has moved."""
        before: object = None
        quiet = 0
        while not self._closing.is_set() and not await request.is_disconnected():
            with self._cloud.lock:
                now = views.about(self._cloud)
            quiet = 0 if now != before else quiet + 1
            if quiet % _QUIET == 0:
                yield f"data: {json.dumps(now)}\n\n"
                before = now
            await asyncio.sleep(_GLANCE)


_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


async def _body(request: Request) -> Mapping[str, Any] | None:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
    try:
        found = read_json(b"".join(parts) or b"{}")  # as strictly as calls are read: what it keeps, it must show
    except ApiError:
        return None
    return found if isinstance(found, dict) else None


def _refused(status: int, what: str, given: str, allowed: str, remedy: str = "Mend what was given.") -> Response:
    parts = {"what": what, "given": given, "allowed": allowed, "remedy": remedy}
    return JSONResponse({"error": {"code": status, "message": f"{what}.", **parts}}, status, headers=_HEADERS)
