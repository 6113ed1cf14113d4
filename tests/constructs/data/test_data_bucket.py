"""DataBucket: what it plans in each tier and class, how long it keeps what, who may use it, what it refuses."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from groundplan.core.references import ExistingNetwork
from tests.constructs.plan import UNKNOWN, Plan, environment, plan

BUCKET = "gcp:storage/bucket:Bucket"
MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
KEY = "projects/acme-keys/locations/europe-west4/keyRings/ring/cryptoKeys/personal"
DAY = 86_400


def network() -> gp.NetworkRef:
    return ExistingNetwork(
        label="shared",
        project=gp.Project(id="acme-host", managed=False),
        region="europe-west4",
        network_id="projects/acme-host/global/networks/shared",
        subnetwork_id="projects/acme-host/regions/europe-west4/subnetworks/ml",
        subnetwork_name="ml",
    )


def central_keys(key: str = KEY, *, managed: bool = True) -> gp.KeyRingRef:
    project = gp.Project(id="acme-keys", managed=managed)
    return gp.KeyRing.from_existing(dict.fromkeys(gp.DataClass, key), project=project)


def bucket_args(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.DataBucketArgs:
    given: dict[str, Any] = {
        "env": environment(tier),
        "data_class": gp.DataClass.INTERNAL,
        "owner": "group:ml-data@acme.test",
        "keys": central_keys() if tier.defaults.customer_managed_keys else None,
    }
    return gp.DataBucketArgs(**{**given, **more})


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: gp.DataBucket("raw", bucket_args(tier, **more)))


def bucket(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Any:
    return planned(tier, **more).one(BUCKET).inputs


def rules(inputs: Any) -> dict[str, dict[str, Any]]:
    return {
        f"{r['action']['type']} {r['condition'].get('withState', '')}".strip(): r["condition"]
        for r in inputs["lifecycleRules"]
    }


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def test_learner_makes_a_bucket_alone() -> None:
    found = planned(gp.Tier.LEARNER)
    assert found.inventory() == {BUCKET: 1}
    assert found.one(BUCKET).inputs["forceDestroy"] is True
    assert not found.one(BUCKET).options["protect"]
    assert "encryption" not in found.one(BUCKET).inputs


def test_team_encrypts_with_its_own_key_granted_first() -> None:
    found = planned(gp.Tier.TEAM)
    assert found.inventory() == {BUCKET: 1, KEY_GRANT: 1}
    made = found.one(BUCKET)
    assert made.inputs["encryption"] == {"defaultKmsKeyName": KEY}
    assert made.options["protect"]
    assert made.inputs["deletionPolicy"] == "PREVENT"
    assert made.inputs["forceDestroy"] is False
    granted = found.one(KEY_GRANT)
    assert granted.inputs["member"] == "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com"
    assert any(urn.endswith(granted.name) for urn in made.options["dependencies"])


def test_regulated_restricted_data_is_reached_from_its_network_and_takes_its_key_only() -> None:
    found = planned(gp.Tier.REGULATED, data_class=gp.DataClass.RESTRICTED, network=network())
    assert found.inventory() == {BUCKET: 1, KEY_GRANT: 1}
    made = found.one(BUCKET).inputs
    assert made["ipFilter"] == {
        "mode": "Enabled",
        "allowCrossOrgVpcs": False,
        "allowAllServiceAgentAccess": True,
        "vpcNetworkSources": [
            {"network": "projects/acme-host/global/networks/shared", "allowedIpCidrRanges": ["0.0.0.0/0"]}
        ],
    }
    assert made["encryption"] == {
        "defaultKmsKeyName": KEY,
        "googleManagedEncryptionEnforcementConfig": {"restrictionMode": "FullyRestricted"},
        "customerSuppliedEncryptionEnforcementConfig": {"restrictionMode": "FullyRestricted"},
    }


@pytest.mark.parametrize("tier", [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED], ids=lambda tier: tier.name)
def test_every_tier_is_private_versioned_and_labelled(tier: gp.Tier) -> None:
    made = bucket(tier)
    assert made["uniformBucketLevelAccess"] is True
    assert made["publicAccessPrevention"] == "enforced"
    assert made["versioning"] == {"enabled": True}
    assert made["labels"]["classification"] == "internal"
    assert made["labels"]["owner"] == "ml-data"
    assert made["location"] == "EUROPE-WEST4"
    assert made["softDeletePolicy"] == {"retentionDurationSeconds": tier.defaults.soft_delete_days * DAY}
    assert not {"cors", "website", "ipFilter"} & set(made)


def test_internal_data_gets_cold_and_is_kept() -> None:
    assert rules(bucket()) == {
        "AbortIncompleteMultipartUpload": {"age": 7},
        "SetStorageClass LIVE": {"age": 90, "withState": "LIVE"},
        "Delete ARCHIVED": {"daysSinceNoncurrentTime": 90, "withState": "ARCHIVED"},
    }


@pytest.mark.parametrize("data_class", [c for c in gp.DataClass if c.is_personal])
@pytest.mark.parametrize("tier", [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED], ids=lambda tier: tier.name)
def test_personal_data_expires_and_is_erased_within_the_promise(tier: gp.Tier, data_class: gp.DataClass) -> None:
    made = bucket(tier, data_class=data_class, network=network())
    found = rules(made)
    assert found["Delete LIVE"] == {"age": 365, "withState": "LIVE"}
    hidden = found["Delete ARCHIVED"]["daysSinceNoncurrentTime"] * DAY
    soft = made["softDeletePolicy"]["retentionDurationSeconds"]
    assert soft >= 7 * DAY
    assert hidden > 0
    assert data_class.erasure_days is not None
    assert hidden + soft < data_class.erasure_days * DAY


def test_soft_delete_of_a_long_tier_stays_within_the_promise() -> None:
    tier = gp.Tier.extending("team", name="long", settings={"soft_delete_days": 90})
    made = bucket(tier, data_class=gp.DataClass.PERSONAL)
    assert made["softDeletePolicy"] == {"retentionDurationSeconds": 15 * DAY}
    assert rules(made)["Delete ARCHIVED"]["daysSinceNoncurrentTime"] == 14
    assert bucket(tier)["softDeletePolicy"] == {"retentionDurationSeconds": 90 * DAY}


def test_what_is_deleted_soon_does_not_get_cold_first() -> None:
    assert set(rules(bucket(delete_after_days=60))) == {
        "AbortIncompleteMultipartUpload",
        "Delete LIVE",
        "Delete ARCHIVED",
    }
    assert "SetStorageClass LIVE" in rules(bucket(delete_after_days=91))


def test_retention_takes_the_place_of_versions() -> None:
    made = bucket(retention_days=400, retention_locked=True)
    assert made["retentionPolicy"] == {"retentionPeriod": str(400 * DAY), "isLocked": True}
    assert made["versioning"] == {"enabled": False}
    assert "Delete ARCHIVED" not in rules(made)
    assert bucket(retention_days=1)["retentionPolicy"]["isLocked"] is False


def test_access_logs_are_granted_before_they_flow() -> None:
    logs = gp.DataBucket.from_existing(
        "acme-logs", project=gp.Project(id="acme-logging"), location="europe-west4", data_class=gp.DataClass.INTERNAL
    )
    found = planned(log_bucket=logs)
    granted = found.one(MEMBER)
    assert granted.inputs == {
        "bucket": "acme-logs",
        "role": "roles/storage.objectCreator",
        "member": "group:cloud-storage-analytics@google.com",
    }
    made = found.one(BUCKET)
    assert made.inputs["logging"] == {"logBucket": "acme-logs", "logObjectPrefix": "raw"}
    assert any(urn.endswith(granted.name) for urn in made.options["dependencies"])


def test_a_second_region_is_a_pair_with_a_key_of_the_continent() -> None:
    key = KEY.replace("europe-west4", "europe")
    made = bucket(second_region="europe-west1", keys=central_keys(key))
    assert made["location"] == "EU"
    assert made["customPlacementConfig"] == {"dataLocations": ["EUROPE-WEST1", "EUROPE-WEST4"]}
    assert made["encryption"]["defaultKmsKeyName"] == key


def test_key_argument_wins_over_the_ring() -> None:
    one = central_keys(KEY.replace("personal", "special")).key_for(gp.DataClass.PUBLIC)
    assert bucket(key=one)["encryption"]["defaultKmsKeyName"].endswith("/special")
    assert bucket(gp.Tier.LEARNER, key=one)["encryption"]["defaultKmsKeyName"].endswith("/special")


def test_key_made_in_the_same_run_is_unknown_and_accepted() -> None:
    def program() -> None:
        env = environment()
        keys = gp.KeyRing("main", gp.KeyRingArgs(env=env))
        gp.DataBucket("raw", bucket_args(env=env, keys=keys))

    assert plan(program).one(BUCKET).inputs["encryption"]["defaultKmsKeyName"] == UNKNOWN


def test_key_elsewhere_fails_with_its_location() -> None:
    message = refused(keys=central_keys(KEY.replace("europe-west4", "europe-west1")))
    assert "is not where the data is" in message
    assert "europe-west1" in message


def test_unmanaged_key_project_gets_a_request() -> None:
    def program() -> None:
        gp.DataBucket("raw", bucket_args(keys=central_keys(managed=False)))
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {BUCKET: 1}
    (request,) = found.outputs["requests"]
    assert request["grant"] == "roles/cloudkms.cryptoKeyEncrypterDecrypter"
    assert request["command"].startswith(f"gcloud kms keys add-iam-policy-binding {KEY} --member=serviceAccount:")


@pytest.mark.parametrize(
    ("method", "role"),
    [
        ("grant_read", "roles/storage.objectViewer"),
        ("grant_write", "roles/storage.objectCreator"),
        ("grant_read_write", "roles/storage.objectUser"),
    ],
)
def test_grants_are_on_the_bucket(method: str, role: str) -> None:
    def program() -> None:
        made = gp.DataBucket("raw", bucket_args())
        granted = getattr(made, method)("serviceAccount:trainer@acme-ml-dev.iam.gserviceaccount.com")
        assert granted.role == role
        assert granted.scope == "resource"

    granted = plan(program).one(MEMBER)
    assert granted.inputs["role"] == role
    assert granted.inputs["member"] == "serviceAccount:trainer@acme-ml-dev.iam.gserviceaccount.com"
    assert granted.inputs["bucket"] == "acme-ml-dev-gp-raw"


def test_existing_bucket_of_others_turns_grants_into_requests() -> None:
    def program() -> None:
        lake = gp.DataBucket.from_existing(
            "acme-lake",
            project=gp.Project(id="acme-lake-project", managed=False),
            location="europe-west4",
            data_class=gp.DataClass.RESTRICTED,
        )
        assert lake.label == "acme-lake"
        assert lake.grant_read("group:ml@acme.test").binding is None
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {}
    assert found.outputs["requests"][0]["command"] == (
        "gcloud storage buckets add-iam-policy-binding gs://acme-lake"
        " --member=group:ml@acme.test --role=roles/storage.objectViewer"
    )


def test_outputs_and_overrides() -> None:
    def program() -> None:
        made = gp.DataBucket("raw", bucket_args(overrides={"bucket": {"defaultEventBasedHold": True}}))
        pulumi.export("name", made.bucket_name)
        pulumi.export("exported", made.exported())

    found = plan(program)
    assert found.one(BUCKET).inputs["defaultEventBasedHold"] is True
    assert found.outputs["name"] == "acme-ml-dev-gp-raw"
    assert found.outputs["exported"]["data_class"] == "internal"
    assert found.outputs["exported"]["location"] == "europe-west4"


def test_owner_may_be_an_account() -> None:
    account = gp.AccountRef.imported(
        {
            "label": "Loader",
            "project": {
                "id": "acme-ml-dev",
                "number": None,
                "quota_project": None,
                "impersonate": None,
                "managed": True,
            },
            "email": "loader@acme-ml-dev.iam.gserviceaccount.com",
        }
    )
    assert bucket(owner=account)["labels"]["owner"] == "loader"
    assert bucket(owner="user:Ann.Lee@acme.test")["labels"]["owner"] == "ann-lee"


def test_names_are_the_same_each_time_and_inside_the_limit() -> None:
    def name(label: str) -> str:
        found = plan(lambda: gp.DataBucket(label, bucket_args())).one(BUCKET).inputs["name"]
        assert isinstance(found, str)
        return found

    long = "a-very-long-name-of-a-bucket-that-holds-images-of-one-kind"
    assert name(long) == name(long)
    assert len(name(long)) == 63
    assert name(long) != name(f"{long}s")


def test_names_that_google_keeps_are_refused() -> None:
    with pytest.raises(gp.ArgumentError, match="google"):
        plan(lambda: gp.DataBucket("google-ads", bucket_args()))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"data_class": "secret"}, "a DataClass"),
        ({"owner": "ml-data"}, "no IAM principal"),
        ({"owner": "domain:acme.test"}, "everybody of a domain"),
        ({"keys": None}, "tier team encrypts data with keys of one's own"),
        ({"keys": "ring"}, "a KeyRing, or KeyRing.from_existing"),
        ({"key": KEY}, "keys.key_for(data_class)"),
        ({"location": "EU"}, "no multi-region"),
        ({"location": "eur4"}, "no predefined pair"),
        ({"second_region": "us-east1"}, "makes no pair of regions with europe-west4"),
        ({"second_region": "europe-west4"}, "makes no pair"),
        ({"delete_after_days": 0}, "1 to 3650"),
        ({"data_class": gp.DataClass.PERSONAL, "delete_after_days": 366}, "1 to 365 days"),
        ({"retention_days": 0}, "1 to 36500"),
        ({"retention_locked": True}, "locks a retention that is not given"),
        ({"retention_days": 31, "delete_after_days": 30}, "at most 30 days"),
        ({"log_bucket": "logs"}, "a DataBucket, or DataBucket.from_existing"),
        ({"network": "default"}, "a Network, or Network.from_existing"),
        ({"network_ranges": ()}, "nothing could reach the bucket"),
        ({"network_ranges": ("8.8.8.0/24",)}, "network_ranges[0]"),
        ({"tier": gp.Tier.REGULATED, "data_class": gp.DataClass.HEALTH}, "reached from its network only"),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


def test_class_without_a_key_is_refused() -> None:
    keys = gp.KeyRing.from_existing({gp.DataClass.PUBLIC: KEY}, project=gp.Project(id="acme-keys"))
    assert "have no key for internal data" in refused(keys=keys)


def test_all_faults_come_in_one_message() -> None:
    message = refused(owner="x", retention_locked=True, location="EU")
    assert message.startswith('DataBucket "raw": 3 arguments cannot be used')


@pytest.mark.parametrize("name", ["gs://acme-lake", "A", "acme/lake"])
def test_from_existing_refuses_what_is_no_name(name: str) -> None:
    with pytest.raises(gp.ArgumentError, match="leave out gs://"):
        gp.DataBucket.from_existing(
            name, project=gp.Project(id="acme-lake-project"), location="europe-west4", data_class=gp.DataClass.PUBLIC
        )


def test_whoever_runs_pulumi_is_asked_to_have_a_way_past_the_filter_once() -> None:
    def program() -> None:
        for name in ("raw", "models"):
            args = bucket_args(gp.Tier.REGULATED, data_class=gp.DataClass.RESTRICTED, network=network())
            gp.DataBucket(name, args)
        pulumi.export("requests", gp.requests())

    (request,) = plan(program).outputs["requests"]
    assert "storage.buckets.exemptFromIpFilter" in request["need"]
    assert request["command"].startswith("gcloud iam roles create")
    assert request["project"] == "acme-ml-dev"


def test_without_a_filter_nothing_is_asked() -> None:
    def program() -> None:
        gp.DataBucket("raw", bucket_args())
        pulumi.export("requests", gp.requests())

    assert plan(program).outputs["requests"] == []
