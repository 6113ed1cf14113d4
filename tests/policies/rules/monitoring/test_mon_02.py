"""MON-02: every log entry is kept elsewhere."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.monitoring.mon_02 import CONTROL
from tests.policies.rules.harness import PARAMETERS, PROJECT, R, outcome, outcomes, stated_verdicts, verdict

HERE = replace(PARAMETERS, monitoring_elsewhere=False, log_destinations=())
LOGS = R("logging.ProjectBucketConfig", {"project": "acme-logs", "location": "europe-west4", "bucketId": "all"}, "logs")
NAME = "logging.googleapis.com/projects/acme-logs/locations/europe-west4/buckets/all"


def sink(name: str = "it", type_: str = "logging.ProjectSink", **more: Any) -> R:
    return R(type_, {"project": PROJECT, "destination": NAME, "filter": "", "disabled": False, **more}, name)


test_stated_verdicts = stated_verdicts(CONTROL, [sink(exclusions=[])], LOGS, parameters=HERE)


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"filter": "severity>=ERROR"}, "filter"),
        ({"exclusions": [{"name": "a", "filter": "x"}]}, "exclusions"),
        ({"disabled": True}, "disabled"),
        ({"destination": f"{NAME}2"}, "destination"),
    ],
)
def test_a_sink_that_does_not_keep_all_is_none(more: dict[str, Any], path: str) -> None:
    found = outcomes(CONTROL, LOGS, sink(**more), sink("keys", project="acme-logs"), parameters=HERE)
    assert (found["it"].verdict, [each.path for each in found["it"].reasons]) == (Verdict.FAIL, [path])
    assert (found["keys"].verdict, found[""].verdict) == (Verdict.PASS, Verdict.PASS)


def test_beside_a_good_one_others_take_in_what_they_like() -> None:
    found = outcomes(CONTROL, LOGS, sink(), sink("some", filter="severity>=ERROR"), parameters=HERE)
    assert "some" not in found
    assert found["it"].verdict is Verdict.PASS


def test_every_project_has_a_sink() -> None:
    found = outcomes(CONTROL, LOGS, sink(), parameters=HERE)[""]
    assert (found.verdict, [each.shown for each in found.reasons]) == (Verdict.FAIL, ["acme-logs"])
    settings = replace(HERE, monitoring_elsewhere=True)
    assert outcomes(CONTROL, LOGS, sink(), parameters=settings)[""].verdict is Verdict.DECLARED
    unknown = sink("unknown", project=UNKNOWN)
    assert outcomes(CONTROL, LOGS, sink(), unknown, parameters=HERE)[""].verdict is Verdict.INDETERMINATE


TARGETS = [
    (R("storage.Bucket", {"name": "acme-all", "project": "acme-logs"}, "t"), "storage.googleapis.com/acme-all"),
    (
        R("bigquery.Dataset", {"datasetId": "all", "project": "acme-logs"}, "t"),
        "bigquery.googleapis.com/projects/acme-logs/datasets/all",
    ),
    (
        R("pubsub.Topic", {"name": "all", "project": "acme-logs"}, "t"),
        "pubsub.googleapis.com/projects/acme-logs/topics/all",
    ),
    (LOGS, NAME),
    (LOGS, f"//{NAME}"),
]


@pytest.mark.parametrize(("made", "destination"), TARGETS)
def test_entries_go_to_what_the_document_makes(made: R, destination: str) -> None:
    assert verdict(CONTROL, sink(destination=destination), made, parameters=HERE) is Verdict.PASS
    assert verdict(CONTROL, sink(destination=f"{destination}x"), made, parameters=HERE) is Verdict.FAIL
    late = replace(sink(destination=f"x/{UNKNOWN}"), origins={"destination": made.urn})
    assert verdict(CONTROL, late, made, parameters=HERE) is Verdict.PASS
    assert verdict(CONTROL, replace(late, origins={}), made, parameters=HERE) is Verdict.INDETERMINATE


def test_the_settings_name_what_is_elsewhere() -> None:
    named = replace(HERE, log_destinations=(NAME,))
    assert verdict(CONTROL, sink(), parameters=named) is Verdict.PASS
    found = outcome(CONTROL, sink(), parameters=replace(HERE, log_destinations=None))
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, "destination")


@pytest.mark.parametrize(
    ("more", "expected"),
    [({"includeChildren": True}, True), ({}, False), ({"includeChildren": True, "filter": "a=1"}, False)],
)
def test_a_sink_of_the_organisation_with_its_children_is_enough(more: dict[str, Any], expected: bool) -> None:
    found = outcomes(CONTROL, LOGS, sink("all", "logging.OrganizationSink", **more), parameters=HERE)
    assert found == ({"all": found["all"], "": found[""]} if expected else {"": found[""]})
    assert all(each.verdict is (Verdict.PASS if expected else Verdict.FAIL) for each in found.values())


def test_a_sink_of_a_folder_is_enough_for_what_is_in_it() -> None:
    wide = sink("all", "logging.FolderSink", includeChildren=True, folder="folders/7")
    found = outcomes(CONTROL, LOGS, wide, parameters=HERE)
    assert {name: each.verdict for name, each in found.items()} == {"all": Verdict.PASS, "": Verdict.INDETERMINATE}
    ids = (PROJECT, LOGS.inputs["project"])
    made = [R("organizations.Project", {"projectId": each, "folderId": "7"}, each) for each in ids]
    found = outcomes(CONTROL, LOGS, wide, *made, parameters=HERE)
    assert {name: each.verdict for name, each in found.items()} == {"all": Verdict.PASS, "": Verdict.PASS}


def test_a_sink_of_the_organisation_makes_up_for_one_of_a_project() -> None:
    wide = sink("all", "logging.OrganizationSink", includeChildren=True)
    some = sink("some", filter="severity>=ERROR")
    found = outcomes(CONTROL, LOGS, some, wide, parameters=HERE)
    assert {name: each.verdict for name, each in found.items()} == {"all": Verdict.PASS, "": Verdict.PASS}
    assert outcomes(CONTROL, LOGS, some, parameters=HERE)["some"].verdict is Verdict.FAIL
