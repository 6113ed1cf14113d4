"""The pages on evidence show commands that run, what these print, and the fields that there are."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.evidence.content import evidence_schema
from groundplan_policies.evidence.levels import REACHES
from tests.architecture.sources import ROOT
from tests.docs.markdown import Page
from tests.docs.test_output import agrees
from tests.policies.evidence.formats import FILES

GUIDE = ROOT / "docs/guides/evidence.md"
REFERENCE = ROOT / "docs/reference/evidence-format.md"
_ELLIPSIS = re.compile(r"sha256:[0-9a-f]{64}")


@pytest.mark.slow
def test_the_commands_run_one_after_the_other_and_print_what_is_shown(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    page = Page(name=GUIDE.name, path=GUIDE, text=GUIDE.read_text(encoding="utf-8"))
    blocks = [each for each in page.blocks("bash", "text") if each.comment in {"executed", "printed"}]
    assert [each.comment for each in blocks] == ["executed", "printed"] * 3

    for command, printed in zip(blocks[::2], blocks[1::2], strict=True):
        words = shlex.split(command.text)[1:]
        result = subprocess.run(
            [sys.executable, "-m", "groundplan_cli", *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr
        output = _ELLIPSIS.sub("…", result.stdout)
        assert agrees(printed.text, output), output


def test_every_file_and_every_level_is_named() -> None:
    text = GUIDE.read_text(encoding="utf-8")

    assert re.findall(r"^\| `([a-z-]+\.[a-z]+)` \|", text, re.MULTILINE) == list(FILES)
    levels = re.findall(r"^\| `([a-z-]+)` \|", text.partition("## How far it reaches")[2], re.MULTILINE)
    assert levels == list(REACHES)


def fields() -> str:
    properties: Any = evidence_schema()["properties"]
    rows = [f"| `{name}` | {described['description']} |" for name, described in properties.items()]
    return "\n".join(["| field | holds |", "|---|---|", *rows])


def test_the_fields_are_those_of_the_schema() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    found = re.search(r"<!-- fields -->\n(.*?)\n?<!-- end of fields -->", text, re.DOTALL)

    assert found is not None
    assert found[1] == fields(), f"put this into the page:\n{fields()}"
