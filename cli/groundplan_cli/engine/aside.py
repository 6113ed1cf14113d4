"""Keeps what a program prints apart from what the command prints: it is no part of what was asked for."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TextIO, cast

from groundplan_cli.text import plain


class Aside:
    """Stands for standard output: what the program's thread writes goes to standard error, line by line."""

    def __init__(self, real: TextIO) -> None:
        self._real = real
        self._threads: set[int] = set()
        self._rest = ""

    def listen(self) -> None:
        """Take the calling thread for the program's."""
        self._threads.add(threading.get_ident())

    def write(self, text: str) -> int:
        """Write a text, to where it belongs."""
        if threading.get_ident() not in self._threads:
            return self._real.write(text)
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            sys.stderr.write(f"  | {plain(line, lines=True)}\n")
        return len(text)

    def finish(self) -> None:
        """Write the last line, where it has no end."""
        if self._rest:
            self._threads.add(threading.get_ident())
            self.write("\n")

    def __getattr__(self, name: str) -> object:
        """Be the real stream in everything else."""
        return getattr(self._real, name)


@contextmanager
def aside() -> Iterator[Aside]:
    """Put it in the place of standard output while the block runs."""
    printed = Aside(sys.stdout)
    with redirect_stdout(cast("TextIO", printed)):
        try:
            yield printed
        finally:
            printed.finish()
