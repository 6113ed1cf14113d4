"""PrivateServiceConnect for a published service: an address, an endpoint, a name; also in somebody else's network."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import UNKNOWN, Plan, environment, plan

ATTACHMENT = "projects/partner-tp/regions/europe-west4/serviceAttachments/scores"
HOST = gp.Project(id="acme-net-host", number="210987654321")


def network(*, managed: bool = True, region: str = "europe-west4") -> gp.NetworkRef:
    return gp.Network.from_existing(
        network="projects/acme-net-host/global/networks/shared",
        subnetwork=f"projects/acme-net-host/regions/{region}/subnetworks/ml",
        project=gp.Project(id=HOST.id, number=HOST.number, managed=managed),
    )


def planned(tier: gp.Tier = gp.Tier.TEAM, where: gp.NetworkRef | None = None, **target: Any) -> Plan:
    def program() -> None:
        service = gp.PublishedService(**{"attachment": ATTACHMENT, "address": "10.0.0.9", **target})
        args = gp.PrivateServiceConnectArgs(env=environment(tier), network=where or network(), target=service)
        gp.PrivateServiceConnect("scores", args)
        pulumi.export("requests", gp.requests())

    return plan(program)


@pytest.mark.parametrize("tier", [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED], ids=lambda t: str(t.name))
def test_inventory(tier: gp.Tier) -> None:
    plain = {"gcp:compute/address:Address": 1, "gcp:compute/forwardingRule:ForwardingRule": 1}
    named = {"gcp:dns/managedZone:ManagedZone": 1, "gcp:dns/recordSet:RecordSet": 1}
    assert planned(tier).inventory() == plain
    assert planned(tier, host="scores.partner.test").inventory() == {**plain, **named}


def test_the_endpoint_leads_from_the_address_to_the_service() -> None:
    found = planned(global_access=True)
    address = found.one("Address").inputs
    assert (address["address"], address["addressType"], address["purpose"]) == ("10.0.0.9", "INTERNAL", "GCE_ENDPOINT")
    assert address["subnetwork"] == "projects/acme-net-host/regions/europe-west4/subnetworks/ml"
    rule = found.one("ForwardingRule").inputs
    assert rule["target"] == ATTACHMENT
    assert rule["loadBalancingScheme"] == ""
    assert rule["allowPscGlobalAccess"] is True
    assert rule["recreateClosedPsc"] is True
    assert rule["ipAddress"] == UNKNOWN
    assert {r.inputs["project"] for r in found.resources if r.type.startswith("gcp:")} == {HOST.id}


def test_its_name_has_a_zone_of_its_own() -> None:
    found = planned(host="scores.partner.test")
    assert found.one("ManagedZone").inputs["dnsName"] == "scores.partner.test."
    record = found.one("RecordSet").inputs
    assert (record["name"], record["type"], record["rrdatas"]) == ("scores.partner.test.", "A", ["10.0.0.9"])


def test_in_a_network_of_somebody_else_it_stands_in_the_workloads_project() -> None:
    found = planned(where=network(managed=False), host="scores.partner.test")
    assert {r.inputs["project"] for r in found.resources if r.type.startswith("gcp:")} == {"acme-ml-dev"}
    assert not found.of("ManagedZone")
    (request,) = found.outputs["requests"]
    assert request["project"] == HOST.id
    assert request["need"] == "a private zone in which scores.partner.test leads to 10.0.0.9"
    assert "gcloud dns managed-zones create gp-scores-name --project=acme-net-host" in request["command"]
    assert "--rrdatas=10.0.0.9" in request["command"]


def test_an_attachment_that_is_known_later_is_checked_then() -> None:
    def program(attachment: str) -> None:
        later = pulumi.Output.from_input(attachment)
        service = gp.PublishedService(attachment=later, address="10.0.0.9")
        args = gp.PrivateServiceConnectArgs(env=environment(), network=network(), target=service)
        gp.PrivateServiceConnect("scores", args)

    assert plan(lambda: program(ATTACHMENT)).one("ForwardingRule").inputs["target"] == ATTACHMENT
    with pytest.raises(gp.ArgumentError, match="attachment: is in another region"):
        plan(lambda: program(ATTACHMENT.replace("europe-west4", "europe-west1")))


@pytest.mark.parametrize(
    ("target", "part"),
    [
        ({"address": "8.8.8.8"}, "target.address: is no usable range"),
        ({"attachment": "scores"}, "target.attachment"),
        ({"attachment": ATTACHMENT.replace("europe-west4", "us-east1")}, "target.attachment: is in another region"),
        ({"host": "scores"}, "target.host"),
        ({"host": "scores.partner.test."}, "target.host"),
        ({"global_access": "yes"}, "target.global_access"),
    ],
)
def test_refused(target: dict[str, Any], part: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**target)
    assert part in str(caught.value)
    assert all(word in str(caught.value) for word in ("given:", "allowed:", "do:"))


def test_googles_domains_lead_to_google_only() -> None:
    service = gp.PublishedService(attachment=ATTACHMENT, address="10.0.0.9")
    args = gp.PrivateServiceConnectArgs(env=environment(), network=network(), target=service, domains=("run.app",))
    with pytest.raises(gp.ArgumentError, match="domains: are Google's"):
        plan(lambda: gp.PrivateServiceConnect("scores", args))


def test_overrides() -> None:
    def program() -> None:
        service = gp.PublishedService(attachment=ATTACHMENT, address="10.0.0.9")
        changes = {"endpoint": {"description": "by hand"}}
        gp.PrivateServiceConnect(
            "scores",
            gp.PrivateServiceConnectArgs(env=environment(), network=network(), target=service, overrides=changes),
        )

    assert plan(program).one("ForwardingRule").inputs["description"] == "by hand"


def test_an_endpoint_that_was_there_is_a_reference() -> None:
    rule = "projects/acme-net-host/regions/europe-west4/forwardingRules/scores"
    found = gp.PrivateServiceConnect.from_existing(
        forwarding_rule=rule, address="10.0.0.9", network=network(), project=HOST
    )
    assert (found.forwarding_rule_id, found.label) == (rule, "scores")
