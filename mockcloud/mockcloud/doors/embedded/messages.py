"""What a process that runs a program and the one that asked for it say to each other: a JSON object a line."""

import json
import select
import socket
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockcloud.doors.embedded import errors
from mockcloud.doors.embedded.errors import EngineError, InvalidSettings, ProgramFailed
from mockcloud.doors.embedded.preview import Diagnostic, Preview, Progress, Seconds
from mockcloud.doors.embedded.redaction import redaction_of

if TYPE_CHECKING:
    from mockcloud.doors.embedded.invokes import Answers

_CHUNK: Final = 1 << 16
_PROGRESS_EVERY: Final = 0.05
"""Seconds between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Request:
    """A project directory to preview: what `preview_directory` takes, as plain JSON.

    Attributes:
        applied: Whether the program is deployed on a mock cloud of its own, which then is gone.
    """

    directory: str
    stack: str
    organization: str = "organization"
    config: Mapping[str, str] | None = None
    secret_config: Mapping[str, str] | None = None
    stack_references: Mapping[str, Mapping[str, object]] | None = None
    invokes: Mapping[str, object] | None = None
    applied: bool = False

    def encode(self) -> bytes:
        """Give the request as a line.

        Raises:
            InvalidSettings: Something in it is not JSON, such as a function: it cannot go to another process.
        """
        try:
            return line({"preview": asdict(self)})
        except TypeError as error:
            raise InvalidSettings(
                "Something in the settings cannot be handed to another process",
                given=str(error),
                allowed="plain JSON values",
                remedy="give results instead of functions, or use `preview_directory`",
            ) from error


def serve(request: Mapping[str, object], send: Callable[[bytes], None], written: Callable[[], tuple[str, str]]) -> None:
    """Run the program that a request names, and send progress and then the result, an error, or a fault of our own.

    Args:
        request: What `Request.encode` wrote.
        send: Sends a line.
        written: Gives what the process has written to its standard output and error past Python's own streams.
    """
    from mockcloud.doors.embedded.directory import preview_directory, settings_of
    from mockcloud.doors.pulumi.throwaway import notes_of, throwaway

    last = 0.0

    def report(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _PROGRESS_EVERY:
            last = now
            send(line({"progress": asdict(progress)}))

    given = Request(**request)  # type: ignore[arg-type] # what encode() wrote
    try:
        answers: Answers = given.invokes
        directory = Path(given.directory)
        applier = throwaway(settings_of(directory, given.stack, given.config).values()) if given.applied else None
        preview = preview_directory(
            directory,
            given.stack,
            organization=given.organization,
            config=given.config,
            secret_config=given.secret_config,
            stack_references=given.stack_references,
            invokes=answers,
            on_progress=report,
            applier=applier,
        )
        if applier is not None:
            preview = replace(preview, diagnostics=(*preview.diagnostics, *notes_of(applier)))
        clear = redaction_of(given.secret_config).clear_text
        stdout, stderr = (clear(text) for text in written())
        preview = replace(preview, stdout=preview.stdout + stdout, stderr=preview.stderr + stderr)
        send(line({"preview": {**asdict(preview), "sources": [str(path) for path in preview.sources]}}))
    except EngineError as error:
        parts = {part: getattr(error, part, "") for part in ("what", "given", "allowed", "remedy", "traceback")}
        send(line({"error": {"type": type(error).__name__, **parts}}))
    except Exception:  # noqa: BLE001 - the asking process raises it
        send(line({"fault": traceback.format_exc()}))


class Channel:
    """One end of a conversation, a line at a time."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._unread = bytearray()

    def send(self, line: bytes) -> None:
        """Send a line. If the other side has ended, reading tells."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(line)

    def fileno(self) -> int:
        """Give the file descriptor, for whoever polls it."""
        return self._socket.fileno()

    def close(self) -> None:
        """End the conversation; the other side sees it."""
        self._socket.close()

    def read(self, deadline: float | None = None) -> dict[str, object] | None:
        """Wait for the next message; None if the other side has ended.

        Args:
            deadline: When to give up, on the monotonic clock; None for never.

        Raises:
            TimeoutError: The deadline passed.
        """
        seen = 0
        while (end := self._unread.find(b"\n", seen)) < 0:
            seen = len(self._unread)
            remaining = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not select.select([self._socket], [], [], remaining)[0]:
                raise TimeoutError
            try:
                chunk = self._socket.recv(_CHUNK)
            except ConnectionResetError:
                chunk = b""
            if not chunk:
                return None
            self._unread += chunk
        message: dict[str, object] = json.loads(self._unread[:end])
        del self._unread[: end + 1]
        return message


def report_progress(message: Mapping[str, object], on_progress: Callable[[Progress], None] | None) -> bool:
    """Pass a report of progress on; say whether the message was one."""
    progress = message.get("progress")
    if isinstance(progress, dict) and on_progress is not None:
        on_progress(Progress(**progress))
    return "progress" in message


def result(message: Mapping[str, object]) -> Preview:
    """Give the preview in a last message.

    Raises:
        EngineError: The program failed.
        RuntimeError: The engine itself did.
    """
    body = message.get("preview")
    if isinstance(body, dict):
        return Preview(**{field.name: _field(field.name, body[field.name]) for field in fields(Preview)})  # type: ignore[arg-type] # what serve() wrote
    failure = message.get("error")
    if isinstance(failure, dict):
        kind, what, trace = failure.pop("type"), failure.pop("what"), failure.pop("traceback")
        if kind == ProgramFailed.__name__:
            raise ProgramFailed(what, **failure, traceback=trace)
        raise getattr(errors, kind)(what, **failure)
    raise RuntimeError(f"the embedded engine failed in its own code:\n{message.get('fault')}")


def _field(name: str, value: object) -> object:
    match name, value:
        case "diagnostics", list():
            return tuple(Diagnostic(**diagnostic) for diagnostic in value)
        case "seconds", dict():
            return Seconds(**value)
        case "sources", list():
            return tuple(Path(path) for path in value)
        case (("modules" | "placeholders"), list()):
            return tuple(value)
        case _:
            return value


def line(message: Mapping[str, object]) -> bytes:
    """Write a message as a line."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
