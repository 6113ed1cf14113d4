"""IAM-01: no grant is public."""

import json

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_01 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict
from tests.policies.rules.identity.written import ANN, MEMBER_PATHS, forms, places, written

VIEWER = "roles/storage.objectViewer"
LISTS = ["OWNER:user-ann@acme.test"]

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        *(written("storage.BucketIAM", form, ANN, VIEWER) for form in MEMBER_PATHS),
        *(written("vertex.AiEndpointIam", form, ANN, VIEWER) for form in MEMBER_PATHS),
        R(
            "storage.BucketACL",
            {"bucket": "b", "predefinedAcl": "private", "defaultAcl": "private", "roleEntities": LISTS},
        ),
        R("storage.ObjectACL", {"bucket": "b", "predefinedAcl": "private", "roleEntities": LISTS}),
        R("storage.DefaultObjectACL", {"bucket": "b", "roleEntities": LISTS}),
        *(
            R(f"storage.{each}AccessControl", {"bucket": "b", "entity": "user-ann@acme.test", "role": "READER"})
            for each in ("Bucket", "DefaultObject", "Object")
        ),
    ],
)


@pytest.mark.parametrize(
    ("on", "form"),
    forms("projects.IAM", "storage.BucketIAM", "vertex.AiEndpointIam", "kms.CryptoKeyIAM", "bigquery.Iam"),
)
@pytest.mark.parametrize("member", ["allUsers", "allAuthenticatedUsers"])
def test_a_public_member_fails_in_every_form(on: str, form: str, member: str) -> None:
    assert places(CONTROL, written(on, form, member, VIEWER)) == (Verdict.FAIL, [(MEMBER_PATHS[form], member)])


@pytest.mark.parametrize("member", ["ALLUSERS", " allUsers", "principalSet://goog/public:all"])
def test_other_ways_to_write_everybody(member: str) -> None:
    assert places(CONTROL, written("projects.IAM", "Member", member, VIEWER)) == (
        Verdict.FAIL,
        [("member", "allUsers")],
    )


def test_only_the_second_is_public() -> None:
    binding = R("projects.IAMBinding", {"members": [ANN, "allUsers", UNKNOWN], "role": VIEWER})
    found = outcome(CONTROL, binding)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["members[1]", "members[2]"]
    data = {"bindings": [{"role": VIEWER, "members": [ANN]}, {"role": VIEWER, "members": [ANN, "allUsers"]}]}
    policy = R("projects.IAMPolicy", {"policyData": json.dumps(data)})
    assert places(CONTROL, policy) == (Verdict.FAIL, [("policyData.bindings[1].members[1]", "allUsers")])


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"predefinedAcl": "publicRead"}, "predefinedAcl"),
        ({"predefinedAcl": "authenticatedRead"}, "predefinedAcl"),
        ({"defaultAcl": "publicReadWrite"}, "defaultAcl"),
        ({"roleEntities": [*LISTS, "READER:allUsers"]}, "roleEntities[1]"),
    ],
)
def test_a_public_list_fails(inputs: dict[str, object], path: str) -> None:
    found = outcome(CONTROL, R("storage.BucketACL", {"bucket": "b", **inputs}))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [path]


@pytest.mark.parametrize("kind", ["BucketAccessControl", "DefaultObjectAccessControl", "ObjectAccessControl"])
def test_a_public_entry_fails(kind: str) -> None:
    entry = R(f"storage.{kind}", {"bucket": "b", "entity": "allAuthenticatedUsers", "role": "READER"})
    assert places(CONTROL, entry) == (Verdict.FAIL, [("entity", "allAuthenticatedUsers")])


@pytest.mark.parametrize(
    "member", [f"serviceAccount:{UNKNOWN}", f"user:{UNKNOWN}@acme.test", "deleted:user:a@b.test?uid=1"]
)
def test_a_member_of_a_known_kind_is_not_public(member: str) -> None:
    assert verdict(CONTROL, written("projects.IAM", "Member", member, VIEWER)) is Verdict.PASS


def test_an_unknown_member_is_judged_by_its_source() -> None:
    account = R("serviceaccount.Account", {"accountId": "a", "project": "p"}, "account")
    grant = R("projects.IAMMember", {"member": UNKNOWN, "role": VIEWER}, origins={"member": account.urn})
    assert verdict(CONTROL, grant, account) is Verdict.PASS
    assert verdict(CONTROL, R("projects.IAMMember", {"member": UNKNOWN, "role": VIEWER})) is Verdict.INDETERMINATE


@pytest.mark.parametrize("member", ["ann@acme.test", "everybody", f"all{UNKNOWN}"])
def test_what_is_no_member_is_not_passed(member: str) -> None:
    assert places(CONTROL, written("projects.IAM", "Member", member, VIEWER)) == (
        Verdict.INDETERMINATE,
        [("member", "")],
    )


def test_accesses_of_datasets_are_left_to_another_control() -> None:
    dataset = R("bigquery.Dataset", {"accesses": [{"role": "READER", "iamMember": "allUsers"}]})
    assert verdict(CONTROL, dataset) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("data", ["{", secret(), UNKNOWN])
def test_a_policy_that_cannot_be_read_is_not_passed(data: object) -> None:
    assert verdict(CONTROL, R("projects.IAMPolicy", {"policyData": data})) is Verdict.INDETERMINATE


def test_nothing_granted_is_nothing_public() -> None:
    assert verdict(CONTROL, R("projects.IAMPolicy", {"policyData": "{}"})) is Verdict.PASS
