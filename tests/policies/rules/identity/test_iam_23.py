"""IAM-23: model artifacts are read by workloads only."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_23 import CONTROL
from tests.policies.rules.harness import R, secret, stated_verdicts, verdict
from tests.policies.rules.identity.written import (
    AGENT,
    ANN,
    DEFAULT,
    FORMS,
    LEVELS,
    MEMBER_PATHS,
    REPOSITORY,
    ROLE_PATHS,
    SUBJECT,
    TEAM,
    TRAINER,
    WORKFORCE,
    forms,
    places,
    written,
)

VIEWER = "roles/storage.objectViewer"
MODELS = R("storage.Bucket", {"name": "acme-blobs", "labels": {"purpose": "models"}}, "store")
DATA = R("storage.Bucket", {"name": "acme-data", "labels": {"purpose": "data"}}, "data")
BUCKETS = ("storage.BucketIAM", "storage.ManagedFolderIam")
LISTS = ["READER:user-trainer@acme-ml.iam.gserviceaccount.com"]
SERVER = "user-trainer@acme-ml.iam.gserviceaccount.com"
SINGLE = ("BucketAccessControl", "DefaultObjectAccessControl", "ObjectAccessControl")


def on_bucket(on: str, form: str, member: str, role: str = VIEWER, bucket: str = "acme-blobs") -> R:
    return written(on, form, member, role, bucket=bucket, managedFolder="m/")


test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        *(on_bucket(on, form, TRAINER) for on in BUCKETS for form in FORMS),
        *(R(f"storage.{each}", {"bucket": "acme-blobs", "roleEntities": LISTS}) for each in ("BucketACL", "ObjectACL")),
        R("storage.DefaultObjectACL", {"bucket": "acme-blobs", "roleEntities": LISTS}),
        *(R(f"storage.{each}", {"bucket": "acme-blobs", "entity": SERVER, "role": "READER"}) for each in SINGLE),
        *(written(on, form, TRAINER, "roles/run.invoker", condition="true") for on in LEVELS for form in FORMS),
    ],
    MODELS,
)


@pytest.mark.parametrize(("on", "form"), forms(*BUCKETS))
@pytest.mark.parametrize(
    "member", [ANN, TEAM, "domain:acme.test", WORKFORCE, DEFAULT, "allUsers", "projectViewer:acme-ml"]
)
def test_people_and_default_accounts_fail(on: str, form: str, member: str) -> None:
    found = places(CONTROL, on_bucket(on, form, member), MODELS)
    assert found == (Verdict.FAIL, [(MEMBER_PATHS[form], "")])


@pytest.mark.parametrize(
    "member",
    [TRAINER, AGENT, SUBJECT, REPOSITORY, f"serviceAccount:{UNKNOWN}", "serviceAccount:acme-ml.svc.id.goog[n/a]"],
)
def test_workloads_pass(member: str) -> None:
    assert verdict(CONTROL, on_bucket("storage.BucketIAM", "Member", member), MODELS) is Verdict.PASS


def test_a_whole_pool_is_no_workload() -> None:
    pool = REPOSITORY.partition("/attribute.")[0]
    assert verdict(CONTROL, on_bucket("storage.BucketIAM", "Member", f"{pool}/*"), MODELS) is Verdict.FAIL


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("roles/storage.objectUser", Verdict.FAIL),
        ("roles/storage.objectAdmin", Verdict.FAIL),
        ("roles/storage.admin", Verdict.FAIL),
        ("roles/storage.legacyObjectReader", Verdict.FAIL),
        ("roles/storage.legacyObjectOwner", Verdict.FAIL),
        ("roles/viewer", Verdict.FAIL),
        ("roles/storage.objectCreator", Verdict.PASS),
        ("roles/storage.legacyBucketReader", Verdict.PASS),
        ("projects/acme-ml/roles/unheard", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_which_roles_read(role: str, expected: Verdict) -> None:
    assert verdict(CONTROL, on_bucket("storage.BucketIAM", "Member", ANN, role), MODELS) is expected


def custom(permissions: object, type_: str = "projects.IAMCustomRole") -> R:
    return R(type_, {"project": "acme-ml", "orgId": "1", "roleId": "own", "permissions": permissions}, "role")


@pytest.mark.parametrize(
    ("permissions", "expected", "wide"),
    [
        (["storage.objects.get"], Verdict.FAIL, Verdict.FAIL),
        (["storage.objects.list"], Verdict.PASS, Verdict.PASS),
        (UNKNOWN, Verdict.INDETERMINATE, Verdict.INDETERMINATE),
        (["storage.objects.list", secret()], Verdict.INDETERMINATE, Verdict.INDETERMINATE),
        ([UNKNOWN], Verdict.INDETERMINATE, Verdict.INDETERMINATE),
    ],
)
def test_custom_roles_of_the_document_are_looked_into(permissions: object, expected: Verdict, wide: Verdict) -> None:
    for role, type_ in (
        ("projects/acme-ml/roles/own", "projects.IAMCustomRole"),
        ("organizations/1/roles/own", "organizations.IAMCustomRole"),
    ):
        made = custom(permissions, type_)
        assert verdict(CONTROL, on_bucket("storage.BucketIAM", "Member", ANN, role), MODELS, made) is expected
        assert verdict(CONTROL, written("projects.IAM", "Member", TRAINER, role), made) is wide


@pytest.mark.parametrize(
    ("bucket", "expected"),
    [
        (DATA, Verdict.NOT_APPLICABLE),
        (R("storage.Bucket", {"name": "acme-data", "labels": {"purpose": "Models"}}, "x"), Verdict.FAIL),
        (R("storage.Bucket", {"name": "acme-data"}, "trained-models"), Verdict.FAIL),
        (R("storage.Bucket", {"name": "acme-data"}, "supermodels"), Verdict.NOT_APPLICABLE),
        (
            R("storage.Bucket", {"labels": {"purpose": "models"}}, "x", record={"outputs": {"name": "acme-data"}}),
            Verdict.FAIL,
        ),
    ],
)
def test_which_buckets_hold_models(bucket: R, expected: Verdict) -> None:
    grant = on_bucket("storage.BucketIAM", "Member", ANN, bucket="acme-data")
    assert verdict(CONTROL, grant, bucket) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("acme-models", Verdict.FAIL),
        ("Model_store", Verdict.FAIL),
        ("acme-remodel", Verdict.NOT_APPLICABLE),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_buckets_of_other_documents_count_by_their_name(name: str, expected: Verdict) -> None:
    assert verdict(CONTROL, on_bucket("storage.BucketIAM", "Member", ANN, bucket=name)) is expected


def test_an_unknown_bucket_is_judged_by_its_source() -> None:
    inputs = {"bucket": UNKNOWN, "member": ANN, "role": VIEWER}
    for bucket, expected in ((MODELS, Verdict.FAIL), (DATA, Verdict.NOT_APPLICABLE)):
        grant = R("storage.BucketIAMMember", inputs, origins={"bucket": bucket.urn})
        assert verdict(CONTROL, grant, bucket) is expected


@pytest.mark.parametrize(
    ("type_", "inputs", "path"),
    [
        ("BucketACL", {"roleEntities": [*LISTS, "READER:user-ann@acme.test"]}, "roleEntities[1]"),
        ("ObjectACL", {"predefinedAcl": "publicRead"}, "predefinedAcl"),
        ("DefaultObjectACL", {"roleEntities": ["WRITER:group-ml@acme.test"]}, "roleEntities[0]"),
        *((each, {"entity": "user-ann@acme.test", "role": "OWNER"}, "entity") for each in SINGLE),
    ],
)
def test_access_control_lists_of_models(type_: str, inputs: dict[str, Any], path: str) -> None:
    assert places(CONTROL, R(f"storage.{type_}", {"bucket": "acme-blobs", **inputs}), MODELS) == (
        Verdict.FAIL,
        [(path, "")],
    )


@pytest.mark.parametrize(("on", "form"), forms(*LEVELS))
@pytest.mark.parametrize("role", [VIEWER, "roles/storage.admin"])
@pytest.mark.parametrize("member", [ANN, TRAINER])
def test_reading_every_bucket_fails(on: str, form: str, role: str, member: str) -> None:
    found = places(CONTROL, written(on, form, member, role))
    assert found == (Verdict.FAIL, [(ROLE_PATHS[form], role)])


@pytest.mark.parametrize(
    ("member", "role", "expected"),
    [
        (AGENT, VIEWER, Verdict.NOT_APPLICABLE),
        (AGENT, "roles/run.invoker", Verdict.PASS),
        (ANN, "roles/viewer", Verdict.NOT_APPLICABLE),
        (ANN, "roles/storage.objectCreator", Verdict.PASS),
        (UNKNOWN, VIEWER, Verdict.INDETERMINATE),
        (ANN, "projects/acme-ml/roles/unheard", Verdict.INDETERMINATE),
    ],
)
def test_roles_on_a_project(member: str, role: str, expected: Verdict) -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", member, role)) is expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("resource.name.startsWith('projects/_/buckets/acme-data')", Verdict.INDETERMINATE),
        ("request.time < timestamp('2030-01-01T00:00:00Z')", Verdict.FAIL),
        ("", Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
        (secret(), Verdict.INDETERMINATE),
        (7, Verdict.INDETERMINATE),
    ],
)
def test_a_condition_may_keep_a_role_from_models(expression: Any, expected: Verdict) -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", ANN, VIEWER, condition=expression)) is expected


@pytest.mark.parametrize(
    "name", ["b/acme-blobs", "gs://acme-blobs", "gs://acme-blobs/", "projects/_/buckets/acme-blobs"]
)
def test_a_bucket_is_known_by_each_of_its_names(name: str) -> None:
    assert verdict(CONTROL, on_bucket("storage.BucketIAM", "Member", ANN, bucket=name), MODELS) is Verdict.FAIL
    other = name.replace("blobs", "data")
    assert verdict(CONTROL, on_bucket("storage.BucketIAM", "Member", ANN, bucket=other), DATA) is Verdict.NOT_APPLICABLE


def test_a_bucket_of_elsewhere_is_known_by_its_name_without_what_stands_before_it() -> None:
    assert verdict(CONTROL, on_bucket("storage.BucketIAM", "Member", ANN, bucket="b/models")) is Verdict.FAIL
