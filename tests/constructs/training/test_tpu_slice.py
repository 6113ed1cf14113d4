"""TpuSlice: what each tier plans, who may log in, what is refused."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan
from tests.constructs.training.brownfield import MEMBER, account, network

VM = "gcp:tpu/v2Vm:V2Vm"
QUEUED = "gcp:tpu/v2QueuedResource:V2QueuedResource"
ACCOUNT = "gcp:serviceaccount/account:Account"
ACCOUNT_MEMBER = "gcp:serviceaccount/iAMMember:IAMMember"
PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember"
QUOTA_CALL = "gcp:cloudquota/getSQuotaInfo:getSQuotaInfo"
TIERS = (gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED)


def planned(tier: gp.Tier = gp.Tier.TEAM, *, name: str = "tiny", invokes: Any = None, **more: Any) -> Plan:
    given: dict[str, Any] = {
        "env": environment(tier),
        "network": network(),
        "accelerator": "V5LITE_POD",
        "topology": "2x2",
        "zone": "europe-west4-b",
        "quota": gp.Quota(limit=16),
    }

    def program() -> None:
        gp.TpuSlice(name, gp.TpuSliceArgs(**{**given, **more}))
        pulumi.export("requests", gp.requests())

    return plan(program, invokes=invokes)


def refused(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(tier, **more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("tier", "scheduling"),
    [(gp.Tier.LEARNER, {"spot": True}), (gp.Tier.TEAM, None), (gp.Tier.REGULATED, {"reserved": True})],
    ids=["learner", "team", "regulated"],
)
def test_every_tier_is_private_shielded_and_has_an_account(tier: gp.Tier, scheduling: object) -> None:
    found = planned(tier)
    assert found.inventory() == {ACCOUNT: 1, PROJECT_MEMBER: 2, VM: 1}
    made = found.one(VM).inputs
    assert made.get("schedulingConfig") == scheduling
    assert made["name"] == "gp-tiny"
    assert made["acceleratorConfig"] == {"type": "V5LITE_POD", "topology": "2x2"}
    assert made["runtimeVersion"] == "v2-alpha-tpuv5-lite"
    assert made["networkConfig"] == {
        "network": "projects/acme-ml-dev/global/networks/core",
        "subnetwork": "projects/acme-ml-dev/regions/europe-west4/subnetworks/ml",
        "enableExternalIps": False,
        "canIpForward": False,
    }
    assert made["serviceAccount"]["email"] == "gp-tiny-account@acme-ml-dev.iam.gserviceaccount.com"
    assert made["shieldedInstanceConfig"] == {"enableSecureBoot": True}
    assert made["metadata"]["block-project-ssh-keys"] == "true"
    assert made["labels"]["classification"] == "confidential"


@pytest.mark.parametrize(("consumption", "scheduling"), [("spot", {"spot": True}), ("reserved", {"reserved": True})])
def test_capacity_is_had_as_asked(consumption: str, scheduling: object) -> None:
    assert planned(consumption=consumption).one(VM).inputs["schedulingConfig"] == scheduling


def test_learner_may_queue_which_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda message, *_: said.append(message))
    found = planned(gp.Tier.LEARNER, queued=True)
    assert found.inventory() == {QUEUED: 1}
    (spec,) = found.one(QUEUED).inputs["tpu"]["nodeSpecs"]
    assert spec["parent"] == "projects/acme-ml-dev/locations/europe-west4-b"
    assert spec["node"]["acceleratorType"] == "v5litepod-4"
    assert spec["node"]["networkConfig"]["enableExternalIps"] is False
    assert said == ['TpuSlice "tiny": a queued TPU acts as the project\'s default account']


@pytest.mark.parametrize(
    ("accelerator", "topology", "region", "word"),
    [("V6E", "2x4", "europe-west4", "v6e-8"), ("V5P", "2x2x2", "europe-west4", "v5p-16")],
)
def test_queued_sizes_are_chips_or_cores(accelerator: str, topology: str, region: str, word: str) -> None:
    tier = gp.Tier.extending("learner", name="open", settings={"accelerator_types": []})
    env = environment(tier, region=region)
    found = planned(
        env=env, accelerator=accelerator, topology=topology, queued=True, zone=f"{region}-{zone(accelerator)}"
    )
    assert found.one(QUEUED).inputs["tpu"]["nodeSpecs"][0]["node"]["acceleratorType"] == word


def zone(accelerator: str) -> str:
    return "a" if accelerator == "V6E" else "b"


@pytest.mark.parametrize("tier", TIERS[1:], ids=lambda tier: tier.name)
def test_team_and_regulated_do_not_queue(tier: gp.Tier) -> None:
    assert "default account, which tier" in refused(tier, queued=True)


def test_shared_vpc_lets_the_agent_in_by_a_role_in_the_host() -> None:
    found = planned(network=network(host="acme-host"))
    (granted,) = [g for g in found.of(PROJECT_MEMBER) if g.inputs["project"] == "acme-host"]
    assert granted.inputs["role"] == "roles/tpu.xpnAgent"
    assert granted.inputs["member"] == "serviceAccount:service-123456789012@gcp-sa-tpu.iam.gserviceaccount.com"
    assert any(urn.endswith(granted.name) for urn in found.one(VM).options["dependencies"])


def test_what_is_not_ours_to_grant_becomes_a_request() -> None:
    found = planned(network=network(host="acme-host", managed=False), account=account(project="acme-ml-dev"))
    assert found.inventory() == {VM: 1}
    (asked,) = found.outputs["requests"]
    assert (asked["grant"], asked["project"]) == ("roles/tpu.xpnAgent", "acme-host")
    assert found.one(VM).inputs["serviceAccount"]["email"] == "trainer@acme-ml-dev.iam.gserviceaccount.com"


def test_account_of_another_project_is_used_by_the_agents() -> None:
    found = planned(account=account())
    assert ACCOUNT not in found.inventory()
    granted = {(g.inputs["role"], g.inputs["member"]) for g in found.of(ACCOUNT_MEMBER)}
    agent = "serviceAccount:service-123456789012@{}.iam.gserviceaccount.com"
    assert granted == {
        ("roles/iam.serviceAccountUser", agent.format("gcp-sa-tpu")),
        ("roles/iam.serviceAccountTokenCreator", agent.format("compute-system")),
    }
    waited = {urn.rsplit("::", 1)[-1] for urn in found.one(VM).options["dependencies"]}
    assert {g.name for g in found.of(ACCOUNT_MEMBER)} <= waited


def test_people_log_in_through_the_tunnel() -> None:
    def program() -> None:
        made = gp.TpuSlice(
            "tiny",
            gp.TpuSliceArgs(
                env=environment(),
                network=network(),
                accelerator="V5LITE_POD",
                topology="2x2",
                zone="europe-west4-b",
                quota=gp.Quota(limit=4),
            ),
        )
        assert [g.scope for g in made.grant_log_in(MEMBER)] == ["resource", "project", "project", "project"]
        made.grant_view(MEMBER)

    found = plan(program)
    assert found.one(ACCOUNT_MEMBER).inputs["role"] == "roles/iam.serviceAccountUser"
    roles = [g.inputs["role"] for g in found.of(PROJECT_MEMBER) if g.inputs["member"] == MEMBER]
    assert roles == ["roles/tpu.viewer", "roles/compute.osLogin", "roles/iap.tunnelResourceAccessor"]


@pytest.mark.parametrize("own", [True, False])
def test_existing_slice_of_others_turns_grants_into_requests(own: bool) -> None:
    def program() -> None:
        other = gp.TpuSlice.from_existing(
            "old",
            project=gp.Project(id="acme-other", managed=False),
            zone="europe-west4-b",
            account=account(managed=False) if own else None,
        )
        again = gp.TpuSliceRef.imported(other.exported())
        assert again.exported() == other.exported()
        again.grant_log_in(MEMBER)
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {}
    assert len(found.outputs["requests"]) == (4 if own else 3)


@pytest.mark.parametrize(
    ("given", "words"),
    [({"slice_name": "projects/p"}, "leave out projects/"), ({"zone": "europe-west4"}, "a zone such as")],
)
def test_from_existing_refuses(given: dict[str, str], words: str) -> None:
    more = {"slice_name": "old", "zone": "europe-west4-b", **given}
    name = more.pop("slice_name")
    with pytest.raises(gp.ArgumentError, match=words):
        gp.TpuSlice.from_existing(name, project=gp.Project(id="acme-other"), **more)  # type: ignore[arg-type] # one text


def test_quota_is_looked_up_in_chips() -> None:
    info = {"dimensions": {"region": "europe-west4"}, "applicableLocations": [], "details": [{"value": "3"}]}
    with pytest.raises(gp.ArgumentError, match="4 of v5e"):
        planned(quota=gp.Quota(quota_id="TPUs"), invokes={QUOTA_CALL: {"dimensionsInfos": [info]}})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"network": "default"}, "a Network"),
        ({"account": "x@y"}, "ServiceIdentity.from_existing"),
        ({"accelerator": "V5"}, "is not known"),
        ({"accelerator": "nvidia-l4"}, "is no TPU"),
        ({"accelerator": "v5e"}, "write V5LITE_POD"),
        ({"topology": "3x3"}, "is no slice of v5e"),
        ({"topology": "16x16"}, "comes to more accelerators"),
        ({"zone": "europe-west4-a", "accelerator": "V5P", "topology": "2x2x1"}, "move to europe-west4-b"),
        ({"zone": "us-east1-b"}, "europe-west4-a"),
        ({"runtime_version": "Latest!"}, "runtime_version"),
        ({"consumption": "flex_start"}, "is not one of the allowed values"),
        ({"quota": None}, "guards accelerators by the project's quota"),
        ({"quota": gp.Quota(limit=3)}, "at most 3"),
        ({"data_class": "secret"}, "a DataClass"),
        ({"data_class": gp.DataClass.HEALTH}, "a TPU's disks have none"),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


@pytest.mark.parametrize(
    ("more", "words"),
    [({"consumption": "spot"}, "cannot be queued"), ({"account": account()}, "cannot be given to what is queued")],
)
def test_what_is_queued_has_neither_spot_nor_account(more: dict[str, Any], words: str) -> None:
    assert words in refused(gp.Tier.LEARNER, queued=True, **more)


def test_learners_have_what_is_on_their_list() -> None:
    assert "is not on the list of tier learner" in refused(gp.Tier.LEARNER, accelerator="V6E", zone="europe-west4-a")


def test_all_faults_come_in_one_message() -> None:
    message = refused(network="x", account="y", zone="z", runtime_version="!")
    assert message.startswith('TpuSlice "tiny": 4 arguments cannot be used')


def test_overrides_reach_the_slice() -> None:
    made = planned(overrides={"slice": {"networkConfig": {"queueCount": 4}}}).one(VM)
    assert made.inputs["networkConfig"]["queueCount"] == 4


def test_names_are_the_same_each_time_and_inside_the_limit() -> None:
    long = "slice-for-a-model-with-a-very-long-name-in-a-very-long-team-name-indeed"
    more: dict[str, Any] = {"account": account()}
    names = [planned(name=name, **more).one(VM).inputs["name"] for name in (long, long, f"{long}s")]
    assert names[0] == names[1] != names[2]
    assert len(names[0]) <= 63
