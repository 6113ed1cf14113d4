"""A project as compute sees it, and Shared VPC."""

from typing import Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.ids import steady
from mockcloud.cloud.store import Body, Record
from mockcloud.services.compute import operations, setters
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.errors import invalid, missing
from mockcloud.services.compute.links import V1, link
from mockcloud.services.compute.schemas import fingerprint
from mockcloud.services.compute.standard import shown

API: Final = "compute"


def _project(call: Call) -> Record:
    """Give compute's own record of a project, made when it is first asked for."""
    record = call.cloud.store.get(API, f"projects/{call.project}")
    if record is not None:
        return record
    if call.cloud.projects.get(call.project) is None:
        raise missing(f"projects/{call.project}")
    number = call.cloud.projects.number_of(call.project)
    account = f"{number}-compute@developer.gserviceaccount.com"
    if call.cloud.accounts.get(account) is None:
        call.cloud.accounts.add(call.project, account, "Compute Engine default service account", "")
    body = {
        "kind": "compute#project",
        "id": steady(f"compute/project/{call.project}", 19),
        "creationTimestamp": call.cloud.clock.tick(),
        "name": call.project,
        "selfLink": link(f"projects/{call.project}"),
        "defaultServiceAccount": account,
        "commonInstanceMetadata": {"kind": "compute#metadata", "fingerprint": fingerprint(None)},
        "xpnProjectStatus": "UNSPECIFIED_XPN_PROJECT_STATUS",
        "defaultNetworkTier": "PREMIUM",
        "cloudArmorTier": "CA_STANDARD",
        "vmDnsSetting": "ZONAL_ONLY",
        "quotas": [
            {"metric": "NETWORKS", "limit": 15.0, "usage": 0.0},
            {"metric": "CPUS_ALL_REGIONS", "limit": 72.0, "usage": 0.0},
        ],
    }
    return call.cloud.create(Record(API, f"projects/{call.project}", body))


@SERVICE.method("projects.get")
def get(call: Call) -> Answer | Body:
    """Give a project."""
    return shown(call, _project(call))


@SERVICE.method(
    "projects.setCommonInstanceMetadata",
    "projects.setUsageExportBucket",
    "projects.setDefaultNetworkTier",
    "projects.setCloudArmorTier",
)
def set_fields(call: Call) -> Answer | Body:
    """Set what holds for the whole project."""
    record = _project(call)
    call.name = record.name
    return setters.set_fields(call)


# Shared VPC
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("projects.enableXpnHost", "projects.disableXpnHost")
def host(call: Call) -> Answer | Body:
    """Make a project a host of Shared VPC, or no longer."""
    record = _project(call)
    verb = call.method.id.rpartition(".")[2]
    if verb == "disableXpnHost" and record.hidden.get("services"):
        raise invalid("project", call.project, "Service projects are still attached.")
    state = "HOST" if verb == "enableXpnHost" else "UNSPECIFIED_XPN_PROJECT_STATUS"
    call.cloud.change(record, {**record.body, "xpnProjectStatus": state})
    return operations.start(call, f"projects/{call.project}/global/project", verb)


@SERVICE.method("projects.enableXpnResource", "projects.disableXpnResource")
def service(call: Call) -> Answer | Body:
    """Attach a service project to its host, or detach it."""
    record = _project(call)
    verb = call.method.id.rpartition(".")[2]
    identifier = str(call.body.get("xpnResource", {}).get("id", ""))
    if not identifier:
        raise invalid("xpnResource.id", "", "The field must be set.")
    if record.body["xpnProjectStatus"] != "HOST":
        raise invalid("project", call.project, "The project is no host of Shared VPC.")
    others = [each for each in record.hidden.get("services", ()) if each != identifier]
    kept = [*others, identifier] if verb == "enableXpnResource" else others
    call.cloud.change(record, record.body, hidden={**record.hidden, "services": kept})
    return operations.start(call, f"projects/{call.project}/global/project", verb)


@SERVICE.method("projects.getXpnHost")
def get_host(call: Call) -> Answer | Body:
    """Give the host to which a service project is attached; an empty project where there is none."""
    for each in _hosts(call):
        if call.project in each.hidden.get("services", ()):
            return shown(call, each)
    return {"kind": "compute#project"}


@SERVICE.method("projects.getXpnResources")
def resources(call: Call) -> Answer | Body:
    """Give the service projects of a host."""
    rows = [{"id": each, "type": "PROJECT"} for each in _project(call).hidden.get("services", ())]
    return {"kind": "compute#projectsGetXpnResources", **({"resources": rows} if rows else {})}


@SERVICE.method("projects.listXpnHosts")
def list_hosts(call: Call) -> Answer | Body:
    """Give the hosts of an organisation: all that there are."""
    rows = [each.body for each in _hosts(call)]
    return {"kind": "compute#xpnHostList", "id": V1, **({"items": rows} if rows else {})}


def _hosts(call: Call) -> list[Record]:
    return [each for each in call.cloud.store.page(API, "projects") if each.body.get("xpnProjectStatus") == "HOST"]
