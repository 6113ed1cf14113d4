"""BuildPool: what it plans in each tier, over both ways into a network, who may use it, what it refuses."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from groundplan.core.references import ExistingNetworkAttachment, ExistingServiceAccess
from tests.constructs.plan import Plan, environment, plan

POOL = "gcp:cloudbuild/workerPool:WorkerPool"
PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember"
HOST = gp.Project(id="acme-host", number="210987654321", managed=False)
ATTACHMENT = "projects/acme-host/regions/europe-west4/networkAttachments/builds"
TIERS = [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED]


def attachment(region: str = "europe-west4") -> gp.NetworkAttachmentRef:
    return ExistingNetworkAttachment(label="builds", project=HOST, attachment_id=ATTACHMENT, region=region)


def access() -> gp.ServiceAccessRef:
    return ExistingServiceAccess(
        label="services", project=HOST, network_id="projects/acme-host/global/networks/shared", range_name="services"
    )


def args(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.BuildPoolArgs:
    given: dict[str, Any] = {"env": environment(tier)}
    if not {"access", "attachment"} & set(more):
        given["attachment"] = attachment()
    return gp.BuildPoolArgs(**{**given, **more})


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: gp.BuildPool("builds", args(tier, **more)))


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_every_tier_makes_a_pool_without_a_public_address(tier: gp.Tier) -> None:
    found = planned(tier)
    assert found.inventory() == {POOL: 1}
    made = found.one(POOL)
    assert made.inputs["workerConfig"] == {"machineType": "e2-standard-4", "diskSizeGb": 100, "noExternalIp": True}
    assert made.inputs["privateServiceConnect"] == {"networkAttachment": ATTACHMENT, "routeAllTraffic": True}
    assert "networkConfig" not in made.inputs
    assert (made.inputs["name"], made.inputs["location"]) == ("gp-builds", "europe-west4")
    assert made.options["deleteBeforeReplace"]


def test_a_peered_pool_names_the_network_by_its_projects_number() -> None:
    made = planned(access=access(), prefix_length=26).one(POOL).inputs
    assert made["networkConfig"] == {
        "peeredNetwork": "projects/210987654321/global/networks/shared",
        "peeredNetworkIpRange": "/26",
    }
    assert made["workerConfig"]["noExternalIp"] is True
    assert "privateServiceConnect" not in made


def test_a_pool_waits_for_the_peering_of_the_same_program() -> None:
    def program() -> None:
        env = environment(gp.Tier.LEARNER)
        network = gp.Network("core", gp.NetworkArgs(env=env, cidr="10.0.0.0/20"))
        peering = gp.PrivateServiceAccess("services", gp.PrivateServiceAccessArgs(env=env, network=network))
        gp.BuildPool("builds", args(gp.Tier.LEARNER, env=env, access=peering))

    found = plan(program)
    assert any("services-connection" in urn for urn in found.one(POOL).options["dependencies"])


def test_an_attachment_of_the_same_program_lets_cloud_build_connect_first() -> None:
    def program() -> None:
        env = environment(gp.Tier.LEARNER)
        network = gp.Network("core", gp.NetworkArgs(env=env, cidr="10.0.0.0/20"))
        place = gp.NetworkAttachment("builds", gp.NetworkAttachmentArgs(env=env, network=network))
        gp.BuildPool("pool", args(gp.Tier.LEARNER, env=env, attachment=place))

    found = plan(program)
    granted = found.one(PROJECT_MEMBER)
    assert granted.inputs["member"] == "serviceAccount:service-123456789012@gcp-sa-cloudbuild.iam.gserviceaccount.com"
    assert any(urn.endswith(granted.name) for urn in found.one(POOL).options["dependencies"])


def test_use_is_granted_on_the_project_for_want_of_a_narrower_place() -> None:
    def program() -> None:
        made = gp.BuildPool("builds", args(project=gp.Project(id="acme-build")))
        granted = made.grant_use("serviceAccount:builder@acme-build.iam.gserviceaccount.com")
        assert (granted.role, granted.scope) == ("roles/cloudbuild.workerPoolUser", "project")
        pulumi.export("pool", made.pool_id)

    found = plan(program)
    assert found.one(PROJECT_MEMBER).inputs == {
        "project": "acme-build",
        "role": "roles/cloudbuild.workerPoolUser",
        "member": "serviceAccount:builder@acme-build.iam.gserviceaccount.com",
    }
    assert found.outputs["pool"] == "projects/acme-build/locations/europe-west4/workerPools/gp-builds"


def test_an_existing_pool_of_others_turns_use_into_a_request() -> None:
    def program() -> None:
        shared = gp.BuildPool.from_existing(
            "projects/acme-host/locations/europe-west1/workerPools/shared", project=HOST
        )
        assert (shared.label, shared.location) == ("shared", "europe-west1")
        shared.grant_use("serviceAccount:builder@acme-build.iam.gserviceaccount.com")
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {}
    (request,) = found.outputs["requests"]
    assert request["command"].startswith("gcloud projects add-iam-policy-binding acme-host --member=serviceAccount:")


def test_overrides_and_long_names() -> None:
    name = "builds-of-a-team-with-a-very-long-name-that-nobody-would-choose-today"
    found = plan(lambda: gp.BuildPool(name, args(overrides={"pool": {"workerConfig": {"diskSizeGb": 500}}})))
    made = found.one(POOL).inputs
    assert made["workerConfig"]["diskSizeGb"] == 500
    assert made["workerConfig"]["noExternalIp"] is True
    assert len(made["name"]) == 63


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"attachment": None}, "given:   neither"),
        ({"attachment": attachment(), "access": access()}, "given:   attachment and access"),
        ({"attachment": ATTACHMENT}, "a NetworkAttachment"),
        ({"access": "services"}, "a PrivateServiceAccess"),
        ({"attachment": attachment("europe-west1")}, "is in another region than the pool"),
        ({"prefix_length": 30}, "prefix_length"),
        ({"machine_type": "a2-highgpu-1g"}, "build workers have no accelerators"),
        ({"disk_gb": 10}, "disk_gb"),
        ({"location": "EU"}, "one region"),
        ({"project": "acme"}, "a Project"),
    ],
)
def test_bad_arguments_are_refused(more: dict[str, Any], message: str) -> None:
    assert message in refused(**more)


def test_from_existing_wants_the_full_name() -> None:
    with pytest.raises(gp.ArgumentError, match="give the pool's full name"):
        gp.BuildPool.from_existing("shared", project=HOST)
