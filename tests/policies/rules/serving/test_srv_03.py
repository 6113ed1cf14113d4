"""SRV-03: traffic splits are valid."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.serving.srv_03 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

GOOD = R("vertex.AiEndpoint", {"trafficSplit": '{"123": 90, "456": 10}'})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


def split(text: object) -> R:
    return R("vertex.AiEndpoint", {"trafficSplit": text})


@pytest.mark.parametrize(
    "text",
    ['{"1": 100}', ' {"1": 0, "2": 100} ', f'{{"{UNKNOWN}": 60, "{UNKNOWN}": 40}}', f'{{"{UNKNOWN}": 60, "2": 40}}'],
)
def test_whole_numbers_that_add_up_pass(text: str) -> None:
    assert verdict(CONTROL, split(text)) is Verdict.PASS


@pytest.mark.parametrize(
    ("text", "said", "shown"),
    [
        ('{"1": 90, "2": 20}', "does not add up", "110"),
        ('{"1": 99}', "does not add up", "99"),
        ("{}", "does not add up", "0"),
        (f'{{"{UNKNOWN}": 60, "{UNKNOWN}": 41}}', "does not add up", "101"),
        ('{"1": 101, "2": -1}', "no whole number", ""),
        ('{"1": 50.0, "2": 50}', "no whole number", ""),
        ('{"1": "50", "2": 50}', "no whole number", ""),
        ('{"1": true, "2": 99}', "no whole number", ""),
        ('{"1": 100, "2": null}', "no whole number", ""),
        ('{"1": 50, "1": 50}', "twice", ""),
        ("[100]", "no JSON object", ""),
        ("100", "no JSON object", ""),
        ('[["1", 100]]', "no JSON object", ""),
        ('{"1": 100', "no JSON object", ""),
        ("one to all", "no JSON object", ""),
        ("", "is empty", ""),
    ],
)
def test_what_google_refuses_fails(text: str, said: str, shown: str) -> None:
    found = outcome(CONTROL, split(text))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("trafficSplit", shown)]
    assert said in found.reasons[0].message


@pytest.mark.parametrize("text", [UNKNOWN, f'{{"1": {UNKNOWN}}}', {"1": 100}, 100, f"{UNKNOWN}}}"], ids=str)
def test_what_cannot_be_read_is_indeterminate(text: object) -> None:
    assert verdict(CONTROL, split(text)) is Verdict.INDETERMINATE
