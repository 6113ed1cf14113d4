"""OnlineStore: what it plans in each tier and kind, with which key, who may see it, what it refuses."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.features.given import KEY, OPEN, central_keys
from tests.constructs.plan import Plan, environment, plan

STORE = "gcp:vertex/aiFeatureOnlineStore:AiFeatureOnlineStore"
MEMBER = "gcp:vertex/aiFeatureOnlineStoreIamMember:AiFeatureOnlineStoreIamMember"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
AGENT_ROLE = "gcp:projects/iAMMember:IAMMember"


def store(tier: gp.Tier = gp.Tier.TEAM, name: str = "main", **more: Any) -> gp.OnlineStore:
    with_keys = tier.defaults.customer_managed_keys and "serving" not in more
    given: dict[str, Any] = {
        "env": environment(tier),
        "data_class": gp.DataClass.CONFIDENTIAL,
        "keys": central_keys() if with_keys else None,
    }
    return gp.OnlineStore(name, gp.OnlineStoreArgs(**{**given, **more}))


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: store(tier, **more))


def refused(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(tier, **more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def test_learner_makes_a_store_alone_and_lets_it_go() -> None:
    found = planned(gp.Tier.LEARNER)
    assert found.inventory() == {STORE: 1}
    made = found.one(STORE)
    assert made.inputs["name"] == "gp_main"
    assert made.inputs["region"] == "europe-west4"
    assert made.inputs["forceDestroy"] is True
    assert "encryptionSpec" not in made.inputs
    assert not made.options["protect"]


@pytest.mark.parametrize("tier", [gp.Tier.TEAM, gp.Tier.REGULATED], ids=lambda tier: tier.name)
def test_other_tiers_encrypt_with_their_key_granted_first(tier: gp.Tier) -> None:
    found = planned(tier)
    assert found.inventory() == {STORE: 1, KEY_GRANT: 1, AGENT: 1, AGENT_ROLE: 1}
    made, granted = found.one(STORE), found.one(KEY_GRANT)
    assert made.inputs["encryptionSpec"] == {"kmsKeyName": KEY}
    assert made.inputs["bigtable"] == {
        "autoScaling": {"minNodeCount": 1, "maxNodeCount": 3, "cpuUtilizationTarget": 50}
    }
    assert made.inputs["forceDestroy"] is False
    assert made.inputs["deletionPolicy"] == "PREVENT"
    assert made.options["protect"]
    assert made.inputs["labels"]["classification"] == "confidential"
    assert any(urn.endswith(granted.name) for urn in made.options["dependencies"])
    assert found.one(AGENT).inputs["service"] == "aiplatform.googleapis.com"


def test_key_given_to_a_learner_is_used() -> None:
    assert planned(gp.Tier.LEARNER, keys=central_keys()).one(STORE).inputs["encryptionSpec"] == {"kmsKeyName": KEY}


def test_one_key_goes_before_the_ring() -> None:
    key = gp.KeyRing.from_existing(
        {gp.DataClass.PUBLIC: KEY.replace("data", "own")}, project=gp.Project(id="acme-keys")
    ).key_for(gp.DataClass.PUBLIC)
    assert planned(key=key).one(STORE).inputs["encryptionSpec"]["kmsKeyName"].endswith("own")


def test_key_that_is_not_ours_to_grant_becomes_a_request() -> None:
    def program() -> None:
        store(keys=central_keys(managed=False))
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {STORE: 1, AGENT: 1, AGENT_ROLE: 1}
    assert found.outputs["requests"][0]["grant"] == "roles/cloudkms.cryptoKeyEncrypterDecrypter"


def test_nodes_are_where_and_as_many_as_asked() -> None:
    serving = gp.BigtableServing(min_nodes=2, max_nodes=20, cpu_percent=70, zone="europe-west4-b")
    assert planned(serving=serving, keys=central_keys()).one(STORE).inputs["bigtable"] == {
        "autoScaling": {"minNodeCount": 2, "maxNodeCount": 20, "cpuUtilizationTarget": 70},
        "zone": "europe-west4-b",
    }


def test_optimized_is_private_and_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_: said.append(text))
    found = planned(serving=OPEN)
    assert found.inventory() == {STORE: 1}
    made = found.one(STORE).inputs
    assert made["optimized"] == {}
    assert made["dedicatedServingEndpoint"] == {
        "privateServiceConnectConfig": {"enablePrivateServiceConnect": True, "projectAllowlists": ["acme-ml-dev"]}
    }
    assert not {"bigtable", "encryptionSpec"} & set(made)
    assert "deprecated" in said[0]


def test_bigtable_warns_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_: pytest.fail(text))
    planned()


def test_another_kind_is_another_store_and_the_old_one_is_guarded() -> None:
    bigtable, optimized = planned().one(STORE), planned(serving=OPEN).one(STORE)
    assert bigtable.name != optimized.name
    assert bigtable.inputs["name"] != optimized.inputs["name"]
    assert bigtable.options["protect"]
    assert optimized.options["protect"]


@pytest.mark.parametrize("protected", [None, True])
def test_a_learners_other_kind_is_another_store_too_and_the_old_one_goes_unless_it_is_protected(
    protected: bool | None,
) -> None:
    bigtable = planned(gp.Tier.LEARNER, deletion_protection=protected).one(STORE)
    optimized = planned(gp.Tier.LEARNER, serving=OPEN, deletion_protection=protected).one(STORE)
    assert bigtable.name != optimized.name
    assert bigtable.inputs["name"] != optimized.inputs["name"]
    assert bigtable.options["protect"] is bool(protected)


def test_attachment_is_none_until_values_are_there() -> None:
    found: list[str | None] = []

    def program() -> None:
        store(serving=OPEN).service_attachment.apply(found.append)

    plan(program)
    assert found == [None]


def test_view_grant_is_on_the_store_alone() -> None:
    granted = plan(lambda: store().grant_view("group:ml@acme.test")).one(MEMBER)
    assert granted.inputs["role"] == "roles/aiplatform.featurestoreResourceViewer"
    assert granted.inputs["featureOnlineStore"] == "gp_main"


def test_existing_store_in_an_unmanaged_project_is_requested() -> None:
    def program() -> None:
        existing = gp.OnlineStore.from_existing(
            "serving",
            project=gp.Project(id="acme-features", managed=False),
            region="europe-west4",
            data_class=gp.DataClass.PERSONAL,
            optimized=True,
        )
        assert existing.optimized
        assert existing.grant_view("group:ml@acme.test").binding is None
        pulumi.export("requests", gp.requests())

    command = plan(program).outputs["requests"][0]["command"]
    assert "/projects/acme-features/locations/europe-west4/featureOnlineStores/serving:" in command


def test_outputs_and_overrides() -> None:
    def program() -> None:
        made = store(overrides={"bigtable": {"bigtable": {"enableDirectBigtableAccess": True}}})
        pulumi.export("exported", made.exported())

    found = plan(program)
    assert found.one(STORE).inputs["bigtable"]["enableDirectBigtableAccess"] is True
    assert found.outputs["exported"]["store_id"] == "gp_main"
    assert found.outputs["exported"]["optimized"] is False


def test_names_are_the_same_each_time_and_inside_the_limit() -> None:
    def name(label: str) -> str:
        return str(plan(lambda: store(name=label)).one(STORE).inputs["name"])

    long = "-".join(["customers"] * 8)
    assert name(long) == name(long)
    assert len(name(long)) <= 60
    assert name(long) != name(f"{long}s")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"data_class": "secret"}, "a DataClass"),
        ({"keys": None}, "tier team encrypts data with keys of one's own"),
        ({"keys": "ring"}, "a KeyRing, or KeyRing.from_existing"),
        ({"serving": "bigtable"}, "BigtableServing(…) or OptimizedServing(…)"),
        ({"serving": "projects/p/locations/l/featurestores/f"}, "legacy Feature Store"),
        ({"serving": gp.BigtableServing(min_nodes=0)}, "of nodes from 1 to 1000"),
        ({"serving": gp.BigtableServing(max_nodes=11)}, "of nodes from 1 to 10"),
        ({"serving": gp.BigtableServing(min_nodes=3, max_nodes=2)}, "of nodes from 3 to 30"),
        ({"serving": gp.BigtableServing(cpu_percent=90)}, "of per cent from 10 to 80"),
        ({"serving": gp.BigtableServing(zone="europe-west1-b")}, "serving.zone"),
        ({"serving": gp.OptimizedServing(project_allowlist=("acme-ml-dev",))}, "is encrypted with Google's keys"),
        ({"serving": gp.OptimizedServing(project_allowlist=(), google_managed_keys=True)}, "lets nobody connect"),
        ({"serving": gp.OptimizedServing(project_allowlist=("*",), google_managed_keys=True)}, "is no single project"),
        (
            {"serving": gp.OptimizedServing(project_allowlist=("acme-a", "acme-a"), google_managed_keys=True)},
            "names a project twice",
        ),
        ({"serving": OPEN, "keys": central_keys()}, "Google takes keys for the kind Bigtable only"),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


def test_legacy_resource_is_refused_with_a_pointer() -> None:
    def program() -> None:
        import pulumi_gcp as gcp

        store(serving=gcp.vertex.AiFeatureStore("old", region="europe-west4"))

    with pytest.raises(gp.ArgumentError, match="FeatureGroup, in BigQuery"):
        plan(program)


def test_key_elsewhere_is_refused() -> None:
    with pytest.raises(Exception, match="is not where the data is"):
        planned(keys=central_keys(KEY.replace("europe-west4", "europe-west1")))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"store_id": "projects/p/locations/l/featureOnlineStores/s"}, "leave out projects/…"),
        ({"store_id": "projects/p/locations/l/featurestores/s"}, "legacy Feature Store"),
        ({"region": "eu"}, "a region such as europe-west4"),
        ({"data_class": "personal data"}, "a DataClass"),
    ],
)
def test_from_existing_refuses_what_it_cannot_be(more: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {
        "store_id": "serving",
        "project": gp.Project(id="acme-features"),
        "region": "europe-west4",
        "data_class": gp.DataClass.INTERNAL,
    }
    with pytest.raises(gp.ArgumentError) as caught:
        gp.OnlineStore.from_existing(**{**given, **more})
    assert words in str(caught.value)
