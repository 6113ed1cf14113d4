"""What somebody takes away that a program sets, and what somebody adds where a program sets nothing."""

import json
from collections.abc import Iterator

import pytest

from groundplan_cli.changes import ABSENT
from groundplan_cli.drift.model import Drifted
from groundplan_policies.engine.verdicts import Verdict
from mockcloud import mock_gcp
from mockcloud.cloud.tokens import TOKEN_PREFIX
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.api import Api
from tests.cli.drift.conftest import MALLORY, Deployed

COMPUTE = "compute.googleapis.com"
SQL = "sqladmin.googleapis.com"
PUBSUB = "pubsub.googleapis.com"
SUBSCRIPTION = "v1/projects/acme-dev/subscriptions/pull"
MACHINE = "compute/v1/projects/acme-dev/zones/europe-west4-a/instances/trainer"
FIREWALL = "compute/v1/projects/acme-dev/global/firewalls/in"
DATABASE = "v1/projects/acme-dev/instances/store"


def program() -> None:
    """Resources that say some things, and leave others out."""
    import pulumi_gcp as gcp

    topic = gcp.pubsub.Topic("events", name="events")
    gcp.pubsub.Subscription(
        "pull", name="pull", topic=topic.id, message_retention_duration="1200s", labels={"team": "ml"}
    )
    network = gcp.compute.Network("core", name="core", auto_create_subnetworks=False)
    subnet = gcp.compute.Subnetwork(
        "here", name="here", network=network.id, region="europe-west4", ip_cidr_range="10.0.0.0/20"
    )
    gcp.compute.Firewall(
        "in",
        name="in",
        network=network.id,
        allows=[{"protocol": "tcp", "ports": ["443"]}],
        source_ranges=["10.0.0.0/8"],
        target_tags=["web"],
        log_config={"metadata": "INCLUDE_ALL_METADATA"},
    )
    gcp.compute.Instance(
        "trainer",
        name="trainer",
        zone="europe-west4-a",
        machine_type="e2-small",
        boot_disk={"initialize_params": {"image": "debian-cloud/debian-12"}},
        network_interfaces=[{"subnetwork": subnet.id}],
    )
    gcp.sql.DatabaseInstance(
        "store",
        name="store",
        region="europe-west4",
        database_version="POSTGRES_17",
        settings={
            "tier": "db-custom-1-3840",
            "ip_configuration": {"ssl_mode": "ENCRYPTED_ONLY"},
            "maintenance_window": {"day": 7, "hour": 3},
        },
    )


@pytest.fixture(scope="module")
def stack() -> Iterator[Deployed]:
    with mock_gcp() as cloud:
        made = cloud.deploy(program, config={"gcp:project": "acme-dev"})
        outside = Api(InProcess(cloud, TOKEN_PREFIX + MALLORY, door="rest"))
        yield Deployed(cloud, json.loads(json.dumps(made.document)), outside)


@pytest.fixture
def here(stack: Deployed) -> Iterator[Deployed]:
    kept = stack.cloud.snapshot()
    yield stack
    stack.cloud.restore(kept)


def drifted(here: Deployed, name: str) -> Drifted:
    [found] = here.look().drifted
    assert found.resource.name == name
    assert {each.by for each in found.history.events} == {MALLORY}
    return found


def changed(here: Deployed, name: str) -> dict[str, tuple[object, object]]:
    return {each.path: (each.old, each.new) for each in drifted(here, name).changes}


def test_what_was_just_made_has_not_drifted(here: Deployed) -> None:
    assert here.look().drifted == ()


class TestTakenAway:
    def test_a_property_of_an_api_with_masks(self, here: Deployed) -> None:
        body = {"subscription": {}, "updateMask": "messageRetentionDuration"}
        here.outside.call("PATCH", PUBSUB, SUBSCRIPTION, body)

        assert "messageRetentionDuration" in changed(here, "pull")

    def test_a_label(self, here: Deployed) -> None:
        here.outside.call("PATCH", PUBSUB, SUBSCRIPTION, {"subscription": {"labels": {}}, "updateMask": "labels"})

        assert changed(here, "pull")["labels.team"] == ("ml", ABSENT)

    def test_an_object_and_a_list(self, here: Deployed) -> None:
        here.outside.call("PATCH", COMPUTE, FIREWALL, {"logConfig": {"enable": False}, "targetTags": []})

        found = changed(here, "in")
        assert found["logConfig"] == ({"metadata": "INCLUDE_ALL_METADATA"}, ABSENT)
        assert found["targetTags"] == (["web"], [])

    def test_part_of_an_object(self, here: Deployed) -> None:
        here.outside.call("PATCH", SQL, DATABASE, {"settings": {"maintenanceWindow": None}})

        assert changed(here, "store")["settings.maintenanceWindow"] == ({"day": 7, "hour": 3}, ABSENT)


class TestAdded:
    def test_a_label_where_the_program_has_others(self, here: Deployed) -> None:
        labels = {"team": "ml", "owner": "mallory", "goog-pulumi-provisioned": "true"}
        here.outside.call("PATCH", PUBSUB, SUBSCRIPTION, {"subscription": {"labels": labels}, "updateMask": "labels"})

        assert changed(here, "pull") == {"effectiveLabels.owner": (ABSENT, "mallory")}

    def test_a_label_where_the_program_has_none(self, here: Deployed) -> None:
        found = here.outside.call("GET", COMPUTE, MACHINE)
        labels = {**found.get("labels", {}), "owner": "mallory"}
        body = {"labels": labels, "labelFingerprint": found["labelFingerprint"]}
        here.outside.call("POST", COMPUTE, f"{MACHINE}/setLabels", body)

        assert changed(here, "trainer") == {"effectiveLabels.owner": (ABSENT, "mallory")}

    def test_a_label_of_googles_is_none(self, here: Deployed) -> None:
        labels = {"team": "ml", "goog-managed": "yes"}
        here.outside.call("PATCH", PUBSUB, SUBSCRIPTION, {"subscription": {"labels": labels}, "updateMask": "labels"})

        assert here.look().drifted == ()

    def test_a_public_address_and_the_control_that_it_breaks(self, here: Deployed) -> None:
        path = f"{MACHINE}/addAccessConfig?networkInterface=nic0"
        here.outside.call("POST", COMPUTE, path, {"name": "External NAT", "type": "ONE_TO_ONE_NAT"})

        found = drifted(here, "trainer")
        assert [each.path for each in found.changes] == ["networkInterfaces[0].accessConfigs"]
        assert found.breaks
        assert {each.verdict for each in found.breaks} == {Verdict.FAIL}

    def test_a_network_that_may_come_in(self, here: Deployed) -> None:
        network = {"authorizedNetworks": [{"name": "home", "value": "203.0.113.7/32"}]}
        here.outside.call("PATCH", SQL, DATABASE, {"settings": {"ipConfiguration": network}})

        paths = changed(here, "store")
        assert list(paths) == ["settings.ipConfiguration.authorizedNetworks"]

    def test_what_is_ignored_is_not_told(self, here: Deployed) -> None:
        labels = {"team": "ml", "owner": "mallory"}
        here.outside.call("PATCH", PUBSUB, SUBSCRIPTION, {"subscription": {"labels": labels}, "updateMask": "labels"})
        state = json.loads(json.dumps(here.state))
        for each in state["deployment"]["resources"]:
            each["ignoreChanges"] = ["labels"]

        assert here.look(state).drifted == ()


def test_what_was_made_past_the_engine_is_no_drift(here: Deployed) -> None:
    here.outside.call("PUT", PUBSUB, "v1/projects/acme-dev/topics/mallory", {})

    assert here.look().drifted == ()
