"""Shows a plan once: as a tree, as a document, in a file, or as differences from an earlier document."""

import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from groundplan_cli.changes import compare
from groundplan_cli.files import write_atomically
from groundplan_cli.render.changes import print_changes
from groundplan_cli.render.console import error_console, output
from groundplan_cli.render.diagnostics import print_diagnostics
from groundplan_cli.render.progress import progress
from groundplan_cli.render.tree import print_plan, summary
from groundplan_cli.run import Request, Result, read_earlier, run


@dataclass(frozen=True, slots=True)
class Wanted:
    """In which form a plan is wanted: the tree, unless one of these is set.

    Attributes:
        as_json: The document on standard output.
        out: The document in this file.
        diff: The differences from the document in this file.
        every: A line for each resource of the tree.
    """

    as_json: bool = False
    out: Path | None = None
    diff: Path | None = None
    every: bool = False


def show_once(request: Request, wanted: Wanted) -> bool:
    """Run the program and show the plan.

    Returns:
        Whether anything differs from the document of `wanted.diff`; False without one.
    """
    # An unreadable file is better reported before the program has run for a while.
    earlier = read_earlier(wanted.diff) if wanted.diff else None
    if not (wanted.as_json or wanted.out or wanted.diff):
        Thread(target=_load_guardrails, name="guardrails", daemon=True).start()
    with progress(request.stack) as tell:
        result = run(request, tell)
    print_diagnostics(error_console(), result.preview)
    if wanted.as_json:
        sys.stdout.write(result.json)
        return False
    if wanted.out is not None:
        write_atomically(wanted.out, result.json)
        line = summary(result.document, result.seconds)
        error_console().print(line.append(f" → {wanted.out}"))
        return False
    if earlier is not None and wanted.diff is not None:
        changes = compare(earlier, result.document)
        with output() as console:
            print_changes(console, changes, than=str(wanted.diff))
        return bool(changes)
    _show_plan(request, result, every=wanted.every)
    return False


def _load_guardrails() -> None:
    """Load what judges the plan, while the program runs in a process of its own: so it costs next to no time."""
    from groundplan_cli.render import verdicts
    from groundplan_policies.engine.registry import all_controls

    del verdicts  # only loaded
    all_controls()


def _show_plan(request: Request, result: Result, *, every: bool) -> None:
    from groundplan_cli.guardrails.beside import verdicts
    from groundplan_cli.render.verdicts import print_verdicts

    found = verdicts(request, result.document)
    with output() as console:
        print_plan(console, result.document, every=every, blocked=found.blocked)
        console.print()
        print_verdicts(console, found)
        console.print()
        console.print(summary(result.document, result.seconds))
