"""Runs a program on the embedded engine and reads the document that comes out."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from groundplan_cli.errors import Error
from groundplan_policies.engine import Document, Value
from mockcloud import Project

if TYPE_CHECKING:
    from mockcloud import Preview, Progress

LIBRARIES = ("constructs/groundplan/",)
"""Where this blueprint's constructs are inside its own project: the line to show is that of whoever uses them."""


@dataclass(frozen=True)
class Result:
    """A finished run.

    Attributes:
        preview: What the engine gave.
        seconds: How long it took, by phase.
    """

    preview: "Preview"

    @cached_property
    def document(self) -> Document:
        """The deployment document, read."""
        return Document.read(self.raw, libraries=LIBRARIES)

    @property
    def raw(self) -> Mapping[str, Value]:
        """The deployment document as JSON."""
        return self.preview.document

    @property
    def json(self) -> str:
        """The deployment document as the text of a file."""
        return json.dumps(self.raw, indent=2, ensure_ascii=False) + "\n"

    @property
    def seconds(self) -> Mapping[str, float]:
        """Seconds spent, by phase."""
        return {"imports": self.preview.seconds.imports, "program": self.preview.seconds.program}


def run(
    project: Project,
    stack: str,
    *,
    config: Mapping[str, str],
    timeout: float | None = None,
    on_progress: "Callable[[Progress], None] | None" = None,
) -> Result:
    """Preview a stack in a child process, which Ctrl-C and the timeout end.

    Args:
        project: The project.
        stack: The stack's name.
        config: Configuration values over those of the stack's file.
        timeout: Seconds after which the program is stopped; None for no limit.
        on_progress: Told how far the program has got.

    Raises:
        mockcloud.Error: The stack or its settings are not there, or the program failed.
    """
    import mockcloud

    preview = mockcloud.preview_in_child(project.root, stack, config=config, timeout=timeout, on_progress=on_progress)
    return Result(preview)


def parse_config(pairs: Sequence[str] | None) -> dict[str, str]:
    """Read `KEY=VALUE` options.

    Raises:
        Error: One is not of that form.
    """
    config: dict[str, str] = {}
    for pair in pairs or ():
        key, separator, value = pair.partition("=")
        if not separator or not key.strip():
            raise Error(
                "A configuration option is not understood",
                given=f"--config {key if separator else pair}",
                allowed="KEY=VALUE, such as gcp:region=europe-west4",
                remedy="put the key, an equals sign and the value, in quotes if there are spaces",
            )
        config[key.strip()] = value
    return config
