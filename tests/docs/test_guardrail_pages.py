"""The pages on settings and waivers show files that can be read, and tables that are those of the code."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from groundplan_policies import frameworks
from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.frameworks import ClauseState
from groundplan_policies.frameworks.read import parse
from groundplan_policies.settings import TIERS, read_settings
from groundplan_policies.settings.loosened import as_text
from groundplan_policies.waivers import FAULTS, LONGEST, read_waivers
from tests.architecture.sources import ROOT
from tests.docs.markdown import Page

REFERENCE = ROOT / "docs/reference"
_LONG = 60


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def shown(name: str, tmp_path: Path) -> Path:
    """Write the file that a page shows."""
    (block,) = Page(name=name, path=REFERENCE / name, text=page(name), first_line=1).blocks("yaml")
    file = tmp_path / block.comment.removeprefix("file: ")
    file.write_text(block.text, encoding="utf-8")
    return file


def test_the_settings_shown_are_read_and_loosen_what_the_page_says(tmp_path: Path) -> None:
    settings = read_settings(shown("guardrail-settings.md", tmp_path))

    assert settings.name == "acme"
    assert {each.what: each.explained for each in settings.loosened} == {
        "ENC-09": True,
        "key_rotation_days": True,
        "low": False,
    }
    assert settings.approvers == ("@acme/security",)


def test_the_waivers_shown_are_read(tmp_path: Path) -> None:
    (waiver,) = read_waivers(shown("waivers.md", tmp_path))

    assert (waiver.control, waiver.approver, len(waiver.fingerprints[0])) == ("DAT-05", "@acme/security", 32)
    assert (waiver.expires - waiver.issued).days <= 90


def test_the_framework_shown_is_read_and_stands_as_the_page_says(tmp_path: Path) -> None:
    file = shown("frameworks.md", tmp_path)

    rows = frameworks.coverage(parse(file.read_text(encoding="utf-8"), file.name))

    assert [each.state for each in rows] == ["not covered"] * 3
    assert rows[2].note == "No control looks at it."


def test_the_page_on_frameworks_names_each_and_each_state() -> None:
    text = page("frameworks.md")

    named = re.findall(r"^\| `(.+?)` \| (.+?) \|", text, re.MULTILINE)
    assert [identifier for identifier, _ in named] == list(frameworks.ids())
    assert [title for identifier, title in named if not title.startswith(frameworks.load(identifier).title)] == []
    of_controls = {ClauseState.COVERED, ClauseState.PARTLY_COVERED, ClauseState.EVIDENCE_POSSIBLE}
    states = re.findall(r"^\| ([a-z ]+) \|", text.partition("## When a clause is met")[2], re.MULTILINE)
    assert {*states} == {"state", *ClauseState} - of_controls


def parameters() -> str:
    rows = ["| parameter | learner | team | regulated | looser | meaning |", "|---|---|---|---|---|---|"]
    tiers = [read_settings(tier).parameters for tier in TIERS]
    for name, (meaning, looser) in Parameters.describe().items():
        values = [_cell(getattr(each, name)) for each in tiers]
        cells = [f"`{name}`", *values, looser.value, meaning.replace("|", "\\|")]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _cell(value: bool | int | str | tuple[str, ...] | None) -> str:
    text = "" if value is None else as_text(value)
    if isinstance(value, tuple) and len(text) > _LONG:
        return f"{len(value)} entries"
    return f"`{text}`" if text and value != () else text


def faults() -> str:
    head = ["| id | severity | what is wrong | silences the finding | what to do |", "|---|---|---|---|---|"]
    rows = (
        f"| {each.id} | {each.severity} | {each.title} | {'yes' if each.holds else 'no'} | {each.remedy} |"
        for each in FAULTS.values()
    )
    return "\n".join([*head, *rows])


def longest() -> str:
    rows = ["| severity | days |", "|---|---|"]
    return "\n".join([*rows, *(f"| {severity} | {days} |" for severity, days in LONGEST.items())])


@pytest.mark.parametrize(
    ("name", "mark", "table"),
    [
        ("guardrail-settings.md", "parameters", parameters),
        ("waivers.md", "faults", faults),
        ("waivers.md", "longest", longest),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_table_is_that_of_the_code(name: str, mark: str, table: Callable[[], str]) -> None:
    found = re.search(rf"<!-- {mark} -->\n(.*?)\n<!-- end of {mark} -->", page(name), re.DOTALL)

    assert found is not None
    assert found[1] == table(), f"put this into the page:\n{table()}"
