"""Who can do what on which data, by every way that grants open."""

import pytest

from groundplan_policies.evidence.model import Access
from tests.policies.evidence.world import accesses, acts_as, short
from tests.policies.flow.world import TRAINER, account, bucket, dataset, on_bucket, on_project
from tests.policies.rules.harness import PROJECT, R, urn


def only(*found: R) -> Access:
    (one,) = accesses(*found)
    return one


def test_a_grant_on_the_data_itself() -> None:
    one = only(bucket("raw"), account("trainer"), on_bucket("raw", "roles/storage.objectUser"))

    assert short(one) == ("trainer", "read and write", "raw")
    assert (one.kind, one.role, one.where, one.as_whom) == (
        "service account",
        "roles/storage.objectUser",
        "it",
        (),
    )
    assert one.through == (urn("storage.BucketIAMMember", "grant"),)
    assert one.sure


def test_a_role_that_gives_no_data_gives_none() -> None:
    assert accesses(bucket("raw"), on_bucket("raw", "roles/storage.legacyBucketReader")) == ()
    assert accesses(dataset("people"), on_project("roles/bigquery.jobUser")) == ()


def test_a_grant_on_the_project_reaches_its_data_and_no_other_project() -> None:
    found = accesses(dataset("people"), dataset("theirs", "other"), on_project("roles/bigquery.dataViewer"))

    assert [short(each) for each in found] == [(TRAINER, "read", "people")]
    assert found[0].where == f"the project {PROJECT}"


def test_a_grant_above_projects_reaches_all_of_them() -> None:
    member = "group:all@acme.test"
    wide = R("organizations.IAMMember", {"orgId": "1", "role": "roles/storage.objectViewer", "member": member}, "wide")

    one = only(bucket("raw"), wide)

    assert (one.who, one.kind, one.where) == ("all@acme.test", "group", "the organization above")


def test_whoever_acts_as_an_account_has_what_it_has() -> None:
    found = accesses(
        bucket("raw"),
        account("trainer"),
        on_bucket("raw", "roles/storage.objectViewer"),
        acts_as("trainer", "group:ml@acme.test"),
    )

    assert [short(each) for each in found] == [("trainer", "read", "raw"), ("ml@acme.test", "read", "raw")]
    assert found[1].as_whom == ("trainer",)
    assert found[1].through == (urn("serviceaccount.IAMMember", "acts"), urn("storage.BucketIAMMember", "grant"))


def test_a_chain_of_accounts_is_followed_and_a_circle_ends() -> None:
    first = f"serviceAccount:first@{PROJECT}.iam.gserviceaccount.com"
    found = accesses(
        bucket("raw"),
        account("trainer"),
        account("first"),
        on_bucket("raw", "roles/storage.objectViewer"),
        acts_as("trainer", first, "one"),
        acts_as("first", "user:eve@acme.test", "two"),
        acts_as("first", f"serviceAccount:{TRAINER}", "back"),
    )

    assert [(each.who, each.as_whom) for each in found] == [
        ("trainer", ()),
        ("first", ("trainer",)),
        ("eve@acme.test", ("first", "trainer")),
    ]


def test_a_basic_role_on_the_project_counts_and_is_not_sure() -> None:
    key = R("kms.CryptoKey", {"name": "k", "project": PROJECT}, "k")

    one = only(key, on_project("roles/editor"))

    assert (one.can, one.sure) == ("whatever the basic role allows", False)


def test_decrypting_and_encrypting_are_told_apart() -> None:
    key = R("kms.CryptoKey", {"name": "k", "project": PROJECT, "id": "k"}, "k")

    def grant(role: str) -> R:
        inputs = {"cryptoKeyId": "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "role": role, "member": "user:a@acme.test"}
        return R("kms.CryptoKeyIAMMember", inputs, role, origins={"cryptoKeyId": key.urn})

    found = accesses(key, grant("roles/cloudkms.cryptoKeyDecrypter"), grant("roles/cloudkms.cryptoKeyEncrypter"))

    assert [each.can for each in found] == ["decrypt", "encrypt"]


def test_data_that_the_document_does_not_hold_is_named() -> None:
    one = only(on_bucket("elsewhere", "roles/storage.objectViewer"))

    assert (one.urn, one.data, one.type) == ("", "elsewhere", "storage.Bucket")


def test_a_condition_is_shown_and_judged_by_nobody() -> None:
    inputs = {
        "bucket": "raw",
        "role": "roles/storage.objectViewer",
        "member": "user:a@acme.test",
        "condition": {"title": "t", "expression": "request.time < timestamp('2027-01-01T00:00:00Z')"},
    }

    one = only(bucket("raw"), R("storage.BucketIAMMember", inputs, "grant"))

    assert one.condition.startswith("request.time <")


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ("allUsers", "everybody on the internet"),
        ("user:a@acme.test", "person"),
        ("domain:acme.test", "everybody of a domain"),
        ("serviceAccount:service-12345@gs-project-accounts.iam.gserviceaccount.com", "Google’s agent"),
        ("nonsense", "not known"),
    ],
)
def test_it_is_said_what_a_principal_is(member: str, kind: str) -> None:
    inputs = {"bucket": "raw", "role": "roles/storage.objectViewer", "member": member}

    one = only(bucket("raw"), R("storage.BucketIAMMember", inputs, "grant"))

    assert (one.kind, one.sure) == (kind, kind != "not known")


def test_a_role_that_is_not_known_yet_may_give_everything() -> None:
    inputs = {"bucket": "raw", "role": "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "member": "user:a@acme.test"}

    one = only(bucket("raw"), R("storage.BucketIAMMember", inputs, "grant"))

    assert (one.can, one.role, one.sure) == ("read and write", "known after the deployment", False)


def test_what_keeps_data_comes_before_keys() -> None:
    key = R("kms.CryptoKey", {"name": "k", "project": PROJECT}, "k")

    found = accesses(key, bucket("raw"), on_project("roles/editor"))

    assert [each.type for each in found] == ["storage.Bucket", "kms.CryptoKey"]


def test_google_s_agents_come_after_everybody_else() -> None:
    agent = "service-12345@gs-project-accounts.iam.gserviceaccount.com"
    role = "roles/storage.objectUser"
    found = accesses(bucket("raw"), on_project(role, agent, grant="first"), on_project(role, grant="then"))

    assert [each.kind for each in found] == ["service account", "Google’s agent"]
