"""Every API that is served: which one a host and a path mean, loaded when it is first asked for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Final, NamedTuple

from mockcloud.discovery.documents import apis, document
from mockcloud.discovery.methods import methods
from mockcloud.discovery.routes import Match, Routes
from mockcloud.discovery.schemas import Schemas

_SHARED_HOSTS: Final = frozenset({"www.googleapis.com", "content.googleapis.com"})
"""Hosts of several APIs, told apart by the path."""

_USUAL: Final = re.compile(
    r"(?:[a-z0-9-]+-)?(?P<api>[a-z0-9]+)(?:\.mtls)?\.googleapis\.com|(?P<regional>[a-z0-9]+)\.[a-z0-9-]+\.rep\.googleapis\.com"
)
"""`NAME`, `REGION-NAME` and `NAME.REGION.rep`: no name of ours has a hyphen."""
_WORTH_REMEMBERING: Final = 512
"""Characters of a path up to which it is remembered what it means."""
_OF_CLIENTS: Final = "ui/"


class Found(NamedTuple):
    """What an HTTP method, a host and a path mean.

    Attributes:
        description: The version of the API.
        match: The method, with the variables of the path.
    """

    description: "Description"
    match: Match


@dataclass(frozen=True)
class Description:
    """One version of an API.

    Attributes:
        api: Its name: `aiplatform`.
        version: Its version: `v1`.
    """

    api: str
    version: str

    @cached_property
    def routes(self) -> Routes:
        """Its paths."""
        return Routes(methods(document(self.api, self.version)))

    @cached_property
    def schemas(self) -> Schemas:
        """Its schemas."""
        return Schemas(document(self.api, self.version))


@cache
def description(api: str, version: str) -> Description:
    """Give a version of an API. It is read when something of it is first asked for, once a process."""
    return Description(api, version)


def versions(api: str) -> tuple[str, ...]:
    """Give the versions of an API that are served, the first one first; none for an API that is not."""
    return tuple(apis().get(api, {}).get("versions", ()))


@lru_cache(maxsize=1024)
def api_of_host(host: str) -> str | None:
    """Give the API that a host belongs to, whatever its region and form; None for one that several or none use."""
    name = host.partition(":")[0].lower()
    if name in _SHARED_HOSTS:
        return None
    usual = _USUAL.fullmatch(name)
    if usual is not None and (usual["api"] or usual["regional"]) in apis():
        return str(usual["api"] or usual["regional"])
    return next((api for api, pattern in _further() if pattern.fullmatch(name)), None)


@cache
def _further() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Give the hosts that do not say the API's name, or stand beside the one that does."""
    return tuple(
        (api, re.compile("|".join(re.escape(each).replace(r"\*", "[a-z0-9-.]+") for each in entry["hosts"])))
        for api, entry in apis().items()
        if "hosts" in entry
    )


def find(http: str, host: str, path: str) -> Found | None:
    """Find what a request means.

    Args:
        http: `GET`, `POST`, …
        host: The host that it was sent to, or "" for one that says nothing (a loopback address).
        path: Its path, percent-encoded, without the first slash and the query. Where the host says nothing, its first
            segment may be the host or the name of an API; else every API is tried, in the order of the table.
    """
    return _remembered(http, host, path) if len(path) < _WORTH_REMEMBERING else _found(http, host, path)


@lru_cache(maxsize=8192)
def _remembered(http: str, host: str, path: str) -> Found | None:
    return _found(http, host, path)


def _found(http: str, host: str, path: str) -> Found | None:
    api = api_of_host(host)
    if api is None:
        first, _, rest = path.partition("/")
        named = first if first in apis() else api_of_host(first)
        if named is not None and versions(named):
            found = _in_api(http, named, rest)
            if found is not None:
                return found
    for each in [api] if api is not None else apis():
        found = _in_api(http, each, path)
        if found is not None:
            return found
    return None


def verbs(host: str, path: str) -> list[str]:
    """Give the HTTP methods that a path takes, sorted."""
    return [each for each in ("DELETE", "GET", "PATCH", "POST", "PUT") if find(each, host, path) is not None]


def _in_api(http: str, api: str, path: str) -> Found | None:
    paths = [_described(api, path)]
    if path.startswith(_OF_CLIENTS):
        # Google's clients poll operations below a path that no description tells; not every version has all of them.
        paths = [f"{version}/{path.removeprefix(_OF_CLIENTS)}" for version in versions(api)]
    for one in paths:
        for each in _likely(api, one):
            match = each.routes.match(http, one)
            if match is not None:
                return Found(each, match)
    return None


def _described(api: str, path: str) -> str:
    """Give a path with the version that describes it in the place of one that nobody describes."""
    version, slash, rest = path.partition("/")
    same: Mapping[str, str] = apis()[api].get("same", {})
    return f"{same[version]}{slash}{rest}" if version in same else path


def _likely(api: str, path: str) -> Iterator[Description]:
    """Give the versions that a path can mean, so that the others need not be read."""
    front = path.split("/", 3)[:3]
    for version in versions(api):
        if version in front:
            yield description(api, version)
