"""Runs a command with the mock cloud as its Google Cloud."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final

from groundplan_cli.errors import Error

PASSED_ON = (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGQUIT)
"""Signals that are for the command."""
SHELL_SIGNAL = 128
"""What a shell adds to the number of a signal that ended a command."""


_CHANGING: Final = frozenset({"up", "update", "refresh", "destroy", "import", "watch"})
"""Commands of Pulumi's that write its state."""


def about_state(command: Sequence[str], *, stays: bool) -> list[str]:
    """Give what to know before Pulumi's command writes a state: that outlives a mock cloud, and may be the real one.

    Args:
        command: What is to run.
        stays: Whether the mock cloud stays when the command has ended.
    """
    if Path(command[0]).name != "pulumi" or _CHANGING.isdisjoint(command[1:]):
        return []
    found = []
    if not os.environ.get("PULUMI_BACKEND_URL"):
        found.append(
            "the state is that of your own backend. For one of the mock cloud alone, set PULUMI_BACKEND_URL to a "
            "directory (file://DIR), or take groundplan up STACK --mock"
        )
    if not stays:
        found.append(
            "this mock cloud ends with the command, and the state stays: the next command finds nothing of what it "
            "names. For a cloud that stays: groundplan cloud start --detach"
        )
    return found


def environment(settings: Mapping[str, str], unset: Sequence[str]) -> dict[str, str]:
    """Give this process's environment with the settings, and without what would win over them."""
    return {**{name: value for name, value in os.environ.items() if name not in unset}, **settings}


def become(command: Sequence[str], settings: Mapping[str, str]) -> None:
    """Become the command: its exit code and its signals are its own. Does not come back.

    Raises:
        Error: There is no such command.
    """
    try:
        os.execvpe(command[0], list(command), dict(settings))  # noqa: S606 - what the user typed, without a shell
    except OSError as error:
        raise _not_found(command, error) from error


def run(command: Sequence[str], settings: Mapping[str, str]) -> int:
    """Run the command as a child, pass signals on to it, and give its exit code.

    Raises:
        Error: There is no such command.
    """
    wanted = PASSED_ON if sys.stdin.isatty() else (*PASSED_ON, signal.SIGINT)
    # What is ignored stays so, here and in the command: `nohup` means it.
    passed = [each for each in wanted if signal.getsignal(each) is not signal.SIG_IGN]
    waiting: list[int] = []
    child: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, _: FrameType | None) -> None:
        if child is None:
            waiting.append(number)
        else:
            with suppress(ProcessLookupError):
                child.send_signal(number)

    before = {each: signal.signal(each, pass_on) for each in passed}
    if signal.SIGINT not in wanted:
        # A terminal sends Ctrl-C to both; the command decides what it means.
        before[signal.SIGINT] = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        child = subprocess.Popen(list(command), env=dict(settings))  # noqa: S603 - what the user typed, without a shell
        for number in waiting:
            child.send_signal(number)
        code = child.wait()
    except OSError as error:
        raise _not_found(command, error) from error
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    return code if code >= 0 else SHELL_SIGNAL - code


def _not_found(command: Sequence[str], error: OSError) -> Error:
    return Error(
        "The command cannot be run",
        given=f"{command[0]} ({error.strerror})",
        allowed="a program on the PATH, or the path of one",
        remedy="check how it is written",
    )
