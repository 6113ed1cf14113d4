"""TrainingCluster: what each tier plans, on what a team has already, who may do what, what is refused."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan
from tests.constructs.training.brownfield import KEY, MEMBER, account, keys, network

CLUSTER = "gcp:container/cluster:Cluster"
POOL = "gcp:container/nodePool:NodePool"
ACCOUNT = "gcp:serviceaccount/account:Account"
ACCOUNT_MEMBER = "gcp:serviceaccount/iAMMember:IAMMember"
PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
SUBNET_GRANT = "gcp:compute/subnetworkIAMMember:SubnetworkIAMMember"
TIERS = (gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED)
CPU = gp.NodePool(name="cpu", machine_type="n2d-standard-8", max_nodes=4)


def cluster_args(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.TrainingClusterArgs:
    given: dict[str, Any] = {
        "env": environment(tier),
        "network": network(),
        "keys": keys() if tier.defaults.customer_managed_keys else None,
        "node_pools": (CPU,),
    }
    return gp.TrainingClusterArgs(**{**given, **more})


def planned(tier: gp.Tier = gp.Tier.TEAM, *, name: str = "gke", **more: Any) -> Plan:
    def program() -> None:
        gp.TrainingCluster(name, cluster_args(tier, **more))
        pulumi.export("requests", gp.requests())

    return plan(program)


def cluster(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Any:
    return planned(tier, **more).one(CLUSTER).inputs


def refused(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(tier, **more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


def manifests_of(**more: Any) -> Any:
    def program() -> None:
        pulumi.export("manifests", gp.TrainingCluster("gke", cluster_args(**more)).manifests)

    return plan(program).outputs["manifests"]


def test_disks_of_volumes_have_the_clusters_key() -> None:
    assert f"disk-encryption-kms-key: {KEY}\n" in manifests_of()["storage.yaml"]


def test_without_a_key_there_is_no_class_of_disks_with_one() -> None:
    assert sorted(manifests_of(tier=gp.Tier.LEARNER)) == ["namespaces.yaml", "network-policies.yaml", "queues.yaml"]


def test_learner_has_google_managed_keys_and_destroys_cleanly() -> None:
    found = planned(gp.Tier.LEARNER)
    assert found.inventory() == {CLUSTER: 1, POOL: 2, ACCOUNT: 2, PROJECT_MEMBER: 2}
    made = found.one(CLUSTER)
    assert made.inputs["deletionProtection"] is False
    assert "databaseEncryption" not in made.inputs
    assert all("bootDiskKmsKey" not in pool.inputs["nodeConfig"] for pool in found.of(POOL))


def test_team_encrypts_secrets_and_disks_with_a_key_that_both_agents_may_use_first() -> None:
    found = planned()
    assert found.inventory() == {CLUSTER: 1, POOL: 2, ACCOUNT: 2, PROJECT_MEMBER: 3, AGENT: 1, KEY_GRANT: 2}
    made = found.one(CLUSTER)
    assert made.inputs["databaseEncryption"] == {"state": "ENCRYPTED", "keyName": KEY}
    assert made.inputs["nodeConfig"]["bootDiskKmsKey"] == KEY
    assert [pool.inputs["nodeConfig"]["bootDiskKmsKey"] for pool in found.of(POOL)] == [KEY, KEY]
    assert made.inputs["deletionProtection"] is True
    assert made.options["protect"]
    waited = {urn.rsplit("::", 1)[-1] for urn in made.options["dependencies"]}
    assert {granted.name for granted in found.of(KEY_GRANT)} <= waited
    assert "inTransitEncryptionConfig" not in made.inputs


def test_regulated_has_confidential_nodes_and_encrypted_traffic() -> None:
    found = planned(gp.Tier.REGULATED)
    assert found.inventory() == {CLUSTER: 1, POOL: 2, ACCOUNT: 2, PROJECT_MEMBER: 3, AGENT: 1, KEY_GRANT: 2}
    assert found.one(CLUSTER).inputs["inTransitEncryptionConfig"] == "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT"
    for pool in found.of(POOL):
        assert pool.inputs["nodeConfig"]["confidentialNodes"] == {"enabled": True, "confidentialInstanceType": "SEV"}
    assert found.one(POOL, "gke-pool-system").inputs["nodeConfig"]["machineType"] == "n2d-standard-4"


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_every_tier_is_private_and_hardened(tier: gp.Tier) -> None:
    made = cluster(tier)
    assert made["location"] == "europe-west4"
    assert made["privateClusterConfig"] == {"enablePrivateNodes": True}
    assert made["controlPlaneEndpointsConfig"] == {
        "dnsEndpointConfig": {"allowExternalTraffic": False},
        "ipEndpointsConfig": {"enabled": False},
    }
    assert made["ipAllocationPolicy"] == {"clusterSecondaryRangeName": "pods", "servicesSecondaryRangeName": "services"}
    assert made["datapathProvider"] == "ADVANCED_DATAPATH"
    assert made["enableIntranodeVisibility"] is True
    assert made["workloadIdentityConfig"] == {"workloadPool": "acme-ml-dev.svc.id.goog"}
    assert made["binaryAuthorization"] == {"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"}
    assert made["enableShieldedNodes"] is True
    assert made["enableLegacyAbac"] is False
    assert made["masterAuth"] == {"clientCertificateConfig": {"issueClientCertificate": False}}
    assert made["anonymousAuthenticationConfig"] == {"mode": "LIMITED"}
    assert made["nodePoolDefaults"]["nodeConfigDefaults"] == {"insecureKubeletReadonlyPortEnabled": "FALSE"}
    assert made["releaseChannel"] == {"channel": "REGULAR"}
    assert made["maintenancePolicy"]["recurringWindow"]["recurrence"] == "FREQ=WEEKLY;BYDAY=SA,SU"
    assert {"SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER"} <= set(made["loggingConfig"]["enableComponents"])
    assert made["removeDefaultNodePool"] is True
    assert made["nodeConfig"]["serviceAccount"] == "gp-gke-system-nodes@acme-ml-dev.iam.gserviceaccount.com"
    assert made["resourceLabels"]["classification"] == "confidential"


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_every_pool_has_an_account_of_its_own_and_hardened_nodes(tier: gp.Tier) -> None:
    found = planned(tier)
    emails = [pool.inputs["nodeConfig"]["serviceAccount"] for pool in found.of(POOL)]
    assert len(set(emails)) == len(emails) == 2
    for pool in found.of(POOL):
        node = pool.inputs["nodeConfig"]
        assert node["workloadMetadataConfig"] == {"mode": "GKE_METADATA"}
        assert node["shieldedInstanceConfig"] == {"enableSecureBoot": True, "enableIntegrityMonitoring": True}
        assert node["kubeletConfig"]["insecureKubeletReadonlyPortEnabled"] == "FALSE"
        assert node["imageType"] == "COS_CONTAINERD"
        assert pool.inputs["networkConfig"] == {"enablePrivateNodes": True}
        assert pool.inputs["management"] == {"autoRepair": True, "autoUpgrade": True}
    roles = {g.inputs["role"] for g in found.of(PROJECT_MEMBER) if "gke-" in str(g.inputs["member"])}
    assert roles == {"roles/container.defaultNodeServiceAccount"}
    system, jobs = found.of(POOL)
    assert system.inputs["autoscaling"]["totalMinNodeCount"] == 1
    assert jobs.inputs["autoscaling"] == {
        "totalMinNodeCount": 0,
        "totalMaxNodeCount": 4,
        "locationPolicy": "BALANCED",
    }
    assert jobs.inputs["initialNodeCount"] == 0


def test_choices_of_the_caller_win() -> None:
    made = cluster(
        gp.Tier.REGULATED,
        external_access=True,
        security_group="gke-security-groups@acme.test",
        maintenance="FREQ=DAILY",
        deletion_protection=False,
        system_machine_type="n2d-standard-8",
        data_class=gp.DataClass.HEALTH,
    )
    assert made["controlPlaneEndpointsConfig"]["dnsEndpointConfig"] == {"allowExternalTraffic": True}
    assert made["authenticatorGroupsConfig"] == {"securityGroup": "gke-security-groups@acme.test"}
    assert made["maintenancePolicy"]["recurringWindow"]["recurrence"] == "FREQ=DAILY"
    assert made["deletionProtection"] is False
    assert made["nodeConfig"]["machineType"] == "n2d-standard-8"
    assert made["resourceLabels"]["classification"] == "health"


def test_existing_accounts_are_used_and_none_is_made() -> None:
    pool = gp.NodePool(name="cpu", machine_type="n2-standard-8", account=account())
    found = planned(node_pools=(pool,), system_account=account())
    assert ACCOUNT not in found.inventory()
    assert found.one(CLUSTER).inputs["nodeConfig"]["serviceAccount"] == "trainer@acme-central.iam.gserviceaccount.com"
    roles = [granted.inputs["role"] for granted in found.of(ACCOUNT_MEMBER)]
    assert roles == ["roles/iam.serviceAccountUser", "roles/iam.serviceAccountTokenCreator"]


def test_shared_vpc_is_granted_to_the_agents_that_need_it() -> None:
    found = planned(network=network(host="acme-host"))
    members = [g.inputs["member"] for g in found.of(SUBNET_GRANT)]
    assert "serviceAccount:123456789012@cloudservices.gserviceaccount.com" in members
    assert len(members) == 2
    (host,) = [g for g in found.of(PROJECT_MEMBER) if g.inputs["project"] == "acme-host"]
    assert host.inputs["role"] == "roles/container.hostServiceAgentUser"
    waited = {urn.rsplit("::", 1)[-1] for urn in found.one(CLUSTER).options["dependencies"]}
    assert {host.name, *(g.name for g in found.of(SUBNET_GRANT))} <= waited


def test_what_is_not_ours_to_grant_becomes_requests() -> None:
    found = planned(network=network(host="acme-host", managed=False), keys=keys(managed=False))
    assert KEY_GRANT not in found.inventory()
    assert SUBNET_GRANT not in found.inventory()
    assert [request["grant"] for request in found.outputs["requests"]] == [
        "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        "roles/compute.networkUser",
        "roles/compute.networkUser",
        "roles/container.hostServiceAgentUser",
    ]


def test_key_of_another_region_fails() -> None:
    assert "is not where the data is" in refused(keys=keys(KEY.replace("europe-west4", "europe-west1")))


def test_jobs_act_as_accounts_without_keys() -> None:
    def program() -> None:
        made = gp.TrainingCluster("gke", cluster_args())
        acting = made.grant_act_as(account(project="acme-ml-dev"), "training", "jobs")
        assert acting.scope == "resource"
        assert made.grant_develop(MEMBER).scope == made.grant_view(MEMBER).scope == "project"

    found = plan(program)
    granted = found.one(ACCOUNT_MEMBER)
    assert granted.inputs["role"] == "roles/iam.workloadIdentityUser"
    assert granted.inputs["member"] == "serviceAccount:acme-ml-dev.svc.id.goog[training/jobs]"
    assert any(urn.endswith("gke-cluster") for urn in granted.options["dependencies"])
    roles = [g.inputs["role"] for g in found.of(PROJECT_MEMBER) if g.inputs["member"] == MEMBER]
    assert roles == ["roles/container.developer", "roles/container.clusterViewer"]


@pytest.mark.parametrize(("namespace", "name"), [("Training", "jobs"), ("training", "a b"), ("", "jobs")])
def test_kubernetes_accounts_are_named_as_kubernetes_names_them(namespace: str, name: str) -> None:
    other = gp.TrainingCluster.from_existing("old", project=gp.Project(id="acme-other"), location="europe-west4")
    with pytest.raises(gp.ArgumentError, match="lower-case letters"):
        other.identity_of(namespace, name)


def test_existing_cluster_of_others_turns_grants_into_requests() -> None:
    def program() -> None:
        project = gp.Project(id="acme-other", managed=False)
        other = gp.TrainingCluster.from_existing("old", project=project, location="europe-west4")
        again = gp.ClusterRef.imported(other.exported())
        assert again.exported() == other.exported()
        assert again.cluster_id == "projects/acme-other/locations/europe-west4/clusters/old"
        again.grant_develop(MEMBER)
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.inventory() == {}
    assert found.outputs["requests"][0]["grant"] == "roles/container.developer"


@pytest.mark.parametrize(
    ("given", "words"),
    [({"cluster": "projects/p"}, "leave out projects/"), ({"location": "Europe"}, "a region or zone")],
)
def test_from_existing_refuses(given: dict[str, str], words: str) -> None:
    more = {"cluster": "old", "location": "europe-west4", **given}
    name = more.pop("cluster")
    with pytest.raises(gp.ArgumentError, match=words):
        gp.TrainingCluster.from_existing(name, project=gp.Project(id="acme-other"), location=more["location"])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"network": "default"}, "a Network"),
        ({"network": network(ranges=False)}, "has no ranges for pods and services"),
        ({"env": environment(region="europe-west1")}, "another region than the cluster"),
        ({"keys": None}, "tier team encrypts data with keys of one's own"),
        ({"data_class": "secret"}, "a DataClass"),
        ({"node_pools": ()}, "names no pool"),
        ({"node_pools": ("gpu",)}, "a NodePool"),
        ({"node_pools": (CPU, CPU)}, "a pool twice"),
        ({"node_pools": (gp.NodePool(name="system", machine_type="n2-standard-8"),)}, "a pool twice"),
        ({"namespaces": ()}, "are missing"),
        ({"namespaces": ("kube-jobs",)}, "is no namespace for jobs"),
        ({"namespaces": ("default",)}, "is no namespace for jobs"),
        ({"namespaces": ("a", "a")}, "a namespace twice"),
        ({"maintenance": "FREQ=WEEKLY;BYDAY=SU"}, "48 hours"),
        ({"security_group": "ml@acme.test"}, "gke-security-groups@"),
        ({"google_apis_range": "0.0.0.0/0"}, "is no range of addresses"),
        ({"google_apis_range": "10.0.0.5"}, "is no range of addresses"),
        ({"system_machine_type": "n2d-standard-5"}, "system_machine_type"),
        ({"system_account": "x@y"}, "ServiceIdentity.from_existing"),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


def test_nodes_that_cannot_be_confidential_are_refused_where_the_tier_asks() -> None:
    pool = gp.NodePool(name="cpu", machine_type="n2-standard-8")
    message = refused(gp.Tier.REGULATED, node_pools=(pool,), system_machine_type="e2-standard-4")
    assert "node_pools[0].machine_type: cannot be a Confidential VM" in message
    assert "system_machine_type: cannot be a Confidential VM" in message
    pool = gp.NodePool(name="cpu", machine_type="n2-standard-8", confidential=False)
    assert "confidentialNodes" not in planned(gp.Tier.REGULATED, node_pools=(pool,)).of(POOL)[1].inputs["nodeConfig"]


def test_all_faults_come_in_one_message() -> None:
    message = refused(keys=None, namespaces=(), maintenance="x", google_apis_range="x", node_pools=())
    assert message.startswith('TrainingCluster "gke": 5 arguments cannot be used')


def test_overrides_reach_cluster_and_pools() -> None:
    found = planned(overrides={"cluster": {"description": "ours"}, "pool-cpu": {"maxPodsPerNode": 32}})
    assert found.one(CLUSTER).inputs["description"] == "ours"
    assert found.one(POOL, "gke-pool-cpu").inputs["maxPodsPerNode"] == 32
    with pytest.raises(gp.ArgumentError, match="pool-cpu"):
        planned(overrides={"pool-cpi": {}})


def test_names_are_the_same_each_time_and_inside_the_limit() -> None:
    long = "cluster-for-a-model-with-a-very-long-name-in-a-very-long-team-name-indeed"

    def names(label: str) -> list[str]:
        found = planned(name=label)
        return [r.inputs["name"] for r in (found.one(CLUSTER), *found.of(POOL))]

    assert names(long) == names(long)
    assert all(len(name) <= 40 for name in names(long))
    assert not set(names(long)) & set(names(f"{long}s"))
    later = planned(env=environment(generation=2)).one(POOL, "gke-pool-cpu").inputs["name"]
    assert later == "gp-gke-cpu-g2"
