from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_02 import CONTROL
from tests.policies.rules.harness import R, secret, stated_verdicts, verdict

OPEN, CLOSED = Parameters(closed_notebooks=False), Parameters(closed_notebooks=True)
SAID = {
    "notebook-disable-root": "true",
    "notebook-upgrade-schedule": "00 3 * * SUN",
    "notebook-disable-downloads": "true",
    "notebook-disable-terminal": "true",
}
test_stated = stated_verdicts(CONTROL, [R("workbench.Instance", {"gceSetup": {"metadata": SAID}})], parameters=CLOSED)


def judged(parameters: Parameters, **changes: Any) -> Verdict:
    said = {**SAID, **{key.replace("_", "-"): value for key, value in changes.items()}}
    kept = {key: value for key, value in said.items() if value is not None}
    return verdict(CONTROL, R("workbench.Instance", {"gceSetup": {"metadata": kept}}), parameters=parameters)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("TRUE", Verdict.PASS),
        (True, Verdict.PASS),
        ("1", Verdict.PASS),
        pytest.param(1, Verdict.PASS, id="number"),
        ("yes", Verdict.PASS),
        (" Y ", Verdict.PASS),
        ("false", Verdict.FAIL),
        (0, Verdict.FAIL),
        (["true"], Verdict.INDETERMINATE),
        (None, Verdict.FAIL),
        ("", Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
        (secret(), Verdict.INDETERMINATE),
    ],
)
def test_root_is_off_in_every_tier(value: object, expected: Verdict) -> None:
    assert judged(OPEN, notebook_disable_root=value) is expected
    assert judged(CLOSED, notebook_disable_root=value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("00 3 * * SUN", Verdict.PASS),
        ("weekly", Verdict.FAIL),
        ("0 3 * *", Verdict.FAIL),
        (None, Verdict.FAIL),
        ("*/15 1-5 1,15 * MON-FRI", Verdict.PASS),
        ("never on a working day", Verdict.FAIL),
        ("- - - - -", Verdict.FAIL),
    ],
)
def test_there_is_a_schedule_of_upgrades(value: object, expected: Verdict) -> None:
    assert judged(OPEN, notebook_upgrade_schedule=value) is expected


@pytest.mark.parametrize("key", ["notebook_disable_downloads", "notebook_disable_terminal"])
def test_ways_out_are_closed_where_the_settings_say_so(key: str) -> None:
    assert judged(CLOSED, **{key: "false"}) is Verdict.FAIL
    assert judged(CLOSED, **{key: None}) is Verdict.FAIL
    assert judged(OPEN, **{key: None}) is Verdict.PASS
    assert judged(Parameters(), **{key: "true"}) is Verdict.INDETERMINATE
