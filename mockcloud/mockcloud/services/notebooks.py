"""Vertex AI Workbench: instances with what the service fills in, and what is done with them."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.cloud.masks import merged
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import catalogues
from mockcloud.services.acting import act, settled
from mockcloud.services.catalogues.tables import table
from mockcloud.services.reading import found
from mockcloud.services.service import Service

API: Final = "notebooks"
INSTANCES: Final = "projects.locations.instances"
SERVICE: Final = Service(API)

_SCOPES: Final = ("https://www.googleapis.com/auth/cloud-platform", "https://www.googleapis.com/auth/userinfo.email")
_GOING: Final = frozenset({"STARTING", "PROVISIONING", "STOPPING", "UPGRADING", "INITIALIZING", "SUSPENDING"})


def _instance(call: Call, name: str, body: dict[str, Any]) -> Body:
    owners = body.get("instanceOwners", [])
    if len(owners) > 1:
        raise invalid("An instance has at most one owner.", Violation("instance.instance_owners", "It holds several."))
    region = catalogues.region_of(name.split("/")[3]) or name.split("/")[3]
    host = call.cloud.ids.hexadecimal("notebooks/proxy")
    proxied = not body.get("disableProxyAccess")
    return {
        **body,
        "gceSetup": _setup(call, name, body.get("gceSetup", {})),
        "creator": call.caller.email or "owner@mock.test",
        "id": call.cloud.ids.uuid("notebooks/id"),
        "healthState": "HEALTHY",
        **({"proxyUri": f"{host}-dot-{region}.notebooks.googleusercontent.com"} if proxied else {}),
    }


def _setup(call: Call, name: str, sent: dict[str, Any]) -> dict[str, Any]:
    number = call.cloud.projects.number_of(call.project)
    usual: dict[str, Any] = {
        "machineType": "e2-standard-4",
        "bootDisk": {"diskSizeGb": "150", "diskType": "PD_BALANCED", "diskEncryption": "GMEK"},
        "disablePublicIp": False,
        "enableIpForwarding": False,
    }
    if "containerImage" not in sent:
        usual["vmImage"] = {"project": "cloud-notebooks-managed", "family": "workbench-instances"}
    if "confidentialInstanceConfig" not in sent:
        usual["shieldedInstanceConfig"] = {
            "enableSecureBoot": False,
            "enableVtpm": True,
            "enableIntegrityMonitoring": True,
        }
    setup = merged(usual, sent)
    if "vmImage" in sent:
        setup["vmImage"] = dict(sent["vmImage"])
    disk = {"diskSizeGb": "100", "diskType": "PD_BALANCED", "diskEncryption": "GMEK"}
    setup["dataDisks"] = [{**disk, **each} for each in sent.get("dataDisks") or [{}]]
    account = {"email": f"{number}-compute@developer.gserviceaccount.com", "scopes": list(_SCOPES)}
    setup["serviceAccounts"] = [{**account, **each} for each in sent.get("serviceAccounts") or [{}]]
    setup["networkInterfaces"] = [_interface(call, name, each) for each in sent.get("networkInterfaces") or [{}]]
    return setup


def _interface(call: Call, name: str, sent: dict[str, Any]) -> dict[str, Any]:
    region = catalogues.region_of(name.split("/")[3])
    usual = {"network": f"projects/{call.project}/global/networks/default", "nicType": "VIRTIO_NET"}
    if "network" not in sent and "subnet" not in sent:
        usual["subnet"] = f"projects/{call.project}/regions/{region}/subnetworks/default"
    if "subnet" in sent and "network" not in sent:
        subnet = call.cloud.store.get("compute", sent["subnet"][sent["subnet"].find("projects/") :])
        link = str(subnet.body.get("network", "")) if subnet is not None else ""
        usual["network"] = link[link.find("projects/") :] if link else usual["network"]
    return {**usual, **sent}


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    del call
    setup = {**record.body["gceSetup"], **body.get("gceSetup", {})}
    return {**body, "gceSetup": setup}


def _protected(call: Call, record: Record) -> None:
    del call
    if record.body.get("enableDeletionProtection"):
        raise failed_precondition(f"'{record.name}' is protected from deletion.")


SERVICE.collection(INSTANCES, created=_instance, changed=_changed, deleting=_protected, seconds=60.0)


# What is done with instances
# ---------------------------------------------------------------------------------------------------------------------

_MOVES: Final = {
    "start": ("STARTING", "ACTIVE", ("STOPPED", "SUSPENDED")),
    "stop": ("STOPPING", "STOPPED", ("ACTIVE",)),
    "reset": ("STARTING", "ACTIVE", ("ACTIVE",)),
    "upgrade": ("UPGRADING", "ACTIVE", ("ACTIVE", "STOPPED")),
    "rollback": ("UPGRADING", "ACTIVE", ("ACTIVE", "STOPPED")),
    "upgradeSystem": ("UPGRADING", "ACTIVE", ("ACTIVE", "STOPPED")),
    "restore": ("STARTING", "ACTIVE", ("ACTIVE", "STOPPED")),
}
"""Verb -> state while it goes on, state behind it, states in which it is taken."""


@SERVICE.method(*(f"{INSTANCES}.{verb}" for verb in _MOVES))
def move(call: Call) -> Answer | Body:
    """Start, stop, reset, upgrade, roll back or restore an instance."""
    record = found(call)
    verb = call.method.verb
    going, after, taken = _MOVES[verb]
    record = settled(call, record, _GOING)
    state = record.body["state"]
    if state == after and verb in {"start", "stop"}:
        return act(call, record, {"state": after})
    if state not in taken:
        raise failed_precondition(f"'{record.name}' is {state}, and must be {' or '.join(taken)}.")
    extra = _upgraded(call, record) if verb == "upgrade" else {}
    return act(call, record, {"state": after, **extra}, going={"state": going}, seconds=30.0)


def _upgraded(call: Call, record: Record) -> dict[str, Any]:
    entry = {
        "state": "SUCCEEDED",
        "action": "UPGRADE",
        "createTime": call.cloud.clock.tick(),
        "vmImage": _image(),
        "version": "M132",
        "targetVersion": "M133",
    }
    return {"upgradeHistory": [*record.body.get("upgradeHistory", []), entry]}


def _image() -> str:
    row = table("images")["cloud-notebooks-managed"]["workbench-instances"]
    return f"projects/cloud-notebooks-managed/global/images/{row['image']}"


@SERVICE.method(f"{INSTANCES}.checkUpgradability")
def upgradability(call: Call) -> Answer | Body:
    """Say whether there is a newer image than that of an instance: there is, until it was upgraded once."""
    record = found(call)
    if record.body.get("upgradeHistory"):
        return {"upgradeable": False, "upgradeInfo": "The instance has the newest image."}
    return {
        "upgradeable": True,
        "upgradeVersion": "M133",
        "upgradeImage": _image(),
        "upgradeInfo": "A newer image is there.",
    }


@SERVICE.method(f"{INSTANCES}.resizeDisk")
def resize(call: Call) -> Answer | Body:
    """Enlarge the boot disk or the data disk of an instance. Disks do not shrink."""
    record = found(call)
    setup = dict(record.body["gceSetup"])
    if "bootDisk" in call.body:
        setup["bootDisk"] = _larger(setup["bootDisk"], call.body["bootDisk"])
    elif "dataDisk" in call.body:
        setup["dataDisks"] = [_larger(setup["dataDisks"][0], call.body["dataDisk"]), *setup["dataDisks"][1:]]
    else:
        raise invalid("No disk is named.", Violation("new_disk", "bootDisk or dataDisk must be set."))
    return act(call, record, {"gceSetup": setup})


def _larger(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    if int(new.get("diskSizeGb", 0)) < int(old["diskSizeGb"]):
        raise invalid("A disk cannot shrink.", Violation("disk_size_gb", f"It must be at least {old['diskSizeGb']}."))
    return {**old, "diskSizeGb": new["diskSizeGb"]}


@SERVICE.method(f"{INSTANCES}.diagnose")
def diagnose(call: Call) -> Answer | Body:
    """Write a diagnosis to a bucket. Nothing runs here, so nothing is written."""
    record = found(call)
    if not call.body.get("diagnosticConfig", {}).get("gcsBucket"):
        raise invalid("No bucket is named.", Violation("diagnostic_config.gcs_bucket", "It must be set."))
    return act(call, record, {})


@SERVICE.method(f"{INSTANCES}.checkAuthorization")
def authorization(call: Call) -> Answer | Body:
    """Say whether the caller may use the instance's own credentials."""
    found(call)
    return {"success": call.cloud.allows(call, "notebooks.instances.use"), "createTime": call.cloud.clock.tick()}


@SERVICE.method(f"{INSTANCES}.reportInfoSystem")
def report(call: Call) -> Answer | Body:
    """Take what the instance's agent tells of itself."""
    return found(call).body


@SERVICE.method(f"{INSTANCES}.getConfig")
def config(call: Call) -> Answer | Body:
    """Give what instances can be made of."""
    del call
    images = [
        {"releaseName": "M133", "imageName": table("images")["cloud-notebooks-managed"]["workbench-instances"]["image"]}
    ]
    gpus = [each.upper().replace("-", "_") for each in catalogues.accelerators()]
    return {
        "defaultValues": {"machineType": "e2-standard-4"},
        "supportedValues": {"machineTypes": list(catalogues.machine_types()), "acceleratorTypes": sorted(gpus)},
        "availableImages": images,
    }
