"""Private services access: a network's peering with the networks in which Google runs managed services."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core import scope
from groundplan.core.component import Args, Component
from groundplan.core.references import ExistingServiceAccess, NetworkRef, ServiceAccessRef
from groundplan.core.validation import Checks
from groundplan.network.network import Network
from groundplan.network.published_service import HOST

_SERVICE: Final = "servicenetworking.googleapis.com"
_PREFIX_LENGTH: Final = 20
_NAME: Final = "[a-z]([a-z0-9-]*[a-z0-9])?"
_CONNECTED: Final = "service-access"


@dataclass(frozen=True, kw_only=True)
class PrivateServiceAccessArgs(Args):
    """What a ``PrivateServiceAccess`` takes."""

    network: NetworkRef
    """The network that is peered, ours or one that was there before; a network has one such access."""
    cidr: str | None = None
    """Range that managed services take their addresses from, /8 to /24, in no other range of the network nor of its
    peers; by default Google picks a free one of ``prefix_length``."""
    prefix_length: int | None = None
    """Size of the range that Google picks, 8 to 24; by default 20. Each service takes a /29 to /20 of it."""
    dns_domains: tuple[str, ...] = ()
    """Private domains of the network that managed services resolve too, such as ``acme.internal``."""
    export_routes: bool = False
    """Whether managed services learn the network's custom routes, and so reach what is behind them (on premises)."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        if checks.instance("network", self.network, NetworkRef, "a Network, or Network.from_existing(…)"):
            self._check_network(checks)
        self._check_range(checks)
        for index, domain in enumerate(self.dns_domains):
            checks.matches(
                f"dns_domains[{index}]", domain, HOST, "a domain such as acme.internal", "write it without a last dot"
            )
        checks.unique("dns_domains", self.dns_domains, "domain")
        checks.instance("export_routes", self.export_routes, bool, "true or false")

    def _check_network(self, checks: Checks) -> None:
        project = self.network.project
        checks.that(
            project.managed,
            "network",
            "is not ours to peer",
            given=f"{self.network.label}, in project {project.id} with managed=False",
            allowed="a network in a project that is managed here, or an access that is there",
            do="ask for `gcloud services vpc-peerings connect --service=servicenetworking.googleapis.com --network=…"
            f" --ranges=… --project={project.id}`, then use PrivateServiceAccess.from_existing",
        )

    def _check_range(self, checks: Checks) -> None:
        checks.that(
            self.cidr is None or self.prefix_length is None,
            "prefix_length",
            "and cidr are both given",
            given=f"/{self.prefix_length} and {self.cidr}",
            allowed="one of the two, or none",
            do="leave prefix_length out",
        )
        if self.prefix_length is not None:
            checks.within("prefix_length", self.prefix_length, 8, 24, "bits")
        if self.cidr is None:
            return
        given = checks.cidr("cidr", self.cidr, shortest=8, longest=24)
        if given is not None and isinstance(self.network, Network):
            plan = self.network.plan
            own = {"nodes": plan.nodes, "pods": plan.pods, "services": plan.services, "proxy": plan.proxy}
            taken = {f"network.{use}": ipaddress.IPv4Network(cidr) for use, cidr in own.items() if cidr is not None}
            checks.disjoint({"cidr": given, **taken})


class PrivateServiceAccess(Component, ServiceAccessRef):
    """A reserved range, the peering that gives it to Google's managed services, and the names that they resolve.

    Children: ``range``, ``connection``; ``dns-<domain>`` for each domain; ``routes`` where they are exported. What
    lives in the range depends on ``resources``: it is deleted first, or Google refuses to delete the connection. Where
    deletion is not protected, the peering is removed even while a service still clings to it, as deleted databases do
    for days, so that the network can go.
    """

    kind = "groundplan:network:PrivateServiceAccess"
    objectives = ("4.2.b", "6.1.a")

    def __init__(self, name: str, args: PrivateServiceAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the range and the connection; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.network.project
        self._connect_once(args.network)
        self.network_id = args.network.network_id
        reserved = self._range()
        self.range_name = reserved.name
        self.connection = self._connection(reserved)
        self._resources: list[pulumi.Resource] = [self.connection]
        for domain in args.dns_domains:
            self._resources.append(self._domain(domain))
        if args.export_routes:
            self._resources.append(self._routes())
        self.finish({"networkId": self.network_id, "rangeName": self.range_name, "peering": self.connection.peering})

    @property
    def resources(self) -> tuple[pulumi.Resource, ...]:
        """What a service that lives in the range must depend on."""
        return tuple(self._resources)

    def _connect_once(self, network: NetworkRef) -> None:
        """Refuse a second connection of one network: it would take the first one's range away."""
        connected = scope.ledger(_CONNECTED)
        known = next((label for label, other in connected if _same(other, network)), None)
        checks = Checks(self.where)
        checks.that(
            known is None,
            "network",
            "has private services access already, and has it once",
            given=f'{network.label}, connected by PrivateServiceAccess "{known}"',
            allowed="one PrivateServiceAccess a network",
            do="share that one, and give it a larger range",
        )
        checks.finish()
        connected.append((self.label, network))

    def _range(self) -> gcp.compute.GlobalAddress:
        cidr = None if self.args.cidr is None else ipaddress.IPv4Network(self.args.cidr)
        return self.make(
            "range",
            gcp.compute.GlobalAddress,
            gcp.compute.GlobalAddressArgs(
                project=self.project.id,
                name=self.cloud_name("global_address", generation=True),
                address=None if cidr is None else str(cidr.network_address),
                prefix_length=cidr.prefixlen if cidr is not None else self.args.prefix_length or _PREFIX_LENGTH,
                address_type="INTERNAL",
                purpose="VPC_PEERING",
                network=self.network_id,
                labels=self.labels(),
            ),
        )

    def _connection(self, reserved: gcp.compute.GlobalAddress) -> gcp.servicenetworking.Connection:
        return self.make(
            "connection",
            gcp.servicenetworking.Connection,
            gcp.servicenetworking.ConnectionArgs(
                network=self.network_id,
                service=_SERVICE,
                reserved_peering_ranges=[reserved.name],
                # What an earlier run left behind is taken over, but on a network of our own only: on another the
                # connection may be somebody's, and would lose its ranges.
                update_on_creation_fail=isinstance(self.args.network, Network),
            ),
        )

    def _domain(self, domain: str) -> gcp.servicenetworking.PeeredDnsDomain:
        role = domain.replace(".", "-")
        return self.make(
            f"dns-{role}",
            gcp.servicenetworking.PeeredDnsDomain,
            gcp.servicenetworking.PeeredDnsDomainArgs(
                project=self.project.id,
                name=self.cloud_name("peered_dns_domain", role),
                network=pulumi.Output.from_input(self.network_id).apply(_last),
                dns_suffix=f"{domain}.",
                service=_SERVICE,
            ),
            depends_on=[self.connection],
        )

    def _routes(self) -> gcp.compute.NetworkPeeringRoutesConfig:
        return self.make(
            "routes",
            gcp.compute.NetworkPeeringRoutesConfig,
            gcp.compute.NetworkPeeringRoutesConfigArgs(
                project=self.project.id,
                network=pulumi.Output.from_input(self.network_id).apply(_last),
                peering=self.connection.peering,
                export_custom_routes=True,
                import_custom_routes=False,
            ),
        )

    @staticmethod
    def from_existing(*, range_name: str, network: NetworkRef) -> ServiceAccessRef:
        """Return the access that a network had before.

        ``range_name`` is the name of the reserved range, in the network's project. That the connection is there is not
        known here and not checked.
        """
        checks = Checks("PrivateServiceAccess.from_existing")
        checks.instance("network", network, NetworkRef, "a Network, or Network.from_existing(…)")
        checks.matches(
            "range_name",
            range_name,
            _NAME,
            "the name of a reserved range, without any path",
            "find it with `gcloud compute addresses list --global --filter=purpose=VPC_PEERING`",
        )
        checks.finish()
        return ExistingServiceAccess(
            label=range_name, project=network.project, network_id=network.network_id, range_name=range_name
        )


def _last(name: str) -> str:
    return re.sub(".*/", "", name)


def _same(one: NetworkRef, other: NetworkRef) -> bool:
    if one is other:
        return True
    return isinstance(one.network_id, str) and one.network_id == other.network_id
