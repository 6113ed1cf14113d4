"""What the guardrails say of a plan, beside it: which resources are blocked, and whether the whole is clean."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from groundplan_cli.errors import FourParts
from groundplan_cli.guardrails.rules import Chosen, guardrails_for
from groundplan_cli.guardrails.target import Target
from groundplan_cli.project import nearest_project
from groundplan_cli.run import Request
from groundplan_policies.engine import Document
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.reports.report import Report, Subject
from mockcloud import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What is shown beside a plan.

    Attributes:
        report: What was found; None if nothing could be checked.
        problem: Why nothing could be checked, "" if something was.
        command: What to run to see all of it, from the current directory.
        blocked: URN -> ids of the controls of which a finding on it blocks.
    """

    report: Report | None
    problem: str = ""
    command: str
    blocked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def verdicts(request: Request, document: Document) -> Verdicts:
    """Judge a plan under the settings and waivers beside its stack.

    A plan can be looked at without guardrails: a settings file that is broken is said, and stops nothing.
    """
    target = Target(project=request.project, stack=request.stack)
    command = check_command(request.project, request.stack)
    try:
        guardrails = guardrails_for(target, Chosen(config=[f"{key}={value}" for key, value in request.config.items()]))
    except Exception as error:
        if not isinstance(error, FourParts):
            raise
        return Verdicts(report=None, problem=f"{error.what} ({error.given})", command=command)
    report = Report(
        evaluation=guardrails.judge(document),
        controls=all_controls(),
        settings=guardrails.settings,
        subject=Subject(name=request.stack, kind="stack", digest="", resources=len(document)),
        version="",
    )
    blocked: dict[str, list[str]] = {}
    for finding in report.decisive:
        blocked.setdefault(finding.urn, []).append(finding.control)
    return Verdicts(report=report, command=command, blocked={urn: tuple(controls) for urn, controls in blocked.items()})


def check_command(project: Project, stack: str) -> str:
    """Give the command that checks a stack, with the project named unless it is the one found from here upwards."""
    words = ["groundplan", "check", stack]
    here = Path.cwd()
    nearest = nearest_project(here)
    if nearest is None or nearest.resolve() != project.root.resolve():
        words += ["--project", os.path.relpath(project.root, here)]
    return shlex.join(words)
