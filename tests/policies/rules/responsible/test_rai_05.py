from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from groundplan_policies.engine.opened import Opened
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_05 import CONTROL
from tests.policies.rules.harness import R, outcomes, stated_verdicts, verdict
from tests.policies.rules.responsible.world import (
    ACCOUNT,
    AGREEMENT_ON_DATA,
    DIGEST,
    MODELS,
    RAW,
    SCHEDULE,
    SETTINGS,
    TRAINING,
    UNDER,
    WORLD,
    WRITES_MODELS,
    agreement,
    around,
    bucket,
    on_bucket,
)

SHEETED = agreement(dataSheet={"uri": "sheets/census.md", "digest": DIGEST})
test_stated = stated_verdicts(CONTROL, [SHEETED], best=Verdict.DECLARED, **WORLD)

TRAINS = (ACCOUNT, TRAINING, SCHEDULE, AGREEMENT_ON_DATA)
SHEET = "# Origin\nA census.\n# Collection\nAt the door.\n# Bias\nFew old people.\n"


def said(*resources: R, **world: Any) -> dict[str, Verdict]:
    found = outcomes(CONTROL, *TRAINS, *resources, **{**WORLD, **world})
    return {name: each.verdict for name, each in found.items() if name != "census"}


def test_what_training_reads_is_under_an_agreement() -> None:
    assert said(UNDER, RAW, on_bucket("raw")) == {"raw": Verdict.DECLARED}
    assert said(UNDER, bucket("raw"), on_bucket("raw")) == {"raw": Verdict.FAIL}
    assert said(UNDER, RAW) == {}


def test_an_agreement_of_elsewhere_describes_nothing_here() -> None:
    far = around("groundplan:data:DataBucket", "far", agreements=["urn:pulumi:dev::shop::x:y:Z::gone"])
    assert said(far, bucket("raw", parent=far), on_bucket("raw")) == {"raw": Verdict.FAIL}


def test_a_workspace_is_no_source_unless_it_is_about_people() -> None:
    assert said(MODELS, WRITES_MODELS) == {}
    assert said(bucket("models"), WRITES_MODELS) == {"models": Verdict.FAIL}
    assert said(bucket("models", "restricted"), on_bucket("models")) == {"models": Verdict.FAIL}


OTHER = "other@acme-ml.iam.gserviceaccount.com"


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (on_bucket("models", "roles/storage.objectCreator", OTHER), {"models": Verdict.FAIL}),
        (on_bucket("models", "roles/storage.objectViewer", OTHER), {}),
        (
            R(
                "storage.BucketIAMMember",
                {"bucket": "models", "role": "roles/storage.objectUser", "member": "group:data@acme.test"},
                "people",
            ),
            {"models": Verdict.FAIL},
        ),
        (
            R(
                "storage.BucketIAMMember",
                {"bucket": "models", "role": "roles/storage.objectViewer", "member": "group:data@acme.test"},
                "people",
            ),
            {},
        ),
    ],
)
def test_what_others_write_as_well_is_no_workspace(other: R, expected: dict[str, Verdict]) -> None:
    assert said(MODELS, WRITES_MODELS, other) == expected


def test_what_training_only_may_write_is_no_workspace() -> None:
    assert said(MODELS, on_bucket("models"), on_bucket("models", UNKNOWN)) == {"models": Verdict.FAIL}


def test_tables_speak_for_their_dataset() -> None:
    inputs = {"datasetId": "raw", "project": "acme-ml", "labels": {"classification": "internal"}}
    home = R("bigquery.Dataset", inputs, "home")
    table = R("bigquery.Table", {**inputs, "tableId": "people"}, "people")
    reads = R(
        "bigquery.DatasetAccess",
        {
            "datasetId": "raw",
            "project": "acme-ml",
            "role": "READER",
            "userByEmail": "trainer@acme-ml.iam.gserviceaccount.com",
        },
    )
    assert said(home, table, reads) == {"people": Verdict.FAIL}
    assert said(home, reads) == {"home": Verdict.FAIL}


@pytest.mark.parametrize("gone", ["origin", "collection", "lawfulBasis", "knownBias", "collected"])
def test_an_agreement_says_what_a_data_sheet_does(gone: str) -> None:
    assert verdict(CONTROL, agreement(**{gone: ""}), **WORLD) is Verdict.FAIL


def test_data_that_is_about_nobody_needs_no_lawful_basis() -> None:
    assert verdict(CONTROL, agreement(lawfulBasis="", dataClass="internal"), **WORLD) is Verdict.DECLARED
    for other in ("personal", "odd", "", None):
        assert verdict(CONTROL, agreement(lawfulBasis="", dataClass=other), **WORLD) is Verdict.FAIL
    unknown = {**WORLD, "parameters": replace(SETTINGS, personal_classes=None)}
    assert verdict(CONTROL, agreement(lawfulBasis="", dataClass="internal"), **unknown) is Verdict.FAIL


@pytest.mark.parametrize("nobody", [[], None, ""])
def test_an_agreement_names_whom_it_is_with(nobody: object) -> None:
    assert verdict(CONTROL, agreement(consumers=nobody), **WORLD) is Verdict.FAIL
    assert verdict(CONTROL, agreement(personalData=nobody), **WORLD) is Verdict.FAIL
    plain = agreement(personalData=nobody, lawfulBasis="", dataClass="internal")
    assert verdict(CONTROL, plain, **WORLD) is Verdict.DECLARED


def test_data_is_not_collected_tomorrow() -> None:
    assert verdict(CONTROL, agreement(collected="2026-11-26"), **WORLD) is Verdict.DECLARED
    assert verdict(CONTROL, agreement(collected="2026-11-27"), **WORLD) is Verdict.FAIL
    assert verdict(CONTROL, AGREEMENT_ON_DATA, parameters=WORLD["parameters"]) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("text", "digest", "expected"),
    [
        (SHEET, DIGEST, Verdict.DECLARED),
        (SHEET.replace("Few old people.", ""), DIGEST, Verdict.FAIL),
        (SHEET, f"sha256:{'1' * 64}", Verdict.FAIL),
    ],
)
def test_a_data_sheet_is_held_to_its_digest(text: str, digest: str, expected: Verdict) -> None:
    opened = {"sheets/census.md": Opened(digest=digest, text=text)}
    assert verdict(CONTROL, SHEETED, opened=opened, **WORLD) is expected


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Origin", ("Origins", "Sources", "Motivation", "Provenance")),
        ("Collection", ("How it was collected",)),
        ("Bias", ("Biases", "Limits", "Who is represented")),
    ],
)
def test_a_part_of_a_data_sheet_has_other_names(heading: str, words: tuple[str, ...]) -> None:
    def judged(word: str) -> Verdict:
        opened = {"sheets/census.md": Opened(digest=DIGEST, text=SHEET.replace(f"# {heading}", f"# {word}"))}
        return verdict(CONTROL, SHEETED, opened=opened, **WORLD)

    assert [judged(each) for each in words] == [Verdict.DECLARED] * len(words)
    assert judged("Other") is Verdict.FAIL


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"expires": "2026-11-24"}, Verdict.FAIL),
        ({"agreed": "2099-01-01"}, Verdict.FAIL),
        ({"agreed": None}, Verdict.FAIL),
        ({"expires": "2099-01-01"}, Verdict.DECLARED),
    ],
)
def test_an_agreement_holds_on_the_day_of_the_check(changes: dict[str, Any], expected: Verdict) -> None:
    found = outcomes(CONTROL, agreement(**changes), **{**WORLD, "as_of": date(2026, 11, 25)})
    assert found["census"].verdict is expected


def test_an_agreement_that_was_changed_has_another_digest() -> None:
    for sheet in (AGREEMENT_ON_DATA, SHEETED):
        changed = replace(sheet, inputs={**sheet.inputs, "digest": DIGEST})
        assert outcomes(CONTROL, changed, **WORLD)["census"].verdict is Verdict.FAIL
