"""Writes a waiver for a finding of a stack."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from groundplan_cli.errors import Error
from groundplan_cli.guardrails.rules import (
    Chosen,
    Guardrails,
    guardrails_for,
    name_in_project,
    read_named_waivers,
    today,
    waivers_file,
)
from groundplan_cli.guardrails.target import RunOptions, Target, find_target, read_target
from groundplan_cli.text import plain
from groundplan_policies.engine import Document
from groundplan_policies.engine.control import Control
from groundplan_policies.engine.results import Evaluation, WaiverFinding
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.engine.yamlfile import nearest
from groundplan_policies.waivers import FAULTS, Waiver, write_waiver
from groundplan_policies.waivers.write import fill_waiver

_URN = "urn:pulumi:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The waiver that is wished for. What is not described here is as the option of the same name says.

    Attributes:
        control: The control.
        resource: URN or name of the resource; the stack's name for the stack as a whole.
    """

    control: Control
    resource: str
    reason: str
    ticket: str
    owner: str
    approver: str
    expires: date
    issued: date | None = None
    stack: str | None = None
    project: Path | None = None
    also: tuple[Path, ...] = ()
    run: RunOptions
    chosen: Chosen


def write(wish: Wish) -> Iterator[str]:
    """Write the waiver. Gives lines that say what was written, and what is still wrong with it.

    Raises:
        Error: It means no finding or several, or would not hold.
        WaiverError: The control cannot be waived, or the file cannot be written.
    """
    issued = wish.issued or today()
    if wish.expires < issued:
        raise Error(
            "The waiver would end before it begins",
            given=f"issued {issued}, expires {wish.expires}",
            allowed="expires not before issued",
            remedy="correct the days",
        )
    target = find_target(wish.stack or _stack_of(wish.resource), wish.project)
    path = wish.chosen.waivers or waivers_file(target)
    if path is None:
        raise Error(
            "There is no place for the waiver",
            given=f"{target.name}, which is no stack",
            allowed="a stack, beside whose settings file the waivers are, or a file of waivers",
            remedy="name the stack with --stack, or the file with --waivers",
        )
    chosen = replace(wish.chosen, waivers=path if path.exists() else None, as_of=issued)
    guardrails = guardrails_for(target, chosen)
    document, _ = read_target(target, wish.run)
    waiver = _filled(wish, guardrails, document)
    for file in wish.also:
        other, _ = read_target(Target(project=target.project, file=file), RunOptions())
        more = _filled(replace(wish, resource=waiver.urn), guardrails, other)
        waiver = replace(waiver, fingerprints=tuple(dict.fromkeys((*waiver.fingerprints, *more.fingerprints))))
    wrong = list(_wrong(waiver, guardrails, document))
    _refuse(wrong)
    write_waiver(path, waiver)
    yield f"{name_in_project(target, path)}: {waiver.control} on {plain(waiver.urn)} is waived until {waiver.expires}"
    yield from _remarks(target, path, waiver)


def _stack_of(resource: str) -> str | None:
    """Give the stack that a URN names, None for a name."""
    return resource.removeprefix(_URN).partition("::")[0] if resource.startswith(_URN) else None


def _filled(wish: Wish, guardrails: Guardrails, document: Document) -> Waiver:
    evaluation = guardrails.judge(document)
    waiver = Waiver(
        control=wish.control.id,
        urn=_urn(wish, evaluation, document),
        type="",
        reason=wish.reason,
        ticket=wish.ticket,
        owner=wish.owner,
        approver=wish.approver,
        issued=guardrails.as_of,
        expires=wish.expires,
        fingerprints=(),
    )
    return fill_waiver(waiver, evaluation, document, wish.control)


def _urn(wish: Wish, evaluation: Evaluation, document: Document) -> str:
    """Give the URN that is meant. A name is enough where the control has one finding on a resource of that name."""
    if wish.resource.startswith(_URN):
        return wish.resource
    stack = document.stack
    if stack is not None and wish.resource in {wish.stack, stack.name, stack.urn.removeprefix(_URN).partition("::")[0]}:
        return stack.urn
    with_findings = [
        each.urn
        for each in evaluation.findings
        if each.control == wish.control.id and each.urn and each.verdict in {Verdict.FAIL, Verdict.INDETERMINATE}
    ]
    urns = [urn for urn in with_findings if urn.rpartition("::")[2] == wish.resource]
    if len(urns) == 1:
        return urns[0]
    if urns:
        raise Error(
            "The name means several resources",
            given=wish.resource,
            allowed="\n".join(urns),
            remedy="give the URN of the one that is meant",
        )
    names = [urn.rpartition("::")[2] for urn in with_findings]
    raise Error(
        "There is nothing to waive",
        given=f"{wish.control.id} on {wish.resource}, where it neither fails nor is indeterminate",
        allowed=nearest(wish.resource, names) or f"nothing: {wish.control.id} has no finding on a resource",
        remedy="look at the findings with `groundplan check`",
    )


def _wrong(waiver: Waiver, guardrails: Guardrails, document: Document) -> Iterator[WaiverFinding]:
    """Give what is wrong with a waiver as it is, before it is written."""
    place = "the new waiver"
    with_it = replace(guardrails, waivers=(*guardrails.waivers, replace(waiver, place=place)))
    return (each for each in with_it.judge(document).waiver_findings if each.place == place)


def _refuse(wrong: list[WaiverFinding]) -> None:
    """Refuse a waiver that would silence nothing."""
    for each in wrong:
        if not FAULTS[each.id].holds:
            raise Error(
                "The waiver would not hold",
                given=f"{each.title} ({each.id})",
                allowed="a waiver of one finding, approved by somebody else than its owner, for a time that is not "
                "longer than the severity allows",
                remedy=each.message[:1].lower() + each.message[1:].rstrip("."),
            )


def _remarks(target: Target, path: Path, waiver: Waiver) -> Iterator[str]:
    written = read_named_waivers(target, path)[-1]
    if not written.approver_owns:
        yield (
            f"The approver {plain(waiver.approver)} is no owner of the file in CODEOWNERS: unless the settings list "
            "them among the approvers, reports say that they are unverified."
        )
