"""ENC-13: buckets with restricted data refuse other encryption."""

from collections.abc import Mapping
from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.encryption.enc_13 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts

GOOGLE, CUSTOMER = (f"{kind}EncryptionEnforcementConfig" for kind in ("googleManaged", "customerSupplied"))
REFUSED = {"restrictionMode": "FullyRestricted"}
BOTH = {GOOGLE: REFUSED, CUSTOMER: REFUSED}
CLASSES: dict[str, Any] = {"classifications": ("public", "personal"), "restricted_classes": ("personal",)}
PARAMETERS = Parameters(bucket_key_enforcement=True, **CLASSES)

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        R(
            "storage.Bucket",
            {"encryption": BOTH, "labels": {"classification": "personal"}},
        )
    ],
    parameters=PARAMETERS,
)


def of(
    encryption: Mapping[str, Any] | None = None, class_: object = "personal", parameters: Parameters = PARAMETERS
) -> Outcome:
    inputs = {"encryption": encryption, "labels": {"classification": class_}}
    return outcome(CONTROL, R("storage.Bucket", inputs), parameters=parameters)


@pytest.mark.parametrize(("kind", "other"), [(GOOGLE, CUSTOMER), (CUSTOMER, GOOGLE)])
def test_both_must_be_refused(kind: str, other: str) -> None:
    for mode in ("NotRestricted", "fullyrestricted"):
        found = of({kind: {"restrictionMode": mode}, other: REFUSED})
        assert found.verdict is Verdict.FAIL
        assert [(each.path, each.shown) for each in found.reasons] == [(f"encryption.{kind}.restrictionMode", mode)]
    assert of({other: REFUSED}).verdict is Verdict.FAIL


def test_nothing_is_asked_of_other_classes() -> None:
    assert of(class_="public").verdict is Verdict.NOT_APPLICABLE
    assert of(BOTH, "public").verdict is Verdict.PASS


@pytest.mark.parametrize("class_", [None, "", "Personal", "secret", 7, secret()])
def test_an_unknown_class_counts_as_restricted(class_: object) -> None:
    assert of(class_=class_).verdict is Verdict.FAIL


def test_the_tier_says_whether_it_is_asked() -> None:
    assert of(parameters=Parameters(bucket_key_enforcement=False, **CLASSES)).verdict is Verdict.NOT_APPLICABLE
    assert of(parameters=Parameters(**CLASSES)).verdict is Verdict.INDETERMINATE
    assert of(None, "public", Parameters(**CLASSES)).verdict is Verdict.NOT_APPLICABLE
    found = of(parameters=Parameters(bucket_key_enforcement=True))
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, "labels")
    assert of(BOTH, parameters=Parameters()).verdict is Verdict.PASS
