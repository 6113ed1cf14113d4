"""The project's own files, found without git, for the tests that read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

ROOMS = ("constructs", "policies", "mockcloud", "stacks", "cli")

# Folders that tools make; nobody wrote what is in them.
MADE_BY_TOOLS = frozenset(
    {
        ".git",
        ".venv",
        ".venv-protobuf-newest",
        ".tools",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".hypothesis",
        ".import_linter_cache",
        "__pycache__",
        "htmlcov",
        "node_modules",
        "site",
    }
)


@cache
def files() -> tuple[Path, ...]:
    """Return every file of the project, sorted, less what tools make."""
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_symlink() or entry.name in MADE_BY_TOOLS or entry.name.endswith((".egg-info", ".log")):
            continue
        if entry.is_dir():
            yield from _walk(entry)
        elif not entry.name.startswith(".coverage"):
            yield entry


def python_files(*below: str) -> list[Path]:
    """Return the Python files below the folders given, or all of them."""
    folders = [ROOT / folder for folder in below] or [ROOT]
    return [file for file in files() if file.suffix == ".py" and any(file.is_relative_to(folder) for folder in folders)]


def texts() -> Iterator[tuple[Path, str]]:
    """Yield each text file with its content; what does not decode is no text."""
    for file in files():
        try:
            yield file, file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@cache
def tree(file: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def place(file: Path, line: int | None = None) -> str:
    """Return where something is, as editors understand it."""
    name = file.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"


def line_of(text: str, offset: int) -> int:
    """Return the line, counted from 1, of a character."""
    return text.count("\n", 0, offset) + 1
