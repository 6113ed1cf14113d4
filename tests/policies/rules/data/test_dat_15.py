"""DAT-15: de-identification templates are sound."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_15 import CONTROL
from tests.policies.rules.harness import PARAMETERS, R, outcome, secret, stated_verdicts, urn, verdict

SETTINGS = replace(PARAMETERS, personal_info_types=("EMAIL_ADDRESS", "PHONE_NUMBER"))
WRAPPED = {"kmsWrapped": {"cryptoKeyName": UNKNOWN, "wrappedKey": secret()}}
CRYPTO = {"cryptoDeterministicConfig": {"cryptoKey": WRAPPED}}
BOTH = [{"name": "EMAIL_ADDRESS"}, {"name": "phone_number"}]
TEMPLATE = "dataloss.PreventionDeidentifyTemplate"
FREE = {"transformations": [{"infoTypes": BOTH, "primitiveTransformation": CRYPTO}]}
FIELDS = {"fieldTransformations": [{"fields": [{"name": "id"}], "primitiveTransformation": CRYPTO}]}
REDACT: dict[str, Any] = {"primitiveTransformation": {"redactConfig": {}}}
CONFIG = {"infoTypeTransformations": FREE, "recordTransformations": FIELDS}


def job(kind: str = "deidentifyTemplate", value: object = UNKNOWN, origin: str = urn(TEMPLATE, "it")) -> R:
    way = "inspectJob.actions[0].deidentify.transformationConfig"
    inputs = {"inspectJob": {"actions": [{"deidentify": {"transformationConfig": {kind: value}}}]}}
    return R("dataloss.PreventionJobTrigger", inputs, "job", origins={f"{way}.{kind}": origin} if origin else {})


def template(config: object) -> R:
    return R(TEMPLATE, {"deidentifyConfig": config})


def free(*transformations: Any) -> R:
    return template({"infoTypeTransformations": {"transformations": list(transformations)}})


test_stated_verdicts = stated_verdicts(CONTROL, [template(CONFIG)], job(), parameters=SETTINGS)


@pytest.mark.parametrize(
    "good",
    [
        free({"primitiveTransformation": {"redactConfig": {}}}),
        free(
            {"infoTypes": [{"name": "EMAIL_ADDRESS"}], "primitiveTransformation": {"redactConfig": {}}},
            {"infoTypes": [{"name": "PHONE_NUMBER"}], "primitiveTransformation": {"replaceConfig": {}}},
        ),
        free({"primitiveTransformation": {"cryptoHashConfig": {"cryptoKey": {"transient": {"name": "k"}}}}}),
        free({"primitiveTransformation": {"dateShiftConfig": {"upperBoundDays": 3}}}),
        free({"primitiveTransformation": {"replaceWithInfoTypeConfig": True}}),
        free({"primitiveTransformation": {"characterMaskConfig": {}}}),
        free({"primitiveTransformation": {"characterMaskConfig": {"numberToMask": 0}}}),
        free({"primitiveTransformation": {"bucketingConfig": {"buckets": [{"max": {"integerValue": "9"}}]}}}),
        template({"imageTransformations": {"transforms": [{"allText": {}}]}}),
        template({"imageTransformations": {"transforms": [{"allInfoTypes": {}}]}}),
        template({"imageTransformations": {"transforms": [{"selectedInfoTypes": {"infoTypes": BOTH}}]}}),
        template({"recordTransformations": {"fieldTransformations": [{"infoTypeTransformations": FREE}]}}),
    ],
)
def test_what_transforms_each_info_type_passes(good: R) -> None:
    assert verdict(CONTROL, good, job(), parameters=SETTINGS) is Verdict.PASS


@pytest.mark.parametrize(
    ("bad", "shown"),
    [
        (free({"infoTypes": BOTH[:1], "primitiveTransformation": CRYPTO}), "PHONE_NUMBER"),
        (free({"infoTypes": [{"name": "AGE"}], "primitiveTransformation": CRYPTO}), "EMAIL_ADDRESS, PHONE_NUMBER"),
        (free({"infoTypes": BOTH}), ""),
        (free({"primitiveTransformation": {"replaceWithInfoTypeConfig": False}}), ""),
        (free({"primitiveTransformation": {"bucketingConfig": {}}}), ""),
        (free({"primitiveTransformation": {"bucketingConfig": {"buckets": []}}}), ""),
        (free({"primitiveTransformation": {"fixedSizeBucketingConfig": {"bucketSize": 0}}}), ""),
        (free({"primitiveTransformation": {"dateShiftConfig": {"upperBoundDays": 0, "lowerBoundDays": 0}}}), ""),
        (free({"primitiveTransformation": {"timePartConfig": {}}}), ""),
        (template({"recordTransformations": {"fieldTransformations": [{"primitiveTransformation": {}}]}}), ""),
        (free({"infoTypes": BOTH, "primitiveTransformation": {}}), ""),
        (free({"infoTypes": BOTH, "primitiveTransformation": {"redactConfig": None}}), ""),
        (free(), ""),
        (template({"recordTransformations": {"recordSuppressions": [{"condition": {}}]}}), ""),
        (
            template({"imageTransformations": {"transforms": [{"selectedInfoTypes": {"infoTypes": BOTH[:1]}}]}}),
            "PHONE_NUMBER",
        ),
        (
            template(
                {
                    "recordTransformations": {
                        "fieldTransformations": [{"condition": {"expressions": {}}, "infoTypeTransformations": FREE}]
                    }
                }
            ),
            "",
        ),
    ],
)
def test_what_leaves_an_info_type_fails(bad: R, shown: str) -> None:
    found = outcome(CONTROL, bad, job(), parameters=SETTINGS)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("deidentifyConfig", shown)]


@pytest.mark.parametrize(
    "config",
    [
        {"recordTransformations": FIELDS},
        {"infoTypeTransformations": {"transformations": [UNKNOWN]}},
        {"infoTypeTransformations": {"transformations": [{**REDACT, "infoTypes": [{"name": UNKNOWN}]}]}},
        {"infoTypeTransformations": {"transformations": [{"primitiveTransformation": UNKNOWN}]}},
        {"infoTypeTransformations": {"transformations": [{"primitiveTransformation": secret()}]}},
        {"infoTypeTransformations": UNKNOWN},
        *(
            {"infoTypeTransformations": {"transformations": [{"primitiveTransformation": way}]}}
            for way in (
                {"characterMaskConfig": {"numberToMask": 1}},
                {"characterMaskConfig": {"numberToMask": -4}},
                {"characterMaskConfig": {"numberToMask": UNKNOWN}},
                {"characterMaskConfig": {"charactersToIgnores": [{"commonCharactersToIgnore": "ALPHA_LOWER_CASE"}]}},
                {"replaceWithInfoTypeConfig": UNKNOWN},
                {"replaceWithInfoTypeConfig": "yes"},
                {"redactConfig": 7},
                {"redactConfig": {}, "replaceWithInfoTypeConfig": False},
            )
        ),
        {"infoTypeTransformations": {"transformations": [REDACT, UNKNOWN]}},
        {"infoTypeTransformations": {"transformations": [REDACT, secret()]}},
        {"imageTransformations": {"transforms": [7]}},
    ],
)
def test_what_cannot_be_told_by_info_type_is_indeterminate(config: dict[str, Any]) -> None:
    assert verdict(CONTROL, template(config), job(), parameters=SETTINGS) is Verdict.INDETERMINATE


@pytest.mark.parametrize("kind", ["cryptoDeterministicConfig", "cryptoHashConfig", "cryptoReplaceFfxFpeConfig"])
@pytest.mark.parametrize(
    ("key", "expected", "path"),
    [
        (WRAPPED, Verdict.PASS, ""),
        ({"unwrapped": {"key": "YWJj"}}, Verdict.FAIL, ".cryptoKey.unwrapped"),
        ({**WRAPPED, "unwrapped": {"key": secret()}}, Verdict.FAIL, ".cryptoKey.unwrapped"),
        ({"kmsWrapped": {"cryptoKeyName": "k"}}, Verdict.FAIL, ".cryptoKey"),
        ({"kmsWrapped": {"wrappedKey": "w"}}, Verdict.FAIL, ".cryptoKey"),
        ({"kmsWrapped": {"cryptoKeyName": 7, "wrappedKey": "w"}}, Verdict.FAIL, ".cryptoKey"),
        ({"kmsWrapped": "k"}, Verdict.FAIL, ".cryptoKey"),
        ({"transient": "k"}, Verdict.FAIL, ".cryptoKey"),
        ({}, Verdict.FAIL, ".cryptoKey"),
        (None, Verdict.FAIL, ""),
        (UNKNOWN, Verdict.INDETERMINATE, ".cryptoKey"),
        (7, Verdict.INDETERMINATE, ".cryptoKey"),
    ],
)
def test_a_key_is_wrapped_or_made_for_one_request(kind: str, key: object, expected: Verdict, path: str) -> None:
    bad = free({"primitiveTransformation": {kind: {"cryptoKey": key}}})
    found = outcome(CONTROL, bad, job(), parameters=SETTINGS)
    assert found.verdict is expected
    way = f"deidentifyConfig.infoTypeTransformations.transformations[0].primitiveTransformation.{kind}"
    assert [each.path for each in found.reasons] == ([] if expected is Verdict.PASS else [f"{way}{path}"])


@pytest.mark.parametrize("block", [{}, 7, {"surrogateInfoType": {"name": "X"}}])
def test_a_block_that_needs_a_key_and_names_none_fails(block: object) -> None:
    bad = free({"primitiveTransformation": {"cryptoHashConfig": block}})
    assert verdict(CONTROL, bad, job(), parameters=SETTINGS) is Verdict.FAIL


def test_words_that_are_not_known_are_no_key() -> None:
    words = {"replaceDictionaryConfig": {"wordList": {"words": [UNKNOWN]}}}
    assert verdict(CONTROL, free({"primitiveTransformation": words}), job(), parameters=SETTINGS) is Verdict.PASS


def test_a_date_shift_with_a_key_in_the_clear_fails() -> None:
    shift = {"dateShiftConfig": {"cryptoKey": {"unwrapped": {"key": "YWJj"}}}}
    assert verdict(CONTROL, free({"primitiveTransformation": shift}), job(), parameters=SETTINGS) is Verdict.FAIL


@pytest.mark.parametrize("kind", ["deidentifyTemplate", "structuredDeidentifyTemplate", "imageRedactTemplate"])
def test_a_job_may_use_it_in_three_ways(kind: str) -> None:
    assert verdict(CONTROL, template(CONFIG), job(kind), parameters=SETTINGS) is Verdict.PASS


def test_a_template_that_no_job_uses_fails() -> None:
    other = R(TEMPLATE, {"deidentifyConfig": CONFIG}, "other")
    for jobs in ([], [job(value="projects/p/deidentifyTemplates/x", origin="")], [job(origin=other.urn)]):
        found = outcome(CONTROL, template(CONFIG), other, *jobs, parameters=SETTINGS)
        assert found.verdict is Verdict.FAIL
        assert [each.path for each in found.reasons] == [""]


def test_a_job_that_does_not_say_its_template_may_use_it() -> None:
    assert verdict(CONTROL, template(CONFIG), job(origin=""), parameters=SETTINGS) is Verdict.INDETERMINATE
    assert verdict(CONTROL, template(CONFIG), parameters=SETTINGS, complete=False) is Verdict.INDETERMINATE


def test_without_settings_nobody_can_say() -> None:
    assert verdict(CONTROL, template(CONFIG), job()) is Verdict.INDETERMINATE
    none = replace(PARAMETERS, personal_info_types=())
    assert verdict(CONTROL, template(CONFIG), job(), parameters=none) is Verdict.PASS
