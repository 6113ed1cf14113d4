"""Lets controls look at a document, and keeps what they say: passes as a number, everything else whole."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from traceback import walk_tb

from groundplan_policies.engine.belief import believed, believed_of_stack
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Evidence
from groundplan_policies.engine.index import Index
from groundplan_policies.engine.look import check_for, trusted
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.results import RuleFault
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Verdict

_PACKAGE = Path(__file__).parent.parent


@dataclass(slots=True)
class Sheet:
    """What one control says.

    Attributes:
        control: The control.
        passed: How often it passes.
        not_applicable: How often it has nothing to say.
        others: Every other answer, with the resource or None for the stack as a whole.
        faults: What went wrong in it.
        passes: The URNs for which it passes, where somebody wants to know them; else None.
    """

    control: Control
    passed: int = 0
    not_applicable: int = 0
    others: list[tuple[Resource | None, Outcome]] = field(default_factory=list)
    faults: list[RuleFault] = field(default_factory=list)
    passes: list[str] | None = None

    def ask(self, check: Check, resources: Iterable[Resource], context: Context) -> None:
        """Let a check look at resources of which nothing special is to be known. This is the innermost loop."""
        passed = not_applicable = 0
        wanted = self.passes
        for resource in resources:
            try:
                outcome = check(resource, context)
                if outcome is PASS:
                    passed += 1
                    if wanted is not None:
                        wanted.append(resource.urn)
                elif outcome is NOT_APPLICABLE:
                    not_applicable += 1
                else:
                    self.note(resource, outcome)
            except Exception as error:  # noqa: BLE001 - a rule may raise anything; it is a finding about the rule
                self.fault(resource, error)
        self.passed += passed
        self.not_applicable += not_applicable

    def ask_with_care(self, check: Check, resources: Iterable[Resource], context: Context) -> None:
        """Let a check look at resources whose options, or what the document lacks, may take back what it says."""

        def careful(resource: Resource, context: Context) -> Outcome:
            outcome = check(resource, context)
            if self.control.evidence is Evidence.GRAPH:
                outcome = trusted(outcome, context)
            return believed(self.control, resource, outcome)

        self.ask(careful, resources, context)

    def ask_stack(self, context: Context) -> None:
        """Let the check of the whole deployment look, if the control has one."""
        if self.control.stack is None:
            return
        spoken: set[str] = set()
        alone, complete = not self.control.checks, context.complete
        try:
            for resource, outcome in self.control.stack(context):
                urn = resource.urn if resource is not None else ""
                if urn in spoken or not (alone or resource is None or not _has_check(self.control, resource)):
                    self.faults.append(RuleFault(control=self.control.id, urn=urn, kind="SpokenTwice", where=""))
                    continue
                spoken.add(urn)
                if outcome is PASS and complete and resource and not (resource.ignore_changes or resource.external):
                    self.note(resource, outcome)
                    continue
                self.note(resource, believed_of_stack(self.control, resource, trusted(outcome, context), context))
        except Exception as error:  # noqa: BLE001 - as above
            self.fault(None, error)

    def note(self, resource: Resource | None, outcome: object) -> None:
        """Keep an answer.

        Raises:
            TypeError: It is no answer.
        """
        if not isinstance(outcome, Outcome):
            raise TypeError(type(outcome).__name__)
        if outcome.verdict is Verdict.PASS:
            self.passed += 1
            if self.passes is not None:
                self.passes.append(resource.urn if resource is not None else "")
        elif outcome.verdict is Verdict.NOT_APPLICABLE:
            self.not_applicable += 1
        else:
            self.others.append((resource, outcome))

    def fault(self, resource: Resource | None, error: Exception) -> None:
        """Keep that an exception was raised, and where; not what it says."""
        urn = resource.urn if resource is not None else ""
        kind = type(error).__name__
        self.faults.append(RuleFault(control=self.control.id, urn=urn, kind=kind, where=innermost(error)))


def _has_check(control: Control, resource: Resource) -> bool:
    return resource.custom and check_for(control, resource.type) is not None


def innermost(error: Exception) -> str:
    """Give the place in this package where an exception was raised, or passed through."""
    where = ""
    for frame, line in walk_tb(error.__traceback__):
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(_PACKAGE) and file != Path(__file__):
            where = f"{file.relative_to(_PACKAGE).as_posix()}:{line}"
    return where


def tally(controls: Sequence[Control], context: Context, index: Index, *, with_passes: bool = False) -> Iterator[Sheet]:
    """Let controls look at a whole deployment. Gives a sheet for each, in the order of the controls.

    Args:
        controls: The controls to ask.
        context: What they are given.
        index: The checks of these controls, and maybe of others.
        with_passes: Whether to keep for which resources they pass.
    """
    sheets = {each.id: Sheet(each, passes=[] if with_passes else None) for each in controls}
    for type_token, resources in context.graph.by_token.items():
        checks = index.checks(type_token)
        if not checks:
            continue
        special = [each for each in resources if each.external or each.ignore_changes]
        plain = [each for each in resources if not (each.external or each.ignore_changes)] if special else resources
        for identifier, check in checks.items():
            sheet = sheets.get(identifier)
            if sheet is None:
                continue
            if not context.complete and sheet.control.evidence is Evidence.GRAPH:
                sheet.ask_with_care(check, resources, context)
                continue
            sheet.ask(check, plain, context)
            if special:
                sheet.ask_with_care(check, special, context)
    for sheet in sheets.values():
        sheet.ask_stack(context)
    return iter(sheets.values())
