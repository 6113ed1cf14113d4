"""What is checked: a stack that is previewed first, or a document that is there already."""

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from groundplan_cli.answers import read_answers
from groundplan_cli.errors import Error
from groundplan_cli.project import choose_stack, find_project
from groundplan_cli.render.console import error_console
from groundplan_cli.render.diagnostics import print_diagnostics
from groundplan_cli.render.progress import progress
from groundplan_cli.run import LIBRARIES, Request, parse_config, run
from groundplan_policies.engine import Document
from groundplan_policies.pipelines.document import is_pipeline, pipeline_document
from groundplan_policies.reports.report import Subject
from mockcloud import Project
from mockcloud.errors import Error as EngineError

STANDARD_INPUT = "-"
"""What stands for a document on standard input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is checked.

    Attributes:
        project: The project of the stack; of a document the one around, which its source lines are taken to be of.
        stack: The stack to preview; None for a document.
        file: The document; None for a stack and for standard input.
    """

    project: Project | None
    stack: str | None = None
    file: Path | None = None

    @property
    def name(self) -> str:
        """How messages call it."""
        return self.stack or (self.file.as_posix() if self.file else "standard input")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a stack is previewed. Each is as the option of the same name says."""

    config: list[str] | None = None
    answers: Path | None = None
    timeout: float | None = None
    applied: bool = False


def find_target(given: str | None, project: Path | None) -> Target:
    """Find out what is meant. A stack of that name comes before a file or a directory, unless a path begins with `./`.

    Args:
        given: Name of a stack, path of a file or of a project's directory, `-`, or None for the project's only stack.
        project: The project's directory, None for the nearest.

    Raises:
        Error: It is none of these, or there is no project where one is needed.
        mockcloud.Error: The project cannot be understood.
    """
    if given is None:
        home = find_project(project)
        return Target(project=home, stack=choose_stack(home, None))
    around = find_project(project) if project is not None else _project_around()
    if given == STANDARD_INPUT:
        return Target(project=around)
    path = Path(given)
    if around is not None and _names_stack(given, around):
        return Target(project=around, stack=choose_stack(around, given))
    if path.is_dir():
        home = find_project(path)
        return Target(project=home, stack=choose_stack(home, None))
    if path.is_file():
        return Target(project=around, file=path)
    raise _nothing(given, around)


def _names_stack(given: str, project: Project) -> bool:
    """Whether a stack is meant: a gate must not look elsewhere because somebody added a folder of the stack's name."""
    return not given.startswith((".", "/")) and given.rpartition("/")[2] in project.stacks()


def _project_around() -> Project | None:
    """Give the project around, None if there is none that could be used."""
    try:
        return find_project(None)
    except (Error, EngineError):
        return None


def _nothing(given: str, around: Project | None) -> Error:
    stacks = f"one of the stacks {', '.join(around.stacks())}" if around is not None and around.stacks() else ""
    return Error(
        "There is no such stack, file or directory",
        given=given,
        allowed=", ".join(
            each for each in (stacks, "a document's file", "a project's directory", "- for standard input") if each
        ),
        remedy="correct the name" if around is not None else "correct the name, or go to the project's directory",
    )


def read_target(target: Target, options: RunOptions) -> tuple[Document, Subject]:
    """Preview the stack, or read the document or the compiled pipeline.

    Raises:
        Error: The file cannot be read, or options have no meaning for a document.
        mockcloud.Error: The program failed.
        DocumentError, PipelineError: The document, or the compiled pipeline, cannot be understood.
    """
    if target.stack is not None and target.project is not None:
        return _previewed(target, target.project, target.stack, options)
    if options.config or options.answers is not None or options.timeout is not None or options.applied:
        raise Error(
            "Options have no meaning here",
            given=f"--config, --answers, --timeout or --applied with {target.name}, which is a document",
            allowed="these options with a stack, whose program runs",
            remedy="leave them out, or name the stack",
        )
    raw = _read(target.file)
    if is_pipeline(raw, target.file.name if target.file is not None else ""):
        document = pipeline_document(raw, target.name, _from_root(target))
    else:
        document = Document.read(raw, libraries=LIBRARIES)
    return document, _subject(target, "document", raw, len(document))


def _previewed(target: Target, project: Project, stack: str, options: RunOptions) -> tuple[Document, Subject]:
    config, answers = parse_config(options.config), read_answers(options.answers)
    request = Request(project, stack, config, answers, options.timeout, options.applied)
    with progress(stack) as tell:
        result = run(request, tell)
    print_diagnostics(error_console(), result.preview)
    document = result.document
    return document, _subject(target, "stack", result.json.encode(), len(document))


def _read(file: Path | None) -> bytes:
    try:
        return sys.stdin.buffer.read() if file is None else file.read_bytes()
    except OSError as error:
        raise Error(
            "The document cannot be read",
            given=f"{file or 'standard input'} ({error.strerror})",
            allowed="a file that exists and may be read",
            remedy="check the path and the permissions",
        ) from None


def _from_root(target: Target) -> str:
    """Give the file as places in reports are given: from the project's directory on; "" for standard input."""
    root = target.project.root if target.project is not None else Path.cwd()
    return Path(os.path.relpath(target.file, root)).as_posix() if target.file is not None else ""


def _subject(target: Target, kind: str, raw: bytes, resources: int) -> Subject:
    root = target.project.root if target.project is not None else Path.cwd()
    repository = repository_of(root)
    directory = "" if repository is None or root == repository else f"{root.relative_to(repository).as_posix()}/"
    home = "Pulumi.yaml"
    if target.project is None and target.file is not None:
        home = _from_root(target)
    return Subject(
        name=target.name,
        kind=kind,
        digest=hashlib.sha256(raw).hexdigest(),
        resources=resources,
        directory=directory,
        home=home,
    )


def repository_of(directory: Path) -> Path | None:
    """Give the root of the Git repository that a directory is in, None if it is in none."""
    directory = directory.resolve()
    return next((each for each in (directory, *directory.parents) if (each / ".git").exists()), None)
