"""What the guardrails say of a plan, beside it: which resources are blocked, and whether the whole is clean."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from groundplan_cli.errors import FourParts
from groundplan_cli.guardrails.rules import Chosen, guardrails_for
from groundplan_cli.guardrails.target import Target
from groundplan_cli.run import Request
from groundplan_policies.engine import Document
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.reports.report import Report, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What is shown beside a plan.

    Attributes:
        report: What was found; None if nothing could be checked.
        problem: Why nothing could be checked, "" if something was.
        stack: Name of the stack.
        blocked: URN -> ids of the controls of which a finding on it blocks.
    """

    report: Report | None
    problem: str = ""
    stack: str
    blocked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def verdicts(request: Request, document: Document) -> Verdicts:
    """Judge a plan under the settings and waivers beside its stack.

    A plan can be looked at without guardrails: a settings file that is broken is said, and stops nothing.
    """
    target = Target(project=request.project, stack=request.stack)
    try:
        guardrails = guardrails_for(target, Chosen(config=[f"{key}={value}" for key, value in request.config.items()]))
    except Exception as error:
        if not isinstance(error, FourParts):
            raise
        return Verdicts(report=None, problem=f"{error.what} ({error.given})", stack=request.stack)
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
    return Verdicts(
        report=report, stack=request.stack, blocked={urn: tuple(controls) for urn, controls in blocked.items()}
    )
