"""Every type that a control looks at is one that the installed provider registers, under the token that it has."""

import importlib.util
import re
from pathlib import Path

import pytest

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.names import short_name, token
from groundplan_policies.engine.registry import all_controls

CONTROLS = all_controls()


def installed() -> frozenset[str]:
    """Give the tokens of the provider's types. Reading its text is seconds faster than importing."""
    spec = importlib.util.find_spec("pulumi_gcp")
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).read_text(encoding="utf-8")
    return frozenset(re.findall(r'"(gcp:[A-Za-z0-9]+/[A-Za-z0-9]+:[A-Za-z0-9]+)"\s*:', text))


TOKENS = installed()


@pytest.mark.parametrize("control", CONTROLS.values(), ids=list(CONTROLS))
def test_a_control_looks_at_types_that_there_are(control: Control) -> None:
    named = {*control.checks, *(read.type for read in control.reads)}
    tokens = {token(each) for each in named if "*" not in each}

    assert {each for each in tokens if each.startswith("gcp:")} <= TOKENS


def test_short_names_and_tokens_belong_together() -> None:
    assert len(TOKENS) > 1000
    assert {each: token(short_name(each)) for each in TOKENS if token(short_name(each)) != each} == {}
