"""PrivateServiceAccess: the range, the peering, the names; how it goes again; what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan

HOST = gp.Project(id="acme-net-host", number="210987654321")
BASE = {"gcp:compute/globalAddress:GlobalAddress": 1, "gcp:servicenetworking/connection:Connection": 1}


def network(*, managed: bool = True) -> gp.NetworkRef:
    return gp.Network.from_existing(
        network="projects/acme-net-host/global/networks/shared",
        subnetwork="projects/acme-net-host/regions/europe-west4/subnetworks/ml",
        project=gp.Project(id=HOST.id, number=HOST.number, managed=managed),
    )


def planned(
    tier: gp.Tier = gp.Tier.TEAM, then: Callable[[gp.PrivateServiceAccess], object] | None = None, **more: Any
) -> Plan:
    def program() -> None:
        args = {"env": environment(tier), "network": network(), "cidr": "10.64.0.0/20", **more}
        made = gp.PrivateServiceAccess("services", gp.PrivateServiceAccessArgs(**args))
        if then is not None:
            then(made)

    return plan(program)


@pytest.mark.parametrize("tier", [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED], ids=lambda t: str(t.name))
def test_inventory(tier: gp.Tier) -> None:
    assert planned(tier).inventory() == BASE
    more = planned(tier, dns_domains=("acme.internal",), export_routes=True).inventory()
    assert more == dict(
        sorted(
            {
                **BASE,
                "gcp:compute/networkPeeringRoutesConfig:NetworkPeeringRoutesConfig": 1,
                "gcp:servicenetworking/peeredDnsDomain:PeeredDnsDomain": 1,
            }.items()
        )
    )


def test_the_range_is_the_given_one() -> None:
    reserved = planned().one("GlobalAddress").inputs
    assert (reserved["address"], reserved["prefixLength"]) == ("10.64.0.0", 20)
    assert (reserved["purpose"], reserved["addressType"]) == ("VPC_PEERING", "INTERNAL")
    assert reserved["network"] == "projects/acme-net-host/global/networks/shared"
    assert reserved["project"] == HOST.id


@pytest.mark.parametrize(("given", "size"), [(None, 20), (16, 16)])
def test_google_picks_the_range_where_none_is_given(given: int | None, size: int) -> None:
    reserved = planned(cidr=None, prefix_length=given).one("GlobalAddress").inputs
    assert "address" not in reserved
    assert reserved["prefixLength"] == size


def test_the_connection_uses_the_range_and_takes_over_nothing_of_others() -> None:
    connection = planned().one("Connection").inputs
    assert connection["service"] == "servicenetworking.googleapis.com"
    assert connection["network"] == "projects/acme-net-host/global/networks/shared"
    assert connection["updateOnCreationFail"] is False


def test_on_a_network_of_our_own_a_connection_left_behind_is_taken_over() -> None:
    assert ours().one("Connection").inputs["updateOnCreationFail"] is True


def test_a_learner_can_destroy_it_and_a_team_cannot_by_mistake() -> None:
    learner, team = (planned(tier).one("Connection") for tier in (gp.Tier.LEARNER, gp.Tier.TEAM))
    assert (learner.inputs["deletionPolicy"], learner.options["protect"]) == ("REMOVE_PEERING", False)
    assert (team.inputs["deletionPolicy"], team.options["protect"]) == ("PREVENT", True)


def test_what_lives_in_the_range_can_depend_on_all_of_it() -> None:
    found: list[int] = []
    planned(then=lambda made: found.append(len(made.resources)))
    planned(then=lambda made: found.append(len(made.resources)), dns_domains=("acme.internal",), export_routes=True)
    assert found == [1, 3]


def test_domains_and_routes_follow_the_connection() -> None:
    found = planned(dns_domains=("acme.internal",), export_routes=True)
    domain = found.one("PeeredDnsDomain")
    assert (domain.inputs["dnsSuffix"], domain.inputs["network"]) == ("acme.internal.", "shared")
    assert domain.inputs["name"] == "gp-services-acme-internal"
    assert any("Connection" in urn for urn in domain.options["dependencies"])
    routes = found.one("NetworkPeeringRoutesConfig").inputs
    assert (routes["exportCustomRoutes"], routes["importCustomRoutes"]) == (True, False)


def ours(**more: Any) -> Plan:
    def program() -> None:
        env = environment()
        core = gp.Network("core", gp.NetworkArgs(env=env, cidr="10.0.0.0/20"))
        args = gp.PrivateServiceAccessArgs(**{"env": env, "network": core, "cidr": "10.64.0.0/20", **more})
        gp.PrivateServiceAccess("services", args)

    return plan(program)


def test_a_range_that_the_network_has_is_refused() -> None:
    with pytest.raises(gp.ArgumentError, match=r"network\.nodes: overlaps cidr"):
        ours(cidr="10.0.8.0/24")


def test_a_network_is_connected_once() -> None:
    def program() -> None:
        for name, used in (("one", network()), ("two", network())):
            gp.PrivateServiceAccess(name, gp.PrivateServiceAccessArgs(env=environment(), network=used))

    with pytest.raises(gp.ArgumentError) as caught:
        plan(program)
    assert 'connected by PrivateServiceAccess "one"' in str(caught.value)


def test_overrides() -> None:
    found = planned(overrides={"connection": {"deletionPolicy": "ABANDON"}})
    assert found.one("Connection").inputs["deletionPolicy"] == "ABANDON"


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"network": "shared"}, "network: is of the wrong type"),
        ({"network": network(managed=False)}, "network: is not ours to peer"),
        ({"cidr": "8.8.0.0/16"}, "cidr: is no usable range"),
        ({"cidr": "10.64.0.0/28"}, "cidr: is no usable range"),
        ({"cidr": "10.64.0.1/20"}, "cidr: is no usable range"),
        ({"prefix_length": 16}, "prefix_length: and cidr are both given"),
        ({"cidr": None, "prefix_length": 29}, "prefix_length: is out of range"),
        ({"dns_domains": ("internal",)}, "dns_domains[0]"),
        ({"dns_domains": ("acme.internal", "acme.internal")}, "dns_domains: names a domain twice"),
        ({"export_routes": "yes"}, "export_routes"),
    ],
)
def test_refused(more: dict[str, Any], part: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    assert part in str(caught.value)
    assert all(word in str(caught.value) for word in ("given:", "allowed:", "do:"))


def test_who_may_not_peer_is_told_whom_to_ask() -> None:
    with pytest.raises(gp.ArgumentError, match=r"gcloud services vpc-peerings connect .* --project=acme-net-host"):
        planned(network=network(managed=False))


class TestExisting:
    def test_it_is_a_reference_that_other_stacks_can_read(self) -> None:
        found = gp.PrivateServiceAccess.from_existing(range_name="google-services", network=network())
        again = gp.ServiceAccessRef.imported(found.exported())
        assert (again.label, again.range_name, again.project) == ("google-services", "google-services", HOST)
        assert again.network_id == "projects/acme-net-host/global/networks/shared"
        assert again.resources == ()

    def test_one_made_here_is_exported_too(self) -> None:
        def program() -> None:
            args = gp.PrivateServiceAccessArgs(env=environment(), network=network())
            gp.publish(args.env, {"services": gp.PrivateServiceAccess("services", args)})

        exported = plan(program).outputs["groundplan"]["references"]["services"]
        assert (exported["kind"], exported["value"]["label"]) == ("service_access", "services")

    def test_a_wrong_name_is_refused(self) -> None:
        with pytest.raises(gp.ArgumentError, match="range_name"):
            gp.PrivateServiceAccess.from_existing(range_name="10.0.0.0/20", network=network())
