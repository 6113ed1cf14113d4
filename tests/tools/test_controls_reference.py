"""The reference of the controls is what the controls say, and as Markdown shows it."""

from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.verdicts import PASS, Severity, Verdict
from tools.controls_reference import PAGE, page

READS = (
    Read("storage.Bucket", "a.b"),
    Read("storage.Folder", "a.b"),
    Read("*", "c", absent=Verdict.PASS),
)


def control(identifier: str = "TST-01", why: str = "Because.") -> Control:
    return Control(
        id=identifier,
        title="A | title",
        why=why,
        remedy="Set `a_b` to *.",
        severity=Severity.LOW,
        clauses=(partial("own-1", "1.2", "The past."), partial("own-1", "1.3", "DNS of others.")),
        reads=READS,
        checks={"storage.Bucket": lambda _resource, _context: PASS},
    )


def made(*controls: Control) -> str:
    return page({each.id: each for each in controls})


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "rewrite it: python -m tools.controls_reference"


def test_every_control_has_a_section_and_a_row_that_leads_to_it() -> None:
    lines = set(page().splitlines())

    assert {f"### {each}" for each in all_controls()} <= lines
    assert {f"| [{each}](#{each.lower()}) |" for each in all_controls()} == {
        line[: line.index(") |") + 3] for line in lines if line.startswith("| [") and "](#" in line
    }


def test_types_of_one_verdict_share_a_row() -> None:
    assert "| `a.b` | `storage.Bucket`, `storage.Folder` | fail | fail |" in made(control())
    assert "| `c` | every type | pass | fail |" in made(control())


def test_sentences_are_no_markup_but_for_code() -> None:
    text = made(control(why="A <b> of\n[all] __names__ in `x_y`."))

    assert "A \\<b\\> of \\[all\\] \\_\\_names\\_\\_ in `x_y`." in text
    assert "Set `a_b` to \\*." in text
    assert "A &#124; title" in text


def test_what_a_clause_lacks_continues_its_sentence() -> None:
    assert "own-1 1.2: partial, but for the past.<br>own-1 1.3: partial, but for DNS of others." in made(control())


def test_a_family_without_a_name_stands_behind_the_others() -> None:
    text = made(control("AAA-01"), control("NET-01"))

    assert text.index("## Network") < text.index("## AAA")
