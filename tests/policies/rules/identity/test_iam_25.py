"""IAM-25: elevated grants of people end."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_25 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict
from tests.policies.rules.identity.written import (
    AGENT,
    ANN,
    FORMS,
    LEVELS,
    ROLE_PATHS,
    SUBJECT,
    TEAM,
    TRAINER,
    WORKFORCE,
    forms,
    places,
    written,
)

ADMIN = "roles/compute.admin"
SOON = "request.time < timestamp('2030-01-31T00:00:00Z')"

test_stated_verdicts = stated_verdicts(
    CONTROL, [written(on, form, ANN, ADMIN, condition=SOON) for on in LEVELS for form in FORMS]
)


@pytest.mark.parametrize(("on", "form"), forms(*LEVELS))
@pytest.mark.parametrize("member", [ANN, TEAM, "domain:acme.test", WORKFORCE])
def test_an_elevated_grant_without_an_end_fails(on: str, form: str, member: str) -> None:
    assert places(CONTROL, written(on, form, member, ADMIN)) == (Verdict.FAIL, [(ROLE_PATHS[form], "")])
    assert verdict(CONTROL, written(on, form, member, ADMIN, condition=SOON)) is Verdict.PASS


@pytest.mark.parametrize(("on", "form"), forms(*LEVELS))
def test_a_condition_without_a_time_fails_at_the_expression(on: str, form: str) -> None:
    path = {"Policy": "policyData.bindings[0].condition.expression"}.get(form, "condition.expression")
    found = places(CONTROL, written(on, form, ANN, ADMIN, condition="resource.type == 'x'"))
    assert found == (Verdict.FAIL, [(path, "")])


@pytest.mark.parametrize("member", [TRAINER, AGENT, SUBJECT, "allUsers"])
def test_machines_are_not_judged(member: str) -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", member, ADMIN)) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    "role",
    [
        "roles/owner",
        "roles/editor",
        "roles/viewer",
        "roles/iam.serviceAccountTokenCreator",
        "roles/iam.serviceAccountUser",
        "roles/datastore.viewer",
        "roles/firebasedatabase.viewer",
        "roles/firebase.developViewer",
        "roles/healthcare.dicomViewer",
        "roles/healthcare.hl7V2Consumer",
        "roles/iam.securityAdmin",
        "roles/bigquery.dataViewer",
        "roles/bigquery.filteredDataViewer",
        "roles/bigquery.dataOwner",
        "roles/bigquery.user",
        "roles/storage.objectViewer",
        "roles/storage.objectUser",
        "roles/spanner.databaseReader",
        "roles/datastore.user",
        "roles/bigtable.reader",
        "roles/cloudsql.client",
        "roles/secretmanager.secretAccessor",
        "roles/secretmanager.secretVersionManager",
        "roles/cloudkms.cryptoKeyDecrypter",
        "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        "roles/datacatalog.categoryFineGrainedReader",
        "roles/bigquerydatapolicy.maskedReader",
        "roles/healthcare.fhirResourceReader",
        "roles/pubsub.subscriber",
        "roles/alloydb.client",
        "roles/dataplex.dataReader",
        "roles/firebaserules.reader",
    ],
)
def test_elevated_roles(role: str) -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", ANN, role)) is Verdict.FAIL


@pytest.mark.parametrize(
    "role",
    [
        "roles/aiplatform.user",
        "roles/iam.serviceAccountViewer",
        "roles/healthcare.datasetViewer",
        "roles/bigquery.jobUser",
        "roles/bigquery.metadataViewer",
        "roles/logging.viewer",
        "roles/iap.tunnelResourceAccessor",
        "roles/cloudkms.publicKeyViewer",
        "roles/storage.bucketViewer",
        "projects/acme-ml/roles/reader",
    ],
)
def test_other_roles_are_not_judged(role: str) -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", ANN, role)) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('request.time<timestamp("2030-01-31T00:00:00.000Z")', Verdict.PASS),
        ("request.time <= timestamp('2030-01-31T00:00:00+01:00')", Verdict.PASS),
        ("timestamp('2030-01-31T00:00:00Z') > request.time", Verdict.PASS),
        ("timestamp('2030-01-31T00:00:00Z') >= request.time", Verdict.PASS),
        (f"resource.type == 'x' && ({SOON})", Verdict.PASS),
        (f"(resource.type == 'x') && {SOON} && resource.name.startsWith('y')", Verdict.PASS),
        ("request.time < timestamp('2100-01-31T00:00:00Z')", Verdict.PASS),
        ("request.time < timestamp('2101-01-31T00:00:00Z')", Verdict.FAIL),
        (f"request.time < timestamp('9999-01-31T00:00:00Z') && {SOON}", Verdict.PASS),
        ("true", Verdict.FAIL),
        ("", Verdict.FAIL),
        ("request.time > timestamp('2030-01-31T00:00:00Z')", Verdict.INDETERMINATE),
        ("timestamp('2030-01-31T00:00:00Z') < request.time", Verdict.INDETERMINATE),
        (f"true || {SOON}", Verdict.INDETERMINATE),
        (f"resource.type == 'x' || true && {SOON}", Verdict.INDETERMINATE),
        (f"{SOON} && false || true", Verdict.INDETERMINATE),
        (f"!(true && {SOON})", Verdict.INDETERMINATE),
        (f"!({SOON})", Verdict.INDETERMINATE),
        (f'resource.name != "a && {SOON} && b"', Verdict.INDETERMINATE),
        (f"resource.type == 'x' ? true : (resource.name == 'y' && {SOON})", Verdict.INDETERMINATE),
        (f"true ? true : false && {SOON}", Verdict.INDETERMINATE),
        ("request.time < timestamp('2030')", Verdict.INDETERMINATE),
        (f"request.time < timestamp('{UNKNOWN}')", Verdict.INDETERMINATE),
    ],
)
def test_which_conditions_end_a_grant(expression: str, expected: Verdict) -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", ANN, ADMIN, condition=expression)) is expected


@pytest.mark.parametrize("condition", [{}, [], {"title": "t"}])
def test_an_empty_condition_is_none(condition: object) -> None:
    inputs = {"project": "p", "member": ANN, "role": ADMIN, "condition": condition}
    assert verdict(CONTROL, R("projects.IAMMember", inputs)) is Verdict.FAIL
