"""Firebase's rules: sets of them, and releases, whose names may hold slashes. Nobody asks the rules."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid, not_found
from mockcloud.cloud.masks import merged
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.creating import now
from mockcloud.services.reading import found
from mockcloud.services.service import Service

API: Final = "firebaserules"
SERVICE: Final = Service(API, modelled=False)
_RELEASES: Final = "projects.releases"
_COLLECTION: Final = "/releases/"


def _id(call: Call, body: dict[str, Any]) -> str:
    del call
    identifier = str(body.get("name", "")).partition(_COLLECTION)[2]
    if not identifier:
        raise invalid("A release needs a name.", Violation("release.name", "It is projects/PROJECT/releases/NAME."))
    return identifier


def _uuid(call: Call, body: dict[str, Any]) -> str:
    del body
    return call.cloud.ids.uuid("firebaserules/rulesets")


def _held(call: Call, name: str, body: dict[str, Any]) -> Body:
    """Hold a release to rules that are there."""
    del name
    rules = str(body.get("rulesetName", ""))
    if call.cloud.store.get(API, call.cloud.projects.by_id(rules)) is None:
        raise not_found(rules, what="Ruleset")
    return body


def _rules(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    if not (body.get("source") or {}).get("files"):
        raise invalid("A set of rules needs files.", Violation("ruleset.source.files", "It is empty."))
    return {**body, "metadata": {"services": []}}


@SERVICE.method(f"{_RELEASES}.patch")
def change(call: Call) -> Answer | Body:
    """Let a release have other rules."""
    record = found(call)
    body = merged(record.body, call.body.get("release") or {})
    kept = {"name": record.body["name"], "updateTime": now(call)}
    return call.cloud.change(record, {**_held(call, call.name, body), **kept}).body


SERVICE.collection("projects.rulesets", new_id=_uuid, created=_rules)
SERVICE.collection(_RELEASES, new_id=_id, created=_held)
