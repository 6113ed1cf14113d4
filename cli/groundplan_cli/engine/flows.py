"""What `up`, `refresh`, `destroy`, `import` and `preview --engine pulumi` do, one step after the other."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from rich.text import Text

from groundplan_cli.commands.version import installed
from groundplan_cli.engine.events import Event, Kind
from groundplan_cli.engine.importing import code_of
from groundplan_cli.engine.session import Session
from groundplan_cli.engine.steps import Step, as_list, as_object, read_steps
from groundplan_cli.errors import FINDINGS, OK, Error
from groundplan_cli.guardrails.rules import Chosen, Guardrails, guardrails_for
from groundplan_cli.guardrails.target import Target
from groundplan_cli.render.applying import Applying, applying
from groundplan_cli.render.console import error_console, output, output_console
from groundplan_cli.render.names import short_type
from groundplan_cli.render.report import print_report
from groundplan_cli.render.steps import print_steps, totals
from groundplan_cli.render.tree import outputs
from groundplan_cli.run import LIBRARIES, Request
from groundplan_policies.engine import Document, Value
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.reports.report import Report, Subject
from groundplan_policies.reports.words import conclusion

GONE: Final = frozenset({"delete", "delete-replaced", "discard", "discard-replaced"})
"""What is done with a resource that is no more afterwards."""

Ask: TypeAlias = Callable[[str], str]
"""Asks whoever sits at the terminal, and gives the answer."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a preview found.

    Attributes:
        raw: The engine's own document.
        document: The same, read, with the providers that the engine makes.
        steps: What happens to each resource.
    """

    raw: dict[str, Value]
    document: Document
    steps: tuple[Step, ...]

    @property
    def json(self) -> str:
        """The engine's own document as the text of a file."""
        return json.dumps(self.raw, indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """How consent to a change is had.

    Attributes:
        yes: Whether it was given with `--yes`.
        ask: Asks at the terminal; None where there is none.
    """

    yes: bool
    ask: Ask | None

    def check(self, what: str) -> None:
        """Refuse at once what nobody could consent to later.

        Raises:
            Error: There is no terminal, and no `--yes`.
        """
        if not self.yes and self.ask is None:
            raise Error(
                "Nobody can be asked",
                given=f"{what} without a terminal and without --yes",
                allowed="a terminal, or --yes for consent in advance",
                remedy="look at the preview first, then add --yes",
            )

    def given(self, question: str, answer: str) -> bool:
        """Ask, and say whether the answer is the one that consents."""
        return self.yes or (self.ask is not None and self.ask(question).strip() == answer)


def look(session: Session, plan: Path | None = None) -> Looked:
    """Preview a stack. What goes wrong later names the lines of this preview's program.

    The engine's document leaves out the providers that the engine makes itself, though their settings decide for which
    cloud and project all the rest is. What it tells while it works has them, so the guardrails get to see them.
    """
    console = error_console()
    warned = Applying(console)
    providers: dict[str, Value] = {}

    def hear(event: Event) -> None:
        if event.kind is Kind.SAYS:
            warned.hear(event)
        elif event.is_made_by_engine and event.op not in GONE:
            state: Value = {"urn": event.urn, "custom": True, "type": event.type, "inputs": dict(event.inputs)}
            providers[event.urn] = {"op": event.op, "urn": event.urn, "newState": state}

    if console.is_terminal:
        console.print(Text("previewing …", style="dim"))
    raw = session.preview(hear, plan)
    steps = raw.get("steps")
    whole: dict[str, Value] = {**raw, "steps": [*providers.values(), *(steps if isinstance(steps, list) else [])]}
    document = Document.read(whole, libraries=LIBRARIES)
    session.lines = lines_of(document)
    return Looked(raw, document, read_steps(raw))


def lines_of(document: Document) -> dict[str, str]:
    """Give the line of the program that made each resource."""
    return {each.urn: str(each.source) for each in document if each.source is not None}


def judge(request: Request, guardrails: Guardrails, document: Document) -> Report:
    """Evaluate a document with the guardrails of its stack."""
    return Report(
        evaluation=guardrails.judge(document),
        controls=all_controls(),
        settings=guardrails.settings,
        subject=Subject(name=request.stack, kind="stack", digest="", resources=len(document)),
        version=installed("groundplan-policies"),
    )


def up(session: Session, request: Request, chosen: Chosen | None, consent: Consent, plan: Path | None = None) -> int:
    """Preview, let the guardrails judge, ask, make it so, and judge what has become of it.

    Args:
        session: The stack on the engine.
        request: What runs.
        chosen: Settings and waivers that were named; None to go past the guardrails.
        consent: How consent is had.
        plan: A saved plan to keep to.

    Returns:
        The exit code: 1 where the guardrails block, before the first change or after the last.
    """
    consent.check("up")
    guardrails = guardrails_for(_target(request), chosen) if chosen is not None else None
    found = look(session)
    print_steps(output_console(), found.steps)
    if guardrails is None:
        _say("NO GATE: the guardrails are not asked (--no-gate). Whatever they would block will be made.", "bold red")
    elif not _passes(judge(request, guardrails, found.document)):
        return FINDINGS
    if not consent.given(f"Apply this to {_named(session, request)}? Type yes", "yes"):
        _say("Nothing was changed.")
        return OK
    progress = applying(f"updating {request.stack}", session.lines)
    session.up(progress.hear, plan)
    state = Document.read(session.state(), libraries=LIBRARIES)
    _finish(progress, state)
    return _judged_after(request, guardrails, state) if guardrails is not None else OK


def refresh(session: Session, request: Request, consent: Consent) -> int:
    """Compare the state with the cloud, ask, and take into it what the cloud has."""
    consent.check("refresh")
    if not consent.given(f"Read every resource of {_named(session, request)} into the state? Type yes", "yes"):
        _say("Nothing was changed.")
        return OK
    begun = _begun(session.state())
    progress = applying(f"refreshing {request.stack}")
    session.refresh(progress.hear)
    for urn, token in begun:
        what = f"  ! {urn.rpartition('::')[2]}  {short_type(token)}  was being made when a run was ended"
        _say(f"{what}, and is forgotten. If it is in the cloud, take it over with groundplan import.", "yellow")
    _say(f"{totals(progress.done, done=True)}.", "bold")
    return OK


def _begun(state: Mapping[str, Value]) -> list[tuple[str, str]]:
    """List what a run that was ended in the middle had begun to make: URN and type."""
    operations = as_list(as_object(state.get("deployment")).get("pending_operations"))
    found = [as_object(each) for each in operations]
    made = [as_object(each.get("resource")) for each in found if each.get("type") == "creating"]
    return [(str(each.get("urn")), str(each.get("type"))) for each in made]


def destroy(session: Session, request: Request, consent: Consent) -> int:
    """Say what will go and what is protected, ask for the stack's name, and remove everything.

    Raises:
        Error: Resources are protected.
    """
    consent.check("destroy")
    document = Document.read(session.state(), libraries=LIBRARIES)
    session.lines = lines_of(document)
    going = [each for each in document if each.custom and not each.is_provider and not each.external]
    if not going:
        _say(f"{_named(session, request)} holds no resource.")
        return OK
    protected = [each for each in document if each.protect]
    if protected:
        raise Error(
            "Protected resources would be deleted",
            given="\n".join(
                f"{each.name} {short_type(each.type)} ({session.lines.get(each.urn, 'not in the program')})"
                for each in protected
            ),
            allowed="a stack without protected resources",
            remedy="set protect=False (deletion_protection=False) where the lines say, and run groundplan up"
            + ("" if session.mock else "; or: pulumi state unprotect --all"),
        )
    kept = sum(1 for each in going if each.retain_on_delete)
    steps = tuple(Step(each.urn, each.type, "delete") for each in reversed(going) if not each.retain_on_delete)
    print_steps(output_console(), steps)
    if kept:
        _say(f"  {kept} stay in the cloud (retainOnDelete).")
    if not consent.given(f"Delete all of {_named(session, request)}? Type the stack's name", request.stack):
        _say("Nothing was changed.")
        return OK
    progress = applying(f"destroying {request.stack}", session.lines)
    session.destroy(progress.hear)
    _say(f"{totals(_without_steps(progress), done=True)}.", "bold")
    return OK


def adopt(session: Session, token: str, name: str, identity: str, *, protect: bool) -> int:
    """Take a resource that exists into the state, and print the code that says the same."""
    session.adopt(token, name, identity, protect=protect)
    document = Document.read(session.state(), libraries=LIBRARIES)
    found = next((each for each in document if each.type == token and each.name == name), None)
    if found is None:
        raise Error(
            "The engine imported something else",
            given=f"{token} {name}",
            allowed="a type as the engine writes it, such as gcp:storage/bucket:Bucket",
            remedy="look at what the state holds: pulumi stack export",
        )
    error_console().print(Text(f"{name} is in the state now. Add this to the program, or the next up deletes it:"))
    with output() as console:
        console.print(Text(code_of(found)), soft_wrap=True)
    return OK


def _target(request: Request) -> Target:
    return Target(project=request.project, stack=request.stack)


def _passes(report: Report) -> bool:
    """Print what the guardrails say, and say whether the way is free."""
    if report.exit_code == OK:
        _say(f"Guardrails: {conclusion(report).partition(' Exit code')[0]}", "green")
        return True
    print_report(report, every=False)
    _say("The guardrails stop this: nothing was changed.", "bold red")
    return False


def _judged_after(request: Request, guardrails: Guardrails, state: Document) -> int:
    """Judge the state too: it holds what a preview cannot know."""
    report = judge(request, guardrails, state)
    if report.exit_code == OK:
        _say(f"Guardrails, of the state: {conclusion(report).partition(' Exit code')[0]}", "green")
        return OK
    print_report(report, every=False)
    _say("It was applied, and its state does not pass: what was not known before is known now.", "bold red")
    return FINDINGS


def _finish(progress: Applying, state: Document) -> None:
    with output() as console:
        console.print(Text(f"{totals(_without_steps(progress), done=True)}.", style="bold"))
        body = outputs(state)
        if body is not None:
            console.print()
            console.print(Text("Outputs", style="bold"))
            console.print(body)
            console.print()


def _without_steps(progress: Applying) -> dict[str, int]:
    """Give what was done. The parts of a replacement are not counted again, nor what was only read first."""
    done = {op: number for op, number in progress.done.items() if op != "refresh"}
    replaced = done.get("replace", 0)
    for part in ("create", "delete"):
        if replaced and part in done:
            done[part] -= min(replaced, done[part])
    return done


def _named(session: Session, request: Request) -> str:
    return f"{request.stack} (mock cloud)" if session.mock else request.stack


def _say(text: str, style: str = "") -> None:
    output_console().print(Text(text, style=style))
