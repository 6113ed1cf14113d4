from __future__ import annotations

import pytest

from groundplan_policies.engine.opened import Opened
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.responsible.documents import filled
from groundplan_policies.rules.responsible.rai_04 import CONTROL
from tests.policies.rules.harness import outcome, stated_verdicts
from tests.policies.rules.responsible.world import DIGEST, REVIEWED, WORLD

test_stated = stated_verdicts(CONTROL, [REVIEWED], best=Verdict.DECLARED, **WORLD)

CARD = """# Income
## Intended use
Sorts applications.
## Training data
The census.
## Metrics
### By group
AUC 0.9.
## Limitations
Not for minors.
"""
AS_DATA = "model:\n  purpose: sorts\ndata: {origin: census}\nmetrics: [auc]\nlimitations: not for minors\n"


def judged(text: str, digest: str = DIGEST, problem: str = "") -> Outcome:
    opened = {"cards/income.md": Opened(digest=digest, text=text, problem=problem)}
    return outcome(CONTROL, REVIEWED, opened=opened, **WORLD)


@pytest.mark.parametrize("text", [CARD, AS_DATA, f"---\n{AS_DATA}---\n# Income\n", CARD.replace("\n", "\r\n")])
def test_a_whole_card_is_more_than_declared(text: str) -> None:
    found = judged(text)
    assert found.verdict is Verdict.DECLARED
    assert found.reasons[0].message == "names a model card that was opened, and is as it says"


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        ("Sorts applications.\n", "what the model is for"),
        ("The census.\n", "which data it was made of"),
        ("AUC 0.9.\n", "how well it does"),
        ("Not for minors.\n", "what it cannot do"),
        ("## Limitations\n", "what it cannot do"),
    ],
)
def test_an_empty_part_is_none(gone: str, message: str) -> None:
    found = judged(CARD.replace(gone, ""))
    assert found.verdict is Verdict.FAIL
    assert message in found.reasons[0].message


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Intended use", ("Purpose", "Intended use", "intended_use", "Use case", "use_case", "Primary use cases")),
        ("Training data", ("Data", "Datasets")),
        ("Metrics", ("Metric", "Performance", "Evaluation", "Quantitative analyses")),
        ("Limitations", ("Limits", "Caveats", "Out of scope", "Out-of-scope", "Tradeoffs")),
    ],
)
def test_a_part_has_other_names(heading: str, words: tuple[str, ...]) -> None:
    for word in words:
        assert judged(CARD.replace(f"## {heading}", f"## {word}")).verdict is Verdict.DECLARED
    assert judged(CARD.replace(f"## {heading}", "## Other")).verdict is Verdict.FAIL


@pytest.mark.parametrize("text", [CARD.replace("Training data", "Metadata"), CARD.replace("Limitations", "Unlimited")])
def test_a_part_is_no_part_of_a_word(text: str) -> None:
    assert judged(text).verdict is Verdict.FAIL


def test_words_may_be_put_together() -> None:
    keys = "intendedUse: sorts\ntrainingData: census\nevaluation_metrics: [auc]\nknownLimits: minors\n"
    keys = keys.replace("intendedUse", "intended_use")
    assert judged(keys).verdict is Verdict.DECLARED


def test_another_card_is_another() -> None:
    found = judged(CARD, digest=f"sha256:{'1' * 64}")
    assert found.verdict is Verdict.FAIL
    assert found.reasons[0].path == "review.modelCard.digest"


def test_a_card_that_is_gone_fails() -> None:
    found = judged("", problem="is not there")
    assert found.verdict is Verdict.FAIL
    assert found.reasons[0].message == "names a model card that is not there"


def test_another_document_that_was_opened_is_not_the_card() -> None:
    elsewhere = {"cards/other.md": Opened(digest=DIGEST, text="")}
    found = outcome(CONTROL, REVIEWED, opened=elsewhere, **WORLD)
    assert found.verdict is Verdict.DECLARED
    assert "not opened" in found.reasons[0].message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\ntext\n# B\n", {"A"}),
        ("# A\n## B\ntext\n", {"A", "B"}),
        ("# A\ntext\nmore\n## B\nx\n# C\ny", {"A", "B", "C"}),
        ("## B\n# A\ntext", {"A"}),
        ("a: 1\nb: \nc: {d: [{e: x}]}\nf: {}\n", {"a", "c", "d", "e"}),
        ("- [unclosed", set()),
        ("---\na: 1\n---\n# B\ntext\n", {"a", "B"}),
        ("a: 1\ng: []\nh: ''\ni: 0\n", {"a", "i"}),
        ("# A #\ntext\n###### B\nx\n####### C\n", {"A", "B"}),
        ("just words", set()),
        ("# A\nTBD\n# B\n- TODO: write\n# C\n> n/a.\n# D\nTo be added later.\n# E\n...\n", set()),
        ("# A\nTodos are fixed.\n# B\nNone of the groups\n", {"A", "B"}),
        ("# A\n<!-- what the\nmodel is for -->\n# B\ntext <!-- x -->\n", {"B"}),
        ("# A\n```\n# B\ntext\n```\n# C\n~~~\n", {"A"}),
        ("a: TBD\nb: 'n/a'\nc: tbd soon\nd: 0\ne: false\n", {"d", "e"}),
        ("", set()),
    ],
)
def test_headings_and_keys_with_something_below(text: str, expected: set[str]) -> None:
    assert set(filled(text)) == expected


def test_a_document_that_multiplies_itself_ends() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    assert "a0" in set(filled("\n".join(lines)))
