"""`preview --watch`: the plan and what changed in it, at every save."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text
from watchfiles import Change, DefaultFilter, watch

from groundplan_cli.changes import compare
from groundplan_cli.errors import FourParts, report
from groundplan_cli.guardrails.beside import verdicts
from groundplan_cli.render.changes import print_changes
from groundplan_cli.render.console import error_console, output
from groundplan_cli.render.diagnostics import print_diagnostics
from groundplan_cli.render.progress import progress
from groundplan_cli.render.tree import print_plan, summary
from groundplan_cli.render.verdicts import print_verdicts
from groundplan_cli.run import Request, Result, read_earlier
from groundplan_policies.engine import Document

if TYPE_CHECKING:
    from mockcloud import WarmRunner

DEBOUNCE_MILLISECONDS = 50
"""How long to wait for more files of one save: editors write some, and formatters rewrite them. In milliseconds."""

WATCHED = (".py", ".yaml", ".yml", ".json", ".toml", ".j2", ".sql", ".txt", ".md")
"""Suffixes of what a program may read. Caches and the temporary files of editors have others."""


def watch_stack(request: Request, *, baseline: Path | None, every: bool) -> None:
    """Show the plan, then again at every save, until Ctrl-C.

    A program that is broken is reported, and watching goes on: the next save may mend it.

    Args:
        request: What to run. Everything in the project's directory is watched.
        baseline: A document to compare the first plan with; each later one is compared with the one before.
        every: Whether each resource has a line in the tree.
    """
    from mockcloud import WarmRunner

    earlier = read_earlier(baseline) if baseline else None
    plans = _Plans(request, earlier, str(baseline), every=every)
    root = request.project.root
    try:
        with WarmRunner(
            root,
            request.stack,
            config=request.config,
            secret_config=request.answers.secret_config,
            stack_references=request.answers.stack_references,
            invokes=request.answers.invokes,
        ) as runner:
            for _ in _saves(root):
                plans.attempt(lambda: _run(runner, request))
                error_console().print(Text(f"Watching {root}. Ctrl-C ends.", style="dim"))
    except KeyboardInterrupt:
        error_console().print(Text("Stopped watching."))


def _run(runner: "WarmRunner", request: Request) -> Result:
    with progress(request.stack) as tell:
        return Result(runner.preview(timeout=request.timeout, on_progress=tell))


class _Plans:
    """Shows plans one after the other, each with what changed since the one before.

    Args:
        request: What is run.
        earlier: What to compare the first plan with, None for nothing.
        name: What that is called.
        every: Whether each resource has a line in the tree.
    """

    def __init__(self, request: Request, earlier: Document | None, name: str, *, every: bool) -> None:
        self.request = request
        self.earlier = earlier
        self.name = name
        self.every = every

    def attempt(self, run: Callable[[], Result]) -> None:
        """Run the program and show its plan, or why there is none."""
        try:
            result = run()
            document = result.document
        except Exception as error:
            if not isinstance(error, FourParts):
                raise
            report(error, debug=False)
            return
        print_diagnostics(error_console(), result.preview)
        found = verdicts(self.request, document)
        with output() as console:
            print_plan(console, document, every=self.every, blocked=found.blocked)
            console.print()
            print_verdicts(console, found)
            console.print()
            if self.earlier is not None:
                print_changes(console, compare(self.earlier, document), than=self.name)
            console.print(summary(document, result.seconds))
        self.earlier, self.name = document, "the plan before"


class _Sources(DefaultFilter):
    """Lets through what has a watched suffix, and is in no cache, environment or version store."""

    def __call__(self, change: Change, path: str) -> bool:
        """Decide about one changed path."""
        return path.endswith(WATCHED) and super().__call__(change, path)


def _saves(directory: Path) -> Iterator[None]:
    """Give a turn at once, then one for each save of a file that a program may read.

    The first turn comes from the watcher too, when it times out the first time: so a save during the first run, which
    is the longest, is not lost.
    """
    changes = watch(
        directory,
        watch_filter=_Sources(),
        debounce=DEBOUNCE_MILLISECONDS,
        step=DEBOUNCE_MILLISECONDS,
        rust_timeout=DEBOUNCE_MILLISECONDS,
        yield_on_timeout=True,
        raise_interrupt=True,
    )
    next(changes)
    yield
    for changed in changes:
        if changed:
            yield
