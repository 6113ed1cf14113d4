"""What a program only reads is somebody's until its id says whose: accounts, pools, projects, buckets, datasets."""

import pytest

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_24 import CONTROL as DAT_24
from groundplan_policies.rules.encryption.enc_16 import CONTROL as ENC_16
from groundplan_policies.rules.identity.iam_02 import CONTROL as IAM_02
from groundplan_policies.rules.identity.iam_07 import CONTROL as IAM_07
from groundplan_policies.rules.identity.iam_08 import CONTROL as IAM_08
from groundplan_policies.rules.identity.iam_13 import CONTROL as IAM_13
from tests.policies.rules.harness import R, verdict

SET = Parameters(
    allowed_projects=("acme-ml",), allowed_pools=(), service_agent_projects=(), transfer_partners=("gs://partner",)
)
DEFAULT = "projects/acme-ml/serviceAccounts/123-compute@developer.gserviceaccount.com"
OURS = "projects/acme-ml/serviceAccounts/trainer@acme-ml.iam.gserviceaccount.com"
FOREIGN = "projects/evil/serviceAccounts/x@evil.iam.gserviceaccount.com"
PROVIDER = R("Provider", {"project": "acme-ml"}, "provider")
HERE = {"provider": f"{PROVIDER.urn}::{UNKNOWN}"}


def read(short: str, id_: str, **inputs: object) -> R:
    return R(short, inputs, "read", record={**HERE, "external": True, "id": id_})


def judged(control: Control, resource: R, *others: R) -> Verdict:
    return verdict(control, resource, *others, PROVIDER, parameters=SET)


def member_of(source: R, text: str = UNKNOWN) -> R:
    inputs = {"cryptoKeyId": "k", "role": "roles/cloudkms.cryptoKeyDecrypter", "member": text}
    return R("kms.CryptoKeyIAMMember", inputs, origins={"member": source.urn}, record=HERE)


@pytest.mark.parametrize(
    ("id_", "whose", "decrypts"),
    [
        (OURS, Verdict.PASS, Verdict.PASS),
        (FOREIGN, Verdict.FAIL, Verdict.PASS),
        (DEFAULT, Verdict.FAIL, Verdict.FAIL),
        ("", Verdict.INDETERMINATE, Verdict.INDETERMINATE),
        ("projects/evil/serviceAccounts/1234567890", Verdict.INDETERMINATE, Verdict.INDETERMINATE),
    ],
)
def test_an_account_that_is_read_is_judged_by_its_id(id_: str, whose: Verdict, decrypts: Verdict) -> None:
    account = read("serviceaccount.Account", id_)
    assert judged(IAM_13, member_of(account), account) is whose
    assert judged(ENC_16, member_of(account), account) is decrypts


def test_a_known_address_of_an_account_that_is_read_is_judged_as_any() -> None:
    account = read("serviceaccount.Account", FOREIGN, accountId="x", project="evil")
    member = member_of(account, "serviceAccount:x@evil.iam.gserviceaccount.com")
    assert judged(IAM_13, member, account) is Verdict.FAIL


@pytest.mark.parametrize(
    ("id_", "expected"),
    [(OURS, Verdict.PASS), (DEFAULT, Verdict.FAIL), ("", Verdict.INDETERMINATE)],
)
def test_a_workload_that_runs_as_an_account_that_is_read(id_: str, expected: Verdict) -> None:
    account = read("serviceaccount.Account", id_)
    inputs = {"serviceAccount": {"email": UNKNOWN, "scopes": ["cloud-platform"]}}
    machine = R("compute.Instance", inputs, origins={"serviceAccount.email": account.urn}, record=HERE)
    assert judged(IAM_07, machine, account) is expected
    assert judged(IAM_08, machine, account) is expected


def test_a_pool_that_is_read_is_not_ours() -> None:
    pool = read("iam.WorkloadIdentityPool", "projects/evil/locations/global/workloadIdentityPools/p")
    member = member_of(pool, f"principal://iam.googleapis.com/{UNKNOWN}/subject/x")
    assert judged(IAM_13, member, pool) is Verdict.INDETERMINATE


def test_a_project_that_is_read_is_not_ours() -> None:
    project = read("organizations.Project", "projects/evil", projectId="evil", number="666")
    for member in ("serviceAccount:x@evil.iam.gserviceaccount.com", "projectViewer:evil"):
        given = R("storage.BucketIAMMember", {"bucket": "b", "role": "roles/viewer", "member": member}, record=HERE)
        assert judged(IAM_13, given, project) is Verdict.FAIL


@pytest.mark.parametrize(("external", "expected"), [(False, Verdict.PASS), (True, Verdict.FAIL)])
def test_a_bucket_that_is_read_is_not_ours(external: bool, expected: Verdict) -> None:
    bucket = R("storage.Bucket", {"name": "evil"}, "bucket", record={**HERE, "external": external, "id": "evil"})
    table = R("bigquery.Table", {"externalDataConfiguration": {"sourceUris": ["gs://evil/x"]}}, record=HERE)
    assert judged(DAT_24, table, bucket) is expected


def test_what_merely_names_a_project_does_not_make_it_ours() -> None:
    job = R("bigquery.Job", {"copy": {"destinationTable": {"projectId": "evil"}}}, record=HERE)
    named = R("pubsub.Topic", {"name": "t", "project": "evil"}, "t", record=HERE)
    assert judged(DAT_24, job, named) is Verdict.FAIL
    made = R("organizations.Project", {"projectId": "evil"}, "made", record=HERE)
    assert judged(DAT_24, job, made) is Verdict.PASS


@pytest.mark.parametrize(("project", "expected"), [("a", Verdict.PASS), ("b", Verdict.FAIL)])
def test_a_policy_on_the_dataset_of_another_project_replaces_nothing(project: str, expected: Verdict) -> None:
    dataset = R("bigquery.Dataset", {"datasetId": "d", "project": "a"}, record=HERE)
    data = '{"bindings": [{"role": "roles/bigquery.dataViewer", "members": ["user:ann@acme.test"]}]}'
    policy = {"datasetId": "d", "project": project, "policyData": data}
    assert judged(IAM_02, dataset, R("bigquery.DatasetIamPolicy", policy, "policy")) is expected
