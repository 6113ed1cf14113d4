"""Progress while the engine works: a line for each resource when it is done."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from rich.console import Console
from rich.text import Text

from groundplan_cli.engine.events import Event, Kind
from groundplan_cli.render.console import output_console
from groundplan_cli.render.steps import resource_line
from groundplan_cli.text import plain

_STYLES: Final = {"error": "bold red", "warning": "yellow"}
_PARTS: Final = {"create-replacement": "create", "delete-replaced": "delete", "read-replacement": "read"}
_QUIET: Final = frozenset({"same", "read", "refresh", "replace", "discard-replaced"})
"""What has no line of its own: nothing is done, or what is done has lines as its parts."""


class Applying:
    """Hears the engine, and says what it does.

    Args:
        console: Where to.
        lines: URN -> line of the program.
        clock: Gives seconds.

    Attributes:
        done: How many resources came to their end, by what was done to them.
    """

    def __init__(
        self,
        console: Console,
        *,
        lines: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.done: Counter[str] = Counter()
        self._console, self._clock = console, clock
        self._lines = lines or {}
        self._running: dict[tuple[str, str], float] = {}
        self._failed: set[str] = set()
        self._said: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def hear(self, event: Event) -> None:
        """Take in one thing that happens. Called from the threads of the engine's messages."""
        with self._lock:
            if event.kind is Kind.SAYS:
                self._say(event)
            elif event.type != "pulumi:pulumi:Stack" and not event.is_made_by_engine:
                self._step(event)

    def _step(self, event: Event) -> None:
        key = (event.urn, event.op)
        if event.kind is Kind.BEGINS:
            self._running[key] = self._clock()
        else:
            began = self._running.pop(key, None)
            op = _PARTS.get(event.op, event.op)
            if event.kind is Kind.FAILS:
                self._failed.add(event.urn)
                self._print(event, op, began, failed=True)
            else:
                self.done[op] += 1
                if event.op not in _QUIET:
                    self._print(event, op, began, failed=False)

    def _print(self, event: Event, op: str, began: float | None, *, failed: bool) -> None:
        line = resource_line(op, event.urn, event.type)
        if failed:
            line = Text("  ! ", style="bold red") + line[4:]
            line.append("  failed", style="bold red")
        seconds = "" if began is None else f"  {self._clock() - began:.1f} s"
        line.append(seconds, style="dim")
        place = self._lines.get(event.urn)
        if failed and place:
            line.append(f"  {plain(place)}")
        self._console.print(line, soft_wrap=True)

    def _say(self, event: Event) -> None:
        """Print a message, once: the engine repeats those of a failure for the stack."""
        if (event.severity, event.text) in self._said or event.severity == "error":
            return  # the error at the end says what failed
        self._said.add((event.severity, event.text))
        name = event.urn.rpartition("::")[2]
        about = f" ({plain(name)})" if name and "::pulumi:pulumi:Stack::" not in event.urn else ""
        text = Text(f"    {event.severity}: ", style=_STYLES.get(event.severity, "dim"))
        self._console.print(text.append(plain(event.text + about, lines=True), style=""), soft_wrap=True)


def applying(what: str, lines: Mapping[str, str] | None = None) -> Applying:
    """Begin to show what the engine does.

    There are lines only, also on a terminal: a line that moves would take over the standard streams, which a program
    that runs in this process writes to.

    Args:
        what: What it does, such as `updating dev`.
        lines: URN -> line of the program.
    """
    console = output_console()
    if console.is_terminal:
        console.print(Text(f"{plain(what)} …", style="dim"))
    return Applying(console, lines=lines)
