"""The `pulumi` command: where it is, and how it runs so that Ctrl-C cancels what it does instead of ending it."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType
from typing import IO, Final, TypeAlias

from pulumi.automation import CommandResult, InvalidVersionError, PulumiCommand
from pulumi.automation.errors import create_command_error

from groundplan_cli.errors import Error

ALLOWED: Final = "the Pulumi command, version 3.181 or newer"

_ENDS: Final = 2
"""With which signal it ends at once."""
_AGAIN: Final = 0.5
"""After how many seconds that signal is sent again."""

CANCELS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals after which what runs comes to its end, and nothing new begins."""

Told: TypeAlias = Callable[[int], None]
"""Told of each signal, with how many there have been."""

Tell: TypeAlias = Callable[[str], object]
"""Told of each line."""


class NoCommand(Error):
    """There is no `pulumi` command, or it is too old."""


def find_command() -> str:
    """Give the path of the `pulumi` command.

    Raises:
        NoCommand: There is none on PATH.
    """
    found = shutil.which("pulumi")
    if found is None:
        raise NoCommand(
            "There is no Pulumi engine on this machine",
            given="PATH without a command `pulumi`",
            allowed=ALLOWED,
            remedy="install it: https://www.pulumi.com/docs/install/\n"
            "(`groundplan preview` without --engine needs none)",
        )
    return found


class Command(PulumiCommand):
    """Runs the engine in a session of its own: a terminal's Ctrl-C reaches it through this process only.

    Args:
        told: Told of each signal that comes while the engine works.

    Raises:
        NoCommand: There is no engine, it does not answer, or it is too old.
    """

    def __init__(self, told: Told = lambda _count: None) -> None:
        path = find_command()
        try:
            super().__init__()
        except (OSError, subprocess.CalledProcessError, InvalidVersionError) as error:
            raise NoCommand(
                "The Pulumi command cannot be used",
                given=f"{path}: {error}",
                allowed=f"{ALLOWED}, of the same major version as the SDK",
                remedy="install it anew: https://www.pulumi.com/docs/install/",
            ) from error
        self.command = path
        self._told = told

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Tell | None = None,
        on_error: Tell | None = None,
    ) -> CommandResult:
        """Run the engine.

        Raises:
            CommandError: It failed.
            KeyboardInterrupt: A signal came, and the engine has ended since.
        """
        return self._start(args, cwd, additional_env, on_output=on_output, on_error=on_error)

    def feed(self, text: str, args: list[str], cwd: str, additional_env: Mapping[str, str]) -> CommandResult:
        """Run the engine with a text on its standard input: no argument holds it, where others could see it."""
        return self._start(args, cwd, additional_env, text=text)

    def _start(
        self,
        args: list[str],
        cwd: str,
        environment: Mapping[str, str],
        *,
        text: str = "",
        on_output: Tell | None = None,
        on_error: Tell | None = None,
    ) -> CommandResult:
        process = subprocess.Popen(  # noqa: S603 - the Pulumi command, with arguments as a list
            [self.command, "--non-interactive", *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env={**os.environ, **environment, "PULUMI_AUTOMATION_API": "true"},
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        with process, _forwarding(process, self._told) as signals:
            if process.stdin is not None:
                with suppress(BrokenPipeError), process.stdin as file:
                    file.write(text)
            output, errors = _Reader(process.stdout, on_output), _Reader(process.stderr, on_error)
            code = process.wait()
            result = CommandResult(stdout=output.text(), stderr=errors.text(), code=code)
        if signals:
            raise KeyboardInterrupt
        if code:
            raise create_command_error(result)
        return result


class _Reader:
    """Reads a stream line by line in a thread of its own."""

    def __init__(self, stream: IO[str] | None, tell: Tell | None) -> None:
        self._lines: list[str] = []
        self._thread = threading.Thread(target=self._read, args=(stream or (), tell), daemon=True)
        self._thread.start()

    def _read(self, stream: Iterable[str], tell: Tell | None) -> None:
        for line in stream:
            self._lines.append(line.rstrip())
            if tell is not None:
                tell(self._lines[-1])

    def text(self) -> str:
        """Give all of it, when it has ended."""
        self._thread.join()
        return "\n".join(self._lines)


def _insist(process: "subprocess.Popen[str]") -> None:
    """Send Ctrl-C until the engine has ended."""
    while process.returncode is None:
        process.send_signal(signal.SIGINT)
        time.sleep(_AGAIN)


@contextmanager
def _forwarding(process: "subprocess.Popen[str]", told: Told) -> Iterator[list[int]]:
    """Forward signals to the engine as Ctrl-C while the block runs: the first cancels, the second ends it at once.

    The engine misses a signal that comes while it still works on the one before, so the second is sent until it ends.

    Yields the signals that came. Signals that are ignored stay so; outside the main thread none can be had.
    """
    came: list[int] = []

    def forward(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        process.send_signal(signal.SIGINT)  # does nothing where it has ended
        told(len(came))
        if len(came) == _ENDS:
            threading.Thread(target=_insist, args=(process,), daemon=True).start()

    if threading.current_thread() is not threading.main_thread():
        yield came
        return
    heard = [each for each in CANCELS if signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.signal(each, forward) for each in heard}
    try:
        yield came
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
