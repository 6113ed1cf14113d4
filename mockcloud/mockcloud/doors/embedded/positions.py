"""Source positions as the real engine writes them: `project:///net.py#12`, relative to the project's root.

Source: pulumi `pkg/resource/deploy/source_eval.go` (parseSourcePosition). The frames of this engine and of what called
it are cut off: they say nothing about the program, and differ from machine to machine.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote, urlsplit

import pulumi
from pulumi.runtime.proto import resource_pb2, source_pb2

if TYPE_CHECKING:
    from mockcloud.pulumi.values import Value

_INSTALLED: Final = "/site-packages/"
_ENGINE: Final = Path(__file__).parent.as_uri() + "/"
_PULUMI: Final = Path(pulumi.__file__).parent.as_uri() + "/"
_PYTHON: Final = Path(os.__file__).parent.as_uri() + "/"


@dataclass(slots=True)
class Positions:
    """Writes source positions relative to one directory.

    Attributes:
        root: The project's root, an absolute path.
    """

    root: Path
    _files: dict[str, str] = field(default_factory=dict)

    def of(
        self, request: resource_pb2.RegisterResourceRequest | resource_pb2.ReadResourceRequest
    ) -> "tuple[str, list[Value]]":
        """Give the position of a registration ("" if it is not in the program) and its frames, innermost first."""
        frames: list[Value] = []
        for frame in request.stackTrace.frames:
            if frame.pc.uri.startswith(_ENGINE):
                break
            if position := self._position(frame.pc):
                frames.append({"sourcePosition": position})
        return self._position(request.sourcePosition), frames

    def _position(self, position: source_pb2.SourcePosition) -> str:
        file = self._file(position.uri)
        return f"{file}#{position.line}" if file else ""

    def _file(self, uri: str) -> str:
        found = self._files.get(uri)
        if found is None:
            # Frames of Pulumi's SDK and of Python's own library say nothing about a program.
            standard = uri.startswith(_PYTHON) and _INSTALLED not in uri
            found = ""
            if uri and not standard and not uri.startswith((_PULUMI, _ENGINE)):
                relative = os.path.relpath(unquote(urlsplit(uri).path), self.root)
                found = "project:///" + quote(Path(relative).as_posix())
            self._files[uri] = found
        return found


def readable(source: str, trace: "Sequence[Value]") -> str:
    """Give the line to show a reader, as `file:line`: the innermost one inside the project, else the position."""
    positions = [str(frame["sourcePosition"]) for frame in trace if isinstance(frame, dict)]
    own = [position for position in positions if "/../" not in position and _INSTALLED not in position]
    shown = next(iter([*own, source, *positions]), "")
    file, _, line = shown.removeprefix("project:///").rpartition("#")
    return f"{unquote(file)}:{line}" if line else "an unknown line"
