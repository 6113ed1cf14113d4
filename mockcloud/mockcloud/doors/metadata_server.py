"""The metadata server of a virtual machine: its project, its place, and tokens of its service account.

Paths as https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys lists them (2026-11). Which
machine it is, `cloud.instance` says.
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from mockcloud.cloud.agents import default_account
from mockcloud.cloud.callers import Caller
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.ids import steady
from mockcloud.cloud.tokens import LIFETIME, issue
from mockcloud.doors.wire.messages import HttpRequest, HttpResponse

_FLAVOR: Final = {"Metadata-Flavor": "Google", "Server": "Metadata Server for VM"}
_ROOT: Final = "/computeMetadata/v1"
_LONGEST_ID: Final = 18


def metadata_answer(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    """Answer the metadata server."""
    if not request.path.startswith(_ROOT):
        # Clients find out at the root whether there is one at all.
        return _text("computeMetadata/\n") if request.path in {"", "/"} else _text("Not Found", 404)
    if request.headers.get("metadata-flavor", "").lower() != "google":
        return _text("Missing required header: Metadata-Flavor: Google", 403)
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    path = request.path.removeprefix(_ROOT).strip("/")
    parts = path.split("/") if path else []
    token = _of_account(cloud, parts, query)
    if token is not None:
        return token
    found = _look_up(_tree(cloud), parts)
    if found is None:
        return _text("Not Found", 404)
    return _shown(found, recursive=query.get("recursive", "").lower() == "true")


def _of_account(cloud: Cloud, parts: list[str], query: Mapping[str, str]) -> HttpResponse | None:
    """Give a token of the machine's account; None where something else is asked for."""
    *front, account, what = parts if len(parts) == 4 else ["", "", "", ""]  # noqa: PLR2004 - two words, account, what
    if front != ["instance", "service-accounts"] or account not in {"default", _email(cloud)}:
        return None
    if what == "token":
        return _token(cloud, _email(cloud), query.get("scopes", ""))
    return _identity(cloud, _email(cloud), query) if what == "identity" else None


def _email(cloud: Cloud) -> str:
    instance = cloud.instance
    if instance.account:
        return instance.account
    default = default_account("compute")
    return default.email(cloud, instance.project) if default is not None else ""


def _tree(cloud: Cloud) -> Mapping[str, Any]:
    """Give everything that is no token."""
    instance = cloud.instance
    number = cloud.projects.number_of(instance.project)
    email = _email(cloud)
    account = {"aliases": "default\n", "email": email, "scopes": "\n".join(instance.scopes) + "\n"}
    return {
        "project": {"project-id": instance.project, "numeric-project-id": number, "attributes": {}},
        "instance": {
            "id": steady(f"instance/{instance.name}", _LONGEST_ID),
            "name": instance.name,
            "hostname": f"{instance.name}.{instance.zone}.c.{instance.project}.internal",
            "zone": f"projects/{number}/zones/{instance.zone}",
            "region": f"projects/{number}/regions/{instance.zone.rpartition('-')[0]}",
            "attributes": {},
            "service-accounts": {"default": account, email: account},
        },
        "universe": {"universe-domain": "googleapis.com", "universe_domain": "googleapis.com"},
    }


def _look_up(tree: Mapping[str, Any], parts: list[str]) -> Any:  # noqa: ANN401 - a text or a tree
    found: Any = tree
    for part in parts:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _shown(found: Any, *, recursive: bool) -> HttpResponse:  # noqa: ANN401 - a text or a tree
    if not isinstance(found, Mapping):
        return _text(str(found))
    if not recursive:
        return _text("".join(f"{name}{'/' if isinstance(each, Mapping) else ''}\n" for name, each in found.items()))
    # A list of lines is a list as JSON.
    lists = {"aliases", "scopes"}
    shown = {
        name: {key: value.split() if key in lists else value for key, value in each.items()}
        if isinstance(each, Mapping)
        else (each.split() if name in lists else each)
        for name, each in found.items()
    }
    return _json(shown)


def _token(cloud: Cloud, email: str, scopes: str) -> HttpResponse:
    asked = frozenset(filter(None, scopes.split(","))) or frozenset(cloud.instance.scopes)
    issued, _ = issue(cloud, Caller(f"serviceAccount:{email}", asked, origin={"project": cloud.instance.project}))
    return _json({"access_token": issued, "expires_in": int(LIFETIME.total_seconds()), "token_type": "Bearer"})


def _identity(cloud: Cloud, email: str, query: Mapping[str, str]) -> HttpResponse:
    from mockcloud.services.iamcredentials import identity_token

    if not query.get("audience"):
        return _text("non-empty audience parameter required", 400)
    token = identity_token(cloud, Caller(f"serviceAccount:{email}"), query["audience"], email=True)
    return _text(token)


def _text(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(status, {"Content-Type": "application/text", **_FLAVOR}, text.encode())


def _json(body: Mapping[str, Any]) -> HttpResponse:
    return HttpResponse(200, {"Content-Type": "application/json", **_FLAVOR}, json.dumps(body).encode())
