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

from groundplan_cli.cloud.states import has_stacks
from groundplan_cli.errors import Error

PASSED_ON = (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGQUIT)
"""Signals that are for the command."""
SHELL_SIGNAL = 128
"""What a shell adds to the number of a signal that ended a command."""


_OF_STACKS: Final = frozenset({"up", "update", "preview", "refresh", "destroy", "import", "watch", "state", "select"})
"""Commands of Pulumi's that want a stack."""
_START: Final = "for one that stays, groundplan cloud start --detach"


_INIT: Final = "groundplan cloud exec -- pulumi stack init STACK"


def about_state(command: Sequence[str], *, state: Path | None, stays: bool) -> str:
    """Give what to know before Pulumi's command asks for a stack; "" for nothing.

    Args:
        command: What is to run.
        state: Directory of the mock cloud's own state; None where the user has chosen a directory.
        stays: Whether the mock cloud stays when the command has ended.
    """
    if Path(command[0]).name != "pulumi" or _OF_STACKS.isdisjoint(command[1:]):
        return ""
    if state is None:
        return "" if stays else f"this mock cloud ends with the command, and your state stays: {_START}"
    if has_stacks(state):
        return ""
    kept = "the state is the mock cloud's own, so your backend stays as it is; it holds no stack yet"
    return f"{kept}: {_INIT}" if stays else f"{kept}, and ends with the command: {_START}, then {_INIT}"


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
