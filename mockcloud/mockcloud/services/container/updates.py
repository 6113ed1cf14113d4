"""Changes of clusters: by one method for everything, and by setters."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import aborted, invalid
from mockcloud.cloud.masks import merged
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.compute.schemas import fingerprint
from mockcloud.services.container.service import API, SERVICE, both, start
from mockcloud.services.reading import found

_RENAMED: Final = {
    "MasterVersion": ("currentMasterVersion",),
    "IntraNodeVisibilityConfig": ("networkConfig", "enableIntraNodeVisibility"),
    "L4ilbSubsettingConfig": ("networkConfig", "enableL4ilbSubsetting"),
    "ServiceExternalIpsConfig": ("networkConfig", "serviceExternalIpsConfig"),
    "ClusterAutoscaling": ("autoscaling",),
    "DefaultEnablePrivateNodes": ("networkConfig", "defaultEnablePrivateNodes"),
    "NodePoolAutoConfigNetworkTags": ("nodePoolAutoConfig", "networkTags"),
    "NodePoolAutoConfigResourceManagerTags": ("nodePoolAutoConfig", "resourceManagerTags"),
    "NodePoolAutoConfigKubeletConfig": ("nodePoolAutoConfig", "nodeKubeletConfig"),
    "NodePoolLoggingConfig": ("nodePoolDefaults", "nodeConfigDefaults", "loggingConfig"),
    "GcfsConfig": ("nodePoolDefaults", "nodeConfigDefaults", "gcfsConfig"),
    "NodeKubeletConfig": ("nodePoolDefaults", "nodeConfigDefaults", "nodeKubeletConfig"),
    "K8sBetaApis": ("enableK8sBetaApis",),
    "AutopilotWorkloadPolicyConfig": ("autopilot", "workloadPolicyConfig"),
    "AutopilotClusterPolicyConfig": ("autopilot", "clusterPolicyConfig"),
    "PrivilegedAdmissionConfig": ("autopilot", "privilegedAdmissionConfig"),
}
"""`desired…` of an update -> path of the cluster's field, where that has not the same name."""
_SWITCHES: Final = frozenset({"IntraNodeVisibilityConfig", "L4ilbSubsettingConfig"})
"""Those whose message has only `enabled`, where the cluster has a truth value."""
_OF_POOLS: Final = {"NodeVersion": "version", "NodePoolAutoscaling": "autoscaling", "ImageType": "imageType"}


@SERVICE.method(*both("clusters.update"))
def update(call: Call) -> Answer | Body:
    """Change a cluster: each field `desiredX` becomes its field `x`, or that of its network."""
    record = found(call)
    sent = call.body.get("update", {})
    if not sent:
        raise invalid("Nothing is to be changed.", Violation("update", "It must have a field."))
    body: dict[str, Any] = dict(record.body)
    for field, value in sent.items():
        word = field.removeprefix("desired")
        if word in _OF_POOLS:
            _pools(call, record, sent.get("desiredNodePoolId", ""), _OF_POOLS[word], value)
        elif path := _path(call, word):
            body = _put(body, path, value.get("enabled", False) if word in _SWITCHES else value)
    if "desiredMasterVersion" in sent:
        body["currentMasterVersion"] = _whole(sent["desiredMasterVersion"], record)
    changed = call.cloud.change(record, {**body, "etag": call.cloud.ids.uuid("container/etag")})
    return start(call, changed, "UPGRADE_MASTER" if "desiredMasterVersion" in sent else "UPDATE_CLUSTER")


def _path(call: Call, word: str) -> tuple[str, ...]:
    if word in _RENAMED:
        return _RENAMED[word]
    name = word[:1].lower() + word[1:]
    if name in call.schemas.fields("Cluster"):
        return (name,)
    return ("networkConfig", name) if name in call.schemas.fields("NetworkConfig") else ()


def _put(body: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    head, *rest = path
    old = body.get(head)
    if rest:
        return {**body, head: _put(dict(old) if isinstance(old, dict) else {}, tuple(rest), value)}
    return {**body, head: merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value}


def _whole(version: str, record: Record) -> str:
    from mockcloud.services.catalogues.tables import table

    known = table("gke")["versions"]
    if version in {"-", "latest"}:
        return str(known[0])
    fallback = version or record.body["currentMasterVersion"]
    return next((each for each in known if each.startswith(f"{version}.") or each == version), fallback)


def _pools(call: Call, record: Record, identifier: str, field: str, value: Any) -> None:  # noqa: ANN401 - JSON
    for each in call.cloud.store.page(API, f"{record.name}/nodePools"):
        if identifier in {"", each.id}:
            if field == "imageType":
                body = {**each.body, "config": {**each.body["config"], field: value}}
            elif field == "version":
                body = {**each.body, field: record.body["currentMasterVersion"] if value == "-" else value}
            else:
                body = {**each.body, field: value}
            call.cloud.change(each, body)


# Setters
# ---------------------------------------------------------------------------------------------------------------------

_FIELDS: Final = (
    "loggingService",
    "monitoringService",
    "addonsConfig",
    "locations",
    "networkPolicy",
    "maintenancePolicy",
)


@SERVICE.method(
    *both("clusters.setNetworkPolicy", "clusters.setMaintenancePolicy", "clusters.setMasterAuth"),
    *(
        f"projects.locations.clusters.set{each}"
        for each in ("Addons", "Locations", "Logging", "Monitoring", "LegacyAbac")
    ),
    *(f"projects.zones.clusters.{each}" for each in ("addons", "locations", "logging", "monitoring", "legacyAbac")),
)
def set_field(call: Call) -> Answer | Body:
    """Set one thing of a cluster."""
    record = found(call)
    body: dict[str, Any] = dict(record.body)
    for field in _FIELDS:
        if field in call.body:
            value = call.body[field]
            body[field] = merged(body.get(field, {}), value) if field == "addonsConfig" else value
    if "egacyAbac" in call.method.id:
        body["legacyAbac"] = {"enabled": bool(call.body.get("enabled"))}
    if call.method.id.endswith("setMasterAuth"):
        public = {key: each for key, each in call.body.get("update", {}).items() if key != "password"}
        body["masterAuth"] = {**body.get("masterAuth", {}), **public}
    return start(call, call.cloud.change(record, body), "UPDATE_CLUSTER")


@SERVICE.method("projects.locations.clusters.setResourceLabels", "projects.zones.clusters.resourceLabels")
def set_labels(call: Call) -> Answer | Body:
    """Replace the labels, where the fingerprint is that of the labels that are."""
    record = found(call)
    given = call.body.get("labelFingerprint")
    if given and given != record.body["labelFingerprint"]:
        raise aborted("Labels could not be set due to fingerprint mismatch.")
    labels = call.body.get("resourceLabels", {})
    body = {**record.body, "resourceLabels": labels, "labelFingerprint": fingerprint(labels)}
    return start(call, call.cloud.change(record, body), "UPDATE_CLUSTER")


@SERVICE.method("projects.locations.clusters.updateMaster", "projects.zones.clusters.master")
def update_master(call: Call) -> Answer | Body:
    """Give the control plane another version."""
    record = found(call)
    version = _whole(call.body.get("masterVersion", ""), record)
    return start(call, call.cloud.change(record, {**record.body, "currentMasterVersion": version}), "UPGRADE_MASTER")


@SERVICE.method(
    *both("clusters.startIpRotation", "clusters.completeIpRotation", "clusters.completeControlPlaneUpgrade")
)
def maintain(call: Call) -> Answer | Body:
    """Rotate addresses and credentials, which changes nothing that can be read."""
    return start(call, found(call), "UPDATE_CLUSTER")
