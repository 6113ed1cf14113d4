"""What drifted, since when, by whom, and what that breaks: on a mock cloud in this process."""

import json

from groundplan_cli.render.drift import as_json
from mockcloud.cloud.faults import Fault
from tests.cli.drift.conftest import MALLORY, Deployed

BUCKET = "storage/v1/b/acme-data"
TOPIC = "v1/projects/acme-dev/topics/events"


def test_what_was_just_deployed_has_not_drifted(deployed: Deployed) -> None:
    report = deployed.look()

    assert (report.drifted, report.unread, report.exit_code) == ((), (), 0)
    assert report.looked == 3


def test_a_property_that_the_program_sets_is_told_with_both_values(deployed: Deployed) -> None:
    deployed.outside.call("PATCH", "pubsub.googleapis.com", f"{TOPIC}?updateMask=labels", _labels("other"))

    [drifted] = deployed.look().drifted
    [change] = drifted.changes
    assert (drifted.resource.name, drifted.gone) == ("events", False)
    assert (change.path, change.old, change.new) == ("labels.team", "ml", "other")


def _labels(team: str) -> dict[str, object]:
    # The provider's own label stays, as it does where somebody edits labels in the console.
    return {"topic": {"labels": {"team": team, "goog-pulumi-provisioned": "true"}}, "updateMask": "labels"}


def test_a_property_that_the_program_leaves_out_is_told_too(deployed: Deployed) -> None:
    deployed.outside.call("PATCH", "storage.googleapis.com", BUCKET, {"versioning": {"enabled": True}})

    [drifted] = deployed.look().drifted
    assert [each.path for each in drifted.changes] == ["versioning"]


def test_it_is_told_since_when_and_by_whom(deployed: Deployed) -> None:
    for enabled in (True, False, True):
        deployed.outside.call("PATCH", "storage.googleapis.com", BUCKET, {"versioning": {"enabled": enabled}})

    [drifted] = deployed.look().drifted
    events = drifted.history.events
    assert {(each.by, each.method) for each in events} == {(MALLORY, "storage.buckets.patch")}
    assert len(events) == 3
    assert events[0].at < events[-1].at


def test_controls_that_it_breaks_are_named_and_those_broken_before_are_not(deployed: Deployed) -> None:
    deployed.outside.call(
        "PATCH", "storage.googleapis.com", BUCKET, {"iamConfiguration": {"publicAccessPrevention": "inherited"}}
    )

    [drifted] = deployed.look().drifted
    # The bucket has no key of one's own either; the state says that as well.
    assert [each.control for each in drifted.breaks] == ["DAT-05"]


def test_what_is_gone_is_told_with_who_removed_it(deployed: Deployed) -> None:
    deployed.outside.call("DELETE", "pubsub.googleapis.com", TOPIC)

    report = deployed.look()
    topic = next(each for each in report.drifted if each.resource.name == "events")
    assert topic.gone
    assert [(each.by, each.method) for each in topic.history.events] == [(MALLORY, "pubsub.projects.topics.delete")]
    # So is the grant that was on it.
    assert {each.resource.name for each in report.drifted} == {"events", "reader"}
    assert report.exit_code == 1


def test_properties_whose_changes_are_ignored_have_not_drifted(deployed: Deployed) -> None:
    deployed.outside.call("PATCH", "storage.googleapis.com", BUCKET, {"versioning": {"enabled": True}})
    for each in deployed.state["deployment"]["resources"]:
        each["ignoreChanges"] = ["versioning"]

    assert not deployed.look().drifted


def test_a_type_that_nobody_models_is_said_not_to_be_compared(deployed: Deployed) -> None:
    bucket = next(each for each in deployed.state["deployment"]["resources"] if each["urn"].endswith("data"))
    made_up = {
        **bucket,
        "type": "gcp:nothing/thing:Thing",
        "urn": bucket["urn"].replace("storage/bucket:Bucket", "nothing/thing:Thing"),
    }
    deployed.state["deployment"]["resources"].append(made_up)

    report = deployed.look()
    assert [(each.resource.type, each.refused) for each in report.unread] == [("gcp:nothing/thing:Thing", False)]
    assert report.exit_code == 0


def test_a_refusal_is_no_clean_result(deployed: Deployed) -> None:
    deployed.cloud.faults.add(Fault(method="pubsub.*", status=403))

    report = deployed.look()
    assert {each.resource.name for each in report.unread} == {"events", "reader"}
    assert report.exit_code == 1


def test_secrets_are_neither_compared_nor_printed(deployed: Deployed) -> None:
    deployed.outside.call("PATCH", "pubsub.googleapis.com", f"{TOPIC}?updateMask=labels", _labels("hidden-value"))
    topic = next(each for each in deployed.state["deployment"]["resources"] if each["urn"].endswith("::events"))
    topic["inputs"]["labels"] = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "ciphertext": "x",
    }

    report = deployed.look()
    assert not report.drifted
    assert report.undecided >= 1
    assert "hidden-value" not in as_json(report)


def test_the_json_holds_all_of_it(deployed: Deployed) -> None:
    deployed.outside.call(
        "PATCH", "storage.googleapis.com", BUCKET, {"iamConfiguration": {"publicAccessPrevention": "inherited"}}
    )

    content = json.loads(as_json(deployed.look()))
    [entry] = content["drifted"]
    assert entry["kind"] == "changed"
    assert entry["properties"] == [{"path": "publicAccessPrevention", "recorded": "enforced", "actual": "inherited"}]
    assert entry["by"] == [MALLORY]
    assert entry["since"] == entry["events"][0]["at"]
    assert [each["control"] for each in entry["breaks"]] == ["DAT-05"]
    assert content["exitCode"] == 1
