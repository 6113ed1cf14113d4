from __future__ import annotations

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_03 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict

GOOD = R("workbench.Instance", {"instanceOwners": ["alice@acme.test"], "disableProxyAccess": False})
test_stated = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize(
    ("owners", "expected"),
    [
        ("alice@acme.test", Verdict.PASS),
        (["alice@acme.test", "bob@acme.test"], Verdict.FAIL),
        (["robot@acme-ml.iam.gserviceaccount.com"], Verdict.FAIL),
        (["1-compute@DEVELOPER.gserviceaccount.com "], Verdict.FAIL),
        (["everybody"], Verdict.INDETERMINATE),
        ([7], Verdict.INDETERMINATE),
        ([UNKNOWN], Verdict.INDETERMINATE),
        ([""], Verdict.FAIL),
    ],
)
def test_one_person(owners: object, expected: Verdict) -> None:
    assert verdict(CONTROL, R("workbench.Instance", {"instanceOwners": owners})) is expected


def test_what_nobody_opens_is_not_judged() -> None:
    assert verdict(CONTROL, R("workbench.Instance", {"disableProxyAccess": True})) is Verdict.NOT_APPLICABLE


def test_an_owner_is_never_told_again() -> None:
    imported = R("workbench.Instance", {}, record={"importID": "projects/p/locations/z/instances/i"})
    assert verdict(CONTROL, imported, profile="state") is Verdict.INDETERMINATE
    assert verdict(CONTROL, imported) is Verdict.FAIL
    assert verdict(CONTROL, R("workbench.Instance", {}), profile="state") is Verdict.FAIL


def test_an_owner_that_is_said_to_be_nobody_is_told() -> None:
    nobody = R("workbench.Instance", {"instanceOwners": []}, record={"importID": "projects/p/locations/z/instances/i"})
    assert verdict(CONTROL, nobody, profile="state") is Verdict.FAIL
    assert verdict(CONTROL, nobody) is Verdict.FAIL


def test_it_states_that_it_reads_whether_anybody_opens_it() -> None:
    assert {each.path for each in CONTROL.reads} == {"instanceOwners", "disableProxyAccess"}
