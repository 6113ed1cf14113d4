"""Keeps a process that has imported what a program needs, and forks it for each run: for `--watch`."""

import gc
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Self

from mockcloud.doors.embedded.messages import Channel, Request, line, report_progress, result
from mockcloud.doors.embedded.preview import Preview, Progress
from mockcloud.doors.embedded.processes import died, end_group, fork_run, timed_out
from mockcloud.doors.embedded.redaction import redaction_of


class WarmRunner:
    """Previews one project directory again and again, importing installed modules once.

    The first preview imports everything; the warm process then imports the same installed modules, so that from the
    second on only the program's own modules load. Each run is a fork, so no run sees another. Use it as a context
    manager, from one thread.

    Args:
        directory: Where `Pulumi.yaml` is.
        stack: The stack's name, or `organization/project/stack`.
        organization: What `pulumi.get_organization()` answers, unless the stack's name says.
        config: Configuration values that replace those of the files.
        secret_config: The same for secret values.
        stack_references: The outputs of other stacks: name of the stack -> outputs.
        invokes: What `get_*` functions answer: token -> result.
    """

    def __init__(
        self,
        directory: Path,
        stack: str,
        *,
        organization: str = "organization",
        config: Mapping[str, str] | None = None,
        secret_config: Mapping[str, str] | None = None,
        stack_references: Mapping[str, Mapping[str, object]] | None = None,
        invokes: Mapping[str, object] | None = None,
    ) -> None:
        self._request = Request(
            str(directory), stack, organization, config, secret_config, stack_references, invokes
        ).encode()
        self._clear = redaction_of(secret_config).clear_text
        ours, theirs = socket.socketpair()
        self._channel, self._warm = Channel(ours), frozenset[str]()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with this module
                [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the warm process. A second call does nothing."""
        end_group(self._process.pid)
        self._process.wait()
        self._channel.close()

    def warm(self, modules: Iterable[str]) -> None:
        """Have the warm process import modules; it does so while this process goes on."""
        new = frozenset(modules) - self._warm
        if new:
            self._warm |= new
            self._channel.send(line({"warm": sorted(new)}))

    def preview(
        self, *, timeout: float | None = None, on_progress: Callable[[Progress], None] | None = None
    ) -> Preview:
        """Preview the program as its files are now.

        Args:
            timeout: Seconds that it may take; None for no limit.
            on_progress: Called in this process, some twenty times a second.

        Raises:
            EngineError: As `preview_in_child`. The runner can be used again afterwards.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        self._channel.send(self._request)
        runs, last, stopped = 0, None, False
        try:
            while (message := self._channel.read(deadline)) and "ended" not in message:
                if "started" in message:
                    runs = int(str(message["started"]))
                elif not report_progress(message, on_progress):
                    last = message
        except TimeoutError:
            message, stopped = self._stop(runs), True
        except BaseException:
            self._stop(runs)
            raise
        output = self._clear(str((message or {}).get("output", "")))
        if stopped:
            raise timed_out(timeout or 0, output)
        if last is None:
            status = self._process.wait() if message is None else int(str(message["ended"]))
            raise died(status, output)
        preview = result(last)
        self.warm(preview.modules)
        return preview

    def _stop(self, pid: int) -> dict[str, object] | None:
        """End a run, and read on until the warm process says that it has ended."""
        message: dict[str, object] | None = {"started": pid} if pid else self._channel.read()
        while message is not None and "ended" not in message:
            if "started" in message:
                end_group(int(str(message["started"])))
            message = self._channel.read()
        return message


def _main(descriptor: int) -> None:
    channel = Channel(socket.socket(fileno=descriptor))
    import_module("mockcloud.doors.embedded.directory")
    gc.freeze()
    while message := channel.read():
        request, modules = message.get("preview"), message.get("warm")
        if isinstance(request, dict):
            fork_run(request, channel)
        if isinstance(modules, list):
            _import(modules)


def _import(modules: list[str]) -> None:
    """Import modules with the garbage collector off, and keep it away from them for good: forks share their memory."""
    gc.disable()
    for name in modules:
        # A module that a program could import may still refuse to be imported alone; then the program does it.
        with suppress(Exception):
            # Pulumi's packages load their modules at the first look at an attribute: look, while parents come first.
            hasattr(import_module(name), "any_attribute")
    gc.enable()
    gc.freeze()


if __name__ == "__main__":
    _main(int(sys.argv[1]))
