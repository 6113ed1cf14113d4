"""How clients reach an endpoint: privately over Private Service Connect, by service access, or over the internet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import pulumi

from groundplan.core.environment import Environment
from groundplan.core.references import NetworkRef, ServiceAccessRef
from groundplan.core.validation import Checks
from groundplan.network.published_service import check_attachment
from groundplan.network.ranges import check_address


@dataclass(frozen=True, kw_only=True)
class PrivateConnect:
    """Over Private Service Connect: at one address inside a network, with TLS, and for those whom IAM lets in."""

    network: NetworkRef
    """The network whose clients call the endpoint, ours or one that was there before."""
    consumers: tuple[str, ...] = ()
    """Ids of further projects that may connect, beside the environment's own. Google never changes the list: another
    list is another endpoint, of another generation."""
    service_attachment: pulumi.Input[str] | None = None
    """The attachment that Google makes when the first model is deployed, to be given then: the endpoint's address is
    connected to it. None before."""
    address: str | None = None
    """IPv4 address of the endpoint, free and in the subnetwork's own range; by default Google picks one. It stays the
    same whatever is deployed."""
    authorised: bool = True
    """Whether IAM decides who gets predictions; without it everybody in the network does."""

    def check(self, checks: Checks, env: Environment) -> None:
        """Record what is wrong."""
        reached = checks.instance("access.network", self.network, NetworkRef, "a Network, or Network.from_existing(…)")
        for index, consumer in enumerate(self.consumers):
            checks.project_id(f"access.consumers[{index}]", consumer)
        checks.unique("access.consumers", map(str, self.consumers), "project")
        if self.address is not None:
            check_address(checks, "access.address", self.address)
        if reached:
            checks.that(
                self.network.region == env.region,
                "access.network",
                "has its subnetwork in another region than the endpoint",
                given=self.network.region,
                allowed=env.region,
                do="use a subnetwork in the endpoint's region",
            )
            if isinstance(self.service_attachment, str):
                check_attachment(
                    checks, self.service_attachment, field="access.service_attachment", region=self.network.region
                )
        checks.that(
            self.authorised or not env.defaults.endpoint_secure_only,
            "access.authorised",
            f"lets everybody in the network in, and tier {env.tier.name} wants IAM to decide",
            given=self.authorised,
            allowed="true",
            do="leave it out, and use grant_predict",
        )


@dataclass(frozen=True, kw_only=True)
class ServiceAccess:
    """Over private services access, the older way: no TLS, no IAM at the endpoint, one model, no request log."""

    access: ServiceAccessRef
    """The network's access, ours or one that was there before; a project's endpoints all use one network."""

    def check(self, checks: Checks, env: Environment) -> None:
        """Record what is wrong."""
        allowed = "a PrivateServiceAccess, or PrivateServiceAccess.from_existing(…)"
        checks.instance("access.access", self.access, ServiceAccessRef, allowed)
        _check_secure(checks, env, self, "is without TLS and without IAM")


@dataclass(frozen=True, kw_only=True)
class PublicDedicated:
    """Over the internet, at a name of the endpoint's own, with TLS, and for those whom IAM lets in."""

    def check(self, checks: Checks, env: Environment) -> None:
        """Record what is wrong."""
        _check_secure(checks, env, self, "can be reached from the internet")


Access: TypeAlias = PrivateConnect | ServiceAccess | PublicDedicated
"""One of the three."""


def _check_secure(checks: Checks, env: Environment, access: Access, fault: str) -> None:
    checks.that(
        not env.defaults.endpoint_secure_only,
        "access",
        f"{fault}, which tier {env.tier.name} does not have",
        given=type(access).__name__,
        allowed="PrivateConnect",
        do="use PrivateConnect(network=…)",
    )
