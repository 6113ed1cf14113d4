"""WorkbenchFleet: one notebook a person, who joins, who leaves, what a row changes, what is refused."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan
from tests.constructs.workbench.brownfield import KEY, account, keys, network
from tests.constructs.workbench.test_workbench import (
    ACCOUNT,
    ACCOUNT_MEMBER,
    AGENT,
    INSTANCE,
    INSTANCE_MEMBER,
    KEY_GRANT,
    PROJECT_MEMBER,
    ROLE,
    SUBNET_GRANT,
    TIERS,
)

ALICE = gp.Member(owner="user:alice.lee@acme.test")
BOB = gp.Member(owner="user:bob@acme.test", notebook="research")


def fleet_args(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.WorkbenchFleetArgs:
    given: dict[str, Any] = {
        "env": environment(tier),
        "network": network(),
        "keys": keys() if tier.defaults.customer_managed_keys else None,
        "members": (ALICE, BOB),
    }
    return gp.WorkbenchFleetArgs(**{**given, **more})


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    def program() -> None:
        gp.WorkbenchFleet("ml", fleet_args(tier, **more))
        pulumi.export("requests", gp.requests())

    return plan(program)


def instance(found: Plan, notebook: str) -> Any:
    return found.one(INSTANCE, f"ml-{notebook}-instance").inputs


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_each_member_has_a_notebook_and_all_share_one_role(tier: gp.Tier) -> None:
    found = planned(tier)
    keyed = {AGENT: 1, KEY_GRANT: 2} if tier.defaults.customer_managed_keys else {}
    assert found.inventory() == {
        ROLE: 1,
        PROJECT_MEMBER: 4 + len(keyed) // 2,
        ACCOUNT: 2,
        ACCOUNT_MEMBER: 2,
        INSTANCE: 2,
        INSTANCE_MEMBER: 2,
        **keyed,
    }
    assert instance(found, "alice-lee")["instanceOwners"] == ["alice.lee@acme.test"]
    assert instance(found, "alice-lee")["name"] == "gp-ml-alice-lee"
    assert instance(found, "research")["instanceOwners"] == ["bob@acme.test"]
    assert instance(found, "research")["enableDeletionProtection"] is tier.defaults.deletion_protection
    roles = {granted.inputs["role"] for granted in found.of(INSTANCE_MEMBER)}
    assert roles == {"projects/acme-ml-dev/roles/gp_ml_operator"}


def test_somebody_who_joins_changes_nothing_of_the_others() -> None:
    def resources(*members: gp.Member) -> dict[str, Any]:
        found = planned(members=members)
        return {f"{r.type} {r.name}": r.inputs for r in found.resources if r.name != "ml"}

    before = resources(ALICE)
    after = resources(BOB, ALICE)
    assert before.items() <= after.items()
    assert all("ml-research" in name for name in after.keys() - before.keys())


def test_somebody_who_leaves_loses_access_and_the_notebook_can_go() -> None:
    found = planned(members=(gp.Member(owner="user:alice.lee@acme.test", leaving=True), BOB))
    made = found.one(INSTANCE, "ml-alice-lee-instance")
    assert made.inputs["desiredState"] == "STOPPED"
    assert made.inputs["enableDeletionProtection"] is False
    assert not made.options["protect"]
    assert found.one(INSTANCE, "ml-research-instance").options["protect"]
    for kind in (ACCOUNT_MEMBER, INSTANCE_MEMBER):
        assert {granted.inputs["member"] for granted in found.of(kind)} == {"user:bob@acme.test"}


def test_a_row_changes_one_notebook() -> None:
    special = gp.Member(
        owner="user:cy@acme.test",
        account=account(),
        data_class=gp.DataClass.HEALTH,
        zone="europe-west4-b",
        machine_type="g2-standard-24",
        accelerator="NVIDIA_L4",
        accelerator_count=2,
        boot_disk_gb=300,
        data_disk_gb=900,
    )
    found = planned(
        members=(ALICE, special), machine_type="n1-standard-8", accelerator="NVIDIA_TESLA_T4", data_disk_gb=200
    )
    own, common = instance(found, "cy"), instance(found, "alice-lee")
    assert own["location"] == "europe-west4-b"
    assert own["labels"]["classification"] == "health"
    assert own["gceSetup"]["machineType"] == "g2-standard-24"
    assert own["gceSetup"]["acceleratorConfigs"] == [{"type": "NVIDIA_L4", "coreCount": "2"}]
    assert own["gceSetup"]["bootDisk"]["diskSizeGb"] == "300"
    assert own["gceSetup"]["dataDisks"]["diskSizeGb"] == "900"
    assert own["gceSetup"]["serviceAccounts"] == [{"email": "notebooks@acme-central.iam.gserviceaccount.com"}]
    assert common["gceSetup"]["machineType"] == "n1-standard-8"
    assert common["gceSetup"]["dataDisks"]["diskSizeGb"] == "200"


def test_a_row_with_a_machine_of_its_own_has_not_the_fleets_gpu() -> None:
    plain = gp.Member(owner="user:cy@acme.test", machine_type="e2-standard-8")
    found = planned(members=(plain, ALICE), machine_type="n1-standard-8", accelerator="NVIDIA_TESLA_T4")
    assert "acceleratorConfigs" not in instance(found, "cy")["gceSetup"]
    assert "acceleratorConfigs" in instance(found, "alice-lee")["gceSetup"]


def test_operator_role_of_the_organisation_is_used_and_none_is_made() -> None:
    found = planned(operator_role="organizations/123456789012/roles/notebookOperator")
    assert ROLE not in found.inventory()


def test_grants_reach_every_notebook() -> None:
    def program() -> None:
        fleet = gp.WorkbenchFleet("ml", fleet_args())
        assert len(fleet.grant_operate("group:support@acme.test")) == 2
        assert [g.role for g in fleet.grant_view("group:support@acme.test")] == ["roles/notebooks.viewer"] * 2

    found = plan(program)
    granted = [g.inputs["name"] for g in found.of(INSTANCE_MEMBER) if g.inputs["member"] == "group:support@acme.test"]
    assert sorted(granted) == ["gp-ml-alice-lee", "gp-ml-alice-lee", "gp-ml-research", "gp-ml-research"]


def test_shared_vpc_and_central_keys_are_asked_for_once() -> None:
    found = planned(network=network(host="acme-host", managed=False), keys=keys(managed=False))
    assert SUBNET_GRANT not in found.inventory()
    assert [request["project"] for request in found.outputs["requests"]] == ["acme-keys", "acme-keys", "acme-host"]


def test_overrides_reach_one_notebook() -> None:
    found = planned(overrides={"research.instance": {"gceSetup": {"minCpuPlatform": "AMD Milan"}}})
    assert instance(found, "research")["gceSetup"]["minCpuPlatform"] == "AMD Milan"
    assert "minCpuPlatform" not in instance(found, "alice-lee")["gceSetup"]
    assert "overrides" in refused(overrides={"carol.instance": {}})
    assert "did you mean instance" in refused(overrides={"research.instnace": {}})


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ((), "names nobody"),
        (("user:alice@acme.test",), "members[0]"),
        ((gp.Member(owner="group:ml@acme.test"),), "members[0].owner"),
        ((gp.Member(owner="user:1@acme.test"),), "give the member a notebook name"),
        ((gp.Member(owner="user:a@acme.test", notebook="A"),), "members[0].notebook"),
        ((ALICE, gp.Member(owner="user:Alice.Lee@acme.test", notebook="two")), "names a person twice"),
        ((ALICE, gp.Member(owner="user:a@acme.test", zone="us-east1-b")), "members[1].zone"),
        ((ALICE, gp.Member(owner="user:a@acme.test", accelerator="NVIDIA_L4")), "members[1].accelerator"),
        ((ALICE, gp.Member(owner="user:a@acme.test", data_disk_gb=1)), "members[1].data_disk_gb"),
    ],
)
def test_bad_tables_are_refused(members: tuple[Any, ...], words: str) -> None:
    assert words in refused(members=members)


def test_two_people_with_one_notebook_name_are_refused_by_name() -> None:
    message = refused(members=(ALICE, gp.Member(owner="user:alice-lee@acme.test")))
    assert "give two people one notebook name, alice-lee" in message
    assert "user:alice.lee@acme.test, user:alice-lee@acme.test" in message


def test_what_is_wrong_with_all_is_told_once_beside_what_is_wrong_with_one() -> None:
    message = refused(keys=None, boot_disk_gb=1, members=(ALICE, gp.Member(owner="x", notebook="x")))
    assert message.startswith('WorkbenchFleet "ml": 3 arguments cannot be used')
    assert message.count("encrypts data with keys of one's own") == 1


def test_keys_of_each_class_are_those_of_the_row() -> None:
    ring = gp.KeyRing.from_existing(
        {gp.DataClass.CONFIDENTIAL: KEY, gp.DataClass.HEALTH: KEY.replace("notebooks", "health")},
        project=gp.Project(id="acme-keys"),
    )
    found = planned(keys=ring, members=(ALICE, gp.Member(owner="user:cy@acme.test", data_class=gp.DataClass.HEALTH)))
    assert instance(found, "alice-lee")["gceSetup"]["bootDisk"]["kmsKey"] == KEY
    assert instance(found, "cy")["gceSetup"]["bootDisk"]["kmsKey"].endswith("/health")
    message = refused(keys=ring, members=(gp.Member(owner="user:cy@acme.test", data_class=gp.DataClass.PERSONAL),))
    assert "have no key for personal data" in message
