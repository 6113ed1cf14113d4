"""What one resource names must exist: names of any form, held to the store."""

from collections.abc import Iterator, Mapping

from mockcloud.cloud.call import Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import not_found
from mockcloud.cloud.store import Record
from mockcloud.discovery.catalogue import api_of_host
from mockcloud.discovery.names import without_version
from mockcloud.services.collections import Collection


def hold_references(call: Call, behaviour: Collection, body: Mapping[str, object]) -> None:
    """Hold every field that names a resource to what exists.

    Raises:
        ApiError: 404, for the first that names nothing.
    """
    for path, api in behaviour.references.items():
        for name in values(body, path.split(".")):
            if name and resolve(call.cloud, name, api) is None:
                raise not_found(name)


def values(body: object, path: list[str]) -> Iterator[str]:
    """Give the texts at a path; lists and maps (`*`) on the way are walked."""
    if isinstance(body, list):
        for each in body:
            yield from values(each, path)
    elif not path:
        if isinstance(body, str):
            yield body
    elif isinstance(body, Mapping):
        if path[0] == "*":
            for each in body.values():
                yield from values(each, path[1:])
        elif path[0] in body:
            yield from values(body[path[0]], path[1:])


def resolve(cloud: Cloud, reference: str, api: str) -> Record | None:
    """Find what a reference names.

    Args:
        cloud: The cloud.
        reference: A full name, `//HOST/NAME`, or a link `https://HOST/VERSION/NAME`. Projects by id or number.
        api: API to which it belongs where it does not say.
    """
    name = reference
    for start in ("https://", "http://", "//"):
        if name.startswith(start):
            host, _, name = name.removeprefix(start).partition("/")
            named = api_of_host(host)
            if named is None and host == "www.googleapis.com":
                named = name.partition("/")[0]
            api, name = named or api, without_version(name)
            break
    return cloud.store.get(api, cloud.projects.by_id(name))
