"""ColabRuntime: what each tier plans, who may use it and as whom code acts, what is refused."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan
from tests.constructs.workbench.brownfield import KEY, keys, network

TEMPLATE = "gcp:colab/runtimeTemplate:RuntimeTemplate"
TEMPLATE_MEMBER = "gcp:colab/runtimeTemplateIamMember:RuntimeTemplateIamMember"
PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
SUBNET_GRANT = "gcp:compute/subnetworkIAMMember:SubnetworkIAMMember"
TIERS = (gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED)
ML = "group:ml@acme.test"


def runtime_args(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.ColabRuntimeArgs:
    given: dict[str, Any] = {
        "env": environment(tier),
        "network": network(),
        "keys": keys() if tier.defaults.customer_managed_keys else None,
        "end_user_credentials": False,
    }
    return gp.ColabRuntimeArgs(**{**given, **more})


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    def program() -> None:
        gp.ColabRuntime("explore", runtime_args(tier, **more))
        pulumi.export("requests", gp.requests())

    return plan(program)


def template(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Any:
    return planned(tier, **more).one(TEMPLATE).inputs


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def test_learner_makes_a_template_alone() -> None:
    found = planned(gp.Tier.LEARNER)
    assert found.inventory() == {TEMPLATE: 1}
    assert "encryptionSpec" not in found.one(TEMPLATE).inputs


@pytest.mark.parametrize("tier", [gp.Tier.TEAM, gp.Tier.REGULATED], ids=lambda tier: tier.name)
def test_other_tiers_encrypt_with_a_key_granted_first(tier: gp.Tier) -> None:
    found = planned(tier)
    assert found.inventory() == {TEMPLATE: 1, KEY_GRANT: 1, AGENT: 1, PROJECT_MEMBER: 1}
    made = found.one(TEMPLATE)
    assert made.inputs["encryptionSpec"] == {"kmsKeyName": KEY}
    assert any(urn.endswith(found.one(KEY_GRANT).name) for urn in made.options["dependencies"])
    assert found.one(AGENT).inputs["service"] == "aiplatform.googleapis.com"


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_every_tier_is_private_shielded_and_stops(tier: gp.Tier) -> None:
    made = template(tier)
    assert made["networkSpec"] == {
        "enableInternetAccess": False,
        "network": "projects/acme-ml-dev/global/networks/core",
        "subnetwork": "projects/acme-ml-dev/regions/europe-west4/subnetworks/ml",
    }
    assert made["shieldedVmConfig"] == {"enableSecureBoot": True}
    assert made["idleShutdownConfig"] == {"idleTimeout": "3600s"}
    assert made["eucConfig"] == {"eucDisabled": True}
    assert made["machineSpec"] == {"machineType": "e2-standard-4"}
    assert made["dataPersistentDiskSpec"] == {"diskType": "pd-balanced", "diskSizeGb": "100"}
    assert made["labels"]["classification"] == "confidential"
    assert made["location"] == "europe-west4"
    assert made["name"] == "gp-explore"


def test_who_acts_is_said() -> None:
    made = template(end_user_credentials=True)
    assert made["eucConfig"] == {"eucDisabled": False}
    assert made["description"] == "confidential data; code acts as the user"
    assert template()["description"] == "confidential data; code acts as the agent of Colab Enterprise"
    with pytest.raises(TypeError, match="end_user_credentials"):
        gp.ColabRuntimeArgs(env=environment(), network=network())  # type: ignore[call-arg] # what no type allows


def test_choices_of_the_caller() -> None:
    made = template(
        machine_type="n1-standard-8",
        accelerator="NVIDIA_TESLA_V100",
        accelerator_count=2,
        data_disk_gb=500,
        idle_minutes=15,
        release="py312",
        data_class=gp.DataClass.PERSONAL,
    )
    assert made["machineSpec"] == {
        "machineType": "n1-standard-8",
        "acceleratorType": "NVIDIA_TESLA_V100",
        "acceleratorCount": 2,
    }
    assert made["dataPersistentDiskSpec"]["diskSizeGb"] == "500"
    assert made["idleShutdownConfig"] == {"idleTimeout": "900s"}
    assert made["softwareConfig"] == {"colabImage": {"releaseName": "py312"}}
    assert made["labels"]["classification"] == "personal"
    assert template(machine_type="n4-standard-4")["dataPersistentDiskSpec"]["diskType"] == "hyperdisk-balanced"


def test_generation_enters_the_name() -> None:
    assert template(env=environment(generation=2))["name"] == "gp-explore-g2"


def test_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda message, *_: said.append(message))
    planned()
    assert said == []
    planned(gp.Tier.REGULATED)
    assert ["no Confidential VMs" in message for message in said] == [True]
    said.clear()
    planned(machine_type="n1-standard-8", accelerator="NVIDIA_TESLA_T4")
    assert ["switches NVIDIA_TESLA_T4 off" in message for message in said] == [True]


def test_users_get_the_template_and_the_projects_colab() -> None:
    found = planned(gp.Tier.LEARNER, users=(ML, "user:alice@acme.test"))
    assert found.inventory() == {TEMPLATE: 1, TEMPLATE_MEMBER: 2, PROJECT_MEMBER: 2}
    use = found.of(TEMPLATE_MEMBER)[0].inputs
    assert use == {
        "project": "acme-ml-dev",
        "location": "europe-west4",
        "runtimeTemplate": "gp-explore",
        "role": "roles/aiplatform.notebookRuntimeUser",
        "member": ML,
    }
    enter = found.of(PROJECT_MEMBER)[0].inputs
    assert (enter["role"], enter["member"]) == ("roles/aiplatform.colabEnterpriseUser", ML)


def test_two_templates_share_the_grant_on_the_project() -> None:
    def program() -> None:
        for name in ("one", "two"):
            made = gp.ColabRuntime(name, runtime_args(gp.Tier.LEARNER))
            assert made.grant_use(ML).scope == "resource"
            assert made.grant_enter(ML).scope == "project"

    assert plan(program).inventory() == {TEMPLATE: 2, TEMPLATE_MEMBER: 2, PROJECT_MEMBER: 1}


def test_shared_vpc_is_granted_to_the_agent_of_vertex() -> None:
    found = planned(gp.Tier.LEARNER, network=network(host="acme-host"))
    granted = found.one(SUBNET_GRANT)
    assert granted.inputs["role"] == "roles/compute.networkUser"
    assert any(urn.endswith(granted.name) for urn in found.one(TEMPLATE).options["dependencies"])


def test_what_is_not_ours_to_grant_becomes_requests() -> None:
    found = planned(network=network(host="acme-host", managed=False), keys=keys(managed=False))
    assert [request["project"] for request in found.outputs["requests"]] == ["acme-keys", "acme-host"]


def test_key_argument_wins_and_must_be_in_the_region() -> None:
    one = keys(KEY.replace("notebooks", "special")).key_for(gp.DataClass.PUBLIC)
    assert template(key=one)["encryptionSpec"]["kmsKeyName"].endswith("/special")
    assert "is not where the data is" in refused(keys=keys(KEY.replace("europe-west4", "global")))


def test_overrides() -> None:
    assert template(overrides={"template": {"networkTags": ["explore"]}})["networkTags"] == ["explore"]


def test_existing_template_of_others_turns_grants_into_requests() -> None:
    def program() -> None:
        other = gp.ColabRuntime.from_existing(
            "theirs", project=gp.Project(id="acme-other", managed=False), region="europe-west4"
        )
        again = gp.ColabRuntimeRef.imported(other.exported())
        assert again.exported() == other.exported()
        assert again.grant_use(ML).binding is None
        again.grant_enter(ML)
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {}
    use, enter = (request["command"] for request in found.outputs["requests"])
    assert use == (
        "gcloud colab runtime-templates add-iam-policy-binding --project=acme-other --region=europe-west4 theirs"
        " --member=group:ml@acme.test --role=roles/aiplatform.notebookRuntimeUser"
    )
    assert enter == (
        "gcloud projects add-iam-policy-binding --condition=None acme-other"
        " --member=group:ml@acme.test --role=roles/aiplatform.colabEnterpriseUser"
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"network": "default"}, "a Network, or Network.from_existing"),
        ({"end_user_credentials": None}, "True or False"),
        ({"keys": None}, "encrypts data with keys of one's own"),
        ({"data_class": "secret"}, "a DataClass"),
        ({"users": ("allUsers",)}, "users[0]"),
        ({"users": (ML, ML)}, "names a principal twice"),
        ({"data_disk_gb": 9}, "10 to 65536"),
        ({"idle_minutes": 0}, "10 to 1440"),
        ({"release": "latest"}, "a release such as py312"),
        ({"machine_type": "n2-standard-8", "accelerator": "NVIDIA_TESLA_T4"}, "use n1-standard-8"),
        ({"machine_type": "a2-highgpu-1g"}, "wants it named"),
        ({"machine_type": "e2-standart-4"}, "did you mean e2-standard-4"),
        ({"machine_type": "ct5lp-hightpu-1t"}, "has a TPU"),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


def test_all_faults_come_in_one_message() -> None:
    message = refused(keys=None, data_disk_gb=1, idle_minutes=1, users=("x",), machine_type="x")
    assert message.startswith('ColabRuntime "explore": 5 arguments cannot be used')


@pytest.mark.parametrize(
    ("given", "words"),
    [({"template_name": "projects/p/x"}, "leave out projects/"), ({"region": "europe-west4-a"}, "a region such as")],
)
def test_from_existing_refuses(given: dict[str, str], words: str) -> None:
    more = {"template_name": "theirs", "region": "europe-west4", **given}
    name = more.pop("template_name")
    with pytest.raises(gp.ArgumentError, match=words):
        gp.ColabRuntime.from_existing(name, project=gp.Project(id="acme-other"), **more)


def test_names_are_the_same_each_time_and_inside_the_limit() -> None:
    def name(label: str) -> str:
        found = plan(lambda: gp.ColabRuntime(label, runtime_args())).one(TEMPLATE).inputs["name"]
        assert isinstance(found, str)
        return found

    long = "a-template-for-runtimes-of-a-team-with-a-very-long-name-in-the-company"
    assert name(long) == name(long)
    assert len(name(long)) == 63
    assert name(long) != name(f"{long}s")
