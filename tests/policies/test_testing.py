"""The helper for tests of programs fails where `groundplan check` would, and says why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.engine.registry import ControlError
from groundplan_policies.engine.values import Value
from groundplan_policies.settings.model import Settings
from groundplan_policies.settings.read import SettingsError
from groundplan_policies.testing import assert_compliant
from tests.architecture.sources import ROOT
from tests.docs.markdown import pages
from tests.policies.rules.harness import STACK, R, document

DAY = date(2026, 6, 15)


def raw(prevention: str, **more: Any) -> dict[str, Any]:
    bucket = R("storage.Bucket", {}, "logs")
    inputs = {"publicAccessPrevention": prevention, "uniformBucketLevelAccess": True, **more}
    return {
        "version": 3,
        "deployment": {
            "resources": [
                {"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False},
                {
                    "urn": bucket.urn,
                    "type": "gcp:storage/bucket:Bucket",
                    "custom": True,
                    "parent": STACK,
                    "inputs": inputs,
                    "sourcePosition": "project:///storage.py#12",
                },
            ]
        },
    }


@dataclass
class Result:
    """What an engine gives."""

    document: Mapping[str, Value]


@pytest.mark.parametrize("form", ["mapping", "path", "text path", "result"])
def test_every_form_of_a_deployment_is_checked(form: str, tmp_path: Path) -> None:
    def given(content: dict[str, Any]) -> Any:
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        return {"mapping": content, "path": file, "text path": str(file), "result": Result(content)}[form]

    assert_compliant(given(raw("enforced")), controls=["DAT-05"], as_of=DAY)
    with pytest.raises(AssertionError, match="DAT-05"):
        assert_compliant(given(raw("inherited")), controls=["DAT-05"], as_of=DAY)


def test_a_document_that_was_read_is_checked() -> None:
    good = document(R("storage.Bucket", {"publicAccessPrevention": "enforced"}))
    bad = document(R("storage.Bucket", {"publicAccessPrevention": "inherited"}))

    assert_compliant(good, controls=["dat-05"], as_of=DAY)
    with pytest.raises(AssertionError, match="DAT-05"):
        assert_compliant(bad, controls=["DAT-05"], as_of=DAY)


def test_the_error_is_a_report() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_compliant(raw("inherited"), controls=["DAT-05"], as_of=DAY)

    text = str(caught.value)
    assert text.startswith("the deployment does not pass the settings regulated\n\nHigh  1 finding of 1 control\n")
    assert "publicAccessPrevention: is not enforced (inherited)" in text
    assert "logs (storage.Bucket) storage.py:12" in text
    assert text.rstrip().endswith("Not clean: 1 finding of 1 control. Exit code 1.")


def test_all_controls_are_asked_by_default() -> None:
    with pytest.raises(AssertionError, match="ENC-01"):
        assert_compliant(raw("enforced"), as_of=DAY)


def test_a_tier_in_which_everything_is_advisory_lets_it_pass() -> None:
    assert_compliant(raw("inherited"), tier="learner", as_of=DAY)
    with pytest.raises(AssertionError):
        assert_compliant(raw("inherited"), tier="team", as_of=DAY)


def test_settings_come_before_the_tier(tmp_path: Path) -> None:
    file = tmp_path / "guardrails.yaml"
    file.write_text("extends: regulated\nlevels: {DAT-05: warn}\n", encoding="utf-8")

    assert_compliant(raw("inherited"), settings=file, controls=["DAT-05"], as_of=DAY)
    with pytest.raises(AssertionError):
        assert_compliant(raw("inherited"), tier="learner", settings=Settings(), controls=["DAT-05"], as_of=DAY)


def test_what_does_not_exist_is_refused() -> None:
    with pytest.raises(ControlError):
        assert_compliant(raw("enforced"), controls=["DAT-99"], as_of=DAY)
    with pytest.raises(SettingsError):
        assert_compliant(raw("enforced"), tier="lenient", as_of=DAY)


@pytest.mark.slow
def test_the_example_of_the_guide_is_a_test_that_passes() -> None:
    guide = ROOT / "docs" / "guides" / "check.md"
    (block,) = (each for page in pages() if page.path == guide for each in page.blocks("python"))
    namespace: dict[str, Any] = {}
    exec(block.text, namespace)  # noqa: S102 - running the documentation is the purpose

    namespace["test_the_data_is_guarded"]()

    # A learner's bucket has Google's keys, which the tier of the test does not accept.
    weaker = block.text.replace("gp.Tier.TEAM", "gp.Tier.LEARNER").replace(", keys=keys", "")
    exec(weaker, namespace)  # noqa: S102 - as above
    with pytest.raises(AssertionError, match="ENC-01"):
        namespace["test_the_data_is_guarded"]()
