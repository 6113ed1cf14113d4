"""Each thing that would stop a deployment, and the command that mends it: on a mock cloud in this process."""

import json
from dataclasses import asdict

from groundplan_cli.preflight.model import Kind
from groundplan_cli.preflight.roles import cover
from groundplan_cli.render.preflight import as_json
from mockcloud.cloud.cloud import Cloud
from mockcloud.simulator import new_cloud
from tests.cli.preflight.conftest import ALICE, PROJECT, Plan, found, owner, report

USAGE = "serviceusage.googleapis.com"


def enable(cloud: Cloud, *apis: str) -> None:
    for api in apis:
        owner(cloud).call("POST", USAGE, f"v1/projects/{PROJECT}/services/{api}.googleapis.com:enable", {})


def test_nothing_stops_a_plan_on_a_lenient_cloud(plan: Plan) -> None:
    plan.put("pubsub/topic:Topic", "events", name="events")
    plan.put("storage/bucket:Bucket", "data", name="acme-data", location="EU")

    result = report(plan, new_cloud(waits="poll"))
    assert (result.findings, result.unasked, result.exit_code) == ((), (), 0)
    assert result.projects == (PROJECT,)


def test_apis_that_are_not_enabled_are_named_with_the_command(plan: Plan, strict: Cloud) -> None:
    urn = plan.put("pubsub/topic:Topic", "events", name="events")

    [finding] = found(report(plan, strict), Kind.API)
    assert (finding.about, finding.project, finding.resources) == ("pubsub.googleapis.com", PROJECT, (urn,))
    assert finding.remedy == f"gcloud services enable pubsub.googleapis.com --project={PROJECT}"
    enable(strict, "pubsub")
    assert not found(report(plan, strict), Kind.API)


def test_an_api_that_the_plan_enables_is_none(plan: Plan, strict: Cloud) -> None:
    plan.put("projects/service:Service", "pubsub", service="pubsub.googleapis.com")
    plan.put("pubsub/topic:Topic", "events", name="events")

    assert not found(report(plan, strict), Kind.API)


def test_a_project_that_is_not_there_is_named(plan: Plan) -> None:
    plan.put("pubsub/topic:Topic", "events", name="events")

    [finding] = found(report(plan, new_cloud("strict", waits="poll")), Kind.PROJECT)
    assert finding.about == PROJECT


def test_a_role_that_the_caller_lacks_is_named_with_the_command(plan: Plan, strict: Cloud) -> None:
    enable(strict, "pubsub")
    plan.put("pubsub/topic:Topic", "events", name="events")

    [finding] = found(report(plan, strict, ALICE), Kind.ROLE)
    assert "pubsub.topics.create" in finding.problem
    assert finding.remedy == (
        f"gcloud projects add-iam-policy-binding {PROJECT} --member={ALICE} --role=roles/pubsub.admin"
    )
    binding = {"role": "roles/pubsub.admin", "members": [ALICE]}
    path = f"v1/projects/{PROJECT}:setIamPolicy"
    policy = owner(strict).call("POST", "cloudresourcemanager.googleapis.com", path.replace("set", "get"), {})
    policy["bindings"] = [*policy.get("bindings", ()), binding]
    owner(strict).call("POST", "cloudresourcemanager.googleapis.com", path, {"policy": policy})
    assert not found(report(plan, strict, ALICE), Kind.ROLE)


def test_roles_are_those_of_the_services_and_basic_ones_are_never_proposed() -> None:
    roles = dict(cover(["compute.networks.create", "pubsub.topics.create", "storage.buckets.create", "made.up.thing"]))

    assert list(roles)[:-1] == ["roles/compute.admin", "roles/pubsub.admin", "roles/storage.admin"]
    assert roles[""] == ("made.up.thing",)


def test_roles_that_cannot_be_granted_there_are_not_proposed() -> None:
    wanted = ["resourcemanager.projects.getIamPolicy", "resourcemanager.projects.setIamPolicy"]

    [(first, _)] = cover(wanted)
    [(second, _)] = cover(wanted, frozenset({first}))
    assert first != second


def test_what_only_an_organisation_grants_is_asked_of_it(plan: Plan, strict: Cloud) -> None:
    enable(strict, "orgpolicy")
    plan.put(
        "orgpolicy/policy:Policy",
        "locations",
        name=f"projects/{PROJECT}/policies/gcp.resourceLocations",
        parent=f"projects/{PROJECT}",
        spec={"rules": [{"allowAll": "TRUE"}]},
    )

    findings = {each.about: each for each in found(report(plan, strict, ALICE), Kind.ROLE)}
    assert findings["roles/orgpolicy.policyAdmin"].remedy.startswith("gcloud organizations add-iam-policy-binding ")
    assert findings["roles/orgpolicy.policyAdmin"].project == PROJECT


def test_more_accelerators_than_the_quota_has_are_a_finding(plan: Plan, strict: Cloud) -> None:
    enable(strict, "compute", "cloudquotas")
    accelerators = [{"type": "nvidia-l4", "count": 3}]
    for name in ("one", "two"):
        plan.put(
            "compute/instance:Instance",
            name,
            name=name,
            zone="europe-west4-a",
            machineType="g2-standard-4",
            guestAccelerators=accelerators,
            bootDisk={"initializeParams": {"image": "debian-cloud/debian-12"}},
            networkInterfaces=[{"network": "default"}],
        )

    [finding] = found(report(plan, strict), Kind.QUOTA)
    assert finding.about == "compute.googleapis.com/nvidia_l4_gpus"
    assert finding.problem == "6 are needed in europe-west4, 0 are in use, and 4 are allowed"
    assert "--preferred-value=6 --dimensions=region=europe-west4" in finding.remedy
    strict.quotas.set(PROJECT, "compute.googleapis.com/nvidia_l4_gpus", 8, region="europe-west4")
    assert not found(report(plan, strict), Kind.QUOTA)


def test_organisation_policies_that_refuse_are_named(plan: Plan, strict: Cloud) -> None:
    enable(strict, "storage", "orgpolicy")
    urn = plan.put("storage/bucket:Bucket", "data", name="acme-data", location="US")
    body = {
        "name": f"projects/{PROJECT}/policies/gcp.resourceLocations",
        "spec": {"rules": [{"values": {"allowedValues": ["in:eu-locations"]}}]},
    }
    owner(strict).call("POST", "orgpolicy.googleapis.com", f"v2/projects/{PROJECT}/policies", body)

    [finding] = found(report(plan, strict), Kind.POLICY)
    assert (finding.about, finding.resources) == ("gcp.resourceLocations", (urn,))
    assert f"--project={PROJECT}" in finding.remedy


def test_a_service_agent_that_may_not_be_there_is_possible_and_does_not_fail(plan: Plan) -> None:
    cloud = new_cloud(waits="poll")
    number = cloud.projects.number_of(PROJECT)
    plan.put(
        "projects/iAMMember:IAMMember",
        "agent",
        role="roles/storage.objectViewer",
        member=f"serviceAccount:service-{number}@gcp-sa-aiplatform.iam.gserviceaccount.com",
    )

    result = report(plan, cloud)
    [finding] = found(result, Kind.AGENT)
    assert not finding.sure
    assert finding.remedy == (
        f"gcloud beta services identity create --service=aiplatform.googleapis.com --project={PROJECT}"
    )
    assert result.exit_code == 0


def test_ranges_that_overlap_in_the_plan_or_with_the_network_are_found(plan: Plan) -> None:
    cloud = new_cloud(waits="poll")
    compute, base = "compute.googleapis.com", f"compute/v1/projects/{PROJECT}"
    owner(cloud).call("POST", compute, f"{base}/global/networks", {"name": "core", "autoCreateSubnetworks": False})
    there = {"name": "old", "ipCidrRange": "10.0.0.0/20", "network": f"projects/{PROJECT}/global/networks/core"}
    owner(cloud).call("POST", compute, f"{base}/regions/europe-west4/subnetworks", there)
    network = f"projects/{PROJECT}/global/networks/core"
    for name, text in (("one", "10.0.8.0/24"), ("two", "10.1.0.0/24"), ("three", "10.1.0.128/25")):
        plan.put(
            "compute/subnetwork:Subnetwork", name, name=name, ipCidrRange=text, network=network, region="europe-west4"
        )

    problems = [each.problem for each in found(report(plan, cloud), Kind.RANGE)]
    assert [each.partition(" in the ")[0] for each in problems] == [
        "10.0.8.0/24 of the subnetwork one overlaps 10.0.0.0/20 of the subnetwork old",
        "10.1.0.128/25 of the subnetwork three overlaps 10.1.0.0/24 of the subnetwork two",
    ]
    [first, _] = found(report(plan, cloud), Kind.RANGE)
    assert first.remedy.startswith("take 10.0.16.0/24, which is free")


def test_names_that_are_taken_are_found_and_grants_that_are_there_are_none(plan: Plan) -> None:
    cloud = new_cloud(waits="poll")
    owner(cloud).call("PUT", "pubsub.googleapis.com", f"v1/projects/{PROJECT}/topics/events", {})
    plan.put("pubsub/topic:Topic", "events", name="events")
    plan.put("pubsub/topic:Topic", "free", name="free")
    binding = {"role": "roles/pubsub.viewer", "members": [ALICE]}
    path = f"v1/projects/{PROJECT}/topics/events:setIamPolicy"
    owner(cloud).call("POST", "pubsub.googleapis.com", path, {"policy": {"bindings": [binding]}})
    plan.put("pubsub/topicIAMMember:TopicIAMMember", "reader", topic="events", role="roles/pubsub.viewer", member=ALICE)

    [finding] = found(report(plan, cloud), Kind.NAME)
    identifier = f"projects/{PROJECT}/topics/events"
    assert finding.about == identifier
    assert finding.remedy.endswith(f"pulumi import gcp:pubsub/topic:Topic events {identifier}")
    assert not found(report(plan, cloud, own=frozenset({identifier})), Kind.NAME)


def test_a_bucket_of_somebody_else_is_taken(plan: Plan, strict: Cloud) -> None:
    strict.projects.ensure("others")
    enable(strict, "storage")
    owner(strict).call("POST", USAGE, "v1/projects/others/services/storage.googleapis.com:enable", {})
    owner(strict).call("POST", "storage.googleapis.com", "storage/v1/b?project=others", {"name": "acme-data"})
    plan.put("storage/bucket:Bucket", "data", name="acme-data", location="EU")

    [finding] = found(report(plan, strict, ALICE), Kind.NAME)
    assert (finding.problem, finding.remedy) == ("acme-data is taken by somebody else", "choose another name")


def test_what_cannot_be_asked_is_said(plan: Plan, strict: Cloud) -> None:
    enable(strict, "compute")
    plan.put(
        "compute/instance:Instance",
        "gpu",
        name="gpu",
        zone="europe-west4-a",
        machineType="g2-standard-4",
        guestAccelerators=[{"type": "nvidia-l4", "count": 1}],
        bootDisk={"initializeParams": {"image": "debian-cloud/debian-12"}},
        networkInterfaces=[{"network": "default"}],
    )

    unasked = [each for each in report(plan, strict).unasked if each.kind is Kind.QUOTA]
    assert unasked
    assert all("Cloudquotas API" in each.reason for each in unasked)


def test_the_json_holds_all_of_it(plan: Plan, strict: Cloud) -> None:
    plan.put("pubsub/topic:Topic", "events", name="events")

    result = report(plan, strict, ALICE)
    content = json.loads(as_json(result))
    assert content["exitCode"] == result.exit_code == 1
    assert [each["about"] for each in content["findings"]] == [asdict(each)["about"] for each in result.findings]
    assert content["caller"] == ALICE
