"""The console's own API, given anything: it answers, or refuses and says why; and goes on to answer others."""

import json
import threading
from collections.abc import Iterator
from dataclasses import fields
from http.client import HTTPConnection
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockcloud.cloud.faults import Fault
from mockcloud.cloud.rules.chain import Rule
from mockcloud.doors.console.app import ConsoleApp
from mockcloud.doors.rest.server import serve
from mockcloud.simulator import new_cloud

ROUTES = [
    (method, route.path)
    for route in ConsoleApp(new_cloud(), stop=lambda: None, closing=threading.Event(), doors={})._routes()
    for method in sorted(route.methods or ())
    if method != "HEAD" and route.path not in {"/", "/_mock/events", "/_mock/stop"}
]
VIEWS = [path for method, path in ROUTES if method == "GET"]
KEYS = st.sampled_from(
    ["size", "since", "q", "api", "kind", "project", "after", "at", "permission", "name", "seconds", "nonsense"]
    + [each.name for each in fields(Fault)]
    + [str(each) for each in Rule]
)
TEXTS = st.text(st.characters(), max_size=20) | st.sampled_from(
    ["secretmanager/projects/acme", "-1", "1e400", "9" * 30]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
BODIES = st.one_of(st.dictionaries(KEYS, VALUES, max_size=4).map(json.dumps), VALUES.map(json.dumps), TEXTS)


@pytest.fixture(scope="module")
def connection() -> Iterator[HTTPConnection]:
    with serve(new_cloud()) as server:
        found = HTTPConnection("127.0.0.1", server.port, timeout=20)
        yield found
        found.close()


def asked(connection: HTTPConnection, verb: str, path: str, body: bytes | None = None) -> int:
    connection.request(verb, path, body, {"X-Mock-Cloud": "test"})
    response = connection.getresponse()
    text = response.read()
    if response.status >= 400 and text.startswith(b"{"):
        assert all(json.loads(text)["error"][part] for part in ("what", "allowed", "remedy")), text
    return response.status


@settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(route=st.sampled_from(ROUTES), named=TEXTS, query=st.lists(st.tuples(KEYS, TEXTS), max_size=3), body=BODIES)
def test_whatever_it_is_given_it_answers(
    connection: HTTPConnection, route: tuple[str, str], named: str, query: list[tuple[str, str]], body: str
) -> None:
    verb, path = route
    name = quote(named.encode(errors="surrogatepass"), safe="")
    for place in ("{name:path}", "{name}", "{number}"):
        path = path.replace(place, name)
    target = f"{path}?{urlencode(query, errors='surrogatepass')}"
    content = body.encode(errors="surrogatepass") if verb == "POST" else None
    assert asked(connection, verb, target, content) < 500
    for view in VIEWS:
        assert asked(connection, "GET", view) in {200, 404}, "what it has kept, it can show"
