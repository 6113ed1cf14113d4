"""SUP-20: serialised code of agents is trusted."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_20 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, stated_verdicts, verdict

AGENT = "vertex.AiReasoningEngine"
PARAMETERS = Parameters(code_buckets=("code",), build_accounts=())
BUILDER = f"builder@{PROJECT}.iam.gserviceaccount.com"
ACCOUNT = R("serviceaccount.Account", {"accountId": "builder", "project": PROJECT}, "builder")
TRIGGER = R("cloudbuild.Trigger", {"serviceAccount": BUILDER}, "build")


def bucket(name: str = "code", **inputs: Any) -> R:
    return R("storage.Bucket", {"name": name, "project": PROJECT, "versioning": {"enabled": True}, **inputs}, "code")


def grant(member: str, role: str = "roles/storage.objectUser", name: str = "code") -> R:
    return R("storage.BucketIAMMember", {"bucket": name, "role": role, "member": member}, f"{member}-{role}")


WRITES = grant(f"serviceAccount:{BUILDER}")
OTHERS = (bucket(), ACCOUNT, TRIGGER, WRITES)
PACKAGE = {"pickleObjectGcsUri": "gs://code/agent.pkl", "dependencyFilesGcsUri": "gs://code/packages.tar.gz"}
KEYS = [*PACKAGE]


def agent(**package: object) -> R:
    return R(AGENT, {"spec": {"packageSpec": package}})


test_stated_verdicts = stated_verdicts(CONTROL, [agent(**PACKAGE)], *OTHERS, parameters=PARAMETERS)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("address", ["gs://somebody/agent.pkl", "https://evil.example/agent.pkl", "agent.pkl"])
def test_an_object_elsewhere_fails(key: str, address: str) -> None:
    found = outcome(CONTROL, agent(**{**PACKAGE, key: address}), *OTHERS, parameters=PARAMETERS)
    assert found.verdict is Verdict.FAIL
    assert {(each.path, each.shown) for each in found.reasons} == {(f"spec.packageSpec.{key}", "")}


def test_requirements_are_not_seen() -> None:
    found = outcome(
        CONTROL, agent(**PACKAGE, requirementsGcsUri="gs://code/requirements.txt"), *OTHERS, parameters=PARAMETERS
    )
    assert (found.verdict, [each.path for each in found.reasons]) == (
        Verdict.INDETERMINATE,
        ["spec.packageSpec.requirementsGcsUri"],
    )


def test_an_agent_without_serialised_code_does_not_apply() -> None:
    assert verdict(CONTROL, R(AGENT, {"spec": {}}), parameters=PARAMETERS) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("kept", [{"versioning": {"enabled": False}}, {"versioning": None}], ids=str)
def test_earlier_versions_are_kept(kept: dict[str, Any]) -> None:
    found = outcome(CONTROL, agent(**PACKAGE), bucket(**kept), ACCOUNT, TRIGGER, WRITES, parameters=PARAMETERS)
    assert found.verdict is Verdict.FAIL
    assert {each.path for each in found.reasons} == {f"spec.packageSpec.{each}" for each in KEYS}


@pytest.mark.parametrize(
    "role",
    [
        *(
            "roles/storage.admin",
            "roles/storage.objectAdmin",
            "roles/storage.objectCreator",
            "roles/storage.objectUser",
            "roles/storage.folderAdmin",
            "roles/dataflow.worker",
            "roles/dataproc.worker",
            "roles/composer.worker",
            "roles/cloudbuild.builds.builder",
        ),
        *("roles/storage.legacyBucketWriter", "roles/storage.legacyBucketOwner", "roles/storage.legacyObjectOwner"),
    ],
)
def test_nobody_else_writes(role: str) -> None:
    found = verdict(CONTROL, agent(**PACKAGE), *OTHERS, grant("user:alice@acme.test", role), parameters=PARAMETERS)
    assert found is Verdict.FAIL


@pytest.mark.parametrize("role", ["roles/storage.objectViewer", "roles/storage.legacyBucketReader"])
def test_others_may_read(role: str) -> None:
    found = verdict(CONTROL, agent(**PACKAGE), *OTHERS, grant("user:alice@acme.test", role), parameters=PARAMETERS)
    assert found is Verdict.PASS


def test_other_buckets_do_not_count() -> None:
    other = R("storage.Bucket", {"name": "other", "project": PROJECT}, "other")
    write = grant("user:alice@acme.test", name="other")
    assert verdict(CONTROL, agent(**PACKAGE), *OTHERS, other, write, parameters=PARAMETERS) is Verdict.PASS


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("roles/storage.objectAdmin", Verdict.FAIL),
        ("roles/editor", Verdict.FAIL),
        ("roles/storage.objectViewer", Verdict.PASS),
        ("projects/x/roles/unseen", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_roles_on_the_project_count(role: str, expected: Verdict) -> None:
    wide = R("projects.IAMMember", {"project": PROJECT, "role": role, "member": "group:ml@acme.test"}, "wide")
    assert verdict(CONTROL, agent(**PACKAGE), *OTHERS, wide, parameters=PARAMETERS) is expected
    elsewhere = R("projects.IAMMember", {**wide.inputs, "project": "another"}, "wide")
    assert verdict(CONTROL, agent(**PACKAGE), *OTHERS, elsewhere, parameters=PARAMETERS) is Verdict.PASS
    above = R("folder.IAMMember", {"folder": "folders/1", "role": role, "member": "group:ml@acme.test"}, "above")
    assert verdict(CONTROL, agent(**PACKAGE), *OTHERS, above, parameters=PARAMETERS) is expected


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [
        (["storage.objects.create"], Verdict.FAIL),
        (["storage.objects.get"], Verdict.PASS),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
    ids=str,
)
def test_custom_roles_are_looked_into(permissions: object, expected: Verdict) -> None:
    role = R("projects.IAMCustomRole", {"project": PROJECT, "roleId": "push", "permissions": permissions}, "push")
    write = grant("user:alice@acme.test", f"projects/{PROJECT}/roles/push")
    assert verdict(CONTROL, agent(**PACKAGE), *OTHERS, role, write, parameters=PARAMETERS) is expected


def test_an_access_control_list_writes_too() -> None:
    entry = R(
        "storage.BucketAccessControl", {"bucket": "code", "entity": "user-alice@acme.test", "role": "WRITER"}, "acl"
    )
    assert verdict(CONTROL, agent(**PACKAGE), *OTHERS, entry, parameters=PARAMETERS) is Verdict.FAIL


def test_a_bucket_elsewhere_tells_nothing() -> None:
    found = outcome(CONTROL, agent(**PACKAGE), parameters=PARAMETERS)
    assert found.verdict is Verdict.INDETERMINATE
    read = R("storage.Bucket", bucket().inputs, "code", record={"external": True})
    assert verdict(CONTROL, agent(**PACKAGE), read, parameters=PARAMETERS) is Verdict.INDETERMINATE


def test_without_a_list_nobody_can_tell() -> None:
    assert (
        verdict(CONTROL, agent(**PACKAGE), *OTHERS, parameters=Parameters(build_accounts=())) is Verdict.INDETERMINATE
    )


@pytest.mark.parametrize(
    ("name", "role", "expected"),
    [
        ("code", "roles/storage.objectUser", Verdict.FAIL),
        ("code", "roles/storage.objectViewer", Verdict.PASS),
        ("other", "roles/storage.objectUser", Verdict.PASS),
    ],
)
def test_who_writes_to_a_folder_of_the_bucket_counts(name: str, role: str, expected: Verdict) -> None:
    inputs = {"bucket": name, "managedFolder": "agents/", "role": role, "member": "user:eve@acme.test"}
    folder = R("storage.ManagedFolderIamMember", inputs, "folder")
    assert verdict(CONTROL, agent(**PACKAGE), *OTHERS, folder, parameters=PARAMETERS) is expected
