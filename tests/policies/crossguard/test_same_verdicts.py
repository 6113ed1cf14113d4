"""The pack says what `groundplan check` says, but for what the engine does not show it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2

from groundplan_policies.crossguard.stack import unseen
from groundplan_policies.engine import Document, Member
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.settings.read import read_settings
from mockcloud import preview_directory
from tests.architecture.sources import ROOT
from tests.policies.crossguard.engine import Engine, start_pack
from tests.stacks.previews import document as shipped

DAY = date(2026, 6, 15)
SETTINGS = {stack: ROOT / "stacks" / "environments" / f"guardrails.{stack}.yaml" for stack in ("learner", "team")}

ENOUGH = 50
"""Findings of a stack in which much is wrong."""

Told = tuple[str, str, str]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with start_pack() as found:
        yield found


def by_check(document: Document, settings: Path) -> list[Told]:
    """What `groundplan check` tells of a document: control, URN and verdict."""
    found = evaluate(document, read_settings(settings), as_of=DAY).findings
    return sorted((each.control, each.urn, each.verdict.value) for each in found if each.verdict != "declared")


def by_pack(engine: Engine, document: Document, settings: Path) -> list[Told]:
    engine.configure(settings=str(settings), asOf=DAY.isoformat())
    return engine.run(document).violations


def loosened(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A stack in which much is wrong: the booleans of its properties say the opposite, and its texts are gone."""

    def turned(value: Any) -> Any:
        if isinstance(value, bool):
            return not value
        if isinstance(value, dict):
            return {key: turned(each) for key, each in value.items() if key not in {"labels", "publicAccessPrevention"}}
        return [turned(each) for each in value] if isinstance(value, list) else value

    resources = [
        {**each, "inputs": turned(each.get("inputs", {}))} if each["type"].startswith("gcp:") else each
        for each in raw["deployment"]["resources"]
    ]
    return {**raw, "deployment": {**raw["deployment"], "resources": resources}}


@pytest.mark.slow
@pytest.mark.parametrize("stack", SETTINGS)
@pytest.mark.parametrize("change", [dict, loosened], ids=["as shipped", "loosened"])
def test_verdicts_are_the_same_for_what_the_engine_shows(
    engine: Engine, stack: str, change: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> None:
    """Without the sources of single values, which the engine does not tell, they are the same to the last one."""
    document = Document.read(change(shipped(stack)))
    expected = by_check(replace(document, member=Member(profile="preview")), SETTINGS[stack])

    assert by_pack(engine, document, SETTINGS[stack]) == expected
    assert change is dict or len(expected) > ENOUGH


@pytest.mark.slow
@pytest.mark.parametrize("stack", SETTINGS)
def test_what_check_knows_better_is_a_doubt_and_stops_no_preview(engine: Engine, stack: str) -> None:
    document = Document.read(shipped(stack))
    engine.configure(settings=str(SETTINGS[stack]), asOf=DAY.isoformat())
    answers = engine.run(document)
    more = set(answers.violations) - set(by_check(document, SETTINGS[stack]))

    assert {verdict for _, _, verdict in more} == {"indeterminate"}
    assert {
        each.enforcementLevel
        for each in answers.stack.diagnostics
        if (each.policyName, each.urn, "indeterminate") in more
    } == {analyzer_pb2.ADVISORY}


@pytest.mark.slow
def test_of_a_program_that_breaks_much_the_pack_misses_only_what_the_engine_does_not_show(engine: Engine) -> None:
    home = ROOT / "examples" / "insecure"
    settings = home / "guardrails.dev.yaml"
    raw: Any = preview_directory(home, "dev").document
    document = Document.read(raw)
    told, expected = set(by_pack(engine, document, settings)), set(by_check(document, settings))
    blind = {each.id for each in all_controls().values() if unseen(each)}

    assert len(told) > 2 * ENOUGH
    # What belongs to no control has no finding: it is told of apart.
    assert {each for each in told - expected if each[0] != "guardrails"} == set()
    assert {control for control, _, _ in expected - told} <= blind


@pytest.mark.slow
def test_a_shipped_stack_may_be_deployed(engine: Engine) -> None:
    """What blocks `groundplan check` blocks the pack, and nothing else does."""
    document = Document.read(shipped("team"))
    evaluation = evaluate(document, read_settings(SETTINGS["team"]), as_of=DAY)
    engine.configure(settings=str(SETTINGS["team"]), asOf=DAY.isoformat())
    answers = engine.run(document)
    every = [*(one for _, each in answers.early for one in each.diagnostics), *answers.stack.diagnostics]

    blocking = {(each.policyName, each.urn) for each in every if each.enforcementLevel == analyzer_pb2.MANDATORY}
    assert blocking == {(each.control, each.urn) for each in evaluation.blocking}


def test_the_guide_lists_what_the_engine_does_not_show() -> None:
    guide = (ROOT / "docs" / "guides" / "crossguard.md").read_text(encoding="utf-8")
    listed = {
        cells[0]: {option.strip("` ") for option in cells[1].split(",")}
        for line in guide.splitlines()
        if line.startswith(("| BYP-", "| DAT-", "| ENC-", "| IAM-", "| NET-"))
        and (cells := [each.strip() for each in line.strip("|").split("|")])
    }

    assert listed == {each.id: set(hidden) for each in all_controls().values() if (hidden := unseen(each))}
