"""The descriptions as they ship in google-api-python-client."""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from mockcloud.discovery.tables import read_table
from mockcloud.errors import Error

_HERE: Final = Path(__file__).parent
_OWN: Final = _HERE / "descriptions"
"""Descriptions that Google does not publish: written from the messages of its client libraries."""


class NoDescription(Error):
    """An API is described nowhere."""


@lru_cache(maxsize=1)
def apis() -> Mapping[str, Mapping[str, Any]]:
    """Give the table of APIs that are served: name -> versions, further hosts, package of the messages."""
    table: dict[str, dict[str, Any]] = read_table(_HERE / "apis.yaml")
    return table


def package_of(api: str, version: str) -> str:
    """Give the package of the messages of an API's version: `google.cloud.aiplatform.v1`."""
    entry = apis().get(api, {})
    by_version: Mapping[str, str] = entry.get("protos", {})
    return by_version.get(version, str(entry.get("proto", f"google.cloud.{api}.{{}}"))).format(version)


@lru_cache(maxsize=1)
def document(api: str, version: str) -> Mapping[str, Any]:
    """Read the description of an API. The last one is kept, as its paths and its schemas are read one after the other.

    Raises:
        NoDescription: Neither google-api-python-client nor we have one.
    """
    path = _OWN / f"{api}.{version}.json"
    if not path.is_file():
        path = _directory() / f"{api}.{version}.json"
    if not path.is_file():
        raise NoDescription(
            "There is no description of this API",
            given=f"{api} {version}",
            allowed="an API and version that the installed google-api-python-client describes",
            remedy="Install google-api-python-client at the version that this package asks for.",
        )
    with path.open("rb") as file:
        found: dict[str, Any] = json.load(file)
    return found


@lru_cache(maxsize=1)
def _directory() -> Path:
    # Its modules are not imported: they pull in httplib2 and the authentication library.
    spec = find_spec("googleapiclient")
    if spec is None or not spec.submodule_search_locations:
        raise NoDescription(
            "The descriptions of Google's APIs are missing",
            given="an environment without google-api-python-client",
            allowed="",
            remedy="Install google-api-python-client.",
        )
    return Path(spec.submodule_search_locations[0]) / "discovery_cache" / "documents"
