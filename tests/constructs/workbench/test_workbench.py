"""Workbench: what each tier plans, who may use it, on what a team has already, what is refused."""

from __future__ import annotations

import hashlib
from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan
from tests.constructs.workbench.brownfield import KEY, OWNER, account, bucket, keys, network

INSTANCE = "gcp:workbench/instance:Instance"
INSTANCE_MEMBER = "gcp:workbench/instanceIamMember:InstanceIamMember"
ROLE = "gcp:projects/iAMCustomRole:IAMCustomRole"
ACCOUNT = "gcp:serviceaccount/account:Account"
ACCOUNT_MEMBER = "gcp:serviceaccount/iAMMember:IAMMember"
PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
SUBNET_GRANT = "gcp:compute/subnetworkIAMMember:SubnetworkIAMMember"
BUCKET_GRANT = "gcp:storage/bucketIAMMember:BucketIAMMember"
OBJECT = "gcp:storage/bucketObject:BucketObject"
PULL_GRANT = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember"
TIERS = (gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED)
IMAGE = "europe-west4-docker.pkg.dev/acme-ml-dev/images/notebook"
SCRIPT = "#!/bin/bash\npip config set global.no-index false\n"


def workbench_args(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.WorkbenchArgs:
    given: dict[str, Any] = {
        "env": environment(tier),
        "network": network(),
        "owner": OWNER,
        "keys": keys() if tier.defaults.customer_managed_keys else None,
    }
    return gp.WorkbenchArgs(**{**given, **more})


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    def program() -> None:
        gp.Workbench("alice", workbench_args(tier, **more))
        pulumi.export("requests", gp.requests())

    return plan(program)


def machine(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Any:
    return planned(tier, **more).one(INSTANCE).inputs["gceSetup"]


def refused(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(tier, **more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def waits_for(found: Plan) -> set[str]:
    return {urn.rsplit("::", 1)[-1] for urn in found.one(INSTANCE).options["dependencies"]}


def test_learner_gets_an_account_of_its_own_and_google_managed_disks() -> None:
    found = planned(gp.Tier.LEARNER)
    assert found.inventory() == {
        ROLE: 1,
        PROJECT_MEMBER: 2,
        ACCOUNT: 1,
        ACCOUNT_MEMBER: 1,
        INSTANCE: 1,
        INSTANCE_MEMBER: 1,
    }
    made = found.one(INSTANCE)
    assert made.inputs["enableDeletionProtection"] is False
    assert not made.options["protect"]
    assert made.inputs["gceSetup"]["bootDisk"] == {
        "diskEncryption": "GMEK",
        "diskSizeGb": "150",
        "diskType": "PD_BALANCED",
    }
    assert made.inputs["gceSetup"]["machineType"] == "e2-standard-4"
    assert "confidentialInstanceConfig" not in made.inputs["gceSetup"]


def test_team_encrypts_both_disks_with_a_key_that_both_agents_may_use_first() -> None:
    found = planned(gp.Tier.TEAM)
    assert found.inventory() == {
        ROLE: 1,
        PROJECT_MEMBER: 3,
        ACCOUNT: 1,
        ACCOUNT_MEMBER: 1,
        INSTANCE: 1,
        INSTANCE_MEMBER: 1,
        AGENT: 1,
        KEY_GRANT: 2,
    }
    made = found.one(INSTANCE)
    for disk in ("bootDisk", "dataDisks"):
        assert made.inputs["gceSetup"][disk]["diskEncryption"] == "CMEK"
        assert made.inputs["gceSetup"][disk]["kmsKey"] == KEY
    assert made.inputs["enableDeletionProtection"] is True
    assert made.inputs["deletionPolicy"] == "PREVENT"
    assert made.options["protect"]
    granted = found.of(KEY_GRANT)
    assert "service-123456789012@compute-system.iam.gserviceaccount.com" in str(granted[0].inputs["member"])
    assert {g.name for g in granted} <= waits_for(found)
    assert {g.name for g in found.of(ACCOUNT_MEMBER)} <= waits_for(found)


def test_regulated_is_confidential_and_lets_nothing_out() -> None:
    made = machine(gp.Tier.REGULATED)
    assert made["machineType"] == "n2d-standard-4"
    assert made["confidentialInstanceConfig"] == {"confidentialInstanceType": "SEV"}
    for key in ("notebook-disable-downloads", "notebook-disable-nbconvert", "notebook-disable-terminal"):
        assert made["metadata"][key] == "true"


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_every_tier_is_private_shielded_single_owner_and_without_root(tier: gp.Tier) -> None:
    inputs = planned(tier).one(INSTANCE).inputs
    assert inputs["instanceOwners"] == ["alice@acme.test"]
    assert inputs["enableManagedEuc"] is False
    assert inputs["disableProxyAccess"] is False
    assert inputs["location"] == "europe-west4-a"
    assert inputs["labels"]["classification"] == "confidential"
    assert "desiredState" not in inputs
    made = inputs["gceSetup"]
    assert made["disablePublicIp"] is True
    assert made["enableIpForwarding"] is False
    assert made["networkInterfaces"] == [
        {
            "network": "projects/acme-ml-dev/global/networks/core",
            "subnet": "projects/acme-ml-dev/regions/europe-west4/subnetworks/ml",
        }
    ]
    assert made["shieldedInstanceConfig"] == {
        "enableSecureBoot": True,
        "enableVtpm": True,
        "enableIntegrityMonitoring": True,
    }
    assert made["vmImage"] == {"project": "cloud-notebooks-managed", "family": "workbench-instances"}
    assert made["serviceAccounts"] == [{"email": "gp-alice-account@acme-ml-dev.iam.gserviceaccount.com"}]
    downloads = "false" if tier.defaults.notebook_downloads else "true"
    assert made["metadata"] == {
        "idle-timeout-seconds": "3600",
        "enable-guest-attributes": "true",
        "notebook-disable-root": "true",
        "notebook-disable-downloads": downloads,
        "notebook-disable-nbconvert": downloads,
        "notebook-disable-terminal": "false" if tier.defaults.notebook_terminal else "true",
        "notebook-upgrade-schedule": "00 3 * * SUN",
        "install-unattended-upgrades": "true",
        "block-project-ssh-keys": "true",
        "enable-oslogin": "TRUE",
        "serial-port-enable": "false",
    }


def test_owner_may_act_as_the_account_and_start_what_stopped_and_no_more() -> None:
    found = planned()
    act = found.one(ACCOUNT_MEMBER).inputs
    assert (act["role"], act["member"]) == ("roles/iam.serviceAccountUser", OWNER)
    role = found.one(ROLE)
    assert role.inputs["roleId"] == "gp_alice_operator"
    assert set(role.inputs["permissions"]) == {
        f"notebooks.instances.{verb}"
        for verb in ("checkUpgradability", "get", "getHealth", "reset", "start", "stop", "use")
    }
    operate = found.one(INSTANCE_MEMBER)
    assert operate.inputs == {
        "project": "acme-ml-dev",
        "location": "europe-west4-a",
        "name": "gp-alice",
        "role": "projects/acme-ml-dev/roles/gp_alice_operator",
        "member": OWNER,
    }
    assert any(urn.endswith(role.name) for urn in operate.options["dependencies"])


def test_choices_of_the_caller_win_over_the_tier() -> None:
    found = planned(
        gp.Tier.REGULATED,
        downloads=True,
        terminal=True,
        root_access=True,
        confidential=False,
        end_user_credentials=True,
        idle_minutes=10,
        upgrade_window="30 4 1 * *",
        zone="europe-west4-b",
        data_class=gp.DataClass.HEALTH,
        boot_disk_gb=200,
        data_disk_gb=500,
        deletion_protection=False,
    )
    inputs = found.one(INSTANCE).inputs
    metadata = inputs["gceSetup"]["metadata"]
    assert metadata["notebook-disable-root"] == metadata["notebook-disable-terminal"] == "false"
    assert metadata["idle-timeout-seconds"] == "600"
    assert metadata["notebook-upgrade-schedule"] == "30 4 1 * *"
    assert inputs["enableManagedEuc"] is True
    assert inputs["enableDeletionProtection"] is False
    assert inputs["location"] == "europe-west4-b"
    assert inputs["labels"]["classification"] == "health"
    assert inputs["gceSetup"]["machineType"] == "e2-standard-4"
    assert inputs["gceSetup"]["bootDisk"]["diskSizeGb"] == "200"
    assert inputs["gceSetup"]["dataDisks"]["diskSizeGb"] == "500"


def test_suspended_owner_has_no_grant_and_the_machine_stops() -> None:
    found = planned(suspended=True)
    assert ACCOUNT_MEMBER not in found.inventory()
    assert INSTANCE_MEMBER not in found.inventory()
    made = found.one(INSTANCE)
    assert made.inputs["desiredState"] == "STOPPED"
    assert made.inputs["enableDeletionProtection"] is False
    assert not made.options["protect"]


def test_shared_vpc_network_is_granted_to_the_notebooks_agent() -> None:
    found = planned(network=network(host="acme-host"))
    granted = found.one(SUBNET_GRANT)
    assert granted.inputs["role"] == "roles/compute.networkUser"
    assert granted.inputs["project"] == "acme-host"
    assert granted.inputs["subnetwork"] == "ml"
    assert granted.name in waits_for(found)


def test_what_is_not_ours_to_grant_becomes_requests() -> None:
    found = planned(
        network=network(host="acme-host", managed=False), keys=keys(managed=False), account=account(managed=False)
    )
    assert SUBNET_GRANT not in found.inventory()
    assert KEY_GRANT not in found.inventory()
    assert ACCOUNT_MEMBER not in found.inventory()
    asked = found.outputs["requests"]
    assert [request["grant"] for request in asked] == [
        "roles/iam.serviceAccountUser",
        "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        "roles/compute.networkUser",
    ]
    assert [request["project"] for request in asked] == ["acme-central", "acme-keys", "acme-keys", "acme-host"]


def test_existing_account_is_used_and_no_other_is_made() -> None:
    found = planned(account=account())
    assert ACCOUNT not in found.inventory()
    assert found.one(INSTANCE).inputs["gceSetup"]["serviceAccounts"] == [
        {"email": "notebooks@acme-central.iam.gserviceaccount.com"}
    ]


def test_operator_role_of_the_organisation_is_used_and_none_is_made() -> None:
    found = planned(operator_role="organizations/123456789012/roles/notebookOperator")
    assert ROLE not in found.inventory()
    assert found.one(INSTANCE_MEMBER).inputs["role"] == "organizations/123456789012/roles/notebookOperator"


def test_one_key_wins_over_the_ring_and_is_used_in_any_tier() -> None:
    one = keys(KEY.replace("notebooks", "special")).key_for(gp.DataClass.PUBLIC)
    assert machine(key=one)["bootDisk"]["kmsKey"].endswith("/special")
    assert machine(gp.Tier.LEARNER, key=one)["dataDisks"]["kmsKey"].endswith("/special")


def test_key_of_another_region_fails() -> None:
    assert "is not where the data is" in refused(keys=keys(KEY.replace("europe-west4", "europe-west1")))


def test_container_is_pulled_by_the_account_and_patches_nothing() -> None:
    found = planned(image=gp.ContainerImage(repository=IMAGE, tag="1.4.2"))
    made = found.one(INSTANCE).inputs["gceSetup"]
    assert made["containerImage"] == {"repository": IMAGE, "tag": "1.4.2"}
    assert "vmImage" not in made
    assert "install-unattended-upgrades" not in made["metadata"]
    granted = found.one(PULL_GRANT)
    assert granted.inputs["role"] == "roles/artifactregistry.reader"
    assert granted.inputs["repository"] == "images"
    assert granted.inputs["location"] == "europe-west4"
    assert granted.name in waits_for(found)


def test_container_of_another_project_is_requested() -> None:
    found = planned(image=gp.ContainerImage(repository=IMAGE.replace("acme-ml-dev", "acme-central"), tag="1"))
    assert PULL_GRANT not in found.inventory()
    (asked,) = found.outputs["requests"]
    assert asked["on"] == "projects/acme-central/locations/europe-west4/repositories/images"
    assert asked["command"].startswith("gcloud artifacts repositories add-iam-policy-binding projects/acme-central/")


def test_script_is_uploaded_under_its_digest_and_readable_first() -> None:
    found = planned(startup_script=gp.StartupScript(bucket=bucket(), content=SCRIPT))
    name = f"startup/alice/{hashlib.sha256(SCRIPT.encode()).hexdigest()}.sh"
    uploaded = found.one(OBJECT)
    assert uploaded.inputs["name"] == name
    assert uploaded.inputs["bucket"] == "acme-scripts"
    metadata = found.one(INSTANCE).inputs["gceSetup"]["metadata"]
    assert metadata["post-startup-script"] == f"gs://acme-scripts/{name}"
    assert metadata["post-startup-script-behavior"] == "run_once"
    granted = found.one(BUCKET_GRANT)
    assert granted.inputs["role"] == "roles/storage.objectViewer"
    assert {uploaded.name, granted.name} <= waits_for(found)


def test_script_that_is_there_is_named_by_its_digest() -> None:
    name = f"scripts/{'0a' * 32}.sh"
    script = gp.StartupScript(bucket=bucket(managed=False), object_name=name, every_start=True)
    found = planned(startup_script=script)
    assert OBJECT not in found.inventory()
    metadata = found.one(INSTANCE).inputs["gceSetup"]["metadata"]
    assert metadata["post-startup-script"] == f"gs://acme-scripts/{name}"
    assert metadata["post-startup-script-behavior"] == "run_every_start"
    assert found.outputs["requests"][0]["grant"] == "roles/storage.objectViewer"


def test_gpu_is_attached_and_its_end_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda message, *_: said.append(message))
    made = machine(machine_type="n1-standard-8", accelerator="NVIDIA_TESLA_T4", accelerator_count=2)
    assert made["acceleratorConfigs"] == [{"type": "NVIDIA_TESLA_T4", "coreCount": "2"}]
    assert said == [
        'Workbench "alice": Google switches NVIDIA_TESLA_T4 off on 2027-08-01; plan its successor, such as NVIDIA_L4'
    ]
    said.clear()
    machine(machine_type="g2-standard-8", accelerator="NVIDIA_L4")
    machine(machine_type="n1-standard-8")
    assert said == []


@pytest.mark.parametrize(
    ("machine_type", "disk"),
    [
        ("n4-standard-4", "HYPERDISK_BALANCED"),
        ("n2-standard-4", "PD_BALANCED"),
        ("c4d-standard-4", "HYPERDISK_BALANCED"),
    ],
)
def test_disks_are_those_that_the_machine_takes(machine_type: str, disk: str) -> None:
    made = machine(machine_type=machine_type)
    assert made["bootDisk"]["diskType"] == made["dataDisks"]["diskType"] == disk


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"machine_type": "n2-standard-8", "accelerator": "NVIDIA_TESLA_T4"},
            "use n1-standard-8 with 1 × NVIDIA_TESLA_T4",
        ),
        ({"machine_type": "n1-standard-8", "accelerator": "T4"}, "did you mean NVIDIA_TESLA_T4"),
        ({"machine_type": "n1-standard-8", "accelerator": "nvidia-tesla-t4"}, "write NVIDIA_TESLA_T4"),
        ({"machine_type": "n1-standard-8", "accelerator": "NVIDIA_TESLA_P100"}, "switched off by Google"),
        ({"machine_type": "g2-standard-8", "accelerator": "NVIDIA_L4", "accelerator_count": 2}, "g2-standard-24"),
        (
            {"machine_type": "n1-standard-8", "accelerator": "NVIDIA_TESLA_P4", "zone": "europe-west4-a"},
            "europe-west4-b",
        ),
        ({"machine_type": "n1-standart-8"}, "did you mean n1-standard-8"),
    ],
)
def test_impossible_machines_are_refused_with_the_nearest(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


@pytest.mark.parametrize("machine_type", ["n1-standard-4", "c2d-standard-4", "e2-standard-4"])
def test_confidential_notebooks_are_on_n2d_only(machine_type: str) -> None:
    assert "an n2d machine type without GPU" in refused(gp.Tier.REGULATED, machine_type=machine_type)


@pytest.mark.parametrize(
    "window",
    [
        "* * * * *",
        "00 3 * * *",
        "99 3 * * SUN",
        "00 24 * * SUN",
        "00 3 31 * *",
        "00 3 1 * SUN",
        "00 3 * * SUNDAY",
        "daily",
    ],
)
def test_upgrades_are_weekly_or_monthly(window: str) -> None:
    assert "does not have the right form" in refused(upgrade_window=window)


@pytest.mark.parametrize("window", ["0 0 * * 0", "59 23 * * SAT", "00 3 28 * *"])
def test_weekly_and_monthly_windows_are_taken(window: str) -> None:
    assert machine(upgrade_window=window)["metadata"]["notebook-upgrade-schedule"] == window


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"network": "default"}, "a Network, or Network.from_existing"),
        ({"owner": "alice@acme.test"}, "one person"),
        ({"owner": "group:ml@acme.test"}, "make a notebook each"),
        ({"owner": "user:alice@acme.test;rm"}, "one person"),
        ({"env": environment(domains=("acme.example",))}, "acme.example"),
        ({"keys": None}, "tier team encrypts data with keys of one's own"),
        ({"keys": "ring"}, "a KeyRing, or KeyRing.from_existing"),
        ({"data_class": "secret"}, "a DataClass"),
        ({"account": "notebooks@acme-central.iam.gserviceaccount.com"}, "ServiceIdentity.from_existing"),
        ({"zone": "europe-west1-b"}, "europe-west4-a"),
        ({"boot_disk_gb": 149}, "150 to 64000"),
        ({"data_disk_gb": 64_001}, "10 to 64000"),
        ({"idle_minutes": 9}, "10 to 1440"),
        ({"idle_minutes": 1441}, "10 to 1440"),
        ({"operator_role": "roles/notebooks.admin"}, "projects/<project>/roles/<role>"),
        ({"image": "ubuntu"}, "a StockImage or a ContainerImage"),
        ({"image": gp.StockImage(family="Workbench")}, "image.family"),
        ({"image": gp.StockImage(project="x")}, "image.project"),
        ({"image": gp.ContainerImage(repository=IMAGE, tag="latest")}, "moves with every build"),
        ({"image": gp.ContainerImage(repository=IMAGE, tag="")}, "image.tag"),
        ({"image": gp.ContainerImage(repository="registry.test/notebook", tag="1")}, "in Artifact Registry"),
        ({"image": gp.ContainerImage(repository=f"{IMAGE}:1", tag="1")}, "without tag or digest"),
        ({"startup_script": "gs://acme-scripts/setup.sh"}, "a StartupScript"),
        ({"startup_script": gp.StartupScript(bucket=bucket())}, "neither"),
        ({"startup_script": gp.StartupScript(bucket=bucket(), content=SCRIPT, object_name="x")}, "both"),
        ({"startup_script": gp.StartupScript(bucket=bucket(), content="pip install x")}, "begin with #!"),
        ({"startup_script": gp.StartupScript(bucket=bucket(managed=False), content=SCRIPT)}, "not ours to write to"),
        ({"startup_script": gp.StartupScript(bucket=bucket(), object_name="setup.sh")}, "does not pin what runs"),
        ({"startup_script": gp.StartupScript(bucket=bucket(), object_name=f"gs://b/{'0' * 64}")}, "does not pin"),
        ({"startup_script": gp.StartupScript(bucket=bucket(), object_name=f"s/{'0' * 65}.sh")}, "does not pin"),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


def test_script_needs_a_bucket() -> None:
    script = gp.StartupScript(bucket="acme", content=SCRIPT)  # type: ignore[arg-type] # what no type allows
    assert "startup_script.bucket" in refused(startup_script=script)


def test_all_faults_come_in_one_message() -> None:
    message = refused(
        owner="x", keys=None, zone="us-east1-b", boot_disk_gb=1, data_disk_gb=1, idle_minutes=1, upgrade_window="x"
    )
    assert message.startswith('Workbench "alice": 7 arguments cannot be used')


def test_grants_on_the_notebook() -> None:
    def program() -> None:
        made = gp.Workbench("alice", workbench_args())
        assert made.grant_view("group:support@acme.test").role == "roles/notebooks.viewer"
        assert made.grant_operate("group:support@acme.test").scope == "resource"

    found = plan(program)
    roles = [g.inputs["role"] for g in found.of(INSTANCE_MEMBER) if g.inputs["member"] == "group:support@acme.test"]
    assert roles == ["roles/notebooks.viewer", "projects/acme-ml-dev/roles/gp_alice_operator"]


def test_existing_notebook_of_others_turns_grants_into_requests() -> None:
    def program() -> None:
        other = gp.Workbench.from_existing(
            "bob",
            project=gp.Project(id="acme-other", managed=False),
            zone="europe-west4-a",
            operator_role="projects/acme-other/roles/operator",
        )
        again = gp.WorkbenchRef.imported(other.exported())
        assert again.exported() == other.exported()
        assert again.grant_operate(OWNER).binding is None
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {}
    assert found.outputs["requests"][0]["command"] == (
        "gcloud workbench instances add-iam-policy-binding --project=acme-other --location=europe-west4-a bob"
        " --member=user:alice@acme.test --role=projects/acme-other/roles/operator"
    )


def test_existing_notebook_without_a_role_cannot_be_granted_operation() -> None:
    other = gp.Workbench.from_existing("bob", project=gp.Project(id="acme-other"), zone="europe-west4-a")
    with pytest.raises(gp.ArgumentError, match="Google has no role"):
        other.grant_operate(OWNER)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"instance_name": "projects/p/locations/z/instances/bob"}, "leave out projects/"),
        ({"zone": "europe-west4"}, "a zone such as"),
        ({"operator_role": "roles/notebooks.admin"}, "a role's full name"),
    ],
)
def test_from_existing_refuses(given: dict[str, str], words: str) -> None:
    more = {"instance_name": "bob", "zone": "europe-west4-a", **given}
    name = more.pop("instance_name")
    with pytest.raises(gp.ArgumentError, match=words):
        gp.Workbench.from_existing(name, project=gp.Project(id="acme-other"), **more)


def test_overrides_reach_the_instance_and_are_recorded() -> None:
    found = planned(overrides={"instance": {"gceSetup": {"minCpuPlatform": "AMD Milan"}}})
    assert found.one(INSTANCE).inputs["gceSetup"]["minCpuPlatform"] == "AMD Milan"
    with pytest.raises(gp.ArgumentError, match="instance"):
        planned(overrides={"instnace": {}})


def test_names_are_the_same_each_time_and_inside_the_limit() -> None:
    def name(label: str) -> str:
        found = plan(lambda: gp.Workbench(label, workbench_args())).one(INSTANCE).inputs["name"]
        assert isinstance(found, str)
        return found

    long = "a-notebook-for-somebody-with-a-very-long-name-in-a-very-long-team"
    assert name(long) == name(long)
    assert len(name(long)) == 63
    assert name(long) != name(f"{long}s")
