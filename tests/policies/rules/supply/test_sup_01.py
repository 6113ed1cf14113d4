"""SUP-01: tags of images are immutable."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_01 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

REPOSITORY = "artifactregistry.Repository"
GOOD = R(REPOSITORY, {"format": "DOCKER", "mode": "STANDARD_REPOSITORY", "dockerConfig": {"immutableTags": True}})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize("mode", [{}, {"mode": "STANDARD_REPOSITORY"}, {"mode": 7}], ids=str)
@pytest.mark.parametrize("kind", [{"format": "DOCKER"}, {"format": "docker"}, {}], ids=str)
def test_what_may_be_pushed_to_must_keep_its_tags(kind: dict[str, str], mode: dict[str, object]) -> None:
    found = outcome(CONTROL, R(REPOSITORY, {**kind, **mode, "dockerConfig": {"immutableTags": False}}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("dockerConfig.immutableTags", "false")]


@pytest.mark.parametrize(
    "inputs",
    [
        {"format": "PYTHON"},
        {"format": "KFP"},
        {"format": "DOCKER", "mode": "REMOTE_REPOSITORY"},
        {"format": "DOCKER", "mode": "VIRTUAL_REPOSITORY"},
    ],
    ids=str,
)
def test_other_repositories_have_no_such_tags(inputs: dict[str, str]) -> None:
    assert verdict(CONTROL, R(REPOSITORY, inputs)) is Verdict.NOT_APPLICABLE
