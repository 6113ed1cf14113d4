"""A program is deployed on a cloud of this process, and taken down again."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pulumi
import pulumi_gcp as gcp
import pytest
from google.cloud import pubsub_v1

from mockcloud import EngineError, InvokeNotAnswered, MockCloud, ResourceFailed, mock_gcp
from mockcloud.doors.embedded.loop import set_for_thread

CONFIG = {"gcp:project": "acme-dev", "gcp:region": "europe-west4"}


@pytest.fixture
def cloud() -> Iterator[MockCloud]:
    with mock_gcp() as opened:
        yield opened


def news() -> None:
    """Make a topic, a subscription, and exports of both kinds."""
    topic = gcp.pubsub.Topic("news", labels={"team": "ml"})
    subscription = gcp.pubsub.Subscription("readers", topic=topic.id, ack_deadline_seconds=20)
    pulumi.export("topic", topic.id)
    pulumi.export("subscription", subscription.name)
    pulumi.export("password", pulumi.Output.secret("hunter2"))


def topics(project: str = "acme-dev") -> list[str]:
    client = pubsub_v1.PublisherClient()
    return [each.name for each in client.list_topics(project=f"projects/{project}")]


def test_what_a_program_makes_is_there_for_googles_clients(cloud: MockCloud) -> None:
    stack = cloud.deploy(news, config=CONFIG)

    assert topics() == [stack.outputs["topic"]]
    assert [each.name for each in stack.resources] == ["news", "readers"]
    assert stack.resource("readers").outputs["ackDeadlineSeconds"] == 20
    assert stack.opaque == ()


def test_what_the_cloud_leaves_out_is_exported_as_none(cloud: MockCloud) -> None:
    def program() -> None:
        cache = gcp.redis.Instance("cache", memory_size_gb=1)
        pulumi.export("read", cache.read_endpoint)
        pulumi.export("host", cache.host)
        pulumi.export("seen", cache.read_endpoint.apply(repr))

    outputs = cloud.deploy(program, config=CONFIG).outputs

    assert list(outputs) == ["read", "host", "seen"]
    assert outputs["read"] is None
    assert outputs["host"]
    assert outputs["seen"] == "None"


@pytest.mark.parametrize("quiet", [False, True])
def test_what_a_program_prints_is_shown_unless_asked(
    cloud: MockCloud, capsys: pytest.CaptureFixture[str], *, quiet: bool
) -> None:
    def program() -> None:
        print("hello")  # noqa: T201 - what it is about
        pulumi.Config().require_secret("token").apply(print)
        print("careful", pulumi.Config().require("token"), file=sys.stderr)  # noqa: T201 - as above

    stack = cloud.deploy(program, secret_config={"token": "hunter2-canary"}, quiet=quiet)

    assert (stack.stdout, stack.stderr) == ("hello\n[secret]\n", "careful [secret]\n")
    assert capsys.readouterr() == (("", "") if quiet else (stack.stdout, stack.stderr))


def test_it_is_shown_before_the_program_fails(cloud: MockCloud, capsys: pytest.CaptureFixture[str]) -> None:
    def program() -> None:
        print("so far")  # noqa: T201 - what it is about
        raise ValueError

    with pytest.raises(EngineError):
        cloud.deploy(program)

    assert capsys.readouterr().out == "so far\n"


def test_projects_have_the_numbers_that_the_configuration_gives(cloud: MockCloud, tmp_path: Path) -> None:
    def program() -> None:
        pulumi.export("number", gcp.organizations.get_project(project_id="acme-home").number)

    given = {"shop:home": '{"id": "acme-home", "number": "123456789012"}'}
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    settings = "config:\n  shop:home:\n    id: acme-shop\n    number: '210987654321'\n"
    (tmp_path / "Pulumi.dev.yaml").write_text(settings, encoding="utf-8")
    (tmp_path / "__main__.py").write_text(
        "import pulumi\nimport pulumi_gcp as gcp\n"
        "pulumi.export('number', gcp.organizations.get_project(project_id='acme-shop').number)\n",
        encoding="utf-8",
    )

    assert cloud.deploy(program, config=CONFIG | given).outputs == {"number": "123456789012"}
    assert cloud.deploy(tmp_path).outputs == {"number": "210987654321"}


def test_on_a_strict_cloud_projects_are_those_that_were_made() -> None:
    given = {"shop:home": '{"id": "acme-home", "number": "123456789012"}'}
    with mock_gcp(profile="strict") as strict:
        strict.deploy(lambda: None, config=CONFIG | given)

        assert strict.projects.get("acme-home") is None


def test_outputs_are_clear_and_the_document_is_not(cloud: MockCloud) -> None:
    stack = cloud.deploy(news, config=CONFIG)

    assert stack.outputs["password"] == "hunter2"
    assert "hunter2" not in str(stack.document)
    assert stack.document["groundplan"]["profile"] == "state"
    states = {each["urn"].rpartition("::")[2]: each for each in stack.document["deployment"]["resources"]}
    assert states["news"]["id"] == stack.outputs["topic"]
    assert states["news"]["outputs"]["name"] == stack.resource("news").outputs["name"]
    assert states["readers"]["dependencies"] == [stack.resource("news").urn]


def test_destroy_takes_everything_down_the_last_first(cloud: MockCloud) -> None:
    stack = cloud.deploy(news, config=CONFIG)
    stack.destroy()

    assert topics() == []
    assert stack.resources == ()
    deleted = [each.method for each in cloud.journal.calls if each.method.endswith(".delete")]
    assert deleted == ["pubsub.projects.subscriptions.delete", "pubsub.projects.topics.delete"]


def test_the_same_program_gives_the_same_bytes() -> None:
    documents = []
    for _ in range(2):
        with mock_gcp() as cloud:
            documents.append(cloud.deploy(news, config=CONFIG).document)

    assert documents[0] == documents[1]


class TestFailures:
    def failed(self, cloud: MockCloud, program: Callable[[], object]) -> ResourceFailed:
        with pytest.raises(ResourceFailed) as error:
            cloud.deploy(program, config=CONFIG)
        return error.value

    def test_what_the_cloud_refuses_is_named_with_its_line(self, cloud: MockCloud) -> None:
        def program() -> None:
            gcp.pubsub.Subscription("apart", topic="projects/acme-dev/topics/none")

        error = self.failed(cloud, program)

        line = program.__code__.co_firstlineno + 1
        where = f"{Path(__file__).name}:{line}"
        assert error.what == f"gcp:pubsub/subscription:Subscription 'apart' could not be made, {where}"
        assert "404 NOT_FOUND" in error.given
        assert error.exit_code == 2

    def test_wrong_inputs_are_named(self, cloud: MockCloud) -> None:
        def program() -> None:
            gcp.pubsub.Subscription("readers", topic="t", ack_deadline_seconds=cast("int", "soon"), filter=None)
            gcp.pubsub.Topic("news")

        error = self.failed(cloud, program)

        assert "ackDeadlineSeconds: a string is given where an integer is taken" in error.given

    def test_properties_that_exclude_each_other_are_named_before_anything_is_made(self, cloud: MockCloud) -> None:
        def program() -> None:
            gcp.pubsub.Subscription(
                "both",
                topic="news",
                push_config={"push_endpoint": "https://a.test"},
                bigquery_config={"table": "a.b.c"},
            )

        error = self.failed(cloud, program)

        assert "'both' could not be made, test_deploying.py:" in error.what
        assert "pushConfig: pushConfig conflicts with bigqueryConfig" in error.given

    def test_what_was_made_before_stays(self, cloud: MockCloud) -> None:
        def program() -> None:
            topic = gcp.pubsub.Topic("news", name="news")
            gcp.pubsub.Topic("again", name="news", opts=pulumi.ResourceOptions(depends_on=[topic]))

        assert "ALREADY_EXISTS" in self.failed(cloud, program).given
        assert topics() == ["projects/acme-dev/topics/news"]

    def test_a_program_that_raises_is_a_program_that_failed(self, cloud: MockCloud) -> None:
        def program() -> None:
            raise LookupError("mine")

        with pytest.raises(EngineError, match="LookupError"):
            cloud.deploy(program)

    def test_a_function_that_nothing_answers_is_named(self, cloud: MockCloud) -> None:
        def program() -> None:
            pulumi.runtime.invoke("gcp:apigee/none:none", {})

        with pytest.raises(InvokeNotAnswered, match="has no function gcp:apigee/none:none"):
            cloud.deploy(program)


class TestOptions:
    def test_an_explicit_provider_has_its_own_project(self, cloud: MockCloud) -> None:
        def program() -> None:
            other = gcp.Provider("other", project="acme-other", default_labels={"team": "ml"})
            gcp.pubsub.Topic("news", name="news", opts=pulumi.ResourceOptions(provider=other))

        stack = cloud.deploy(program, config=CONFIG)

        assert topics("acme-other") == ["projects/acme-other/topics/news"]
        assert stack.resource("news").outputs["effectiveLabels"]["team"] == "ml"

    def test_what_exists_is_read_and_imported(self, cloud: MockCloud) -> None:
        pubsub_v1.PublisherClient().create_topic(name="projects/acme-dev/topics/old", timeout=5)

        def program() -> None:
            read = gcp.pubsub.Topic.get("read", "projects/acme-dev/topics/old")
            adopted = gcp.pubsub.Topic(
                "adopted", name="old", opts=pulumi.ResourceOptions(import_="projects/acme-dev/topics/old")
            )
            pulumi.export("read", read.name)
            pulumi.export("adopted", adopted.id)

        stack = cloud.deploy(program, config=CONFIG)

        assert stack.outputs == {"read": "old", "adopted": "projects/acme-dev/topics/old"}
        assert [each.name for each in stack.resources] == ["adopted"]

    def test_reading_what_there_is_not_says_so(self, cloud: MockCloud) -> None:
        def program() -> None:
            gcp.pubsub.Topic.get("read", "projects/acme-dev/topics/none")

        with pytest.raises(ResourceFailed, match="could not be made"):
            cloud.deploy(program, config=CONFIG)

    def test_what_is_protected_stays(self, cloud: MockCloud) -> None:
        def program() -> None:
            gcp.pubsub.Topic("news", opts=pulumi.ResourceOptions(protect=True))
            gcp.pubsub.Topic("other")

        stack = cloud.deploy(program, config=CONFIG)
        with pytest.raises(ResourceFailed, match="protected"):
            stack.destroy()

        assert len(topics()) == 2

    def test_what_is_to_be_retained_or_goes_with_another_is_left(self, cloud: MockCloud) -> None:
        def program() -> None:
            kept = gcp.pubsub.Topic("kept", name="kept", opts=pulumi.ResourceOptions(retain_on_delete=True))
            gcp.pubsub.Topic("with", name="with", opts=pulumi.ResourceOptions(deleted_with=kept))

        stack = cloud.deploy(program, config=CONFIG)
        stack.destroy()

        assert topics() == ["projects/acme-dev/topics/kept", "projects/acme-dev/topics/with"]

    def test_functions_are_answered_from_the_cloud(self, cloud: MockCloud) -> None:
        def program() -> None:
            topic = gcp.pubsub.Topic("news", name="news", labels={"team": "ml"})
            found = topic.name.apply(lambda name: gcp.pubsub.get_topic(name=name))
            pulumi.export("labels", found.labels)
            pulumi.export("number", gcp.organizations.get_project().number)

        stack = cloud.deploy(program, config=CONFIG)

        assert stack.outputs["labels"] == {"team": "ml", "goog-pulumi-provisioned": "true"}
        assert stack.outputs["number"] == cloud.projects.number_of("acme-dev")

    def test_a_secret_that_a_function_tells_is_none_of_the_document(self, cloud: MockCloud) -> None:
        def program() -> None:
            secret = gcp.secretmanager.Secret("s", secret_id="s", replication={"auto": {}})
            made = gcp.secretmanager.SecretVersion("v", secret=secret.id, secret_data="hush")
            told = gcp.secretmanager.get_secret_version_output(secret=secret.secret_id, version=made.version)
            pulumi.export("told", told.secret_data)

        stack = cloud.deploy(program, config=CONFIG)

        assert stack.outputs["told"] == "hush"
        assert "hush" not in json.dumps(stack.document)

    def test_a_function_that_nothing_models_is_answered_and_named(self, cloud: MockCloud) -> None:
        def program() -> None:
            found = gcp.oracledatabase.get_db_servers(location="l", cloud_exadata_infrastructure="x")
            pulumi.export("servers", found.db_servers)

        stack = cloud.deploy(program, config=CONFIG)

        assert stack.outputs["servers"] == []
        assert stack.opaque == ("gcp:oracledatabase/getDbServers:getDbServers",)


def test_another_package_is_kept_and_named(cloud: MockCloud) -> None:
    class Pet(pulumi.CustomResource):
        def __init__(self, name: str) -> None:
            super().__init__("random:index/randomPet:RandomPet", name, {"length": 2})

    stack = cloud.deploy(lambda: Pet("pet"), config=CONFIG)

    assert stack.opaque == ("random:index/randomPet:RandomPet",)
    assert stack.resource("pet", "RandomPet").inputs == {"length": 2}
    stack.destroy()


def test_a_resource_that_there_is_not_is_named_beside_those_that_there_are(cloud: MockCloud) -> None:
    stack = cloud.deploy(news, config=CONFIG)

    with pytest.raises(LookupError, match=r"0 resources are called 'nws'.*pubsub/topic:Topic news"):
        stack.resource("nws")


def test_a_strict_cloud_asks_everything() -> None:
    with mock_gcp("strict") as cloud, pytest.raises(ResourceFailed) as error:
        cloud.deploy(news, config=CONFIG)

    assert "403 PERMISSION_DENIED" in error.value.given


def test_a_directory_is_deployed_with_its_settings(cloud: MockCloud, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  gcp:project: acme-dev\n  shop:name: fresh\n")
    (tmp_path / "__main__.py").write_text(
        "import pulumi, pulumi_gcp as gcp\n"
        "topic = gcp.pubsub.Topic('news', name=pulumi.Config().require('name'))\n"
        "pulumi.export('topic', topic.id)\n"
    )

    stack = cloud.deploy(tmp_path)

    assert stack.outputs == {"topic": "projects/acme-dev/topics/fresh"}


def test_the_value_of_a_label_is_no_secret_in_a_message(cloud: MockCloud) -> None:
    def program() -> None:
        topic = gcp.pubsub.Topic("news", labels={"team": "marketing"})
        name = topic.id.apply(lambda _: "projects/acme-dev/topics/marketing")
        gcp.pubsub.Subscription("readers", topic=name)

    with pytest.raises(ResourceFailed, match="topics/marketing"):
        cloud.deploy(program, config=CONFIG)


def test_the_threads_event_loop_is_what_it_was(cloud: MockCloud) -> None:
    loop = asyncio.new_event_loop()
    with set_for_thread(loop):
        cloud.deploy(lambda: None)
        assert asyncio.get_event_loop() is loop
    loop.close()
