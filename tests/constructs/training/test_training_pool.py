"""TrainingPool: what each tier plans, what a job takes over, on what a team has already, what is refused."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan
from tests.constructs.training.brownfield import ATTACHMENT, KEY, MEMBER, account, attachment, bucket, keys, network
from tests.constructs.training.brownfield import reservation as kept

RESOURCE = "gcp:vertex/aiPersistentResource:AiPersistentResource"
ALERT = "gcp:monitoring/alertPolicy:AlertPolicy"
ACCOUNT = "gcp:serviceaccount/account:Account"
ACCOUNT_MEMBER = "gcp:serviceaccount/iAMMember:IAMMember"
PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember"
BUCKET_MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
QUOTA_CALL = "gcp:cloudquota/getSQuotaInfo:getSQuotaInfo"
TIERS = (gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED)
L4: dict[str, Any] = {"machine_type": "g2-standard-8", "accelerator": "NVIDIA_L4"}
H100: dict[str, Any] = {"machine_type": "a3-highgpu-8g", "accelerator": "NVIDIA_H100_80GB", "accelerator_count": 8}
ENOUGH = gp.Quota(limit=64)


def pool_args(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.TrainingPoolArgs:
    given: dict[str, Any] = {
        "env": environment(tier),
        "staging": bucket(),
        "network_attachment": attachment(),
        "keys": keys() if tier.defaults.customer_managed_keys else None,
    }
    return gp.TrainingPoolArgs(**{**given, **more})


def planned(tier: gp.Tier = gp.Tier.TEAM, *, invokes: Any = None, **more: Any) -> Plan:
    def program() -> None:
        made = gp.TrainingPool("credit", pool_args(tier, **more))
        pulumi.export("job", made.custom_job)
        pulumi.export("requests", gp.requests())

    return plan(program, invokes=invokes)


def job(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Any:
    return planned(tier, **more).outputs["job"]["jobSpec"]


def refused(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(tier, **more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def test_learner_gets_an_account_of_its_own_and_no_key() -> None:
    found = planned(gp.Tier.LEARNER)
    assert found.inventory() == {ACCOUNT: 1, PROJECT_MEMBER: 2, BUCKET_MEMBER: 1}
    assert "encryptionSpec" not in found.outputs["job"]


@pytest.mark.parametrize("tier", TIERS[1:], ids=lambda tier: tier.name)
def test_team_and_regulated_let_the_agent_use_the_key(tier: gp.Tier) -> None:
    found = planned(tier)
    assert found.inventory() == {ACCOUNT: 1, PROJECT_MEMBER: 3, BUCKET_MEMBER: 1, AGENT: 1, KEY_GRANT: 1}
    assert found.outputs["job"]["encryptionSpec"] == {"kmsKeyName": KEY}
    assert found.one(KEY_GRANT).inputs["cryptoKeyId"] == KEY


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_a_job_has_an_account_a_network_a_place_to_write_and_an_end(tier: gp.Tier) -> None:
    assert job(tier) == {
        "workerPoolSpecs": [
            {
                "machineSpec": {"machineType": "n2-standard-8"},
                "replicaCount": 1,
                "diskSpec": {"bootDiskType": "pd-ssd", "bootDiskSizeGb": 100},
            }
        ],
        "scheduling": {"timeout": "86400s", "strategy": "STANDARD"},
        "serviceAccount": "gp-credit-account@acme-ml-dev.iam.gserviceaccount.com",
        "baseOutputDirectory": {"outputUriPrefix": "gs://acme-staging/credit"},
        "enableWebAccess": False,
        "pscInterfaceConfig": {"networkAttachment": ATTACHMENT},
    }


def test_the_account_may_read_and_write_the_bucket_and_no_more() -> None:
    found = planned()
    granted = found.one(BUCKET_MEMBER).inputs
    assert (granted["bucket"], granted["role"]) == ("acme-staging", "roles/storage.objectUser")
    roles = {g.inputs["role"] for g in found.of(PROJECT_MEMBER) if "credit" in str(g.inputs["member"])}
    assert roles == {"roles/logging.logWriter", "roles/monitoring.metricWriter"}


@pytest.mark.parametrize(
    ("tier", "more", "strategy"),
    [
        (gp.Tier.LEARNER, {}, "SPOT"),
        (gp.Tier.TEAM, {"quota": ENOUGH}, "STANDARD"),
        (gp.Tier.TEAM, {"quota": ENOUGH, "consumption": "spot"}, "SPOT"),
        (gp.Tier.REGULATED, {"reservation": kept()}, "STANDARD"),
    ],
)
def test_accelerators_are_had_as_the_tier_says(tier: gp.Tier, more: dict[str, Any], strategy: str) -> None:
    spec = job(tier, **L4, **more)
    assert spec["scheduling"]["strategy"] == strategy
    machine = spec["workerPoolSpecs"][0]["machineSpec"]
    assert (machine["acceleratorType"], machine["acceleratorCount"]) == ("NVIDIA_L4", 1)
    assert machine.get("reservationAffinity") == (
        {
            "reservationAffinityType": "SPECIFIC_RESERVATION",
            "key": "compute.googleapis.com/reservation-name",
            "values": ["projects/acme-shared/zones/europe-west4-a/reservations/kept"],
        }
        if tier is gp.Tier.REGULATED
        else None
    )


def test_queued_jobs_say_how_long_they_wait() -> None:
    spec = job(**L4, quota=ENOUGH, consumption="flex_start", max_wait_hours=2, timeout_hours=10)
    assert spec["scheduling"] == {"timeout": "36000s", "strategy": "FLEX_START", "maxWaitDuration": "7200s"}


def test_workers_and_reducers_have_the_places_that_vertex_ai_knows() -> None:
    pools = job(**H100, quota=ENOUGH, workers=3, reducers=2)["workerPoolSpecs"]
    assert [pool["replicaCount"] for pool in pools] == [1, 2, 2]
    assert pools[0]["machineSpec"] == pools[1]["machineSpec"]
    assert pools[2]["machineSpec"] == {"machineType": "n1-highcpu-16"}
    assert pools[2]["containerSpec"]["imageUri"].startswith("us-docker.pkg.dev/vertex-ai-restricted/training/")


def test_a_tpu_has_a_topology() -> None:
    machine = job(
        gp.Tier.LEARNER,
        machine_type="ct5lp-hightpu-4t",
        accelerator="TPU_V5_LITEPOD",
        accelerator_count=4,
        topology="2x2",
    )["workerPoolSpecs"][0]["machineSpec"]
    assert machine["tpuTopology"] == "2x2"


def test_persistent_machines_are_encrypted_private_run_as_named_accounts_and_are_watched() -> None:
    channel = "projects/acme-ml-dev/notificationChannels/1"
    found = planned(**L4, quota=ENOUGH, persistent=gp.PersistentPool(idle_hours=4, notify=(channel,)))
    assert found.inventory() == {
        ACCOUNT: 1,
        PROJECT_MEMBER: 3,
        BUCKET_MEMBER: 1,
        AGENT: 1,
        KEY_GRANT: 1,
        RESOURCE: 1,
        ALERT: 1,
    }
    made = found.one(RESOURCE)
    assert made.inputs["name"] == "gp-credit"
    assert made.inputs["encryptionSpec"] == {"kmsKeyName": KEY}
    assert made.inputs["pscInterfaceConfig"] == {"networkAttachment": ATTACHMENT}
    assert made.inputs["resourceRuntimeSpec"] == {"serviceAccountSpec": {"enableCustomServiceAccount": True}}
    assert made.inputs["resourcePools"] == [
        {
            "machineSpec": {"machineType": "g2-standard-8", "acceleratorType": "NVIDIA_L4", "acceleratorCount": 1},
            "replicaCount": "1",
            "diskSpec": {"bootDiskType": "pd-ssd", "bootDiskSizeGb": 100},
        }
    ]
    assert any(urn.endswith(found.one(KEY_GRANT).name) for urn in made.options["dependencies"])
    alert = found.one(ALERT).inputs
    assert alert["notificationChannels"] == [channel]
    query = alert["conditions"][0]["conditionPrometheusQueryLanguage"]["query"]
    assert query == (
        'absent_over_time(ml_googleapis_com:training_cpu_utilization{monitored_resource="cloudml_job"}[4h])'
    )
    spec = found.outputs["job"]["jobSpec"]
    assert spec["persistentResourceId"] == "gp-credit"
    assert "strategy" not in spec["scheduling"]


def test_pools_scale_between_one_and_their_most() -> None:
    pools = (
        gp.ResourcePool(machine_type="n2-standard-8", replicas=1, max_replicas=4),
        gp.ResourcePool(machine_type="g2-standard-8", accelerator="NVIDIA_L4", replicas=2),
    )
    found = planned(quota=ENOUGH, persistent=gp.PersistentPool(idle_hours=1, pools=pools))
    first, second = found.one(RESOURCE).inputs["resourcePools"]
    assert first["autoscalingSpec"] == {"minReplicaCount": "1", "maxReplicaCount": "4"}
    assert "autoscalingSpec" not in second
    assert second["replicaCount"] == "2"


def test_an_existing_persistent_resource_is_named_and_none_is_made() -> None:
    found = planned(persistent="ours")
    assert RESOURCE not in found.inventory()
    assert found.outputs["job"]["jobSpec"]["persistentResourceId"] == "ours"


def test_vertex_ai_is_let_into_an_attachment_of_ours() -> None:
    def program() -> None:
        way_in = gp.NetworkAttachment("jobs", gp.NetworkAttachmentArgs(env=environment(), network=network()))
        gp.TrainingPool("credit", pool_args(network_attachment=way_in, persistent=gp.PersistentPool(idle_hours=1)))

    found = plan(program)
    role = found.one("gcp:projects/iAMCustomRole:IAMCustomRole").inputs["roleId"]
    (let_in,) = [g for g in found.of(PROJECT_MEMBER) if str(g.inputs["role"]).endswith(role)]
    assert any(urn.endswith(let_in.name) for urn in found.one(RESOURCE).options["dependencies"])


def test_account_of_another_project_is_impersonated_by_the_agent() -> None:
    found = planned(account=account())
    assert ACCOUNT not in found.inventory()
    granted = found.one(ACCOUNT_MEMBER).inputs
    assert granted["role"] == "roles/iam.serviceAccountTokenCreator"
    assert granted["serviceAccountId"].endswith("trainer@acme-central.iam.gserviceaccount.com")


def test_what_is_not_ours_to_grant_becomes_requests() -> None:
    found = planned(account=account(managed=False), keys=keys(managed=False), staging=bucket(managed=False))
    assert found.inventory() == {AGENT: 1, PROJECT_MEMBER: 1}
    assert [request["grant"] for request in found.outputs["requests"]] == [
        "roles/storage.objectUser",
        "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        "roles/iam.serviceAccountTokenCreator",
    ]


def test_one_key_is_used_in_any_tier() -> None:
    one = keys(KEY.replace("training", "special")).key_for(gp.DataClass.PUBLIC)
    found = planned(gp.Tier.LEARNER, key=one)
    assert found.outputs["job"]["encryptionSpec"]["kmsKeyName"].endswith("/special")


def test_key_of_another_region_fails() -> None:
    assert "is not where the data is" in refused(keys=keys(KEY.replace("europe-west4", "europe-west1")))


def test_public_egress_is_said() -> None:
    found = planned(network_attachment=None, public_egress=True, persistent=gp.PersistentPool(idle_hours=1))
    assert "pscInterfaceConfig" not in found.outputs["job"]["jobSpec"]
    assert "pscInterfaceConfig" not in found.one(RESOURCE).inputs


def test_submitters_act_as_the_account_and_run_jobs_in_the_project() -> None:
    def program() -> None:
        made = gp.TrainingPool("credit", pool_args())
        given = made.grant_submit(MEMBER)
        assert (given.role, given.scope) == ("roles/aiplatform.user", "project")

    found = plan(program)
    act = found.one(ACCOUNT_MEMBER).inputs
    assert (act["role"], act["member"]) == ("roles/iam.serviceAccountUser", MEMBER)
    assert [g.inputs["role"] for g in found.of(PROJECT_MEMBER) if g.inputs["member"] == MEMBER] == [
        "roles/aiplatform.user"
    ]


def test_existing_pool_is_submitted_to() -> None:
    def program() -> None:
        other = gp.TrainingPool.from_existing(
            account(managed=False), project=gp.Project(id="acme-other", managed=False), region="europe-west4", label="t"
        )
        assert gp.TrainingPoolRef.imported(other.exported()).exported() == other.exported()
        assert other.grant_submit(MEMBER).binding is None
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {}
    assert [r["grant"] for r in found.outputs["requests"]] == ["roles/iam.serviceAccountUser", "roles/aiplatform.user"]


def test_another_stack_reads_whole_numbers_back() -> None:
    def program() -> None:
        gp.publish(environment(), {"training": gp.TrainingPool("credit", pool_args(workers=3))})

    published = plan(program).outputs["groundplan"]["references"]["training"]
    assert published["kind"] == "training_pool"
    floats = {**published["value"], "custom_job": {"jobSpec": {"workerPoolSpecs": [{"replicaCount": 2.0}]}}}
    read = gp.TrainingPoolRef.imported(floats)
    (pool,) = read.custom_job["jobSpec"]["workerPoolSpecs"]
    assert type(pool["replicaCount"]) is int


def test_from_existing_refuses() -> None:
    with pytest.raises(gp.ArgumentError, match="2 arguments cannot be used"):
        gp.TrainingPool.from_existing(
            "jobs@acme.test",  # type: ignore[arg-type] # what no type allows
            project=gp.Project(id="acme-other"),
            region="Europe",
            label="t",
        )


def info(value: str, region: str = "europe-west4", *, named: bool = True) -> dict[str, Any]:
    return {
        "dimensions": {"region": region} if named else {},
        "applicableLocations": [region],
        "details": [{"value": value}],
    }


@pytest.mark.parametrize(
    "infos",
    [
        [info("1"), info("0", "us-east1")],
        [info("-1")],
        [info("8", named=False)],
        [info("0", "global", named=False), info("2")],
        [info("0", "us-east1"), info("8", "global", named=False)],
    ],
)
def test_quota_is_looked_up_where_the_jobs_run(infos: list[Any]) -> None:
    asked: list[Any] = []

    def answer(arguments: Any) -> Any:
        asked.append(arguments)
        return {"dimensionsInfos": infos}

    found = planned(**L4, quota=gp.Quota(quota_id="L4PerRegion"), invokes={QUOTA_CALL: answer})
    assert found.outputs["job"]["jobSpec"]["scheduling"]["strategy"] == "STANDARD"
    assert asked == [
        {"parent": "projects/acme-ml-dev", "service": "aiplatform.googleapis.com", "quotaId": "L4PerRegion"}
    ]


@pytest.mark.parametrize("infos", [[], [info("0")], [info("8", "us-east1")]])
def test_quota_that_is_too_small_fails(infos: list[Any]) -> None:
    quota = gp.Quota(quota_id="L4PerRegion")
    message = refused(**L4, quota=quota, invokes={QUOTA_CALL: {"dimensionsInfos": infos}})
    assert "does not allow what this may come to take" in message


@pytest.mark.parametrize(
    ("tier", "more", "words"),
    [
        (gp.Tier.TEAM, {**L4}, "guards accelerators by the project's quota"),
        (gp.Tier.TEAM, {**L4, "workers": 3, "quota": gp.Quota(limit=2)}, "at most 2"),
        (gp.Tier.TEAM, {**L4, "quota": gp.Quota()}, "either too little or two things"),
        (gp.Tier.TEAM, {**L4, "quota": gp.Quota(limit=1, quota_id="x")}, "limit and quota_id"),
        (gp.Tier.TEAM, {**L4, "quota": gp.Quota(limit=-1)}, "quota.limit"),
        (gp.Tier.TEAM, {**L4, "quota": gp.Quota(quota_id="a b")}, "quota.quota_id"),
        (
            gp.Tier.TEAM,
            {**H100, "workers": 9, "quota": gp.Quota(limit=100)},
            "comes to more accelerators than tier team",
        ),
        (gp.Tier.LEARNER, {**H100}, "is not on the list of tier learner"),
        (gp.Tier.REGULATED, {**L4}, "capacity is to be had from one"),
    ],
)
def test_the_tier_and_the_quota_have_a_say(tier: gp.Tier, more: dict[str, Any], words: str) -> None:
    assert words in refused(tier, **more)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"machine_type": "n2-standard-8", "accelerator": "NVIDIA_L4"}, "use g2-standard-8 with 1 × NVIDIA_L4"),
        ({"machine_type": "g2-standard-8"}, "say 1 × NVIDIA_L4"),
        ({**L4, "accelerator": "L4"}, "did you mean NVIDIA_L4"),
        ({**L4, "env": environment(region="europe-central2")}, "zone"),
        ({**H100, "consumption": "teleport"}, "is not one of the allowed values"),
        ({"machine_type": "ct5lp-hightpu-4t", "accelerator": "TPU_V5_LITEPOD", "accelerator_count": 4}, "slices of a"),
        (
            {
                "machine_type": "ct5lp-hightpu-4t",
                "accelerator": "TPU_V5_LITEPOD",
                "accelerator_count": 4,
                "topology": "3x3",
            },
            "is no slice of v5e",
        ),
        (
            {
                "machine_type": "ct5lp-hightpu-4t",
                "accelerator": "TPU_V5_LITEPOD",
                "accelerator_count": 4,
                "topology": "2x2",
                "workers": 2,
                "quota": ENOUGH,
            },
            "whose topology says how many hosts",
        ),
        ({"topology": "2x2"}, "only TPUs have one"),
        (
            {"machine_type": "n1-standard-8", "accelerator": "NVIDIA_TESLA_T4", "consumption": "flex_start"},
            "is a queue that Vertex AI does not have",
        ),
        ({"consumption": "flex_start"}, "is a queue that Vertex AI does not have"),
    ],
)
def test_impossible_machines_are_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"reservation": kept("g2-standard-16")}, "does not match the reservation"),
        ({"reservation": kept(zone="europe-west1-b")}, "the reservation's zone, europe-west1-b"),
        ({"reservation": kept(), "workers": 5}, "5 machines"),
        ({"reservation": kept(), "consumption": "spot", "quota": ENOUGH}, "capacity is not to be had from it"),
        ({"reservation": "kept", "consumption": "reserved"}, "AcceleratorReservation.from_existing"),
    ],
)
def test_reservations_match(more: dict[str, Any], words: str) -> None:
    assert words in refused(gp.Tier.REGULATED, **L4, **more)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"reducers": 1}, "have no GPUs to serve"),
        ({**L4, "quota": ENOUGH, "reducers": 1}, "have one worker"),
        ({**L4, "quota": ENOUGH, "reducers": 1, "workers": 2, "consumption": "flex_start"}, "one kind only"),
        ({**L4, "quota": ENOUGH, "reducers": 1, "workers": 2, "persistent": "ours"}, "does not have"),
        ({**L4, "quota": ENOUGH, "reducers": -1}, "out of range"),
    ],
)
def test_reducers_serve_gpus_that_talk(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


@pytest.mark.parametrize(
    ("persistent", "words"),
    [
        ("projects/p/locations/l/persistentResources/r", "without projects/"),
        (gp.PersistentPool(idle_hours=0), "persistent.idle_hours"),
        (gp.PersistentPool(idle_hours=1, notify=("mail",)), "notificationChannels"),
        (
            gp.PersistentPool(idle_hours=1, pools=(gp.ResourcePool(machine_type="n2-standard-4"),)),
            "no machine of a job",
        ),
        (gp.PersistentPool(idle_hours=1, pools=("x",)), "a ResourcePool"),  # type: ignore[arg-type] # what no type allows
        (
            gp.PersistentPool(idle_hours=1, pools=(gp.ResourcePool(machine_type="n2-standard-8", replicas=0),)),
            "persistent.pools[0].replicas",
        ),
        (
            gp.PersistentPool(
                idle_hours=1, pools=(gp.ResourcePool(machine_type="n2-standard-8", replicas=4, max_replicas=3),)
            ),
            "is below what there is at first",
        ),
        (
            gp.PersistentPool(idle_hours=1, pools=(gp.ResourcePool(machine_type="n2-standard-8", boot_disk_gb=1),)),
            "persistent.pools[0].boot_disk_gb",
        ),
        (
            gp.PersistentPool(idle_hours=1, pools=(gp.ResourcePool(machine_type="ct5lp-hightpu-4t"),)),
            "topology a persistent resource cannot say",
        ),
        (
            gp.PersistentPool(
                idle_hours=1, pools=(gp.ResourcePool(machine_type="g2-standard-8", accelerator="NVIDIA_L4"),)
            ),
            "persistent.pools[0].quota",
        ),
    ],
)
def test_bad_persistent_machines_are_refused(persistent: Any, words: str) -> None:
    assert words in refused(persistent=persistent)


@pytest.mark.parametrize("consumption", ["spot", "flex_start", "reserved"])
def test_persistent_machines_are_had_on_demand_only(consumption: str) -> None:
    message = refused(**L4, quota=ENOUGH, consumption=consumption, persistent=gp.PersistentPool(idle_hours=1))
    assert "machines Google has on demand only" in message


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"staging": "gs://acme"}, "a DataBucket"),
        ({"staging": bucket(data_class=gp.DataClass.INTERNAL)}, "is for less sensitive data"),
        ({"network_attachment": None}, "outside every network of yours"),
        ({"network_attachment": "jobs"}, "a NetworkAttachment"),
        ({"network_attachment": attachment(ATTACHMENT.replace("west4", "west1"))}, "in another region"),
        ({"public_egress": True}, "the jobs have a network"),
        ({"keys": None}, "tier team encrypts data with keys of one's own"),
        ({"data_class": "secret"}, "a DataClass"),
        ({"account": "jobs@acme.test"}, "ServiceIdentity.from_existing"),
        ({"workers": 0}, "out of range"),
        ({"boot_disk_gb": 99}, "100 to 64000"),
        ({"timeout_hours": 169}, "1 to 168"),
        ({"max_wait_hours": 0}, "1 to 168"),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


def test_all_faults_come_in_one_message() -> None:
    message = refused(keys=None, network_attachment=None, workers=0, boot_disk_gb=1, timeout_hours=0)
    assert message.startswith('TrainingPool "credit": 5 arguments cannot be used')


def test_overrides_reach_the_resource_and_are_recorded() -> None:
    found = planned(
        persistent=gp.PersistentPool(idle_hours=1), overrides={"persistent-resource": {"displayName": "Credit"}}
    )
    assert found.one(RESOURCE).inputs["displayName"] == "Credit"
    with pytest.raises(gp.ArgumentError, match="persistent-resource"):
        planned(persistent=gp.PersistentPool(idle_hours=1), overrides={"persistent-resorce": {}})


def test_names_are_the_same_each_time_and_inside_the_limit() -> None:
    def name(label: str) -> str:
        args = pool_args(persistent=gp.PersistentPool(idle_hours=1), account=account(project="acme-ml-dev"))
        return str(plan(lambda: gp.TrainingPool(label, args)).one(RESOURCE).inputs["name"])

    long = "training-for-a-model-with-a-very-long-name-in-a-very-long-team-name"
    assert name(long) == name(long)
    assert 60 <= len(name(long)) <= 63
    assert name(long) != name(f"{long}s")
