"""What users do with the plain command besides `up`: look, import, rename, move states, and put right what went wrong.

The project is in YAML, whose host reads the schema of the provider; code for what is imported is written by it, too.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud.pubsub_v1 import PublisherClient

from mockcloud import MockCloud, mock_gcp
from tests.conformance.directories import PROJECTS, Directory, directory_on, needs_host

pytestmark = [pytest.mark.pulumi_cli, needs_host("yaml")]

URN = "urn:pulumi:dev::messages::gcp:pubsub/topic:Topic::"


@pytest.fixture
def cloud() -> Iterator[MockCloud]:
    with mock_gcp() as opened:
        yield opened


@pytest.fixture
def directory(cloud: MockCloud, tmp_path: Path) -> Iterator[Directory]:
    """The project, with its stack up."""
    project = shutil.copytree(PROJECTS / "yaml" / "messages", tmp_path / "messages")
    with directory_on(cloud, project, tmp_path) as found:
        found.start({})
        found.pulumi("up", "--yes", "--skip-preview").expect()
        yield found


def change(directory: Directory, before: str, after: str) -> None:
    """Change the program."""
    file = directory.path / "Pulumi.yaml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def test_a_difference_is_shown_applied_and_found_by_a_refresh(directory: Directory, cloud: MockCloud) -> None:
    change(directory, "ackDeadlineSeconds: 20", "ackDeadlineSeconds: 30")

    shown = directory.pulumi("preview", "--diff").expect().text
    assert "~ ackDeadlineSeconds: 20 => 30" in shown
    directory.pulumi("up", "--yes", "--skip-preview").expect()

    PublisherClient().update_topic(
        topic={"name": "projects/acme-dev/topics/news", "labels": {"team": "other"}},
        update_mask={"paths": ["labels"]},
    )
    found = directory.pulumi("refresh", "--yes", "--diff").expect().text
    assert '"data" => "other"' in found
    directory.pulumi("up", "--yes", "--skip-preview").expect()
    assert PublisherClient().get_topic(topic="projects/acme-dev/topics/news").labels["team"] == "data"
    directory.pulumi("preview", "--refresh", "--expect-no-changes").expect()


def test_what_exists_is_imported_with_its_code(directory: Directory) -> None:
    PublisherClient().create_topic(request={"name": "projects/acme-dev/topics/old", "labels": {"team": "data"}})
    command = ("import", "gcp:pubsub/topic:Topic", "old")

    missing = directory.pulumi(*command, "projects/acme-dev/topics/none", "--yes")
    imported = directory.pulumi(*command, "projects/acme-dev/topics/old", "--yes").expect().text

    assert missing.code != 0
    assert "'projects/acme-dev/topics/none' does not exist" in missing.text
    code = imported[imported.index("resources:") :]
    assert code.splitlines()[1:3] == ["  old:", "    type: gcp:pubsub:Topic"]
    assert "      protect: true" in code
    program = directory.path / "Pulumi.yaml"
    text = program.read_text(encoding="utf-8")
    program.write_text(text.replace("resources:\n", code.rstrip() + "\n", 1), encoding="utf-8")
    directory.pulumi("preview", "--diff", "--expect-no-changes").expect()

    refused = directory.pulumi("destroy", "--yes")
    assert "is protected" in refused.text
    directory.pulumi("state", "unprotect", f"{URN}old", "--yes").expect()
    directory.pulumi("destroy", "--yes").expect()
    assert directory.state() == {}


def test_a_state_is_moved_mended_and_put_back(directory: Directory, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    directory.pulumi("stack", "export", "--file", str(file)).expect()
    before = directory.state()

    directory.pulumi("state", "rename", f"{URN}news", "latest", "--yes").expect()
    assert set(directory.state()) == {"latest", "readers"}
    directory.pulumi("state", "delete", f"{URN}latest", "--yes", "--target-dependents").expect()
    assert directory.state() == {}
    directory.pulumi("stack", "import", "--file", str(file)).expect()

    assert directory.state() == before
    directory.pulumi("preview", "--diff", "--expect-no-changes").expect()
    directory.pulumi("refresh", "--yes", "--expect-no-changes").expect()


def test_one_resource_at_a_time(directory: Directory, cloud: MockCloud) -> None:
    readers = URN.replace("topic:Topic", "subscription:Subscription") + "readers"

    directory.pulumi("destroy", "--yes", "--target", readers).expect()
    assert set(directory.state()) == {"news"}
    assert not [each.name for each in cloud.store if "/subscriptions/" in each.name]

    directory.pulumi("up", "--yes", "--skip-preview", "--target", readers).expect()
    assert set(directory.state()) == {"news", "readers"}
    assert [each.name for each in cloud.store if "/subscriptions/" in each.name]


def test_what_is_wrong_with_a_program_is_said_with_its_line(directory: Directory) -> None:
    """The schema tells what a program may say, before anything is asked of the cloud."""
    change(directory, "ackDeadlineSeconds: 20", "ackDeadline: 20")

    refused = directory.pulumi("preview")

    assert refused.code != 0
    assert "Property ackDeadline does not exist" in refused.text
    assert "Existing properties are: ackDeadlineSeconds, " in refused.text
    assert "Pulumi.yaml line 17" in refused.text


def test_the_outputs_are_what_others_read(directory: Directory) -> None:
    shown = directory.pulumi("stack", "output", "topic").expect().text

    assert shown == "projects/acme-dev/topics/news\n"
