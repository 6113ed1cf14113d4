"""The network `default` that a project has from its beginning, made when somebody first looks for it."""

from collections.abc import Iterable

from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.constraints.policies import is_enforced
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Record
from mockcloud.services import catalogues
from mockcloud.services.compute.links import V1, link
from mockcloud.services.compute.schemas import of_resource

API = "compute"
_SKIP = "compute.skipDefaultNetworkCreation"
PART = "compute/default-networks"


class Gone:
    """The projects whose default network was deleted. It does not come back.

    Args:
        projects: Their ids.
    """

    def __init__(self, projects: frozenset[str] = frozenset()) -> None:
        self.projects = projects
        self._changed: set[str] = set()

    def snapshot(self) -> "Gone":
        """Give a copy that later changes do not reach."""
        return Gone(self.projects)

    def add(self, project: str) -> None:
        """Note that the network of a project was deleted."""
        self.projects |= {project}
        self._changed.add(project)

    def keys(self) -> Iterable[str]:
        """Give the pieces in which this is kept: one a project."""
        return self.projects

    def changed(self) -> Iterable[str]:
        """Give the projects that came since this was last asked."""
        found, self._changed = self._changed, set()
        return found

    def dump(self, key: str) -> object:
        """Give what is kept for a project."""
        return True if key in self.projects else None

    def load(self, key: str, data: object) -> None:
        """Take what was kept for a project."""
        self.projects |= {key} if data else set()


def ensure(cloud: Cloud, project: str) -> bool:
    """Make the default network of a project of this cloud, unless it was deleted.

    Returns:
        Whether the network is there.
    """
    name = f"projects/{project}/global/networks/default"
    if cloud.store.get(API, name) is not None:
        return True
    if project in cloud.part(PART, Gone).projects or cloud.projects.get(project) is None:
        return False
    if cloud.rules.on(Rule.ORGANISATION) and is_enforced(cloud, f"projects/{project}", _SKIP):
        return False
    _make(cloud, project, name)
    return True


def forget(cloud: Cloud, name: str) -> None:
    """Note that a network was deleted, so that it does not come back if it was a default one."""
    _, project, *_, identifier = name.split("/")
    if identifier == "default":
        cloud.part(PART, Gone).add(project)


def _make(cloud: Cloud, project: str, name: str) -> None:
    subnets = [f"projects/{project}/regions/{region}/subnetworks/default" for region in catalogues.regions()]
    body = {
        "kind": "compute#network",
        "id": cloud.ids.numeric("compute/id"),
        "creationTimestamp": stamp(cloud.clock.now),
        "name": "default",
        "description": "Default network for the project",
        "selfLink": link(name),
        "selfLinkWithId": link(name),
        "autoCreateSubnetworks": True,
        "routingConfig": {"routingMode": "REGIONAL"},
        "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL",
        "mtu": 1460,
        "subnetworks": [link(each) for each in subnets],
    }
    cloud.create(Record(API, name, body))
    for region, each in zip(catalogues.regions(), subnets, strict=True):
        cloud.create(Record(API, each, auto_subnet(cloud, project, region, name), {"companionOf": name}))


def auto_subnet(cloud: Cloud, project: str, region: str, network: str) -> dict[str, object]:
    """Give the body of the subnet that an auto mode network has in a region."""
    cidr = catalogues.auto_range(region)
    identifier = network.rpartition("/")[2]
    body: dict[str, object] = {
        "kind": "compute#subnetwork",
        "id": cloud.ids.numeric("compute/id"),
        "creationTimestamp": stamp(cloud.clock.now),
        "name": identifier,
        "network": link(network),
        "ipCidrRange": cidr,
        "gatewayAddress": cidr.replace(".0/20", ".1"),
        "region": f"{V1}projects/{project}/regions/{region}",
        "selfLink": link(f"projects/{project}/regions/{region}/subnetworks/{identifier}"),
        "privateIpGoogleAccess": False,
        "privateIpv6GoogleAccess": "DISABLE_GOOGLE_ACCESS",
        "purpose": "PRIVATE",
        "stackType": "IPV4_ONLY",
    }
    return {**body, "fingerprint": of_resource(body)}
