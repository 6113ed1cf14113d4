"""Instances and tables of Bigtable: clusters and column families are lists of theirs."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill

Body = dict[str, Any]

_FACTOR: Final = {
    "NodeScalingFactor1X": "NODE_SCALING_FACTOR_1X",
    "NodeScalingFactor2X": "NODE_SCALING_FACTOR_2X",
}
_KINDS: Final = {word: kind for kind, word in _FACTOR.items()}


@special_row("bigtable/instance:Instance")
class Instance(Tabled):
    """Instances with their clusters."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> Body:
        body = super()._creation(place, values, inputs)
        given = inputs.get("clusters") or []
        return {**body, "clusters": {str(each["clusterId"]): _cluster(values, each) for each in given}}

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change an instance, and add, change and remove clusters."""
        if "clusters" in changed:
            values = self.values(place, {**old.outputs, **inputs})
            path = f"{self.kind.row.version}/{fill(self.kind.row.self, values)}/clusters"
            had = {str(each["clusterId"]): each for each in old.outputs.get("clusters") or []}
            wanted = {str(each["clusterId"]): each for each in inputs.get("clusters") or []}
            for name, each in wanted.items():
                sent = _cluster(values, each)
                if name not in had:
                    self._call(place, "POST", f"{path}?clusterId={name}", sent)
                elif _cluster(values, had[name]) != sent:
                    mask = "clusterConfig" if "clusterConfig" in sent else "serveNodes"
                    self._call(place, "PATCH", f"{path}/{name}?updateMask={mask}", {mask: sent.get(mask)})
            for name in had.keys() - wanted.keys():
                self._call(place, "DELETE", f"{path}/{name}", None)
        return super().update(place, old, inputs, changed - {"clusters"})

    def _call(self, place: Place, verb: str, path: str, body: object) -> None:
        row = self.kind.row
        place.api.finish(row.host, row.version, place.api.call(verb, row.host, path, body))

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        path = f"{self.kind.row.version}/{fill(self.kind.row.self, values)}/clusters"
        found = (place.api.find(self.kind.row.host, path) or {}).get("clusters", [])
        order = [each["clusterId"] for each in inputs.get("clusters") or []]
        clusters = [_told(each) for each in found]
        clusters.sort(key=lambda each: order.index(each["clusterId"]) if each["clusterId"] in order else len(order))
        return State(state.id, {**state.outputs, "clusters": clusters})


def _cluster(values: Mapping[str, Any], given: Mapping[str, Any]) -> Body:
    """Give a cluster as the API has it."""
    zone = str(given.get("zone") or values.get("zone"))
    body: Body = {
        "location": f"projects/{values['project']}/locations/{zone}",
        "defaultStorageType": given.get("storageType", "SSD"),
        "nodeScalingFactor": _FACTOR.get(str(given.get("nodeScalingFactor")), _FACTOR["NodeScalingFactor1X"]),
    }
    scaled = given.get("autoscalingConfig")
    if scaled:
        targets = {"cpuUtilizationPercent": scaled["cpuTarget"]}
        if scaled.get("storageTarget"):
            targets["storageUtilizationGibPerNode"] = scaled["storageTarget"]
        limits = {"minServeNodes": scaled["minNodes"], "maxServeNodes": scaled["maxNodes"]}
        body["clusterConfig"] = {
            "clusterAutoscalingConfig": {"autoscalingLimits": limits, "autoscalingTargets": targets}
        }
    else:
        body["serveNodes"] = given.get("numNodes") or 1
    if given.get("kmsKeyName"):
        body["encryptionConfig"] = {"kmsKeyName": given["kmsKeyName"]}
    return body


def _told(cluster: Mapping[str, Any]) -> Body:
    """Give a cluster as a program sees it."""
    told: Body = {
        "clusterId": str(cluster["name"]).rpartition("/")[2],
        "zone": str(cluster.get("location", "")).rpartition("/")[2],
        "storageType": cluster.get("defaultStorageType", "SSD"),
        "nodeScalingFactor": _KINDS.get(str(cluster.get("nodeScalingFactor")), "NodeScalingFactor1X"),
        "state": cluster.get("state", ""),
    }
    config = cluster.get("clusterConfig", {}).get("clusterAutoscalingConfig")
    if config:
        limits, targets = config.get("autoscalingLimits", {}), config.get("autoscalingTargets", {})
        told["autoscalingConfig"] = {
            "minNodes": limits.get("minServeNodes"),
            "maxNodes": limits.get("maxServeNodes"),
            "cpuTarget": targets.get("cpuUtilizationPercent"),
            "storageTarget": targets.get("storageUtilizationGibPerNode", 0),
        }
    else:
        told["numNodes"] = cluster.get("serveNodes", 1)
    key = cluster.get("encryptionConfig", {}).get("kmsKeyName")
    return {**told, "kmsKeyName": key} if key else told


@special_row("bigtable/table:Table")
class Table(Tabled):
    """Tables with their column families."""

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change a table, and add and remove column families."""
        if "columnFamilies" in changed:
            values, row = self.values(place, {**old.outputs, **inputs}), self.kind.row
            had = {str(each["family"]) for each in old.outputs.get("columnFamilies") or []}
            wanted = {str(each["family"]) for each in inputs.get("columnFamilies") or []}
            added: list[Body] = [{"id": each, "create": {}} for each in sorted(wanted - had)]
            gone: list[Body] = [{"id": each, "drop": True} for each in sorted(had - wanted)]
            path = f"{row.version}/{fill(row.self, values)}:modifyColumnFamilies"
            place.api.call("POST", row.host, path, {"modifications": [*added, *gone], "ignoreWarnings": True})
        return super().update(place, old, inputs, changed - {"columnFamilies"})
