"""MON-10: the asset inventory is on, and Google knows whom to tell."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.monitoring.mon_10 import CONTROL
from tests.policies.rules.harness import PARAMETERS, PROJECT, R, outcome, outcomes, stated_verdicts, verdict

HERE = replace(PARAMETERS, monitoring_elsewhere=False)
BUCKET = R("storage.Bucket", {"project": PROJECT}, "bucket")
API = R("projects.Service", {"project": PROJECT, "service": "cloudasset.googleapis.com"}, "api")
FEED = R("cloudasset.ProjectFeed", {"project": PROJECT, "assetTypes": ["storage.googleapis.com/Bucket"]}, "feed")
WIDE = ("cloudasset.FolderFeed", "cloudasset.OrganizationFeed")
NEEDED = ["LEGAL", "SECURITY", "SUSPENSION", "TECHNICAL"]


def contact(*categories: str, parent: str = f"projects/{PROJECT}", name: str = "contact") -> R:
    inputs = {"parent": parent, "email": "a@acme.test", "notificationCategorySubscriptions": list(categories)}
    return R("essentialcontacts.Contact", inputs, name)


test_stated_verdicts = stated_verdicts(
    replace(CONTROL, reads=tuple(each for each in CONTROL.reads if each.type != "projects.Service")),
    [FEED, *(replace(FEED, type=each, name=each[-4:]) for each in WIDE), contact(*NEEDED)],
    parameters=HERE,
)


def stack(*resources: R, **more: Any) -> Outcome:
    return outcomes(CONTROL, *resources, **{"parameters": HERE, **more})[""]


def test_a_project_has_all_three() -> None:
    assert stack(BUCKET, API, FEED, contact(*NEEDED)).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("left", "words"), [(API, "the API"), (FEED, "its assets"), (contact(*NEEDED), "no contacts for legal matters")]
)
def test_each_is_asked_for(left: R, words: str) -> None:
    there = [each for each in (BUCKET, API, FEED, contact(*NEEDED)) if each != left]
    found = stack(*there)
    assert (found.verdict, [each.shown for each in found.reasons]) == (Verdict.FAIL, [PROJECT])
    assert words in found.reasons[0].message
    assert stack(*there, parameters=replace(HERE, monitoring_elsewhere=True)).verdict is Verdict.DECLARED
    assert stack(*there, parameters=PARAMETERS).verdict is Verdict.INDETERMINATE


def test_another_api_is_none() -> None:
    other = replace(API, inputs={**API.inputs, "service": "storage.googleapis.com"})
    assert stack(BUCKET, other, FEED, contact(*NEEDED)).verdict is Verdict.FAIL


@pytest.mark.parametrize("left", NEEDED)
def test_contacts_hear_of_all_four_matters_together(left: str) -> None:
    some = [each for each in NEEDED if each != left]
    assert stack(BUCKET, API, FEED, contact(*some)).verdict is Verdict.FAIL
    assert stack(BUCKET, API, FEED, contact(*some), contact(left, name="two")).verdict is Verdict.PASS
    assert stack(BUCKET, API, FEED, contact("ALL")).verdict is Verdict.PASS
    elsewhere = contact(left, parent="projects/acme-keys", name="two")
    assert stack(BUCKET, API, FEED, contact(*some), elsewhere).verdict is Verdict.FAIL
    above = contact(left, parent="organizations/1", name="two")
    assert stack(BUCKET, API, FEED, contact(*some), above).verdict is Verdict.PASS


def test_a_contact_of_an_unknown_project_may_be_the_one() -> None:
    assert stack(BUCKET, API, FEED, contact(*NEEDED, parent=UNKNOWN)).verdict is Verdict.INDETERMINATE
    project = R("organizations.Project", {"projectId": UNKNOWN}, "project")
    bucket = R("storage.Bucket", {"project": UNKNOWN}, "bucket", {"project": project.urn})
    of_it = {"project": project.urn}
    made = [replace(each, inputs={**each.inputs, "project": UNKNOWN}, origins=of_it) for each in (API, FEED)]
    told = replace(contact(*NEEDED, parent=f"projects/{UNKNOWN}"), origins={"parent": project.urn})
    assert stack(project, bucket, *made, told).verdict is Verdict.PASS


def test_contacts_of_named_projects_may_be_of_the_default_one() -> None:
    default = [replace(each, inputs={k: v for k, v in each.inputs.items() if k != "project"}) for each in (API, FEED)]
    bare = R("storage.Bucket", {}, "bucket")
    assert stack(bare, *default, contact(*NEEDED)).verdict is Verdict.INDETERMINATE
    assert stack(bare, *default).verdict is Verdict.FAIL


@pytest.mark.parametrize("type_", WIDE)
def test_feeds_above_projects_hold_for_all(type_: str) -> None:
    expected = Verdict.INDETERMINATE if "Folder" in type_ else Verdict.PASS
    assert stack(BUCKET, API, replace(FEED, type=type_), contact(*NEEDED)).verdict is expected


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        ("organizations/1", Verdict.PASS),
        ("folders/1", Verdict.INDETERMINATE),
        ("projects/123456789012", Verdict.INDETERMINATE),
        ("projects/acme-other", Verdict.FAIL),
    ],
)
def test_contacts_of_a_folder_or_of_a_number_may_be_for_the_project(parent: str, expected: Verdict) -> None:
    assert stack(BUCKET, API, FEED, contact(*NEEDED, parent=parent)).verdict is expected


def test_a_feed_names_types_or_assets() -> None:
    named = R("cloudasset.ProjectFeed", {"assetNames": ["//storage.googleapis.com/data"]})
    assert verdict(CONTROL, named) is Verdict.PASS
    found = outcome(CONTROL, R("cloudasset.ProjectFeed", {}))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["assetTypes", "assetNames"])


def test_without_resources_there_is_nothing_to_list() -> None:
    assert outcomes(CONTROL, API, parameters=HERE) == {}


@pytest.mark.parametrize("one", [API, FEED], ids=["api", "feed"])
def test_what_is_in_an_unknown_project_may_be_the_one(one: R) -> None:
    late = replace(one, inputs={**one.inputs, "project": UNKNOWN})
    there = [late if each is one else each for each in (API, FEED)]
    assert stack(BUCKET, *there, contact(*NEEDED)).verdict is Verdict.INDETERMINATE
