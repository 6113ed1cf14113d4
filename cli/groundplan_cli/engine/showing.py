"""`preview --engine pulumi`: the plan as the embedded engine's is shown, and what happens to each resource."""

import sys
import time
from pathlib import Path

from groundplan_cli.changes import compare
from groundplan_cli.engine.flows import Looked, look
from groundplan_cli.engine.session import Session
from groundplan_cli.files import write_atomically
from groundplan_cli.guardrails.beside import verdicts
from groundplan_cli.render.changes import print_changes
from groundplan_cli.render.console import error_console, output
from groundplan_cli.render.steps import print_steps
from groundplan_cli.render.tree import print_plan, summary
from groundplan_cli.render.verdicts import print_verdicts
from groundplan_cli.run import Request, read_earlier
from groundplan_cli.show import Wanted


def show(session: Session, request: Request, wanted: Wanted, plan: Path | None) -> bool:
    """Preview a stack on the engine, and show it in the form that is wanted.

    Returns:
        Whether anything differs from the document of `wanted.diff`; False without one.
    """
    earlier = read_earlier(wanted.diff) if wanted.diff else None
    began = time.monotonic()
    found = look(session, plan)
    seconds = time.monotonic() - began
    if plan is not None:
        error_console().print(f"The plan → {plan}; groundplan up --plan keeps to it")
    if wanted.as_json:
        sys.stdout.write(found.json)
        return False
    if wanted.out is not None:
        write_atomically(wanted.out, found.json)
        error_console().print(summary(found.document, {"engine": seconds}).append(f" → {wanted.out}"))
        return False
    if earlier is not None:
        changes = compare(earlier, found.document)
        with output() as console:
            print_changes(console, changes, than=str(wanted.diff))
        return bool(changes)
    _print(request, found, seconds, every=wanted.every)
    return False


def _print(request: Request, found: Looked, seconds: float, *, every: bool) -> None:
    judged = verdicts(request, found.document)
    with output() as console:
        print_plan(console, found.document, every=every, blocked=judged.blocked)
        console.print()
        print_steps(console, found.steps, every=every)
        console.print()
        print_verdicts(console, judged)
        console.print()
        console.print(summary(found.document, {"engine": seconds}))
