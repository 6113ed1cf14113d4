"""What a program wrote comes out of no format as anything but letters, and what may be secret does not come out."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.levels import Loosening
from groundplan_policies.engine.names import token
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.values import SECRET, SIGNATURE
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.frameworks import ClauseRow, ClauseState
from groundplan_policies.reports.report import Framework, Report, Subject
from groundplan_policies.settings.read import read_settings
from tests.policies.reports.sample import DAY, FORMATS, SETTINGS, made, resources, waivers
from tests.policies.rules.harness import R, document, put

PLANTED = {
    "script": "<script>alert(1)</script>",
    "image": "<img src=x onerror=alert(1)>",
    "escape sequence": "\x1b[2J\x1b]8;;https://evil.test\x07",
    "bell, delete and C1": "\x07\x7f\x9b31m",
    "end of CDATA": "]]><x/>",
    "right to left": "\u202egnp.exe\u2066",
    "nothing to be seen": "a\u200bb\ufeffc\U000e0041",
    "lines": "a\n## b\r\nc\u2028d\u0085",
    "half a character": "\ud800",
}
"""Text -> what must not be in any output, unchanged."""

FORBIDDEN = {
    "script": ["<script"],
    "image": ["<img"],
    "escape sequence": ["\x1b", "\x07"],
    "bell, delete and C1": ["\x07", "\x7f", "\x9b"],
    "end of CDATA": ["]]><"],
    "right to left": ["\u202e", "\u2066"],
    "nothing to be seen": ["\u200b", "\ufeff", "\U000e0041"],
    "lines": ["\n## b", "\r", "\u2028", "\u0085"],
    "half a character": ["\ud800"],
}

MARKUP = {"script", "image", "end of CDATA"}
AS_TEXT = {"text", "every line of text", "ascii"}
"""Formats in which markup is no danger: a terminal does not know `<script>`."""


def hostile(text: str) -> Report:
    """Make a report in which a text is wherever somebody else's text can be."""
    found = (
        *resources(text),
        R("storage.Bucket", {"labels": {text: text}}, "b", record={"sourcePosition": f"project:///{text}.py#3"}),
        R(f"{text.translate({58: None})}:index:Thing", {}, "t"),
    )
    held = waivers(found, reason=text, ticket=text, owner=text, approver=f"{text}!", place=f"{text}:3")
    loosened = Loosening(what=text, before=text, after=text, author=text, reason=text, place=text)
    settings = replace(SETTINGS, name=text, loosened=(loosened, replace(loosened, author="")))
    report = made(*found, with_waivers=held, settings=settings, subject=text)
    changed = [
        replace(each, reasons=tuple(reason._replace(path=text, shown=text, message=text) for reason in each.reasons))
        for each in report.evaluation.findings
    ]
    clause = ClauseRow(clause="1.1", title=text, state=ClauseState.NOT_MET, note=text)
    return replace(
        report,
        evaluation=replace(report.evaluation, findings=tuple(changed), gaps=(text,)),
        framework=Framework(id="own-1", title=text, clauses=(clause,)),
    )


@pytest.mark.parametrize(
    ("what", "form"),
    [(what, form) for what in PLANTED for form in FORMATS if form not in AS_TEXT or what not in MARKUP],
)
def test_what_others_wrote_is_text_and_nothing_else(what: str, form: str) -> None:
    output = FORMATS[form](hostile(PLANTED[what]))

    assert [each for each in FORBIDDEN[what] if each in output] == []
    output.encode()


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_input_gives_the_same_bytes(form: str) -> None:
    assert FORMATS[form](made()) == FORMATS[form](made())


@pytest.mark.parametrize("form", FORMATS)
def test_a_value_that_is_shown_is_cut(form: str) -> None:
    report = made()
    first, *others = report.evaluation.findings
    long = replace(first, reasons=tuple(each._replace(shown="v" * 500) for each in first.reasons))
    report = replace(report, evaluation=replace(report.evaluation, findings=(long, *others)))

    output = FORMATS[form](report)

    assert "v" * 20 in output
    assert "v" * 100 not in output.replace("\n", "")


CANARY = "canary-4711"
"""What nobody may see."""


@cache
def caged() -> Report:
    """Make a report of every control, on resources in which a canary sits wherever a secret can."""
    found: list[R] = []
    for control in all_controls().values():
        for read in control.reads:
            short = read.type
            if "*" in short or not read.path or ":" in read.path:
                continue
            value = _secret() if len(found) % 2 else [{"nested": _secret()}]
            found.append(_caged(short, put({}, read.path, value), len(found)))
    policy = json.dumps({"bindings": [{"role": "roles/owner", "members": ["allUsers"], "note": CANARY}]})
    found.append(_caged("projects.IAMPolicy", {"policyData": policy}, len(found)))
    found.append(_caged("projects.IAMPolicy", {"policyData": f"no policy {CANARY}"}, len(found)))
    caged_document = document(*found)
    settings = read_settings("regulated")
    return Report(
        evaluation=evaluate(caged_document, settings, as_of=DAY),
        controls=all_controls(),
        settings=settings,
        subject=Subject(name="dev", kind="stack", digest="0" * 64, resources=len(caged_document)),
        version="1.2.3",
    )


def _secret() -> dict[str, Any]:
    return {SIGNATURE: SECRET, "plaintext": json.dumps(CANARY), "ciphertext": CANARY}


def _caged(short: str, inputs: Mapping[str, Any], number: int) -> R:
    free = {
        "labels": {"a": CANARY, CANARY.title(): "a"},
        "annotations": {"a": CANARY},
        "description": CANARY,
        "unheardOf": {"password": CANARY, "list": [CANARY]},
    }
    record = {"outputs": {"token": CANARY, "secret": _secret()}, "id": CANARY}
    return R(short, {**free, **inputs}, f"r{number}", record=record)


def test_the_cage_is_full() -> None:
    evaluation = caged().evaluation

    assert evaluation.faults == ()
    spoken = {each.control for each in evaluation.findings if each.verdict is not Verdict.DECLARED}
    assert len(spoken) > len(all_controls()) * 0.7
    assert token("storage.Bucket") in {each.type for each in evaluation.findings}


@pytest.mark.parametrize("form", FORMATS)
def test_no_canary_gets_out(form: str) -> None:
    assert CANARY not in FORMATS[form](caged())
