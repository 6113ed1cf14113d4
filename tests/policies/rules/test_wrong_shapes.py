"""No property of the wrong shape ever passes: for each control, each resource that passes, and each place read."""

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from groundplan_policies.engine.control import Read
from groundplan_policies.engine.values import ARCHIVE, ASSET, REFERENCE, SIGNATURE
from groundplan_policies.engine.verdicts import Verdict
from tests.policies.rules.harness import FIXTURES, Fixtures, R, at, outcome, outcomes, put

FILES = sorted(Path(__file__).parent.glob("*/test_*_[0-9][0-9].py"))

MARKERS: tuple[object, ...] = (
    {SIGNATURE: ASSET, "text": "x"},
    {SIGNATURE: ARCHIVE, "assets": {}},
    {SIGNATURE: REFERENCE, "urn": "x"},
    {SIGNATURE: 7},
    {SIGNATURE: None},
)
"""Objects that are no plain objects, whatever a property is."""

SHAPES: tuple[object, ...] = (True, False, 0, 7, -1, 7.5, "wrong", " ", ["wrong"], [[]], [{}], {"wrong": 1}, [[["x"]]])


WORST = (Verdict.FAIL, Verdict.INDETERMINATE, Verdict.DECLARED, Verdict.PASS, Verdict.NOT_APPLICABLE)


def load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"fixtures_of_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fixtures(file: Path) -> list[Fixtures]:
    return [found for each in vars(load(file)).values() if (found := getattr(each, FIXTURES, None)) is not None]


def shape(value: object) -> str:
    """Give the shape of a value: Pulumi's bridge takes a number and the text of one for each other."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "number" if value.replace(".", "", 1).isdigit() else "text"
    return type(value).__name__


def wrong_for(good: object) -> Iterator[object]:
    """Give values of other shapes than one that passes. One thing is as good as a list with it, as Pulumi writes it."""
    yield from MARKERS
    if good is None:
        return
    same = {shape(good)}
    if isinstance(good, list):
        same |= {shape(each) for each in good}
    yield from (each for each in SHAPES if shape(each) not in same and not (isinstance(good, dict) and each == [{}]))
    if not isinstance(good, (list, dict)):
        yield from ([good], {"value": good})


def passing(found: Fixtures, sample: R, read: Read) -> Iterator[str]:
    for value in wrong_for(at(sample.inputs, read.path)):
        try:
            inputs = put(sample.inputs, read.path, value)
        except AssertionError:  # the resource has something else than a block on the way
            return
        got = said(found, replace(sample, inputs=inputs))
        if got in {Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.DECLARED}:
            yield f"{sample.type}: {read.path} = {value!r}: {got}"


def said(found: Fixtures, sample: R) -> Verdict:
    """Give what a control says of a resource; or the worst that it says of any, where it speaks of another for it."""
    if not found.elsewhere:
        return outcome(found.control, sample, *found.others, **found.world).verdict
    every = outcomes(found.control, *found.others, sample, *found.after, **found.world).values()
    return min((each.verdict for each in every), key=WORST.index, default=Verdict.NOT_APPLICABLE)


@pytest.mark.parametrize("file", FILES, ids=lambda each: each.stem.removeprefix("test_"))
def test_no_property_of_the_wrong_shape_passes(file: Path) -> None:
    wrong = [
        told
        for found in fixtures(file)
        for sample in found.good
        for read in found.control.reads
        if read.type in {"*", sample.type} and ":" not in read.path
        if read.wrong not in {Verdict.PASS, Verdict.NOT_APPLICABLE}
        for told in passing(found, sample, read)
    ]

    assert wrong == []


def test_there_is_something_to_try() -> None:
    assert sum(bool(fixtures(file)) for file in FILES) >= len(FILES) * 3 / 4
