"""NetworkAttachment: accepts listed producers only, lets Google's services in by a role of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan

WORKLOAD = gp.Project(id="acme-ml-dev", number="123456789012")
TYPE = "gcp:compute/networkAttachment:NetworkAttachment"
ID = "projects/acme-ml-dev/regions/europe-west4/networkAttachments/jobs"


def network(project: gp.Project) -> gp.NetworkRef:
    return gp.Network.from_existing(
        network=f"projects/{project.id}/global/networks/shared",
        subnetwork=f"projects/{project.id}/regions/europe-west4/subnetworks/ml",
        project=project,
    )


def host(*, managed: bool) -> gp.Project:
    return gp.Project(id="acme-net-host", number="210987654321", managed=managed)


def planned(
    tier: gp.Tier = gp.Tier.TEAM,
    where: gp.Project = WORKLOAD,
    then: Callable[[gp.NetworkAttachment], object] | None = None,
    **more: Any,
) -> Plan:
    def program() -> None:
        args = gp.NetworkAttachmentArgs(**{"env": environment(tier), "network": network(where), **more})
        made = gp.NetworkAttachment("jobs", args)
        if then is not None:
            then(made)
        pulumi.export("requests", gp.requests())

    return plan(program)


@pytest.mark.parametrize("tier", [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED], ids=lambda t: str(t.name))
def test_inventory(tier: gp.Tier) -> None:
    assert planned(tier).inventory() == {"gcp:compute/networkAttachment:NetworkAttachment": 1}


def test_it_accepts_nobody_who_is_not_listed() -> None:
    made = planned().one(TYPE)
    assert made.inputs["connectionPreference"] == "ACCEPT_MANUAL"
    assert made.inputs["subnetworks"] == ["projects/acme-ml-dev/regions/europe-west4/subnetworks/ml"]
    assert (made.inputs["name"], made.inputs["project"]) == ("gp-jobs", "acme-ml-dev")
    assert made.options["ignoreChanges"] == ["producerAcceptLists"]


def test_a_written_list_is_kept() -> None:
    made = planned(producers=("acme-builds", "123456789")).one(TYPE)
    assert made.inputs["producerAcceptLists"] == ["acme-builds", "123456789"]
    assert made.options["ignoreChanges"] == []


def test_a_service_is_let_in_with_three_permissions_on_the_project() -> None:
    grants: list[gp.Grant] = []
    found = planned(then=lambda made: grants.extend([made.grant_connect(WORKLOAD), made.grant_connect(WORKLOAD)]))
    role = found.one("IAMCustomRole").inputs
    assert role["permissions"] == [
        "compute.networkAttachments.get",
        "compute.networkAttachments.update",
        "compute.regionOperations.get",
    ]
    given = [r for r in found.of("IAMMember") if r.inputs["role"] == f"projects/acme-ml-dev/roles/{role['roleId']}"]
    assert len(given) == 1
    assert grants[0] is grants[1]
    assert (grants[0].scope, grants[0].binding is not None) == ("project", True)
    assert any("IAMCustomRole" in urn for urn in given[0].options["dependencies"])
    assert not found.of("SubnetworkIAMMember")


def test_in_a_shared_vpc_the_service_gets_the_subnetwork_too() -> None:
    found = planned(where=host(managed=True), then=lambda made: made.grant_connect(WORKLOAD))
    assert found.one(TYPE).inputs["project"] == "acme-net-host"
    assert found.one("SubnetworkIAMMember").inputs["role"] == "roles/compute.networkUser"
    assert found.one("IAMCustomRole").inputs["project"] == "acme-net-host"


def test_in_a_network_of_somebody_else_it_stands_in_the_workloads_project_and_asks() -> None:
    found = planned(where=host(managed=False), then=lambda made: made.grant_connect(WORKLOAD))
    made = found.one(TYPE).inputs
    assert (made["project"], made["subnetworks"]) == (
        "acme-ml-dev",
        ["projects/acme-net-host/regions/europe-west4/subnetworks/ml"],
    )
    (request,) = found.outputs["requests"]
    assert (request["grant"], request["project"]) == ("roles/compute.networkUser", "acme-net-host")


def test_overrides() -> None:
    found = planned(overrides={"attachment": {"connectionPreference": "ACCEPT_AUTOMATIC"}})
    assert found.one(TYPE).inputs["connectionPreference"] == "ACCEPT_AUTOMATIC"


def test_the_generation_is_in_the_name_and_long_names_are_shortened() -> None:
    env = environment(generation=2)
    assert planned(env=env).one(TYPE).inputs["name"] == "gp-jobs-g2"

    def program() -> None:
        args = gp.NetworkAttachmentArgs(env=environment(), network=network(WORKLOAD))
        gp.NetworkAttachment("a" * 80, args)

    first, second = (plan(program).one(TYPE).inputs["name"] for _ in range(2))
    assert first == second
    assert len(first) == 63


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"network": "shared"}, "network: is of the wrong type"),
        ({"producers": ("Acme",)}, "producers[0]: is no project id"),
        ({"producers": ("acme-builds", "acme-builds")}, "producers: names a project twice"),
    ],
)
def test_refused(more: dict[str, Any], part: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    assert part in str(caught.value)
    assert all(word in str(caught.value) for word in ("given:", "allowed:", "do:"))


class TestExisting:
    def test_it_is_a_reference_that_other_stacks_can_read(self) -> None:
        found = gp.NetworkAttachment.from_existing(ID, project=WORKLOAD)
        again = gp.NetworkAttachmentRef.imported(found.exported())
        assert (again.label, again.attachment_id, again.region, again.project) == (
            "jobs",
            ID,
            "europe-west4",
            WORKLOAD,
        )

    def test_one_made_here_is_exported_too(self) -> None:
        def program() -> None:
            args = gp.NetworkAttachmentArgs(env=environment(), network=network(WORKLOAD))
            gp.publish(args.env, {"jobs": gp.NetworkAttachment("jobs", args)})

        exported = plan(program).outputs["groundplan"]["references"]["jobs"]
        assert (exported["kind"], exported["value"]["region"]) == ("network_attachment", "europe-west4")

    def test_a_wrong_name_is_refused(self) -> None:
        with pytest.raises(gp.ArgumentError, match="allowed: projects/acme-ml-dev/regions/…/networkAttachments/…"):
            gp.NetworkAttachment.from_existing("jobs", project=WORKLOAD)
