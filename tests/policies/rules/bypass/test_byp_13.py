"""BYP-13: no secret stands where a control has to see the value."""

from typing import Any

import pytest

from groundplan_policies.engine.values import SECRET, SIGNATURE
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_13 import CONTROL
from tests.policies.rules.bypass.worlds import answer, messages, paths, reader
from tests.policies.rules.harness import R, secret

PLAIN = {SIGNATURE: SECRET, "value": "EU"}


def said(inputs: dict[str, Any], type_: str = "storage.Bucket", **record: Any) -> Outcome:
    return answer(CONTROL, R(type_, inputs, record=record))


@pytest.mark.parametrize("hidden", [secret(), PLAIN, {SIGNATURE: SECRET, "ciphertext": "[secret]"}])
def test_a_secret_in_a_checked_place_is_indeterminate(hidden: object) -> None:
    found = said({"location": hidden})
    assert found.verdict is Verdict.INDETERMINATE
    assert set(paths(found)) == {"location"}
    assert "NET-90" in messages(found)
    assert "NET-91" in messages(found)
    assert "canary" not in str(found)


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"encryption": secret()}, "encryption"),
        ({"encryption": {"defaultKmsKeyName": secret()}}, "encryption.defaultKmsKeyName"),
        ({"encryption": [{}, {"defaultKmsKeyName": secret()}]}, "encryption[1].defaultKmsKeyName"),
        ({"location": ["EU", secret()]}, "location"),
        ({"location": {"deep": [{"x": secret()}]}}, "location"),
    ],
)
def test_it_is_found_above_and_below_the_place(inputs: dict[str, Any], path: str) -> None:
    found = said(inputs)
    assert found.verdict is Verdict.INDETERMINATE
    assert path in paths(found)


@pytest.mark.parametrize(
    "inputs",
    [
        {"location": "EU"},
        {"labels": secret()},
        {"labels": {"a": secret()}, "location": "EU"},
        {"labels": [{"a": [secret()]}]},
        {"encryption": {"other": secret()}},
        {"location": {SIGNATURE: "another", "x": "y"}},
    ],
)
def test_secrets_elsewhere_pass(inputs: dict[str, Any]) -> None:
    assert said(inputs) is PASS


def test_a_control_that_takes_a_secret_is_content() -> None:
    assert said({"password": secret()}, "sql.User") is PASS


@pytest.mark.parametrize("secret_verdict", list(Verdict))
def test_a_control_for_which_its_presence_decides_sees_enough(secret_verdict: Verdict) -> None:
    asked = (reader("SUP-91", "sql.User", "host", secret=secret_verdict),)
    found = answer(CONTROL, R("sql.User", {"host": secret()}), asked=asked)
    assert (found is PASS) is (secret_verdict in {Verdict.PASS, Verdict.FAIL})


def test_an_output_that_is_made_secret_hides_no_input() -> None:
    assert said({"location": "EU"}, additionalSecretOutputs=["location"]) is PASS
    assert said({}, additionalSecretOutputs=["location"]) is PASS
