"""Runs a project directory in a process of its own, which can be ended."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from mockcloud.doors.embedded.messages import Channel, Request, report_progress, result
from mockcloud.doors.embedded.preview import Preview, Progress
from mockcloud.doors.embedded.processes import OutputFiles, died, end_group, run_request, timed_out
from mockcloud.doors.embedded.redaction import redaction_of


def preview_in_child(  # noqa: PLR0913 - each is a setting of its own, by keyword
    directory: Path,
    stack: str,
    *,
    timeout: float | None = None,
    organization: str = "organization",
    config: Mapping[str, str] | None = None,
    secret_config: Mapping[str, str] | None = None,
    stack_references: Mapping[str, Mapping[str, object]] | None = None,
    invokes: Mapping[str, object] | None = None,
    applied: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
) -> Preview:
    """Preview the Python program of a Pulumi project, in a process of its own.

    When the time is up, or on Ctrl-C, the process ends with everything that the program started. If the calling
    process dies, so does it.

    Args:
        directory: Where `Pulumi.yaml` is.
        stack: The stack's name, or `organization/project/stack`.
        timeout: Seconds that it may take; None for no limit.
        organization: What `pulumi.get_organization()` answers, unless the stack's name says.
        config: Configuration values that replace those of the files.
        secret_config: The same for secret values. They go through a socket: no argument and no file holds them.
        stack_references: The outputs of other stacks: name of the stack -> outputs.
        invokes: What `get_*` functions answer: token -> result. Results only, since a function stays in its process.
        applied: Whether the program is deployed on a mock cloud of its own, so that the document has the profile
            *state* and knows ids, e-mail addresses and what else a cloud gives. Nothing of that cloud stays.
        on_progress: Called in this process, some twenty times a second.

    Raises:
        EngineError: As `preview_directory`; and ProgramTimedOut, and ProgramDied if the process ended by itself.
    """
    given = Request(str(directory), stack, organization, config, secret_config, stack_references, invokes, applied)
    request = given.encode()
    ours, theirs = socket.socketpair()
    files, channel, clear = OutputFiles(), Channel(ours), redaction_of(secret_config).clear_text
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - this interpreter, with this module
            [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=files.stdout,
            stderr=files.stderr,
            start_new_session=True,
        )
    try:
        deadline = None if timeout is None else time.monotonic() + timeout
        channel.send(request)
        message = channel.read(deadline)
        while message is not None and report_progress(message, on_progress):
            message = channel.read(deadline)
        if message is None:
            raise died(process.wait(), clear(files.tail()))
        return result(message)
    except TimeoutError:
        raise timed_out(timeout or 0, clear(files.tail())) from None
    finally:
        end_group(process.pid)
        process.wait()
        channel.close()
        files.close()


def _main(descriptor: int) -> None:
    channel = Channel(socket.socket(fileno=descriptor))
    message = channel.read()
    if message is not None and isinstance(request := message["preview"], dict):
        run_request(request, channel)


if __name__ == "__main__":
    _main(int(sys.argv[1]))
