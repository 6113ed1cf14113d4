"""Programs that are wrong, on the real engine: the state stays whole, and the message says what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pulumi
import pulumi_gcp as gcp
import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.faults import Fault, Phase
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.api import Api
from mockcloud.simulator import new_cloud
from tests.conformance.offline import CONFIG, PROJECT, Project, needs_pulumi, project_on
from tests.conformance.real_engine import collect_what_was_left

pytestmark = [
    needs_pulumi,
    pytest.mark.pulumi_cli,
    # The SDK leaves the coroutines of a program behind that fails.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Let go of what stopped programs left once nothing of the test holds it: else another test fails for it."""
    yield
    collect_what_was_left(end=True)


PASSWORD = "canary-password"


def good() -> gcp.pubsub.Topic:
    """Make a topic that is as it should be, before what is not."""
    return gcp.pubsub.Topic("good", name="good")


def wrong_type() -> None:
    gcp.pubsub.Subscription("bad", topic=good().id, ack_deadline_seconds=cast("int", "soon"))


def unknown_property() -> None:
    class Topic(pulumi.CustomResource):
        pass

    Topic("gcp:pubsub/topic:Topic", "bad", {"name": "bad", "colour": "red"}, pulumi.ResourceOptions(parent=good()))


def nothing_there() -> None:
    after = pulumi.ResourceOptions(depends_on=[good()])
    gcp.pubsub.Subscription("bad", topic=f"projects/{PROJECT}/topics/none", opts=after)


def taken() -> None:
    gcp.pubsub.Topic("bad", name="taken", opts=pulumi.ResourceOptions(depends_on=[good()]))


def not_to_import() -> None:
    known = pulumi.ResourceOptions(import_=f"projects/{PROJECT}/topics/none", depends_on=[good()])
    gcp.pubsub.Topic("bad", name="none", opts=known)


def secret_that_is_refused() -> None:
    after = pulumi.ResourceOptions(depends_on=[good()])
    missing, password = f"projects/{PROJECT}/secrets/none", pulumi.Config().require_secret("password")
    gcp.secretmanager.SecretVersion("bad", secret=missing, secret_data=password, opts=after)


BAD: tuple[tuple[Callable[[], None], tuple[str, ...]], ...] = (
    (wrong_type, ("ackDeadlineSeconds", "a string is given where an integer is taken")),
    (unknown_property, ("colour",)),
    (nothing_there, ("404 NOT_FOUND", "make what the message names first")),
    (taken, ("409 ALREADY_EXISTS", "choose another name, or take it over with `pulumi import`")),
    (not_to_import, (f"projects/{PROJECT}/topics/none", "does not exist")),
    (secret_that_is_refused, ("404 NOT_FOUND",)),
)


def call(cloud: Cloud, verb: str, path: str, body: dict[str, Any] | None = None) -> None:
    """Do something in a cloud beside the engine."""
    Api(InProcess(cloud)).call(verb, "pubsub.googleapis.com", f"v1/projects/{PROJECT}/{path}", body)


@pytest.fixture(scope="module")
def cloud() -> Cloud:
    made = new_cloud(waits="poll")
    call(made, "PUT", "topics/taken", {})
    return made


@pytest.fixture(scope="module")
def project(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    home = tmp_path_factory.mktemp("pulumi")
    with project_on(cloud, home, lambda: None, secrets={"proj:password": PASSWORD}) as made:
        yield made


@pytest.mark.parametrize(("program", "said"), BAD, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_wrong_is_named_and_the_state_stays_whole(
    program: Callable[[], None], said: tuple[str, ...], project: Project
) -> None:
    project.program = program

    outcome = project.up()

    assert outcome.code != 0
    text = " ".join(outcome.text.split())
    assert [each for each in said if each not in text] == []
    assert PASSWORD not in outcome.text
    assert project.names() == {"good"}
    project.program = lambda: void(good())
    project.unchanged()


def void(_: object) -> None:
    """Give nothing."""


def test_secrets_are_encrypted_in_the_state_and_unknown_values_are_unknown(project: Project) -> None:
    def program() -> None:
        secret = gcp.secretmanager.Secret("kept", secret_id="kept", replication={"auto": {}})
        password = pulumi.Config().require_secret("password")
        version = gcp.secretmanager.SecretVersion("first", secret=secret.id, secret_data=password)
        pulumi.export("version", version.name)

    project.program = program
    steps = {each["urn"].rpartition("::")[2]: each["newState"] for each in project.preview() if "newState" in each}
    assert steps["first"]["inputs"]["secretData"] == "[secret]"
    assert "04da6b54-80e4-46f7-96ec-b56ff0331ba9" in json.dumps(steps["first"]["inputs"]["secret"])

    project.up().expect()

    assert PASSWORD not in json.dumps(project.state())
    assert PASSWORD in json.dumps(project.state(secrets=True))


def test_what_was_made_in_part_is_kept_with_its_reasons(tmp_path: Path) -> None:
    cloud = new_cloud(waits="poll")
    made = "container.projects.locations.clusters.create"
    cloud.faults.add(Fault(method=made, phase=Phase.OPERATION, status=500, message="No nodes came up.", count=1))

    def program() -> None:
        gcp.container.Cluster(
            "kube", name="kube", location="europe-west4", initial_node_count=1, deletion_protection=False
        )

    with project_on(cloud, tmp_path, program) as here:
        failed = here.up()
        (state,) = (each for urn, each in here.state().items() if urn.endswith("::kube"))
        assert failed.code != 0
        assert "No nodes came up" in failed.text
        assert "No nodes came up" in state["initErrors"][0]

        here.up().expect()
        (state,) = (each for urn, each in here.state().items() if urn.endswith("::kube"))
        assert not state.get("initErrors")
        here.destroy().expect()


def test_two_engines_share_a_cloud(tmp_path: Path) -> None:
    cloud = new_cloud(waits="poll")
    with (
        project_on(cloud, tmp_path / "one", lambda: void(good())) as one,
        project_on(cloud, tmp_path / "two", lambda: void(good())) as two,
    ):
        one.up().expect()
        refused = two.up()
        assert "409 ALREADY_EXISTS" in refused.text
        assert two.names() == set()

        # A state from elsewhere is taken as it is, and a refresh finds what is there of it.
        exported = tmp_path / "state.json"
        exported.write_text(one.engine.run(one.directory, "stack", "export"), encoding="utf-8")
        two.attempt("stack import", f"--file={exported}").expect()
        two.refresh("--expect-no-changes").expect()
        assert two.names() == {"good"}
        one.destroy().expect()
        assert one.names() == set()
        two.refresh().expect()
        assert two.names() == set()


def test_an_api_that_is_not_enabled_is_named(tmp_path: Path) -> None:
    cloud = new_cloud(on=("enablement",), waits="poll")
    with project_on(cloud, tmp_path, lambda: void(good()), config=CONFIG) as here:
        refused = here.up()

        assert refused.code != 0
        assert "pubsub.googleapis.com" in refused.text
        assert "enable the API that the message names" in " ".join(refused.text.split())
        assert here.names() == set()
