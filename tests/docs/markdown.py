"""The fenced blocks of Markdown texts, with the comments that say how to treat them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.sources import ROOT, files
from tools.construct_catalog import constructs

FENCE = re.compile(
    r"(?:^[ ]*<!--[ ]*(?P<comment>[^\n]*?)[ ]*-->\n\s*)?"
    r"^(?P<indent>[ ]*)```(?P<language>\w+)[^\n]*\n(?P<text>.*?)^(?P=indent)```[ ]*$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block."""

    language: str
    """The word after the fence."""
    text: str
    """What is between the fences, without the fence's indentation."""
    line: int
    """Line of the first character between the fences, counted from 1."""
    comment: str
    """The HTML comment on the line before, or nothing."""

    @property
    def runs(self) -> bool:
        """Whether the block is to be run: it is, unless a comment says why not."""
        return not self.comment.startswith("not run: ")


@dataclass(frozen=True, kw_only=True)
class Page:
    """A Markdown text: a file, or the docstring of a construct."""

    name: str
    """Where it is, for the name of the test."""
    path: Path
    """The file that it is in."""
    text: str
    """The text."""
    first_line: int = 1
    """Line in the file on which it starts."""

    def blocks(self, *languages: str) -> Iterator[Block]:
        """Yield the fenced blocks of these languages, in order."""
        for match in FENCE.finditer(self.text):
            if match["language"] in languages:
                indent = len(match["indent"])
                text = "".join(
                    line[indent:] if line.strip() else line for line in match["text"].splitlines(keepends=True)
                )
                line = self.first_line + self.text.count("\n", 0, match.start("text"))
                yield Block(language=match["language"], text=text, line=line, comment=match["comment"] or "")


def pages() -> list[Page]:
    """Return every Markdown file of the project, and every construct's docstring."""
    texts = [
        Page(name=file.relative_to(ROOT).as_posix(), path=file, text=file.read_text(encoding="utf-8"))
        for file in files()
        if file.suffix == ".md"
    ]
    docstrings = [
        Page(name=construct.module, path=construct.path, text=construct.docstring, first_line=construct.docstring_line)
        for construct in constructs()
    ]
    return [*texts, *docstrings]
