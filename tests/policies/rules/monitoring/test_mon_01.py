"""MON-01: access to data is audited."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.monitoring.mon_01 import CONTROL
from tests.policies.rules.harness import PARAMETERS, PROJECT, R, outcome, outcomes, stated_verdicts, verdict

HERE = replace(PARAMETERS, monitoring_elsewhere=False)
KINDS = ("ADMIN_READ", "DATA_READ", "DATA_WRITE")
BUCKET = R("storage.Bucket", {"project": PROJECT}, "bucket")
OTHER = R("storage.Bucket", {"project": "acme-keys"}, "other")


def config(type_: str = "projects.IAMAuditConfig", name: str = "it", **more: Any) -> R:
    kinds = [{"logType": each, "exemptedMembers": []} for each in KINDS]
    return R(type_, {"project": PROJECT, "service": "allServices", "auditLogConfigs": kinds, **more}, name)


WIDE = ("folder.IamAuditConfig", "organizations.IamAuditConfig")

test_stated_verdicts = stated_verdicts(CONTROL, [config(), *(config(each) for each in WIDE)], BUCKET, parameters=HERE)


@pytest.mark.parametrize("left", KINDS)
def test_each_kind_is_logged(left: str) -> None:
    found = outcome(CONTROL, config(auditLogConfigs=[{"logType": each} for each in KINDS if each != left]))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["auditLogConfigs"])
    assert left in found.reasons[0].message


def test_nobody_is_exempt_of_any_service() -> None:
    kinds = [*({"logType": each} for each in KINDS[:2]), {"logType": KINDS[2], "exemptedMembers": ["user:a@b.test"]}]
    for service in ("allServices", "storage.googleapis.com"):
        found = outcome(CONTROL, config(service=service, auditLogConfigs=kinds))
        assert [each.path for each in found.reasons] == ["auditLogConfigs[2].exemptedMembers"]


def test_one_service_may_log_less_and_is_not_enough() -> None:
    one = config(service="storage.googleapis.com", auditLogConfigs=[{"logType": "DATA_READ"}])
    found = outcomes(CONTROL, one, BUCKET, parameters=HERE)
    assert found["it"].verdict is Verdict.PASS
    assert (found[""].verdict, found[""].reasons[0].shown) == (Verdict.FAIL, PROJECT)


def test_every_project_has_one() -> None:
    found = outcomes(CONTROL, config(), BUCKET, OTHER, parameters=HERE)[""]
    assert (found.verdict, [each.shown for each in found.reasons]) == (Verdict.FAIL, ["acme-keys"])
    both = outcomes(CONTROL, config(), config(name="two", project="acme-keys"), BUCKET, OTHER, parameters=HERE)
    assert both[""].verdict is Verdict.PASS


def test_what_is_an_organisations_holds_for_all() -> None:
    wide = config("organizations.IamAuditConfig", project=None)
    assert outcomes(CONTROL, wide, BUCKET, OTHER, parameters=HERE)[""].verdict is Verdict.PASS
    one = config("organizations.IamAuditConfig", project=None, service="storage.googleapis.com")
    assert outcomes(CONTROL, one, BUCKET, parameters=HERE)[""].verdict is Verdict.FAIL


FOLDER = R("organizations.Folder", {"displayName": "ml", "parent": "organizations/1"}, "ml")
BELOW = R("organizations.Folder", {"parent": UNKNOWN}, "below", origins={"parent": FOLDER.urn})


@pytest.mark.parametrize(
    ("folder", "of", "of_project", "expected"),
    [
        ("folders/7", None, "7", Verdict.PASS),
        ("folders/7", None, "folders/7", Verdict.PASS),
        ("folders/7", None, "8", Verdict.INDETERMINATE),
        ("folders/7", None, None, Verdict.INDETERMINATE),
        (UNKNOWN, FOLDER, FOLDER, Verdict.PASS),
        (UNKNOWN, FOLDER, BELOW, Verdict.PASS),
        (UNKNOWN, BELOW, FOLDER, Verdict.INDETERMINATE),
    ],
)
def test_what_is_a_folders_holds_for_what_is_in_it(
    folder: str, of: R | None, of_project: R | str | None, expected: Verdict
) -> None:
    wide = replace(
        config("folder.IamAuditConfig", project=None, folder=folder), origins={"folder": of.urn} if of else {}
    )
    given = of_project if not isinstance(of_project, R) else UNKNOWN
    origins = {"folderId": of_project.urn} if isinstance(of_project, R) else {}
    made = R("organizations.Project", {"projectId": PROJECT, "folderId": given}, "project", origins=origins)
    assert outcomes(CONTROL, FOLDER, BELOW, wide, made, BUCKET, parameters=HERE)[""].verdict is expected
    assert outcomes(CONTROL, FOLDER, BELOW, wide, BUCKET, parameters=HERE)[""].verdict is Verdict.INDETERMINATE


def test_folders_that_hold_one_another_are_walked_once() -> None:
    one = R("organizations.Folder", {"parent": UNKNOWN}, "one", origins={"parent": FOLDER.urn})
    circle = replace(FOLDER, inputs={"parent": UNKNOWN}, origins={"parent": one.urn})
    wide = config("folder.IamAuditConfig", project=None, folder="folders/7")
    made = R("organizations.Project", {"projectId": PROJECT, "folderId": UNKNOWN}, "p", origins={"folderId": one.urn})
    found = outcomes(CONTROL, one, circle, wide, made, BUCKET, parameters=HERE)
    assert found[""].verdict is Verdict.INDETERMINATE


def test_a_policy_and_a_configuration_of_one_project_undo_each_other() -> None:
    policy = R("projects.IAMPolicy", {"project": PROJECT, "policyData": "{}"}, "policy")
    assert outcomes(CONTROL, config(), BUCKET, policy, parameters=HERE)[""].verdict is Verdict.INDETERMINATE
    other = replace(policy, inputs={**policy.inputs, "project": "acme-keys"})
    assert outcomes(CONTROL, config(), BUCKET, other, parameters=HERE)[""].verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("elsewhere", "expected"), [(True, Verdict.DECLARED), (None, Verdict.INDETERMINATE), (False, Verdict.FAIL)]
)
def test_the_settings_say_what_is_set_up_elsewhere(elsewhere: bool | None, expected: Verdict) -> None:
    settings = replace(PARAMETERS, monitoring_elsewhere=elsewhere)
    assert outcomes(CONTROL, BUCKET, parameters=settings)[""].verdict is expected


def test_a_whole_policy_may_say_it() -> None:
    policy = R("projects.IAMPolicy", {"project": PROJECT, "policyData": "{}"}, "policy")
    assert outcomes(CONTROL, BUCKET, policy, parameters=HERE)[""].verdict is Verdict.INDETERMINATE
    assert outcomes(CONTROL, OTHER, policy, parameters=HERE)[""].verdict is Verdict.FAIL


def test_a_configuration_of_an_unknown_project_may_be_the_one() -> None:
    found = outcomes(CONTROL, config(project=UNKNOWN), BUCKET, parameters=HERE)
    assert found[""].verdict is Verdict.INDETERMINATE


def test_without_resources_there_is_nothing_to_audit() -> None:
    assert outcomes(CONTROL, parameters=HERE) == {}
    assert verdict(CONTROL, config(), parameters=HERE) is Verdict.PASS


def test_a_service_of_its_own_has_nothing_to_say_of_kinds() -> None:
    one = config(service="storage.googleapis.com", auditLogConfigs=[])
    assert verdict(CONTROL, one) is Verdict.PASS


def test_kinds_that_are_not_known_may_be_those_that_lack() -> None:
    kinds = [{"logType": "ADMIN_READ"}, {"logType": UNKNOWN}]
    found = outcome(CONTROL, config(auditLogConfigs=kinds))
    assert (found.verdict, [each.path for each in found.reasons]) == (
        Verdict.INDETERMINATE,
        ["auditLogConfigs[1].logType"],
    )
    both = [{"logType": UNKNOWN}, {"logType": 7}]
    assert len(outcome(CONTROL, config(auditLogConfigs=both)).reasons) == 2
