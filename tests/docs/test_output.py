"""What the documentation shows as a command's output is its output.

A block preceded by ``<!-- output of: groundplan ... -->`` is compared with what the command prints now. A line
``…`` stands for any number of lines, and a time in seconds for any time.
"""

import re
import shlex
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT
from tests.docs.markdown import Block, pages

MARK = "output of: groundplan "

SHOWN = [
    pytest.param(block, id=f"{page.name}:{block.line}")
    for page in pages()
    for block in page.blocks("text", "console")
    if block.comment.startswith(MARK)
]


def agrees(shown: str, printed: str) -> bool:
    """Whether the lines shown are those printed, but for what an ellipsis leaves out."""
    parts = [
        "(?:.*\n)*?" if line.strip() == "…" else re.escape(line) + "\n" for line in _without_times(shown).splitlines()
    ]
    return re.fullmatch("".join(parts), _without_times(printed).rstrip("\n") + "\n") is not None


def _without_times(text: str) -> str:
    lines = [re.sub(r"\b\d+(\.\d+)? ?(s|ms)\b", "0 s", line).rstrip() for line in text.splitlines()]
    return "\n".join(lines)


@pytest.mark.slow
@pytest.mark.parametrize("block", SHOWN)
def test_the_output_shown_is_the_output(block: Block) -> None:
    arguments = shlex.split(block.comment.removeprefix(MARK))
    result = subprocess.run(
        [sys.executable, "-m", "groundplan_cli", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode in {0, 1}, result.stderr  # 1 is a check that found something
    assert agrees(block.text, result.stdout), result.stdout


@pytest.mark.parametrize(
    ("shown", "printed", "outcome"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\n", "a\nc\n", False),
        ("a\n", "a\nb\n", False),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\n", "a\nb\n", True),
        ("…\na\n", "a\n", True),
        ("took 1.5 s\n", "took 22 s\n", True),
        ("12 resources\n", "13 resources\n", False),
    ],
)
def test_the_comparison_tells_outputs_apart(shown: str, printed: str, outcome: bool) -> None:
    assert agrees(shown, printed) is outcome
