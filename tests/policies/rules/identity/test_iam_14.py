"""IAM-14: each workload has an identity that nothing else uses."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_14 import _JUDGED, _USERS, CONTROL
from tests.policies.rules.harness import R, outcome, outcomes, put, stated_verdicts, verdict

EMAIL = "trainer@acme-ml.iam.gserviceaccount.com"
MADE = R("serviceaccount.Account", {"accountId": "trainer", "project": "acme-ml"}, "trainer")


def workload(type_: str, account: object = EMAIL, name: str = "it", *, made: bool = False) -> R:
    path = _USERS[type_].path.text
    return R(type_, put({}, path, account), name, origins={path: MADE.urn} if made else {})


test_stated_verdicts = stated_verdicts(CONTROL, [workload(each) for each in _JUDGED])


@pytest.mark.parametrize("other", sorted(set(_USERS) - {"cloudfunctionsv2.Function"}))
def test_two_users_of_one_account_fail(other: str) -> None:
    found = outcomes(CONTROL, workload("cloudrunv2.Job", name="mine"), workload(other, name="other"))
    assert found["mine"].verdict is Verdict.FAIL
    assert [each.path for each in found["mine"].reasons] == ["template.template.serviceAccount"]
    assert ("other" in found) is (other in _JUDGED)
    assert all(each.verdict is Verdict.FAIL for each in found.values())


@pytest.mark.parametrize(("count", "words"), [(1, "1 more workload of"), (2, "2 more workloads of")])
def test_the_message_counts_the_others(count: int, words: str) -> None:
    others = [workload("workbench.Instance", name=f"n{index}") for index in range(count)]
    assert words in outcome(CONTROL, workload("dataflow.Job"), *others).reasons[0].message


@pytest.mark.parametrize(
    "other",
    [
        "Trainer@acme-ml.iam.gserviceaccount.com",
        "projects/acme-ml/serviceAccounts/trainer@acme-ml.iam.gserviceaccount.com",
    ],
)
def test_one_account_is_known_by_all_its_names(other: str) -> None:
    assert verdict(CONTROL, workload("dataflow.Job"), workload("cloudbuild.Trigger", other, "t")) is Verdict.FAIL


def test_an_account_of_this_document_is_the_same_known_or_unknown() -> None:
    unknown = workload("dataflow.Job", UNKNOWN, "unknown", made=True)
    known = workload("cloudrunv2.Service", name="known")
    found = outcomes(CONTROL, MADE, unknown, known)
    assert {name: each.verdict for name, each in found.items()} == {"unknown": Verdict.FAIL, "known": Verdict.FAIL}
    assert verdict(CONTROL, unknown, MADE) is Verdict.PASS


def test_accounts_of_their_own_pass_and_unknown_ones_do_not() -> None:
    mine = workload("dataflow.Job", "a@acme-ml.iam.gserviceaccount.com", "mine")
    others = [workload("dataflow.Job", UNKNOWN, f"unknown{index}") for index in range(2)]
    found = outcomes(CONTROL, mine, *others)
    assert {name: each.verdict for name, each in found.items()} == {
        "mine": Verdict.PASS,
        "unknown0": Verdict.INDETERMINATE,
        "unknown1": Verdict.INDETERMINATE,
    }


def test_an_account_that_is_shared_by_nature_fails_alone() -> None:
    assert verdict(CONTROL, workload("dataflow.Job", "1-compute@developer.gserviceaccount.com")) is Verdict.FAIL
    assert verdict(CONTROL, R("dataflow.Job", {})) is Verdict.FAIL


def test_agents_with_identities_of_their_own_pass() -> None:
    agents = [R("vertex.AiReasoningEngine", {"spec": {"identityType": "AGENT_IDENTITY"}}, f"a{n}") for n in range(2)]
    assert [each.verdict for each in outcomes(CONTROL, *agents).values()] == [Verdict.PASS, Verdict.PASS]
    account = {"spec": {"identityType": "SERVICE_ACCOUNT"}}
    assert verdict(CONTROL, R("vertex.AiReasoningEngine", account)) is Verdict.FAIL


def test_copies_of_a_workload_may_share() -> None:
    assert outcomes(CONTROL, *(workload("cloudbuild.Trigger", name=f"t{n}") for n in range(2))) == {}


def test_one_workload_that_names_its_account_twice_is_alone() -> None:
    notebook = R("workbench.Instance", {"gceSetup": {"serviceAccounts": [{"email": EMAIL}, {"email": EMAIL}]}})
    assert verdict(CONTROL, notebook) is Verdict.PASS


def test_a_part_of_a_stack_proves_nothing() -> None:
    assert verdict(CONTROL, workload("dataflow.Job"), complete=False) is Verdict.INDETERMINATE
