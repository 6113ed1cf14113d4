"""Processes that run programs, and how they end with everything that they started. For POSIX systems."""

import os
import select
import signal
import sys
import tempfile
import threading
from contextlib import suppress
from typing import IO, Final

from mockcloud.doors.embedded.errors import ProgramDied, ProgramTimedOut
from mockcloud.doors.embedded.messages import Channel, line, serve

_TAIL: Final = 2000
"""How many bytes of a program's last output an error shows."""


class OutputFiles:
    """Files that take what a process writes to its standard output and error, past Python's own streams."""

    def __init__(self) -> None:
        self.stdout: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self.stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()

    def tail(self) -> str:
        """Give the end of what was written to standard error, else to standard output."""
        for file in (self.stderr, self.stdout):
            size = os.fstat(file.fileno()).st_size
            if size:
                return os.pread(file.fileno(), _TAIL, max(0, size - _TAIL)).decode("utf-8", "replace").strip()
        return ""

    def close(self) -> None:
        """Forget the files."""
        self.stdout.close()
        self.stderr.close()


def run_request(request: dict[str, object], channel: Channel) -> None:
    """Run the program that a request names in this process, which must be its own and lead its process group.

    If the process that asked goes away, this one ends at once, with all that the program started.
    """
    threading.Thread(target=_end_with, args=(channel.fileno(),), daemon=True).start()
    serve(request, channel.send, _written)


def _written() -> tuple[str, str]:
    """Give what this process wrote to its standard streams, which are files."""
    sys.stdout.flush()
    sys.stderr.flush()
    sizes = {descriptor: os.fstat(descriptor).st_size for descriptor in (1, 2)}
    out, err = (os.pread(descriptor, size, 0).decode("utf-8", "replace") for descriptor, size in sizes.items())
    return out, err


def _end_with(descriptor: int) -> None:
    poll = select.poll()
    poll.register(descriptor, 0)  # hang-ups are reported whether asked for or not
    poll.poll()
    os.killpg(0, signal.SIGKILL)


def end_group(pid: int) -> None:
    """End a process that leads a group, and everything in the group."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def timed_out(timeout: float, output: str) -> ProgramTimedOut:
    """Say that a program took too long."""
    return ProgramTimedOut(
        "The program took longer than it may",
        given=f"no end after {timeout:g} seconds" + (f"; its last output: {output}" if output else ""),
        allowed=f"{timeout:g} seconds",
        remedy="look for what it waits for (a network call, a lock, an endless loop), or allow more time: --timeout",
    )


def died(status: int, output: str) -> ProgramDied:
    """Say that a program's process ended without an answer."""
    how = f"killed by signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
    return ProgramDied(
        "The program ended its process",
        given=how + (f"; its last output: {output}" if output else ""),
        allowed="a program that returns, or raises",
        remedy="look for a call of os._exit, a crash in native code, or a lack of memory",
    )


def fork_run(request: dict[str, object], channel: Channel) -> None:
    """Run a request in a fork of this process, and say when that has ended: `ended` with its status and last output."""
    files = OutputFiles()
    pid = os.fork()
    if pid == 0:
        _in_fork(request, channel, files)
    channel.send(line({"started": pid}))
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    end_group(pid)
    channel.send(line({"ended": status, "output": files.tail()}))
    files.close()


def _in_fork(request: dict[str, object], channel: Channel, files: OutputFiles) -> None:
    """Be the forked process; never returns."""
    status = 1
    try:
        os.setsid()
        os.dup2(files.stdout.fileno(), 1)
        os.dup2(files.stderr.fileno(), 2)
        run_request(request, channel)
        status = 0
    finally:
        # What the warm process would do at its end is not for its forks to do.
        os._exit(status)
