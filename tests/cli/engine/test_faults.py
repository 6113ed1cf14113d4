"""What the engine says of a failure, in four parts."""

from pathlib import Path

import pytest
from pulumi.automation import CommandResult
from pulumi.automation.errors import create_command_error

from groundplan_cli.answers import Answers
from groundplan_cli.engine.events import Event, Kind
from groundplan_cli.engine.faults import Story, explain
from groundplan_cli.errors import Error
from groundplan_cli.run import Request
from mockcloud import Project
from tests.cli.engine.conftest import TOPIC, urn


def story(*events: Event) -> Story:
    root = Path("/p")
    project = Project(name="shop", root=root, program=root, settings=root, config={})
    found = Story(Request(project, "dev", {}, Answers(), None), lines={urn(TOPIC, "events"): "__main__.py:7"})
    for event in events:
        found.add(event)
    return found


def failed(stderr: str, *events: Event, mock: bool = False, code: int = 255) -> Error:
    error = create_command_error(CommandResult(stdout="", stderr=stderr, code=code))
    return explain(error, story(*events), mock=mock)


@pytest.mark.parametrize(
    ("said", "what", "remedy"),
    [
        ("error: the stack is currently locked by 1 lock(s). Either wait", "holds the stack", "pulumi cancel dev"),
        ("error: [409] Conflict: Another update is currently in progress.", "holds the stack", "pulumi cancel dev"),
        ("error: get stack secrets manager: incorrect passphrase", "secrets", "PULUMI_CONFIG_PASSPHRASE"),
        ("error: no stack named 'dev' found", "no such stack", "pulumi stack init dev"),
        ("error: no resource plugin 'pulumi-resource-gcp' found", "plugin", "pulumi plugin install"),
        (
            "error: no resource plugin 'pulumi-resource-random' found at version v4.16.0 or on your PATH",
            "plugin",
            "pulumi plugin install resource random 4.16.0",
        ),
        (
            "Could not automatically download and install resource plugin 'pulumi-resource-tls' at version v5.1.0",
            "plugin",
            "pulumi plugin install resource tls 5.1.0",
        ),
        ("error: PULUMI_ACCESS_TOKEN must be set for login", "not logged in", "pulumi login"),
        ("error: rpc error: code = Unavailable desc = error reading from server: EOF", "provider", "run the command"),
        ("error: resource urn:x violates plan: properties changed", "saved plan", "save a new plan"),
        ("error: resource 'projects/p/topics/x' does not exist", "nothing of that id", "correct the id"),
        ("error: resource 'urn:pulumi:dev::p::T::b' already exists", "state has a resource", "another name"),
        ("error: failed to load checkpoint: EOF", "another run wrote it", "once the other has ended"),
        ("error: something new", "The engine failed", "mend what it says"),
    ],
)
def test_what_the_engine_says_becomes_four_parts(said: str, what: str, remedy: str) -> None:
    found = failed(said)

    assert what in found.what
    assert remedy in found.remedy
    assert found.exit_code == 2
    assert "stderr" not in found.given
    assert found.given
    assert found.allowed


@pytest.mark.parametrize(
    ("plugin", "mock", "offered"), [("gcp", False, True), ("gcp", True, False), ("tls", False, False)]
)
def test_a_mock_cloud_is_offered_where_it_needs_no_plugin(plugin: str, mock: bool, offered: bool) -> None:
    found = failed(f"error: no resource plugin 'pulumi-resource-{plugin}' found in the workspace", mock=mock)

    assert f"pulumi plugin install resource {plugin}" in found.remedy
    assert ("--mock" in found.remedy) is offered


@pytest.mark.parametrize(
    ("said", "what", "remedy"),
    [
        ("googleapi: Error 409: Already exists, alreadyExists", "name is taken", "groundplan import"),
        ("googleapi: Error 403: Permission 'x' denied", "refuses", "role"),
        ("403: API has not been used in project 1 before or it is disabled", "API is not enabled", "services enable"),
        ("Error 429: Quota exceeded", "quota", "ask for more"),
        ("Error 404: network not found", "not there", "correct the name"),
        ("Error 400: bad", "A resource failed", "the line that is named"),
    ],
)
def test_a_refusal_of_the_cloud_names_resource_and_line(said: str, what: str, remedy: str) -> None:
    name = urn(TOPIC, "events")
    found = failed(
        "error: update failed",
        Event(Kind.FAILS, name, TOPIC, "create"),
        Event(Kind.SAYS, name, severity="error", text=said),
    )

    assert what in found.what
    assert found.given.startswith("events pubsub.Topic (__main__.py:7): ")
    assert said in found.given
    assert remedy in found.remedy


def test_inputs_that_are_wrong_are_named_together_and_without_their_values() -> None:
    said = f"{TOPIC} resource 'events': property {{}} value {{{{hunter2}}}} has a problem: {{}}"
    found = failed(
        "error: Preview failed",
        *(
            Event(Kind.SAYS, urn(TOPIC, "events"), severity="error", text=text)
            for text in (
                said.format("labels", "a string is given where a mapping is taken"),
                said.format("nmae", "Topic has no property nmae; did you mean name?"),
                f"{TOPIC} resource 'events' has a problem: one of two is needed",
            )
        ),
    )

    assert found.given == (
        "events pubsub.Topic (__main__.py:7): labels: a string is given where a mapping is taken; "
        "nmae: Topic has no property nmae; did you mean name?; one of two is needed"
    )
    assert "in the state" not in found.remedy  # nothing was made


def test_the_providers_own_parts_are_kept_where_no_event_tells_them() -> None:
    said = (
        "Diagnostics:\n  gcp:compute:Subnetwork (s):\n"
        "    error: update failed: step application failed: The provider cannot read a subnetwork.\n"
        "      given: no region\n      allowed: region as an argument\n      to do: set it\n\n    Traceback"
    )
    found = failed(said)

    parts = (found.what, found.given, found.allowed, found.remedy)
    assert parts == ("The provider cannot read a subnetwork", "no region", "region as an argument", "set it")


def test_a_path_with_our_name_in_it_is_no_plan() -> None:
    warned = "warning: using pulumi-language-python from $PATH at /tmp/groundplan-a1/pulumi-language-python expected /x"

    assert "saved plan" not in failed(f"{warned}\nerror: something new").what


def test_what_is_not_there_names_resource_and_line() -> None:
    text = "Preview failed: resource 'nope' does not exist"
    found = failed(f"error: {text}", Event(Kind.SAYS, urn(TOPIC, "events"), severity="error", text=text))

    assert found.given == f"events pubsub.Topic (__main__.py:7): {text}"


def test_on_a_mock_cloud_what_is_missing_has_to_be_made_there() -> None:
    missing = Event(Kind.SAYS, urn(TOPIC, "events"), severity="error", text="Error 404: secret not found")

    assert "examples/prerequisites" in failed("error: update failed", missing, mock=True).remedy
    assert "mock" not in failed("error: update failed", missing).remedy


def test_on_a_mock_cloud_no_command_of_pulumis_own_is_named() -> None:
    """Those work on the user's own backend."""
    lock = "file:///cache/.pulumi/locks/a.json: created by root@host (pid 7) at 2026-11-26T03:00:00Z"
    held = failed(f"error: the stack is currently locked by 1 lock(s).\n  {lock}", mock=True)
    protected = failed("error: resource 'events' cannot be deleted: it is protected", mock=True)

    assert lock in held.given
    assert "remove the file" in held.remedy
    assert "groundplan up" in protected.remedy
    assert "pulumi state unprotect" in failed("error: 'events' is protected").remedy
    assert "pulumi cancel" not in held.remedy
    assert "pulumi " not in protected.remedy


def test_what_failed_comes_before_what_an_earlier_run_left() -> None:
    warned = "warning: Attempting to deploy or update resources with 1 pending operations"
    taken = Event(Kind.SAYS, urn(TOPIC, "events"), severity="error", text="Error 409: alreadyExists")

    assert "ended in the middle" in failed(f"error: {warned}").what
    assert "name is taken" in failed(f"{warned}\nerror: update failed", taken).what


def test_several_failures_are_listed() -> None:
    events = [
        Event(Kind.SAYS, urn(TOPIC, f"t{number}"), severity="error", text=f"Error 400: {number}")
        for number in range(12)
    ]

    found = failed("error: update failed", *events)

    assert found.what == "12 resources failed"
    assert found.given.endswith("and 2 more")


def test_an_error_in_an_apply_keeps_the_programs_own_frames() -> None:
    trace = (
        "python inline source runtime error: no network\nTraceback (most recent call last):\n"
        '  File "/lib/python3.11/site-packages/pulumi/output.py", line 1, in run\n    await x\n'
        '  File "/p/__main__.py", line 5, in bad\n    raise ValueError("no network")\nValueError: no network\n'
    )

    found = failed("error: update failed", Event(Kind.SAYS, severity="error", text=trace))

    assert found.given == "no network"
    traceback = str(getattr(found, "traceback", ""))
    assert "site-packages" not in traceback
    assert '  File "/p/__main__.py", line 5, in bad\n    raise ValueError("no network")\nValueError' in traceback


def test_an_engine_that_a_signal_ended_says_how_to_go_on() -> None:
    found = failed("", code=-9)

    assert (found.what, found.given) == ("The engine was ended from outside", "signal 9")
    assert "groundplan refresh" in found.remedy
