"""Services that somebody else publishes, reached at an address inside the network."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.environment import Project
from groundplan.core.references import NetworkRef
from groundplan.core.requests import ask
from groundplan.core.validation import Checks, checked
from groundplan.network.ranges import check_address

_ATTACHMENT = r"projects/[a-z0-9.:-]+/regions/[a-z0-9-]+/serviceAttachments/[a-z][a-z0-9-]*"
HOST = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*"
"""A host name with at least one dot, as a regular expression."""
_TTL_SECONDS = 60  # As Google advises for an endpoint that may be made again at another address.


@dataclass(frozen=True, kw_only=True)
class PublishedService:
    """A service that its producer publishes by a service attachment, as what an endpoint leads to."""

    attachment: pulumi.Input[str]
    """``projects/…/regions/…/serviceAttachments/…``, in the subnetwork's region; the producer tells it."""
    address: str
    """IPv4 address of the endpoint: private, free, and in the subnetwork's own range."""
    host: str | None = None
    """A name that leads to the endpoint inside the network, such as ``scores.partner.test``."""
    global_access: bool = False
    """Whether machines of the network's other regions reach it too; the producer must allow it."""

    def check(self, checks: Checks, field: str, region: str) -> None:
        """Record what is wrong with the target of an endpoint in a region."""
        check_address(checks, f"{field}.address", self.address)
        if self.host is not None:
            checks.matches(f"{field}.host", self.host, HOST, "a host name such as scores.partner.test", "correct it")
        checks.instance(f"{field}.global_access", self.global_access, bool, "true or false")
        if isinstance(self.attachment, str):
            check_attachment(checks, self.attachment, field=f"{field}.attachment", region=region)


def check_attachment(checks: Checks, attachment: str, *, field: str, region: str) -> None:
    """Require the full name of a service attachment in a region: an endpoint reaches no other region's."""
    allowed = f"projects/…/regions/{region}/serviceAttachments/…"
    if checks.matches(field, attachment, _ATTACHMENT, allowed, "ask the producer for the attachment's full name"):
        found = attachment.split("/")[3]
        do = f"ask the producer for an attachment in {region}, or use a subnetwork in {found}"
        checks.that(found == region, field, "is in another region", given=found, allowed=allowed, do=do)


def reserve(
    component: Component, role: str, network: NetworkRef, project: Project, address: str | None = None
) -> gcp.compute.Address:
    """Reserve an address in the network's subnetwork, as the child ``role``; without ``address`` Google picks one."""
    return component.make(
        role,
        gcp.compute.Address,
        gcp.compute.AddressArgs(
            project=project.id,
            region=network.region,
            name=component.cloud_name("address", role, generation=True),
            address=address,
            address_type="INTERNAL",
            purpose="GCE_ENDPOINT",
            subnetwork=network.subnetwork_id,
            labels=component.labels(),
        ),
        project=project,
    )


def connect(
    component: Component,
    role: str,
    network: NetworkRef,
    address: gcp.compute.Address,
    attachment: pulumi.Input[str],
    *,
    project: Project,
    global_access: bool = False,
) -> gcp.compute.ForwardingRule:
    """Make the endpoint that leads from the address to the service, as the child ``role``."""
    check = functools.partial(check_attachment, field="attachment", region=network.region)
    return component.make(
        role,
        gcp.compute.ForwardingRule,
        gcp.compute.ForwardingRuleArgs(
            project=project.id,
            region=network.region,
            name=component.cloud_name("forwarding_rule", role),
            target=checked(attachment, check, component.where),
            network=network.network_id,
            ip_address=address.id,
            # Empty on purpose: the default scheme, EXTERNAL, is refused for this target.
            load_balancing_scheme="",
            allow_psc_global_access=global_access or None,
            # A producer that takes its attachment away closes the endpoint for good: it must be made again.
            recreate_closed_psc=True,
            no_automate_dns_zone=True,
            labels=component.labels(),
        ),
        project=project,
    )


def private_name(
    component: Component,
    role: str,
    host: pulumi.Input[str],
    address: pulumi.Input[str],
    *,
    network: NetworkRef,
) -> None:
    """Let a name lead to the address inside the network, by a private zone for this one name.

    Children: ``zone-<role>`` and ``address-<role>``. A zone for the one name leaves its neighbours to other zones. In
    a project that is not ours the zone is asked for.
    """
    if not network.project.managed:
        _ask_for_name(component.cloud_name("dns_zone", role), host, address, network)
        return
    dotted = pulumi.Output.concat(host, ".") if isinstance(host, pulumi.Output) else f"{host}."
    zone = component.make(
        f"zone-{role}",
        gcp.dns.ManagedZone,
        gcp.dns.ManagedZoneArgs(
            project=network.project.id,
            name=component.cloud_name("dns_zone", role),
            dns_name=dotted,
            description="One service, reached privately",
            visibility="private",
            private_visibility_config=gcp.dns.ManagedZonePrivateVisibilityConfigArgs(
                networks=[gcp.dns.ManagedZonePrivateVisibilityConfigNetworkArgs(network_url=network.network_id)]
            ),
            labels=component.labels(),
        ),
        project=network.project,
    )
    component.make(
        f"address-{role}",
        gcp.dns.RecordSet,
        gcp.dns.RecordSetArgs(
            project=network.project.id,
            managed_zone=zone.name,
            name=dotted,
            type="A",
            ttl=_TTL_SECONDS,
            rrdatas=[address],
        ),
        project=network.project,
    )


def _ask_for_name(zone: str, host: pulumi.Input[str], address: pulumi.Input[str], network: NetworkRef) -> None:
    options = f"--project={network.project.id} --zone={zone}"
    ask(
        network.project,
        need=pulumi.Output.format("a private zone in which {0} leads to {1}", host, address),
        command=pulumi.Output.format(
            f"gcloud dns managed-zones create {zone} --project={network.project.id} --visibility=private"
            " --description='One service, reached privately' --dns-name={0}. --networks={1}"
            f" && gcloud dns record-sets create {{0}}. {options} --type=A --ttl={_TTL_SECONDS} --rrdatas={{2}}",
            host,
            network.network_id,
            address,
        ),
    )
