"""SUP-02: images are scanned for vulnerabilities."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_02 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, stated_verdicts, verdict

REPOSITORY = "artifactregistry.Repository"
GOOD = R(
    REPOSITORY,
    {
        "project": PROJECT,
        "format": "DOCKER",
        "mode": "STANDARD_REPOSITORY",
        "vulnerabilityScanningConfig": {"enablementConfig": "INHERITED"},
    },
)


def service(name: str = "containerscanning.googleapis.com", project: str = PROJECT, **record: object) -> R:
    return R("projects.Service", {"service": name, "project": project}, "scanning", record=record)


test_stated_verdicts = stated_verdicts(CONTROL, [GOOD, service()], R("projects.Service", service().inputs, "on"))


def test_a_repository_of_images_is_scanned_unless_it_says_otherwise() -> None:
    found = outcome(CONTROL, R(REPOSITORY, {"project": PROJECT, "format": "DOCKER"}), service())
    assert found.verdict is Verdict.PASS


def test_a_repository_that_says_otherwise_fails_whatever_is_on() -> None:
    off = {**GOOD.inputs, "vulnerabilityScanningConfig": {"enablementConfig": "DISABLED"}}
    found = outcome(CONTROL, R(REPOSITORY, off), service())
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [
        ("vulnerabilityScanningConfig.enablementConfig", "DISABLED")
    ]


@pytest.mark.parametrize(
    "others",
    [
        [],
        [service("containeranalysis.googleapis.com")],
        [service(project="another-project")],
        [service(external=True)],
    ],
    ids=["nothing", "another service", "another project", "only read"],
)
def test_where_nothing_switches_scanning_on_nobody_can_tell(others: list[R]) -> None:
    found = outcome(CONTROL, GOOD, *others)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.INDETERMINATE, [""])


def test_scanning_of_one_project_is_enough_among_several() -> None:
    elsewhere = R("projects.Service", service(project="another-project").inputs, "elsewhere")
    assert verdict(CONTROL, GOOD, elsewhere, service()) is Verdict.PASS


@pytest.mark.parametrize("inputs", [{"format": "PYTHON"}, {"format": "DOCKER", "mode": "VIRTUAL_REPOSITORY"}], ids=str)
def test_what_keeps_no_images_does_not_apply(inputs: dict[str, str]) -> None:
    assert verdict(CONTROL, R(REPOSITORY, inputs)) is Verdict.NOT_APPLICABLE


def test_other_services_do_not_apply() -> None:
    assert verdict(CONTROL, service("storage.googleapis.com")) is Verdict.NOT_APPLICABLE


def test_what_remote_repositories_fetched_is_scanned_too() -> None:
    remote = R(REPOSITORY, {**GOOD.inputs, "mode": "REMOTE_REPOSITORY"})
    assert verdict(CONTROL, remote) is Verdict.INDETERMINATE
