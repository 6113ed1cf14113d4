"""Mocks for Pulumi's own unit tests make what a program registers on a mock cloud."""

import asyncio
from collections.abc import Iterator

import pulumi
import pulumi_gcp as gcp
import pytest
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs

from mockcloud import mock_gcp
from mockcloud.doors.embedded.loop import set_for_thread
from mockcloud.doors.pulumi.mocks import CloudMocks
from mockcloud.pulumi.provider import ProviderError

TOPIC = "gcp:pubsub/topic:Topic"


def resource(token: str, name: str, inputs: dict[str, object], identifier: str = "") -> MockResourceArgs:
    return MockResourceArgs(typ=token, name=name, inputs=inputs, provider="", resource_id=identifier)


@pytest.fixture
def mocks() -> CloudMocks:
    with mock_gcp() as cloud:
        return cloud.mocks(project="acme-dev", region="europe-west4")


def test_a_resource_is_made_and_read(mocks: CloudMocks) -> None:
    identifier, outputs = mocks.new_resource(resource(TOPIC, "news", {"labels": {"team": "ml"}}))

    assert identifier == f"projects/acme-dev/topics/{outputs['name']}"
    assert mocks.new_resource(resource(TOPIC, "read", {}, str(identifier)))[1]["name"] == outputs["name"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (resource(TOPIC, "news", {"lables": {}}), "did you mean labels"),
        (resource("gcp:pubsub/none:None", "news", {}), "given: The Google provider has no type"),
        (resource(TOPIC, "news", {}, "projects/acme-dev/topics/none"), "There is no"),
        (resource("gcp:pubsub/subscription:Subscription", "s", {"topic": "projects/acme-dev/topics/none"}), "404"),
    ],
)
def test_what_is_wrong_is_said(mocks: CloudMocks, args: MockResourceArgs, says: str) -> None:
    with pytest.raises(ProviderError, match=says):
        mocks.new_resource(args)


def test_functions_are_answered(mocks: CloudMocks) -> None:
    def call(token: str, **args: str) -> MockCallArgs:
        return MockCallArgs(token=token, args=args, provider="")

    found, failures = mocks.call(call("gcp:organizations/getProject:getProject"))
    assert (found["projectId"], failures) == ("acme-dev", [])
    found, failures = mocks.call(call("gcp:apigee/none:none"))
    assert "has no function" in failures[0][1]
    assert mocks.call(call("other:index:thing", a="b")) == ({"a": "b"}, [])


def test_another_package_is_echoed(mocks: CloudMocks) -> None:
    assert mocks.new_resource(resource("random:index/randomPet:RandomPet", "pet", {"length": 2})) == (
        "pet-id",
        {"length": 2},
    )


@pytest.fixture
def loop() -> Iterator[None]:
    """The event loop that Pulumi's mocks want: other tests may have taken the thread's away."""
    made = asyncio.new_event_loop()
    with set_for_thread(made):
        yield
    made.close()


@pytest.mark.usefixtures("loop")
def test_pulumis_own_way_to_test_works_with_them() -> None:
    with mock_gcp() as cloud:
        pulumi.runtime.set_mocks(cloud.mocks(project="acme-dev"), preview=False)
        seen: list[str] = []

        @pulumi.runtime.test  # type: ignore[untyped-decorator] # the SDK does not type it
        def program() -> pulumi.Output[None]:
            topic = gcp.pubsub.Topic("news", name="news")
            project = gcp.organizations.get_project_output(project_id="acme-dev")
            image = gcp.compute.get_image(family="debian-12", project="debian-cloud")
            told = pulumi.Output.all(topic.id, project.project_id, image.family)
            return told.apply(seen.extend)

        program()

    assert seen == ["projects/acme-dev/topics/news", "acme-dev", "debian-12"]
