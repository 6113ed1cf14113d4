"""PrivateServiceConnect: an endpoint for Google's APIs in a network that is ours or was there before."""

from __future__ import annotations

from typing import Any

import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan

HOST = gp.Project(id="acme-net-host", number="210987654321")
NETWORK = gp.Network.from_existing(
    network="projects/acme-net-host/global/networks/shared",
    subnetwork="projects/acme-net-host/regions/europe-west4/subnetworks/ml",
    project=HOST,
)


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    args = {"network": NETWORK, "target": gp.GoogleApis(address="10.255.0.1"), **more}
    return plan(lambda: gp.PrivateServiceConnect("apis", gp.PrivateServiceConnectArgs(env=environment(tier), **args)))


@pytest.mark.parametrize("tier", [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED], ids=lambda t: str(t.name))
def test_inventory(tier: gp.Tier) -> None:
    assert planned(tier).inventory() == {
        "gcp:compute/globalAddress:GlobalAddress": 1,
        "gcp:compute/globalForwardingRule:GlobalForwardingRule": 1,
        "gcp:dns/managedZone:ManagedZone": 8,
        "gcp:dns/recordSet:RecordSet": 16,
    }


def test_the_endpoint_is_in_the_networks_project_and_guards_what_it_opens() -> None:
    found = planned()
    address = found.one("GlobalAddress").inputs
    assert (address["address"], address["purpose"]) == ("10.255.0.1", "PRIVATE_SERVICE_CONNECT")
    assert address["addressType"] == "INTERNAL"
    endpoint = found.one("GlobalForwardingRule").inputs
    assert endpoint["target"] == "vpc-sc"
    assert endpoint["network"] == "projects/acme-net-host/global/networks/shared"
    assert endpoint["name"] == "gpapis"
    assert endpoint["loadBalancingScheme"] == ""
    assert endpoint["serviceDirectoryRegistrations"] == {"serviceDirectoryRegion": "europe-west4"}
    assert endpoint["labels"] == {"managed-by": "groundplan", "tier": "team"}
    assert {r.inputs["project"] for r in found.resources if r.type.startswith("gcp:")} == {"acme-net-host"}


def test_names_lead_to_it() -> None:
    records = {r.inputs["name"]: r.inputs["rrdatas"] for r in planned(domains=("run.app",)).of("RecordSet")}
    assert records == {"run.app.": ["10.255.0.1"], "*.run.app.": ["run.app."]}


def test_a_network_with_names_of_its_own_keeps_them() -> None:
    assert not planned(domains=()).of("ManagedZone")


def test_all_apis_can_be_written_where_no_perimeter_is() -> None:
    target = gp.GoogleApis(address="10.255.0.1", bundle="all-apis")
    assert planned(target=target).one("GlobalForwardingRule").inputs["target"] == "all-apis"


def test_overrides() -> None:
    found = planned(overrides={"endpoint": {"description": "by hand"}})
    assert found.one("GlobalForwardingRule").inputs["description"] == "by hand"


REFUSED: list[tuple[gp.Tier, dict[str, Any], str]] = [
    (gp.Tier.REGULATED, {"target": gp.GoogleApis(address="10.255.0.1", bundle="all-apis")}, "no service perimeter"),
    (gp.Tier.TEAM, {"target": gp.GoogleApis(address="8.8.8.8")}, "target.address: is no usable range"),
    (gp.Tier.TEAM, {"target": gp.GoogleApis(address="10.0.0.0/24")}, "target.address: is no usable range"),
    (gp.Tier.TEAM, {"target": "vpc-sc"}, "a GoogleApis"),
    (gp.Tier.TEAM, {"network": "shared"}, "a Network, or Network.from_existing(…)"),
    (gp.Tier.TEAM, {"domains": ("example.com",)}, "domains[0]: is not one of the allowed values"),
]


@pytest.mark.parametrize(
    ("tier", "more", "part"), REFUSED, ids=[f"{n}-{next(iter(more))}" for n, (_, more, _) in enumerate(REFUSED)]
)
def test_refused(tier: gp.Tier, more: dict[str, Any], part: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(tier, **more)
    text = str(caught.value)
    assert part in text
    assert all(word in text for word in ("given:", "allowed:", "do:"))


def test_an_unknown_bundle_is_refused() -> None:
    target = gp.GoogleApis(address="10.255.0.1", bundle="some-apis")  # type: ignore[arg-type] # the case
    with pytest.raises(gp.ArgumentError, match=r"target\.bundle"):
        planned(target=target)


class TestExisting:
    RULE = "projects/acme-net-host/global/forwardingRules/apis"

    def test_it_is_a_reference_that_other_stacks_can_read(self) -> None:
        found = gp.PrivateServiceConnect.from_existing(
            forwarding_rule=self.RULE, address="10.255.0.1", network=NETWORK, project=HOST
        )
        again = gp.EndpointRef.imported(found.exported())
        assert (again.label, again.address, again.forwarding_rule_id) == ("apis", "10.255.0.1", self.RULE)
        assert again.network_id == "projects/acme-net-host/global/networks/shared"
        assert again.project == HOST

    def test_one_made_here_is_exported_too(self) -> None:
        def program() -> None:
            args = gp.PrivateServiceConnectArgs(
                env=environment(), network=NETWORK, target=gp.GoogleApis(address="10.255.0.1")
            )
            gp.publish(args.env, {"apis": gp.PrivateServiceConnect("apis", args)})

        exported = plan(program).outputs["groundplan"]["references"]["apis"]
        assert exported["kind"] == "endpoint"
        assert exported["value"]["address"] == "10.255.0.1"

    def test_wrong_names_are_refused_together(self) -> None:
        with pytest.raises(gp.ArgumentError) as caught:
            gp.PrivateServiceConnect.from_existing(
                forwarding_rule="apis", address="public", network=NETWORK, project=HOST
            )
        assert "2 arguments" in str(caught.value)
        assert "allowed: projects/acme-net-host/global/forwardingRules/…" in str(caught.value)
