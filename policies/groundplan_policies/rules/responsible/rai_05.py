"""RAI-05: every training source has a data sheet."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import is_set, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    declared,
    fail,
    indeterminate,
)
from groundplan_policies.rules.responsible.classes import is_about_people
from groundplan_policies.rules.responsible.declarations import AGREEMENT, agreements_of, day, is_unchanged, of_type
from groundplan_policies.rules.responsible.documents import Referred
from groundplan_policies.rules.responsible.sources import sources

_EXPECTED: Final = (
    is_set("agreement.origin", expected="where the data comes from"),
    is_set("agreement.collection", expected="how it was collected"),
    is_set("agreement.knownBias", expected="which bias is known"),
)
_BASIS: Final = is_set("agreement.lawfulBasis", expected="the lawful basis of its use")
_CONSUMERS: Final = Path("agreement.consumers")
_KINDS: Final = Path("agreement.personalData")
_COLLECTED: Final = Path("agreement.collected")
_AGREED, _EXPIRES = Path("agreement.agreed"), Path("agreement.expires")
_SHEET_PATH: Final = "agreement.dataSheet"
_SHEET: Final = Referred(
    _SHEET_PATH,
    "a data sheet",
    {
        "where the data comes from": ("origin", "source", "motivation", "provenance"),
        "how it was collected": ("collect",),
        "which bias is known": ("bias", "limit", "represent"),
    },
)


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    for agreement in of_type(context.graph, AGREEMENT):
        yield agreement, _judge(agreement, context)
    for store in sources(context):
        yield store, _covered(store, context)


def _judge(agreement: Resource, context: Context) -> Outcome:
    people = is_about_people(agreement, context) is not False
    basis = [_BASIS(agreement, context), _listed(agreement, _KINDS, "kind of data about people")] if people else []
    said = [each(agreement, context) for each in _EXPECTED]
    found = all_of(
        [
            *said,
            *basis,
            _listed(agreement, _CONSUMERS, "consumer"),
            _collected(agreement, context),
            *_in_force(agreement, context),
            PASS,
        ]
    )
    sheet = Path(_SHEET_PATH).one(agreement)
    opened = NOT_APPLICABLE if sheet.state in {State.ABSENT, State.EMPTY} else _SHEET(agreement, context)
    found = all_of([found, opened])
    if found.verdict in {Verdict.PASS, Verdict.DECLARED}:  # whatever else is wrong has changed the agreement, too
        found = all_of([found, is_unchanged(agreement, "agreement")])
    return declared("says of the data what a data sheet does") if found is PASS else found


def _in_force(agreement: Resource, context: Context) -> Iterator[Outcome]:
    """Judge whether the day of the check is one of those for which the agreement was made."""
    today = context.as_of

    def agreed(when: date) -> Outcome:
        if today is None:
            return indeterminate("nobody has said for which day", _AGREED.text)
        return fail("lies in the future", _AGREED.text, when.isoformat()) if when > today else PASS

    def expires(when: date) -> Outcome:
        if today is None:
            return indeterminate("nobody has said for which day", _EXPIRES.text)
        return fail("is past: the agreement has ended", _EXPIRES.text, when.isoformat()) if when < today else PASS

    yield day(_AGREED.one(agreement), "the day of the agreement", agreed)
    yield day(_EXPIRES.one(agreement), "the last day of the agreement", expires)


def _listed(agreement: Resource, path: Path, what: str) -> Outcome:
    """Ask that an agreement names somebody, or something: what it leaves open it agrees on with nobody."""
    listed = path.one(agreement)
    nothing = fail(f"names no {what}", listed.path)
    missing = unreadable(listed, absent=nothing, empty=nothing)
    return missing or (PASS if isinstance(listed.value, list) else wrong_type(listed, "a list"))


def _collected(agreement: Resource, context: Context) -> Outcome:
    def judge(when: date) -> Outcome:
        if context.as_of is None:
            return indeterminate("nobody has said for which day", _COLLECTED.text)
        future = when > context.as_of
        return fail("lies in the future", _COLLECTED.text, when.isoformat()) if future else PASS

    return day(_COLLECTED.one(agreement), "the day on which the data was collected", judge)


def _covered(store: Resource, context: Context) -> Outcome:
    found = agreements_of(store, context.graph)
    if found is None:
        return fail("is read by training, under an agreement that is not in this document")
    if not found:
        return fail("is read by training, and no agreement says where its data comes from")
    return declared("is under an agreement that describes its data")


CONTROL = Control(
    id="RAI-05",
    title="Every training source has a data sheet",
    why=(
        "Whatever is wrong with the data a model learns, and it cannot be put right later. Each store that training "
        "reads is under an agreement which says where the data comes from, how and when it was collected, which bias "
        "is known and, where it is about people, on which lawful basis it is used; a data sheet that it names by "
        "digest is opened if it is a file of the project. The agreement holds on the day of the check, and its digest "
        "is that of what stands there, so that what was agreed is what is asked for. A store that training alone "
        "writes is its workspace, unless it holds data about people: what others put there by other ways is not seen. "
        "Stores are buckets, datasets and tables of this document."
    ),
    remedy="Give `agreements=` to DataBucket or Warehouse, made with DataUseAgreement.",
    ask="Read the data sheets: is what they say of origin, collection and lawful basis true?",
    severity=Severity.MEDIUM,
    evidence=Evidence.DECLARATION,
    objectives=("2.1.c", "6.1.d"),
    clauses=(
        evidence("eu-ai-act", "10", "Whether what is said of the data is true."),
        evidence("nist-ai-rmf-1.0", "MAP 2.3", "Whether what is said of the data is true."),
        evidence("iso-42001-2023", "A.7.3", "Whether what is said of the data is true."),
    ),
    reads=(
        *(each.reads(AGREEMENT) for each in (*_EXPECTED, _BASIS)),
        Read(AGREEMENT, _CONSUMERS.text),
        Read(AGREEMENT, _KINDS.text),
        Read(AGREEMENT, _COLLECTED.text),
        Read(AGREEMENT, _AGREED.text),
        Read(AGREEMENT, _EXPIRES.text),
        Read(AGREEMENT, "digest", wrong=Verdict.FAIL),
        Read(AGREEMENT, f"{_SHEET_PATH}.uri", absent=Verdict.FAIL),
    ),
    stack=_stack,
)
