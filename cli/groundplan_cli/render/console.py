"""The two streams to write to. Both are plain where they are no terminal, and obey NO_COLOR (rich does)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

PIPED_WIDTH = 120
"""Columns of what goes to a file or a pipe, in characters: there is no terminal to ask."""


def output_console() -> Console:
    """Give the console for what was asked for."""
    return _console(stderr=False)


def error_console() -> Console:
    """Give the console for errors and progress."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPED_WIDTH
    # Names come from programs: neither `[markup]` nor `:emoji:` nor guessed numbers are to be seen in them.
    return Console(stderr=stderr, width=width, markup=False, emoji=False, highlight=False, soft_wrap=False)


@contextmanager
def output() -> Iterator[Console]:
    """Give the console for what was asked for; where it is no terminal, lines lose the blanks at their ends."""
    console = output_console()
    if console.is_terminal:
        yield console
        return
    with console.capture() as captured:
        yield console
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())
    sys.stdout.flush()
