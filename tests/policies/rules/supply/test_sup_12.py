"""SUP-12: deployments to production need an approval, and an account of their own."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_12 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, stated_verdicts, verdict

TARGET = "clouddeploy.Target"
WORDS = Parameters(production_words=("production", "prod"))
OWN = {"serviceAccount": "deployer@acme-ml.iam.gserviceaccount.com"}
CONFIGS = {"executionConfigs": [{"usages": ["RENDER", "DEPLOY"], **OWN}]}
GOOD = R(TARGET, {"name": "prod", "labels": {"stage": "prod"}, "requireApproval": True, **CONFIGS})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD], parameters=WORDS)


@pytest.mark.parametrize(
    "marks",
    [
        {"name": "gp-prod"},
        {"name": "prod2"},
        {"labels": {"stage": "euProd"}},
        {"labels": {"stage": "production"}},
        {"labels": {"prod": "x"}},
    ],
    ids=str,
)
@pytest.mark.parametrize("approval", [{}, {"requireApproval": False}], ids=str)
def test_production_without_approval_fails(marks: dict[str, Any], approval: dict[str, Any]) -> None:
    found = outcome(CONTROL, R(TARGET, {**marks, **approval, **CONFIGS}), parameters=WORDS)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["requireApproval"])


def test_another_target_needs_an_account_and_no_approval() -> None:
    assert verdict(CONTROL, R(TARGET, {"name": "staging", **CONFIGS}), parameters=WORDS) is Verdict.PASS
    found = outcome(CONTROL, R(TARGET, {"name": "staging"}), parameters=WORDS)
    assert (found.verdict, [each.path for each in found.reasons]) == (
        Verdict.FAIL,
        ["executionConfigs.serviceAccount"],
    )


@pytest.mark.parametrize("marks", [{"name": UNKNOWN}, {"labels": {"stage": UNKNOWN}}], ids=str)
def test_what_may_be_production_is_unclear(marks: dict[str, Any]) -> None:
    assert verdict(CONTROL, R(TARGET, {**marks, **CONFIGS}), parameters=WORDS) is Verdict.INDETERMINATE


def test_what_is_unclear_is_said_where_it_is() -> None:
    found = outcome(CONTROL, R(TARGET, {"labels": {"stage": UNKNOWN}, **CONFIGS}), parameters=WORDS)
    assert [each.path for each in found.reasons] == ["labels.stage"]


def test_without_words_nobody_can_tell() -> None:
    assert verdict(CONTROL, R(TARGET, {"name": "x", **CONFIGS}), parameters=Parameters()) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"usages": ["DEPLOY"]},
        {"serviceAccount": "123456789012-compute@developer.gserviceaccount.com"},
        {"defaultPool": {"serviceAccount": "123456789012-compute@developer.gserviceaccount.com"}},
        {**OWN, "privatePool": {"serviceAccount": "123456789012-compute@developer.gserviceaccount.com"}},
    ],
    ids=str,
)
def test_every_configuration_names_an_account_of_its_own(config: dict[str, Any]) -> None:
    target = R(TARGET, {"name": "staging", "executionConfigs": [*CONFIGS["executionConfigs"], config]})
    found = outcome(CONTROL, target, parameters=WORDS)
    assert found.verdict in {Verdict.FAIL, Verdict.INDETERMINATE}
    assert all(each.path.startswith("executionConfigs[1]") for each in found.reasons)


@pytest.mark.parametrize("pool", ["defaultPool", "privatePool"])
def test_older_configurations_name_it_inside_of_a_pool(pool: str) -> None:
    target = R(TARGET, {"name": "staging", "executionConfigs": [{"usages": ["DEPLOY"], pool: OWN}]})
    assert verdict(CONTROL, target, parameters=WORDS) is Verdict.PASS


def test_an_account_of_this_document_is_known_later() -> None:
    account = R("serviceaccount.Account", {"accountId": "deployer"}, "deployer")
    path = "executionConfigs[0].serviceAccount"
    target = R(
        TARGET, {"name": "staging", "executionConfigs": [{"serviceAccount": UNKNOWN}]}, origins={path: account.urn}
    )
    assert verdict(CONTROL, target, account, parameters=WORDS) is Verdict.PASS


FLEET = {"name": "fleet", "multiTarget": {"targetIds": ["eu", "prod-us"]}, "project": PROJECT}


def test_a_target_that_stands_for_one_of_production_needs_an_approval() -> None:
    assert verdict(CONTROL, R(TARGET, {**FLEET, **CONFIGS}), parameters=WORDS) is Verdict.FAIL
    assert verdict(CONTROL, R(TARGET, {**FLEET, **CONFIGS, "requireApproval": True}), parameters=WORDS) is Verdict.PASS
    eu = {**FLEET, **CONFIGS, "multiTarget": {"targetIds": ["eu"]}}
    assert verdict(CONTROL, R(TARGET, eu), parameters=WORDS) is Verdict.PASS
    unknown = {**eu, "multiTarget": {"targetIds": ["eu", UNKNOWN]}}
    assert verdict(CONTROL, R(TARGET, unknown), parameters=WORDS) is Verdict.INDETERMINATE


def test_a_target_that_is_a_part_of_another_needs_neither() -> None:
    child = R(TARGET, {"name": "prod-us", "project": PROJECT}, "child")
    fleet = R(TARGET, FLEET, "fleet")
    assert verdict(CONTROL, child, parameters=WORDS) is Verdict.FAIL
    assert verdict(CONTROL, child, fleet, parameters=WORDS) is Verdict.NOT_APPLICABLE
    elsewhere = R(TARGET, {**FLEET, "project": "acme-web"}, "fleet")
    assert verdict(CONTROL, child, elsewhere, parameters=WORDS) is Verdict.FAIL
    default = [{"serviceAccount": "123456789012-compute@developer.gserviceaccount.com"}]
    own = R(TARGET, {**child.inputs, "executionConfigs": default}, "child")
    assert verdict(CONTROL, own, fleet, parameters=WORDS) is Verdict.FAIL


def test_a_part_that_a_pipeline_deploys_to_by_itself_needs_both() -> None:
    child = R(TARGET, {"name": "prod-us", "project": PROJECT}, "child")
    pipeline = R("clouddeploy.DeliveryPipeline", {"serialPipeline": {"stages": [{"targetId": "prod-us"}]}}, "p")
    assert verdict(CONTROL, child, R(TARGET, FLEET, "fleet"), pipeline, parameters=WORDS) is Verdict.FAIL
