"""Commands in the documentation exist: targets of the Makefile, and commands and options of groundplan."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.architecture.sources import ROOT
from tests.docs.markdown import pages

TARGETS = frozenset(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

# Every line of a shell block, with where it is.
COMMANDS = [
    pytest.param(line.strip(), id=f"{page.name}:{block.line + number}")
    for page in pages()
    for block in page.blocks("bash", "sh", "console")
    for number, line in enumerate(block.text.splitlines())
    if line.strip() and not line.lstrip().startswith("#")
]


def problem(line: str) -> str:
    """Return what is wrong with a command line, or nothing."""
    words = shlex.split(line.removeprefix("$ ").removeprefix("uv run "), comments=True)
    program, *arguments = words
    if program == "make":
        unknown = [word for word in arguments if "=" not in word and word not in TARGETS]
        return f"the Makefile has no target {unknown[0]}" if unknown else ""
    if program == "groundplan":
        return _problem_of_groundplan(arguments)
    if "/" in program:
        return "" if (ROOT / program).exists() else f"there is no file {program}"
    return ""


def _problem_of_groundplan(arguments: list[str]) -> str:
    from groundplan_cli.app import app

    path, rest = _command(app, arguments)
    name = " ".join(path)
    # Wide, so that no option is broken over two lines.
    result = CliRunner(env={"COLUMNS": "400", "NO_COLOR": "1", "TERM": "dumb"}).invoke(app, [*path, "--help"])
    if result.exit_code:
        return f"groundplan has no command {name}"
    # What is behind -- belongs to another command.
    own = rest[: rest.index("--")] if "--" in rest else rest
    options = [word.split("=")[0] for word in own if word.startswith("-")]
    unknown = [option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", result.output)]
    return f"groundplan {name} has no option {unknown[0]}" if unknown else ""


def _command(app: typer.Typer, arguments: list[str]) -> tuple[list[str], list[str]]:
    """Split arguments into the words that name a command, through its groups, and the rest."""
    group, at = app, 0
    while at < len(arguments):
        found = [each.typer_instance for each in group.registered_groups if each.name == arguments[at]]
        at += 1
        if not found or found[0] is None:
            break
        group = found[0]
    return arguments[:at], arguments[at:]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_in_the_documentation_exists(line: str) -> None:
    assert problem(line) == ""


@pytest.mark.parametrize(
    "line",
    [
        "make nonsense",
        "groundplan nonsense",
        "groundplan preview --nonsense",
        "groundplan cloud nonsense",
        "groundplan cloud start --nonsense",
        "groundplan cloud fault add --nonsense",
        "tools/nonsense",
    ],
)
def test_a_command_that_does_not_exist_is_noticed(line: str) -> None:
    assert problem(line)


def test_ci_runs_what_the_readme_says() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    readme = next(page for page in pages() if page.path == ROOT / "README.md")
    commands = [line for block in readme.blocks("bash") for line in block.text.splitlines() if line.startswith("make ")]
    assert commands
    assert [
        command for command in commands if not re.search(rf"^phase \w+ {re.escape(command)}$", script, re.MULTILINE)
    ] == []


def test_links_between_texts_lead_somewhere() -> None:
    found = [
        f"{page.name}: {target}"
        for page in pages()
        if page.path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.text)
        if not target.startswith(("http://", "https://", "mailto:")) and not _leads_somewhere(page.path, target)
    ]
    assert found == []


def _leads_somewhere(path: Path, target: str) -> bool:
    # The site's start page and reference are made when it is built, and its build checks the links to them.
    made = path.is_relative_to(ROOT / "docs") and (path.parent / target).resolve().parent.name in {"reference", "docs"}
    return made or (path.parent / target).exists()
