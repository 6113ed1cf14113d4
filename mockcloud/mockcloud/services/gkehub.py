"""Fleets: memberships of clusters, features, scopes."""

import re
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import not_found
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body
from mockcloud.services.reading import found
from mockcloud.services.service import Service

API: Final = "gkehub"
SERVICE: Final = Service(API)
_CLUSTER: Final = re.compile(r"projects/[^/]+/(locations|zones)/[^/]+/clusters/[^/]+")


def _membership(call: Call, name: str, body: dict[str, Any]) -> Body:
    link = body.get("endpoint", {}).get("gkeCluster", {}).get("resourceLink", "")
    cluster = link[link.find("projects/") :] if "projects/" in link else ""
    known = _CLUSTER.fullmatch(cluster) and call.cloud.projects.get(cluster.split("/")[1]) is not None
    if known and call.cloud.rules.on(Rule.REFERENCES):
        parts = cluster.split("/")
        parts[1] = call.cloud.projects.id_of(parts[1])
        parts[2] = "locations"
        if call.cloud.store.get("container", "/".join(parts)) is None:
            raise not_found(cluster, what="Cluster")
    del name
    return {**body, "uniqueId": call.cloud.ids.uuid("gkehub/membership"), "state": {"code": "READY"}}


SERVICE.collection("projects.locations.memberships", created=_membership, state=None)


def _feature(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    return {**body, "resourceState": {"state": "ACTIVE"}, "state": {"state": {"code": "OK"}}}


SERVICE.collection("projects.locations.features", created=_feature, state=None)


def _lived(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    return {**body, "state": {"code": "READY"}}


SERVICE.collection(
    "projects.locations.scopes",
    "projects.locations.scopes.namespaces",
    "projects.locations.scopes.rbacrolebindings",
    "projects.locations.memberships.bindings",
    created=_lived,
    state=None,
)


def _only(call: Call, body: dict[str, Any]) -> str:
    """Name a fleet: a project has one, the default one (google.cloud.gkehub.v1.Fleet.name)."""
    del call, body
    return "default"


def _fleet(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    return {"uid": call.cloud.ids.uuid("gkehub/fleet"), **body, "state": {"state": "READY"}}


SERVICE.collection("projects.locations.fleets", created=_fleet, new_id=_only, state=None)


@SERVICE.method("projects.locations.memberships.generateConnectManifest")
def manifest(call: Call) -> Answer | Body:
    """Give what connects a cluster: nothing, as no agent is needed for what is only here."""
    found(call)
    return {"manifest": []}


@SERVICE.method("projects.locations.scopes.listMemberships")
def memberships(call: Call) -> Answer | Body:
    """Give the memberships that are bound to a scope."""
    scope = found(call)
    bound = [
        each for each in call.cloud.store.of(API) if "/bindings/" in each.name and each.body.get("scope") == scope.name
    ]
    names = {each.name.partition("/bindings/")[0] for each in bound}
    rows = [each.body for each in call.cloud.store.of(API) if each.name in names]
    return {"memberships": rows} if rows else {}
