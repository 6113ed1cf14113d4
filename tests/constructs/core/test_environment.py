"""Environment: what follows from little, and that everything wrong is said at once."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import groundplan as gp

HOST = gp.Project(id="acme-network", number="210987654321")
OURS = gp.Project(id="acme-ml-dev", number="123456789012")


def env(**more: Any) -> gp.Environment:
    return gp.Environment(**{"project": "acme-ml-dev", "region": "europe-west4", "tier": gp.Tier.TEAM, **more})


def problem(**wrong: Any) -> tuple[str, str]:
    with pytest.raises(gp.ArgumentError) as caught:
        env(**wrong)
    assert all(part in str(caught.value) for part in ("Environment:", "given:", "allowed:", "do:"))
    return caught.value.problems[0].field, caught.value.problems[0].fault


def test_one_project_does_everything() -> None:
    one = env()
    assert {project.id for project in one.projects.roles().values()} == {"acme-ml-dev"}
    assert [project.id for project in one.projects.distinct()] == ["acme-ml-dev"]
    assert one.zones == ("europe-west4-a", "europe-west4-b", "europe-west4-c")
    assert one.zone == "europe-west4-a"
    assert one.defaults is gp.Tier.TEAM.defaults


def test_projects_share_the_work() -> None:
    projects = gp.Projects(workload=OURS, network=HOST, keys=OURS, logs=OURS, build=OURS)
    several = env(project="", projects=projects)
    assert several.project == "acme-ml-dev"
    assert several.projects.distinct() == [OURS, HOST]
    assert env(projects=projects).projects is projects


def test_an_environment_is_data() -> None:
    assert env() == env()
    with pytest.raises(dataclasses.FrozenInstanceError):
        env().region = "europe-west1"  # type: ignore[misc] # that it cannot be set is what is tested


def test_a_region_newer_than_the_table_is_usable_with_its_zones() -> None:
    assert env(region="europe-new9", zones=("europe-new9-a",)).zone == "europe-new9-a"
    assert problem(region="europe-new9") == ("region", "is not one of the allowed values")
    field, fault = problem(region="europe-new9", zones=("europe-west4-a",))
    assert (field, fault) == ("zones[0]", "is not in region europe-new9")


def test_labels_of_a_thing_win_but_not_over_who_manages_it() -> None:
    labelled = env(labels={"team": "platform", "cost": "7"})
    assert labelled.labels_with({"team": "fraud", "tier": "none", "managed-by": "me"}) == {
        "team": "fraud",
        "cost": "7",
        "managed-by": "groundplan",
        "tier": "team",
    }


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"project": ""}, "project.id"),
        ({"project": "Acme"}, "project.id"),
        ({"project": "a" * 31}, "project.id"),
        ({"project": "other-project", "projects": gp.Projects.single(OURS)}, "project"),
        ({"projects": "acme-ml-dev"}, "projects"),
        ({"project": "", "projects": gp.Projects.single(gp.Project(id="acme-ml", number="12ab"))}, "project.number"),
        (
            {"project": "", "projects": gp.Projects.single(gp.Project(id="acme-ml", quota_project="X"))},
            "project.quota_project",
        ),
        (
            {"project": "", "projects": gp.Projects.single(gp.Project(id="acme-ml", impersonate="me"))},
            "project.impersonate",
        ),
        ({"region": "europe-wst4"}, "region"),
        ({"region": "nowhere"}, "region"),
        ({"region": 4}, "region"),
        ({"zones": ("europe-west4-z",)}, "zones[0]"),
        ({"zones": ("us-central1-a",)}, "zones[0]"),
        ({"tier": "team"}, "tier"),
        ({"prefix": "Acme"}, "prefix"),
        ({"prefix": "toolongprefix"}, "prefix"),
        ({"generation": 0}, "generation"),
        ({"generation": True}, "generation"),
        ({"organization": "acme.test"}, "organization"),
        ({"domains": ("@acme.test",)}, "domains[0]"),
        ({"labels": {"Team": "ml"}}, "labels['Team']"),
    ],
)
def test_bad_input_is_refused(wrong: dict[str, Any], field: str) -> None:
    assert problem(**wrong)[0] == field


def test_a_misspelt_region_names_the_nearest() -> None:
    with pytest.raises(gp.ArgumentError, match=r"did you mean europe-west4\?"):
        env(region="europe-wst4")


def test_one_project_has_one_description() -> None:
    other = dataclasses.replace(OURS, managed=False)
    projects = gp.Projects(workload=OURS, network=OURS, keys=other, logs=OURS, build=OURS)
    assert problem(project="", projects=projects) == (
        "projects.keys",
        "describes project acme-ml-dev a second time, differently",
    )


def test_a_project_of_another_role_is_checked_under_that_role() -> None:
    projects = gp.Projects(workload=OURS, network=gp.Project(id="X"), keys=OURS, logs=OURS, build=OURS)
    assert problem(project="", projects=projects)[0] == "projects.network.id"


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(gp.ArgumentError, match="4 arguments cannot be used"):
        env(project="X", region="nowhere", prefix="-", generation=0)
