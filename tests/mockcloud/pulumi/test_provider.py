"""The provider on a cloud, without a protocol: what examples of lives do not show."""

from typing import Any

import pytest

from mockcloud.cloud.faults import Fault, Phase
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.actual import actual
from mockcloud.pulumi.api import Api
from mockcloud.pulumi.lifecycle import Place, Settings, State
from mockcloud.pulumi.naming import DEFAULTS, Naming
from mockcloud.pulumi.properties import VERSION, properties_of, tokens
from mockcloud.pulumi.provider import Provider, ProviderError
from mockcloud.pulumi.values import SECRET, SIGNATURE, UNKNOWN
from mockcloud.simulator import new_cloud

TOPIC = "gcp:pubsub/topic:Topic"
OPAQUE = "gcp:deploymentmanager/deployment:Deployment"
"""A type of a service that Google has retired: it stays without a row."""

TARGET = {"config": {"content": "resources: []"}}
VERSION_OF_A_SECRET = "gcp:secretmanager/secretVersion:SecretVersion"
HIDDEN = {SIGNATURE: SECRET, "value": "hunter2"}


def provider(settings: Settings = Settings("acme-dev", "europe-west4", "europe-west4-a"), **other: Any) -> Provider:  # noqa: B008 - it is frozen
    return Provider(Place(Api(InProcess(new_cloud(waits="poll"))), settings), **other)


def made(here: Provider, token: str, **given: object) -> tuple[State, dict[str, Any]]:
    found = here.check(token, given, {}, Naming("thing", b"seed"))
    assert found.failures == []
    return here.create(token, found.inputs, "urn"), found.inputs


def test_the_schemas_are_of_the_provider_that_is_installed() -> None:
    from importlib.metadata import version

    assert version("pulumi-gcp") == VERSION
    assert len(tokens()) > 1_400


class TestLabels:
    def test_they_are_merged_as_the_real_provider_does(self) -> None:
        here = provider(Settings("acme-dev", labels={"team": "ml", "tier": "dev"}))

        state, _ = made(here, TOPIC, name="news", labels={"tier": "own"})

        assert state.outputs["labels"] == {"tier": "own"}
        assert state.outputs["pulumiLabels"] == {"team": "ml", "tier": "own"}
        assert state.outputs["effectiveLabels"] == {"team": "ml", "tier": "own", "goog-pulumi-provisioned": "true"}

    def test_the_providers_own_can_be_left_out(self) -> None:
        state, _ = made(provider(Settings("acme-dev", attribution=False)), TOPIC, name="news")

        assert not state.outputs.get("effectiveLabels")

    def test_other_labels_of_the_provider_are_a_change(self) -> None:
        here = provider()
        state, inputs = made(here, TOPIC, name="news", labels={"a": "b"})
        other = Provider(Place(here.place.api, Settings("acme-dev", labels={"team": "ml"})))

        assert not here.diff(TOPIC, inputs, inputs, state.outputs).changes
        assert [each.path for each in other.diff(TOPIC, inputs, inputs, state.outputs).changes] == ["labels"]
        after = other.update(TOPIC, state, inputs, inputs, "urn")
        assert after.outputs["effectiveLabels"]["team"] == "ml"

    def test_a_secret_among_them_is_no_change(self) -> None:
        here = provider()
        state, inputs = made(here, TOPIC, name="news", labels={"team": "ml", "hidden": HIDDEN})

        assert here.diff(TOPIC, inputs, inputs, state.outputs).changes == ()

    @pytest.mark.parametrize(
        ("token", "given", "host", "path", "body"),
        [
            (
                TOPIC,
                {"name": "news"},
                "pubsub.googleapis.com",
                "v1/projects/acme-dev/topics/news",
                {"topic": {"labels": {}}, "updateMask": "labels"},
            ),
            (
                "gcp:storage/bucket:Bucket",
                {"name": "acme-news", "location": "EU"},
                "storage.googleapis.com",
                "storage/v1/b/acme-news",
                {"labels": None},
            ),
        ],
    )
    def test_that_all_were_taken_away_shows(
        self, token: str, given: dict[str, str], host: str, path: str, body: dict[str, Any]
    ) -> None:
        here = provider()
        state, inputs = made(here, token, labels={"team": "ml"}, **given)
        here.place.api.call("PATCH", host, path, body)

        found = here.read(token, state.id, inputs, state.outputs)

        assert found is not None
        assert found[0].outputs["effectiveLabels"] == {}
        assert found[1]["labels"] == {}

    def test_labels_may_have_another_name(self) -> None:
        here, cluster = provider(), "gcp:container/cluster:Cluster"
        inputs = {"name": "kube", "location": "europe-west4", "resourceLabels": {"team": "ml"}, "initialNodeCount": 1}
        state, inputs = made(here, cluster, **inputs)

        assert not here.diff(cluster, inputs, inputs, state.outputs).changes


def test_a_place_that_a_program_leaves_to_the_provider_is_no_change() -> None:
    here = provider()
    state, inputs = made(here, TOPIC, name="news")

    assert not here.diff(TOPIC, {**inputs, "project": "acme-dev"}, inputs, state.outputs).changes


def test_a_location_may_be_written_in_small_letters() -> None:
    bucket = "gcp:storage/bucket:Bucket"
    here = provider()
    state, inputs = made(here, bucket, name="acme-lake", location="europe-west4")

    found = here.read(bucket, state.id, inputs, state.outputs)

    assert state.outputs["location"] == "EUROPE-WEST4"
    assert found is not None
    assert found[1]["location"] == "europe-west4"


@pytest.mark.parametrize("token", ["container/nodePool:NodePool", "sql/databaseInstance:DatabaseInstance"])
def test_a_name_is_made_up_even_where_google_would(token: str) -> None:
    found = provider().check(f"gcp:{token}", {}, {}, Naming("thing", b"seed"))

    assert found.inputs["name"].startswith("thing-")


def test_no_name_is_made_up_beside_a_prefix() -> None:
    told = {"namePrefix": "thing-", "machineType": "e2-small", "disks": [{}]}

    found = provider().check("gcp:compute/instanceTemplate:InstanceTemplate", told, {}, Naming("thing", b"seed"))

    assert "name" not in found.inputs


def test_what_is_unavailable_for_a_moment_is_asked_for_again() -> None:
    cloud = new_cloud(waits="poll")
    here = Provider(Place(Api(InProcess(cloud)), Settings("acme-dev")))
    cloud.faults.add(Fault(method="pubsub.projects.topics.create", status=503, count=3))

    assert made(here, TOPIC, name="news")[0].id == "projects/acme-dev/topics/news"

    cloud.faults.add(Fault(method="pubsub.projects.topics.create", status=503))
    with pytest.raises(ProviderError, match="503"):
        made(here, TOPIC, name="olds")


class TestOpaque:
    def test_a_type_without_a_row_is_kept_as_given_and_named(self) -> None:
        here = provider()
        state, inputs = made(here, OPAQUE, target=TARGET, description="x")

        assert state.outputs["description"] == "x"
        assert state.outputs["manifest"].startswith("manifest-")
        assert here.opaque == {OPAQUE}
        assert here.create(OPAQUE, inputs, "urn") == state
        assert here.read(OPAQUE, state.id, inputs, state.outputs) is not None
        here.delete(OPAQUE, state)

    def test_strict_refuses_it(self) -> None:
        found = provider(strict=True).check(OPAQUE, {"target": TARGET}, {}, Naming("x"))

        assert "does not model" in found.failures[0].reason

    def test_a_type_that_there_is_not_is_refused(self) -> None:
        here = provider()
        assert "no type" in here.check("gcp:none/none:None", {}, {}, Naming("x")).failures[0].reason
        with pytest.raises(ProviderError, match="no type"):
            here.create("gcp:none/none:None", {}, "urn")


class TestPreview:
    def test_what_only_the_cloud_knows_is_unknown(self) -> None:
        found = provider().preview(TOPIC, {"name": "news", DEFAULTS: []})

        assert (found["name"], found["effectiveLabels"]) == ("news", UNKNOWN)
        assert DEFAULTS not in found

    def test_an_update_keeps_what_it_has(self) -> None:
        assert provider().preview(TOPIC, {"name": "news"}, {"name": "old", "project": "p"}) == {
            "name": "news",
            "project": "p",
        }


class TestSecrets:
    def test_what_was_given_as_one_comes_back_as_one(self) -> None:
        secret = {SIGNATURE: SECRET, "value": "b"}
        state, _ = made(provider(), TOPIC, name="news", labels={"a": secret})

        assert state.outputs["labels"] == {"a": secret}

    def test_a_refusal_does_not_say_it(self) -> None:
        here = provider()
        with pytest.raises(ProviderError) as error:
            made(here, VERSION_OF_A_SECRET, secret="projects/acme-dev/secrets/none", secretData=HIDDEN)

        assert "hunter2" not in str(error.value)


class TestRefusals:
    def test_a_name_that_is_taken_says_what_to_do(self) -> None:
        here = provider()
        made(here, TOPIC, name="news")
        with pytest.raises(ProviderError) as error:
            made(here, TOPIC, name="news")

        assert "409 ALREADY_EXISTS" in error.value.given
        assert "pulumi import" in error.value.remedy

    def test_a_project_that_nobody_named_is_asked_for(self) -> None:
        with pytest.raises(ProviderError) as error:
            made(provider(Settings()), TOPIC, name="news")

        assert error.value.given == "no project"
        assert "gcp:project" in error.value.remedy

    def test_an_id_without_a_name_is_not_to_be_mended_in_the_configuration(self) -> None:
        with pytest.raises(ProviderError, match="no name") as refused:
            provider().read(TOPIC, "projects/acme-dev/topics//", {}, {})
        assert "config" not in refused.value.remedy
        assert "the id" in refused.value.remedy

    def test_what_may_not_be_removed_stays(self) -> None:
        here = provider()
        state, _ = made(here, TOPIC, name="news", deletionPolicy="PREVENT")
        with pytest.raises(ProviderError, match="may not be removed"):
            here.delete(TOPIC, state)

        assert here.read(TOPIC, state.id, {}, {}) is not None

    def test_an_operation_that_fails_says_why(self) -> None:
        cloud = new_cloud(waits="poll")
        cloud.faults.add(Fault(method="compute.networks.insert", phase=Phase.OPERATION, status=503))
        here = Provider(Place(Api(InProcess(cloud)), Settings("acme-dev")))
        with pytest.raises(ProviderError, match="would not create"):
            made(here, "gcp:compute/network:Network", name="core")

        assert here.read("gcp:compute/network:Network", "projects/acme-dev/global/networks/core", {}, {}) is None


class TestActual:
    PROPERTIES = properties_of("gcp:storage/bucket:Bucket") or {}

    def test_what_the_program_sets_is_compared(self) -> None:
        inputs = {"name": "a", "labels": {"a": "b"}, "cors": [{"maxAgeSeconds": 1}]}

        assert actual(self.PROPERTIES, inputs, {**inputs, "url": "gs://a", "requesterPays": True}) == inputs

    def test_what_was_changed_outside_shows(self) -> None:
        inputs = {"name": "a", "labels": {"a": "b"}}

        assert actual(self.PROPERTIES, inputs, {"name": "a", "labels": {"a": "c"}})["labels"] == {"a": "c"}
        assert actual(self.PROPERTIES, inputs, {"name": "a", "labels": {"a": "b", "c": "d"}})["labels"] != {"a": "b"}

    def test_a_secret_stays_one(self) -> None:
        given = {"labels": {SIGNATURE: SECRET, "value": {"a": "b"}}}

        assert actual(self.PROPERTIES, given, {"labels": {"a": "c"}})["labels"] == {
            SIGNATURE: SECRET,
            "value": {"a": "c"},
        }


def test_what_no_call_changes_makes_a_new_resource() -> None:
    here, token = provider(), "gcp:storage/notification:Notification"
    before = {"bucket": "raw", "topic": "projects/acme-dev/topics/news", "payloadFormat": "NONE"}

    changed = here.diff(token, before, {**before, "payloadFormat": "JSON_API_V1"}, before)

    assert changed.replaces == ("payloadFormat",)
