"""One run of the engine: what the controls say of each resource before it is made, and of the stack at the end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Final

from groundplan_policies.crossguard.alone import Alone
from groundplan_policies.crossguard.doubt import hangs_on_the_deployment
from groundplan_policies.crossguard.registered import Registered
from groundplan_policies.crossguard.stack import as_document, unseen
from groundplan_policies.engine.belief import believed
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control
from groundplan_policies.engine.document import Document
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.index import Index
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.results import Counts, Evaluation, Finding
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import Outcome, Reason, Severity, Verdict
from groundplan_policies.reports.words import VERDICTS, sentence
from groundplan_policies.settings.model import Settings
from groundplan_policies.settings.read import read_settings
from groundplan_policies.waivers import Waiver

GUARDRAILS: Final = "guardrails"
"""The policy under which the pack reports what belongs to no control, and which takes its configuration."""

_ASKED_AGAIN: Final = (
    "The deployment is looked at again; `groundplan check` may know already where the value comes from."
)

_REPORTED = frozenset({Verdict.FAIL, Verdict.INDETERMINATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """What the engine is told.

    Attributes:
        policy: Id of the control, of the fault of a waiver, or `GUARDRAILS`.
        title: What the policy asks for, in one sentence.
        message: What is wrong, a line each. Safe to show.
        urn: The resource; "" for the stack as a whole.
        level: What the engine does with it.
        severity: How bad it is.
    """

    policy: str
    title: str
    message: str
    urn: str
    level: Level
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class StackAnswer:
    """What the controls say of a stack.

    Attributes:
        violations: What is wrong and has not been told with its resource.
        no_pass: Policy -> why it is no pass although nothing is wrong.
    """

    violations: tuple[Violation, ...]
    no_pass: Mapping[str, str]


class Session:
    """One run of the engine.

    Args:
        settings: Levels and parameters.
        waivers: What silences findings.
        as_of: The day for which waivers and explanations are judged.
        controls: The controls by id; all of this package by default.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        waivers: Sequence[Waiver] = (),
        as_of: date,
        controls: Mapping[str, Control] | None = None,
    ) -> None:
        self._settings = read_settings("regulated") if settings is None else settings
        self._waivers = tuple(waivers)
        self._waived = {(each.control, each.urn) for each in waivers}
        self._as_of = as_of
        self._controls = all_controls() if controls is None else controls
        asked = [each for each in self._controls.values() if self._settings.level(each) is not Level.OFF]
        self._asked = {each.id: each for each in asked}
        self._index = Index(asked)
        self._checks: dict[str, Mapping[str, Check]] = {}
        self._asked_for: dict[str, Mapping[str, Value]] = {}
        self._told: set[tuple[str, str]] = set()
        # The engine may ask about several resources at once.
        self._lock = Lock()

    def before(self, registered: Registered) -> tuple[Violation, ...]:
        """Look at a resource before it is made: give what fails whatever the rest of the stack is.

        What only the stack can tell, what cannot be told at all, and what a waiver may silence is left for the end.

        Raises:
            DocumentError: The URN is none, or contradicts the type.
        """
        resource = registered.resource(registered.properties)
        found = tuple(self._failing(registered, resource)) if resource.custom else ()
        with self._lock:
            self._asked_for[resource.urn] = registered.properties
            self._told = {each for each in self._told if each[1] != resource.urn}
            self._told.update((each.policy, each.urn) for each in found)
        return found

    def _failing(self, registered: Registered, resource: Resource) -> Iterator[Violation]:
        provider = registered.provider.resource() if registered.provider is not None else None
        context = Context(
            graph=Alone(provider),
            parameters=self._settings.parameters,
            settings_changes=self._settings.loosened,
            waived_urns=frozenset(each.urn for each in self._waivers),
            asked=tuple(self._asked.values()),
        )
        for identifier, check in self._checks_of(resource.type).items():
            if (identifier, resource.urn) in self._waived:
                continue
            control = self._asked[identifier]
            try:
                outcome = believed(control, resource, check(resource, context))
            except Exception:  # noqa: BLE001, S112 - it needs the stack, or is at fault: both come out at the end
                continue
            if outcome.verdict is Verdict.FAIL:
                yield self._violation(control, resource.urn, outcome)

    def _checks_of(self, type_token: str) -> Mapping[str, Check]:
        found = self._checks.get(type_token)
        if found is None:
            found = self._checks[type_token] = self._index.checks(type_token)
        return found

    def at_the_end(self, resources: Sequence[Registered], *, dry_run: bool) -> StackAnswer:
        """Look at the whole stack: give what has not been told with a resource. Ends the run.

        Args:
            resources: Every resource, with its outputs.
            dry_run: Whether this is a preview.

        Raises:
            DocumentError: A URN is none, or contradicts its type.
        """
        with self._lock:
            asked_for, told = self._asked_for, self._told
            self._asked_for, self._told = {}, set()
        document = as_document(resources, asked_for, dry_run=dry_run)
        evaluation = evaluate(
            document, self._settings, controls=self._controls, waivers=self._waivers, as_of=self._as_of
        )
        violations = [
            self._told_at_the_end(each, document, dry_run=dry_run)
            for each in evaluation.findings
            if _counts(each) and (each.verdict is not Verdict.FAIL or (each.control, each.urn) not in told)
        ]
        violations += _beside(evaluation, self._controls)
        spoken = {each.policy for each in violations}
        early = {control for control, _ in told}
        no_pass = {
            identifier: why
            for identifier, control in self._controls.items()
            if identifier not in spoken
            and (why := _no_pass(control, evaluation.counts.get(identifier), early=identifier in early))
        }
        return StackAnswer(violations=tuple(violations), no_pass=no_pass)

    def _told_at_the_end(self, finding: Finding, document: Document, *, dry_run: bool) -> Violation:
        violation = self._violation(
            self._controls[finding.control], finding.urn, Outcome(finding.verdict, finding.reasons)
        )
        resource = document.get(finding.urn)
        doubtful = dry_run and finding.verdict is Verdict.INDETERMINATE
        if not doubtful or resource is None or not hangs_on_the_deployment(finding.reasons, resource):
            return violation
        # It would stop every first deployment: the engine tells of a value only when its resource is made.
        return replace(violation, level=Level.WARN, message=f"{violation.message}\n{_ASKED_AGAIN}")

    def _violation(self, control: Control, urn: str, outcome: Outcome) -> Violation:
        return Violation(
            policy=control.id,
            title=control.title,
            message="\n".join(_lines(control, outcome)),
            urn=urn,
            level=self._settings.level(control),
            severity=control.severity,
        )


def _counts(finding: Finding) -> bool:
    return finding.verdict in _REPORTED and finding.waiver is None


def _lines(control: Control, outcome: Outcome) -> Iterator[str]:
    reasons = outcome.reasons or (Reason("", "does not hold"),)
    for reason in reasons:
        yield f"{VERDICTS[outcome.verdict]}: {sentence(reason)}"
    yield f"To do: {control.remedy}"


def _beside(evaluation: Evaluation, controls: Mapping[str, Control]) -> Iterator[Violation]:
    """Give what is wrong beside the findings of controls, as a report has it."""
    for fault in evaluation.faults:
        control = controls[fault.control]
        where = f" at {fault.where}" if fault.where else ""
        yield Violation(
            policy=fault.control,
            title=control.title,
            message=f"the rule itself is at fault: {fault.kind}{where}. Report it; a resource may be wrong unseen.",
            urn=fault.urn,
            level=Level.BLOCK,
            severity=control.severity,
        )
    for each in evaluation.types.unknown:
        yield Violation(
            policy=GUARDRAILS,
            title="Every resource is of a type that was reviewed",
            message=f"nobody has reviewed {each.type}, of which there are {each.count}: no control looked at them.",
            urn="",
            level=Level.BLOCK,
            severity=Severity.HIGH,
        )
    for finding in evaluation.waiver_findings:
        yield Violation(
            policy=finding.id,
            title=finding.title,
            message=f"{finding.place}: {finding.control}: {finding.message}",
            urn=finding.urn,
            level=finding.level,
            severity=finding.severity,
        )


def _no_pass(control: Control, counts: Counts | None, *, early: bool) -> str:
    """Say why a control does not pass although nothing is wrong; "" if it does."""
    if counts is None:
        return "The settings switch it off."
    if early:
        return "It was told with the resources."
    if counts.waived:
        return "A waiver silences it, which is no pass."
    if counts.declared:
        return "Somebody says so, which is no pass."
    hidden = unseen(control)
    if hidden:
        return f"The engine does not show policy packs what it reads: {', '.join(hidden)}."
    return "" if counts.passed else "There is nothing that it could look at."
