import json
from collections.abc import Iterator

import pytest

from groundplan_cli.cloud.running import Running
from groundplan_cli.commands import cloud_look
from mockcloud.cloud.journal import Violation
from mockcloud.doors.rest.server import serve
from mockcloud.doors.serving import OpenDoors
from mockcloud.simulator import new_cloud
from tests.cli.cloud.conftest import Command, four_parts
from tests.mockcloud.cloud.calls import get_secret, make_secret

pytestmark = pytest.mark.usefixtures("server")


def test_the_state_is_counted_by_project_and_service(cloud: Command, doors: OpenDoors) -> None:
    for name in ("a", "b"):
        make_secret(doors.server.cloud, name)

    lines = cloud("state").stdout.splitlines()

    assert lines[0].startswith("lenient, rules: values, references; it is 2026-01-01T00:00:00")
    assert "  project acme  3" in lines
    assert lines[-2:] == ["  secretmanager", "    projects.secrets  2"]


def test_the_state_of_an_empty_cloud_is_json_too(cloud: Command) -> None:
    found = json.loads(cloud("state", "--json").stdout)

    assert found["resources"] == 0
    assert found["rules"]["references"] is True


def test_resources_are_listed_page_by_page(cloud: Command, doors: OpenDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockcloud.doors.console.views.MOST", 2)
    for name in ("a", "b", "c"):
        make_secret(doors.server.cloud, name)

    assert cloud("state", "--api", "secretmanager").stdout.splitlines() == [
        f"secretmanager/projects/acme/secrets/{name}" for name in ("a", "b", "c")
    ]
    assert len(json.loads(cloud("state", "--project", "acme", "--json").stdout)) == 4


def test_one_resource_is_shown_whole(cloud: Command, doors: OpenDoors) -> None:
    make_secret(doors.server.cloud, "key")

    found = json.loads(cloud("state", "secretmanager/projects/acme/secrets/key").stdout)

    assert found["body"]["replication"] == {"automatic": {}}
    refused = four_parts(cloud("state", "secretmanager/projects/acme/secrets/no"))
    assert "There is no such thing" in refused
    assert "projects/acme/secrets/no" in refused
    assert "groundplan cloud state" in refused


def test_the_log_says_who_called_what(cloud: Command, doors: OpenDoors) -> None:
    make_secret(doors.server.cloud, "key")
    get_secret(doors.server.cloud, "no")
    number = doors.server.cloud.journal.calls[-1].number

    made, refused = cloud("log").stdout.splitlines()

    assert "secretmanager.projects.secrets.create  projects/acme/secrets  user:owner@mock.test" in made
    assert " 404 " in refused
    assert "was not found" in refused
    assert cloud("log", "--since", str(number)).stdout == ""
    assert [each["status"] for each in json.loads(cloud("log", "--json", "--size", "1").stdout)] == [404]


def test_what_comes_is_followed_until_the_server_stops() -> None:
    with serve(new_cloud()) as server:
        make_secret(server.cloud, "before")
        later = cloud_look._later(server.url, "changes", 0)

        def next_name() -> str:
            return str(next(later)["name"]).rpartition("/")[2]

        assert next_name() == "before"
        make_secret(server.cloud, "first")
        make_secret(server.cloud, "second")
        assert [next_name(), next_name()] == ["first", "second"]
        server.cloud.reset()
        make_secret(server.cloud, "again")
        assert next_name() == "again", "numbers begin anew"
        server.stop_soon()
        assert list(later) == []


def test_the_log_is_followed(cloud: Command, doors: OpenDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    make_secret(doors.server.cloud, "before")

    def events(_: str) -> Iterator[dict[str, int]]:
        make_secret(doors.server.cloud, "later")
        yield {"era": 0}

    monkeypatch.setattr("groundplan_cli.cloud.client.events", events)

    lines = cloud("log", "--changes", "--follow", "--json").stdout.splitlines()

    assert [json.loads(line)["name"].rpartition("/")[2] for line in lines] == ["before", "later"]


def test_the_log_says_what_changed(cloud: Command, doors: OpenDoors) -> None:
    make_secret(doors.server.cloud, "key")

    (line,) = cloud("log", "--changes").stdout.splitlines()

    assert "create secretmanager/projects/acme/secrets/key  user:owner@mock.test" in line


def test_what_a_name_does_to_a_terminal_is_shown_and_not_done(cloud: Command, doors: OpenDoors) -> None:
    get_secret(doors.server.cloud, "%1b%5b31mred")

    assert "\x1b" not in cloud("log").stdout


def test_json_holds_nothing_that_a_terminal_does(
    cloud: Command, doors: OpenDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    get_secret(doors.server.cloud, "%c2%9b31mred%e2%80%ae")

    monkeypatch.setattr("groundplan_cli.cloud.client.events", lambda _: iter(()))

    for options in ((), ("--follow",)):
        said = cloud("log", "--json", *options).stdout
        assert "31mred" in said
        assert said.isascii()


@pytest.mark.parametrize(
    ("span", "now"),
    [("90", "00:01:30"), ("90s", "00:01:30"), ("2h", "02:00:00"), ("1h30m", "01:30:00"), ("0.5", "00:00:00.5")],
)
def test_time_passes(cloud: Command, span: str, now: str) -> None:
    assert cloud("advance", span).stdout == f"It is 2026-01-01T{now}Z in the mock cloud.\n"


@pytest.mark.parametrize("span", ["soon", "", "1h 30m", "5w", "h"])
def test_what_is_no_span_is_refused(cloud: Command, span: str) -> None:
    assert "no span of time" in four_parts(cloud("advance", span))


def test_a_reset_empties(cloud: Command, doors: OpenDoors, server: Running) -> None:
    make_secret(doors.server.cloud, "key")

    assert cloud("reset").stdout == f"The mock cloud at {server.url} is empty.\n"
    assert len(doors.server.cloud.store) == 0


def test_a_fault_comes_happens_and_ends(cloud: Command, doors: OpenDoors) -> None:
    added = cloud(
        "fault", "add", "--method", "secretmanager.*", "--status", "503", "--count", "2", "--retry-after", "3"
    )
    assert added.stdout.startswith("fault ")
    number = added.stdout.split()[1].rstrip(":")
    assert make_secret(doors.server.cloud, "key").status == 503

    assert cloud("fault", "list").stdout == (
        f"{number}: method=secretmanager.* status=503 retry-after=3 count=2; happened 1 of 1\n"
    )
    assert json.loads(cloud("fault", "list", "--json").stdout)[0]["spent"] is False
    make_secret(doors.server.cloud, "key")
    assert cloud("fault", "list").stdout.endswith("happened 2 of 2, spent\n")
    assert cloud("fault", "remove", number).stdout == f"fault {number} has ended\n"
    assert "no such fault" in four_parts(cloud("fault", "remove", number))


def test_every_part_of_a_fault_can_be_said(cloud: Command, doors: OpenDoors) -> None:
    what = "--phase operation --polls 2 --seconds 9 --stuck --message No."
    when = "--name projects/* --skip 1 --probability 0.5 --accelerator nvidia-*"

    assert cloud("fault", "add", *what.split(), *when.split()).exit_code == 0
    (added,) = doors.server.cloud.faults
    fault = added.fault
    assert (fault.phase, fault.polls, fault.seconds, fault.skip, fault.probability) == ("operation", 2, 9, 1, 0.5)
    assert (fault.name, fault.accelerator, fault.stuck, fault.message) == ("projects/*", "nvidia-*", True, "No.")


def test_a_fault_that_makes_no_sense_is_refused(cloud: Command) -> None:
    assert "a fault that does nothing" in four_parts(cloud("fault", "add"))


def test_policies_can_be_late(cloud: Command, doors: OpenDoors) -> None:
    assert cloud("fault", "late-iam", "7m").stdout == "Changed policies count after 420 s\n"
    assert doors.server.cloud.access.delay.total_seconds() == 420


class TestViolations:
    def test_what_rules_in_dry_run_would_have_refused_is_shown(self, cloud: Command, doors: OpenDoors) -> None:
        for name in ("a", "b"):
            doors.server.cloud.journal.violate(
                Violation(
                    "service perimeter", "accessPolicies/1/servicePerimeters/p", "m", name, "user:a@acme.test", "out"
                )
            )

        (line,) = cloud("log", "--violations", "--size", "1").stdout.splitlines()
        assert line == "service perimeter  accessPolicies/1/servicePerimeters/p  m  b  user:a@acme.test  out"
        assert [each["name"] for each in json.loads(cloud("log", "--violations", "--json").stdout)] == ["a", "b"]

    @pytest.mark.parametrize("option", [("--changes",), ("--since", "0"), ("--follow",)])
    def test_they_have_no_numbers(self, cloud: Command, option: tuple[str, ...]) -> None:
        result = cloud("log", "--violations", *option)

        assert result.exit_code == 2
        assert f"leave out {option[0]}" in four_parts(result)
