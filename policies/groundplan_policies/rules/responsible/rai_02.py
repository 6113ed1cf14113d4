"""RAI-02: reviews are current and independent."""

from datetime import date

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import unreadable
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.responsible.declarations import REVIEW, day, each_review, is_unchanged, person

_REVIEWED, _NEXT = Path("review.reviewed"), Path("review.nextReview")
_OWNER, _REVIEWER = Path("review.owner"), Path("review.reviewer")


def _check(review: Resource, context: Context) -> Outcome:
    return all_of([_is_current(review, context), _is_independent(review), is_unchanged(review, "review")])


def _is_current(review: Resource, context: Context) -> Outcome:
    today, most = context.as_of, context.parameters.review_max_days
    if today is None or most is None:
        return indeterminate("nobody has said for which day, or how old a review may be", _REVIEWED.text)

    def reviewed(when: date) -> Outcome:
        if when > today:
            return fail("lies in the future", _REVIEWED.text, when.isoformat())
        old = (today - when).days > most
        return fail(f"is more than {most} days ago", _REVIEWED.text, when.isoformat()) if old else PASS

    def due(when: date) -> Outcome:
        return fail("is past: the review is due", _NEXT.text, when.isoformat()) if when < today else PASS

    return all_of(
        [
            day(_REVIEWED.one(review), "the day of the review", reviewed),
            day(_NEXT.one(review), "the day of the next review", due),
        ]
    )


def _is_independent(review: Resource) -> Outcome:
    said = [_OWNER.one(review), _REVIEWER.one(review)]
    for reading in said:
        nothing = fail("names nobody", reading.path)
        missing = unreadable(reading, absent=nothing, empty=nothing)
        if missing is not None:
            return missing
    owner, reviewer = map(person, said)
    if not owner or not reviewer:
        return indeterminate("names nobody that can be told", _REVIEWER.text)
    return fail("is the owner, who judges their own work", _REVIEWER.text) if owner == reviewer else PASS


CONTROL = Control(
    id="RAI-02",
    title="Reviews are current and independent",
    why=(
        "A review grows old as the model, its users and the law change, and whoever answers for a model does not see "
        "what is wrong with it. The day of the review is not in the future and not older than the settings allow, the "
        "next one is not past, both against the day of the check; the reviewer is not the owner; and the digest is "
        "that of the review, so that what was signed is what stands there. Two addresses of one person, and a reviewer "
        "who only lent the name, cannot be seen."
    ),
    remedy="Have the use reviewed again, by somebody else than its owner, and give ResponsibleAiReview the new days.",
    ask="Ask the reviewer what was looked at, and see that it is somebody else than the owner.",
    severity=Severity.HIGH,
    evidence=Evidence.DECLARATION,
    objectives=("6.1.b", "6.1.d"),
    clauses=(
        evidence("eu-ai-act", "9", "What the review found, and what was done about it."),
        evidence("nist-ai-rmf-1.0", "GOVERN 1.5", "That the review looked at the risks as they are now."),
        evidence("iso-42001-2023", "A.5.3", "The records of the assessment beside the review."),
    ),
    reads=tuple(
        Read(REVIEW, path, wrong=Verdict.FAIL)
        for path in ("review.reviewed", "review.nextReview", "review.owner", "review.reviewer", "digest")
    ),
    stack=each_review(_check, "is said to be of its day, and by somebody else than the owner"),
    settings=("review_max_days",),
)
