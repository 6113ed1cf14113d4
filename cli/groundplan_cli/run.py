"""Runs a program on the embedded engine and reads the document that comes out."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan_cli.answers import Answers, read_answers
from groundplan_cli.errors import Error
from groundplan_cli.project import choose_stack, find_project
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


@dataclass(frozen=True, slots=True)
class Request:
    """What to run.

    Attributes:
        project: The project.
        stack: The stack's name.
        config: Configuration values over those of the stack's file.
        answers: What the program is answered.
        timeout: Seconds after which the program is stopped; None for no limit.
        applied: Whether it is deployed on a mock cloud of its own, and its state is what is looked at.
    """

    project: Project
    stack: str
    config: Mapping[str, str]
    answers: Answers
    timeout: float | None
    applied: bool = False


def run(request: Request, on_progress: "Callable[[Progress], None] | None" = None) -> Result:
    """Preview a stack in a child process, which Ctrl-C and the timeout end.

    Args:
        request: What to run.
        on_progress: Told how far the program has got.

    Raises:
        mockcloud.Error: The stack or its settings are not there, or the program failed.
    """
    import mockcloud

    preview = mockcloud.preview_in_child(
        request.project.root,
        request.stack,
        config=request.config,
        secret_config=request.answers.secret_config,
        stack_references=request.answers.stack_references,
        invokes=request.answers.invokes,
        timeout=request.timeout,
        applied=request.applied,
        on_progress=on_progress,
    )
    return Result(preview)


def make_request(
    project: Path | None,
    stack: str | None,
    *,
    config: Sequence[str] | None,
    answers: Path | None,
    timeout: float | None,
) -> Request:
    """Find out what to run from what was said on the command line.

    Raises:
        Error: There is no such project or stack, or an option is not understood.
    """
    home = find_project(project)
    return Request(home, choose_stack(home, stack), parse_config(config), read_answers(answers), timeout)


def read_earlier(path: Path) -> Document:
    """Read a document to compare a plan with.

    Raises:
        DocumentError: It is no document.
        Error: It is a preview that leaves out resources: each of them would look like an addition.
    """
    document = Document.read(path, libraries=LIBRARIES)
    if document.is_partial:
        raise Error(
            "The earlier document does not hold the whole deployment",
            given=f"{path}: {'; '.join(document.gaps)}",
            allowed="a preview or an export of the whole stack",
            remedy="run `pulumi preview --json --show-sames`, or `groundplan preview --out FILE`",
        )
    return document


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
