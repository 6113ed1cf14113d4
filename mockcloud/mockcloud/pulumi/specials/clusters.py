"""Clusters and node pools of Google Kubernetes Engine: what the provider fills in, and one change at a time."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.rows import Request
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill

Body = dict[str, Any]

_ON: Final = ("masterAuthorizedNetworksConfig", "authenticatorGroupsConfig")
"""Fields that are switched on by being given."""


@special_row("container/cluster:Cluster")
class Cluster(Tabled):
    """Clusters."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a cluster, and remove the node pool that comes with it, where the program wants that."""
        state = super().create(place, inputs)
        if inputs.get("removeDefaultNodePool"):
            values = self.values(place, inputs)
            row, path = self.kind.row, f"{fill(self.kind.row.self, values)}/nodePools/default-pool"
            answer = place.api.remove("DELETE", row.host, f"{row.version}/{path}")
            place.api.finish(row.host, row.version, answer)
        return self.read(place, state.id, inputs, state.outputs) or state

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> Body:
        body = super()._creation(place, values, inputs)
        cluster = _filled(body["cluster"], values, inputs)
        if inputs.get("networkingMode") != "ROUTES":
            cluster["ipAllocationPolicy"] = {**cluster.get("ipAllocationPolicy", {}), "useIpAliases": True}
        cluster.setdefault("nodePools", None if cluster.get("initialNodeCount") else [])
        return {**body, "cluster": {name: each for name, each in cluster.items() if each not in (None, [])}}

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> Body:
        return _filled(super()._body(place, values, inputs), values, inputs)

    def _change(
        self,
        place: Place,
        request: Request,
        values: Mapping[str, Any],
        inputs: Mapping[str, Any],
        changed: frozenset[str],
    ) -> None:
        """Change one property after the other: GKE takes one a call."""
        for name in sorted(changed):
            super()._change(place, request, values, inputs, frozenset({name}))

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        here = str(values.get("location", ""))
        others = [each for each in body.get("locations") or [] if each != here]
        return super()._state(place, {**body, "locations": others}, inputs, values)


def _filled(cluster: Body, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> Body:
    """Fill in what the provider does: switches, the cluster's own zone, and the switches of its pools."""
    found = dict(cluster)
    for name in _ON:
        if found.get(name) is not None:
            found[name] = {**found[name], "enabled": True}
    here = str(values.get("location", ""))
    if found.get("locations") and here.count("-") > 1:
        found["locations"] = [here, *(each for each in found["locations"] if each != here)]
    if found.get("nodePools"):
        given = inputs.get("nodePools") or []
        found["nodePools"] = [_pool(each, one) for each, one in zip(found["nodePools"], given, strict=True)]
    return found


@special_row("container/nodePool:NodePool")
class NodePool(Tabled):
    """Node pools."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> Body:
        body = super()._creation(place, values, inputs)
        return {**body, "nodePool": _pool(body["nodePool"], inputs)}

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> Body:
        body = _pool(super()._body(place, values, inputs), inputs)
        return {"autoscaling": {"enabled": False}, **body}


def _pool(pool: Mapping[str, Any], inputs: Mapping[str, Any]) -> Body:
    """Switch on the scaling of a pool that has limits."""
    scaled = inputs.get("autoscaling")
    return {**pool, "autoscaling": {**pool.get("autoscaling", {}), "enabled": True}} if scaled else dict(pool)
