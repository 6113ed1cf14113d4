"""From what was asked on the command line to the report."""

from dataclasses import dataclass, field
from pathlib import Path

from groundplan_cli.commands.version import installed
from groundplan_cli.guardrails.rules import Chosen, guardrails_for
from groundplan_cli.guardrails.target import RunOptions, find_target, read_target
from groundplan_policies.engine.document import Profile
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.pipelines.found import SPEC
from groundplan_policies.reports.coverage import framework
from groundplan_policies.reports.report import Report, narrowed, only


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked.

    Attributes:
        target: Name of a stack, path, `-`, or None for the project's only stack.
        project: The project's directory, None for the nearest.
        run: How a stack is previewed.
        chosen: Settings and waivers that were named.
        framework: Id of the framework to which the report is narrowed, None for all controls.
        level: The lowest level of findings that fail the check.
    """

    target: str | None
    project: Path | None
    run: RunOptions = field(default_factory=RunOptions)
    chosen: Chosen = field(default_factory=Chosen)
    framework: str | None = None
    level: Level = Level.BLOCK


def make_report(asked: Asked) -> Report:
    """Find what is meant, evaluate it, and gather what a report shows.

    Raises:
        Error: Wrong use: see `find_target`, `guardrails_for` and `read_target`.
    """
    target = find_target(asked.target, asked.project)
    # Faults of the settings come to light before the program runs, which takes a while.
    guardrails = guardrails_for(target, asked.chosen)
    document, subject = read_target(target, asked.run)
    evaluation = guardrails.judge(document)
    controls = all_controls()
    if document.profile is Profile.PIPELINE:
        evaluation = only(evaluation, controls, {each.id for each in controls.values() if SPEC in each.checks})
    coverage = None
    if asked.framework is not None:
        coverage = framework(asked.framework, evaluation, controls)
        evaluation = narrowed(evaluation, controls, asked.framework)
    return Report(
        evaluation=evaluation,
        controls=controls,
        settings=guardrails.settings,
        subject=subject,
        level=asked.level,
        framework=coverage,
        version=installed("groundplan-policies"),
    )
