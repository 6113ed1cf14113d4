"""Conditions of grants: does one end the grant at a time?"""

import re
from typing import Final

from groundplan_policies.engine.expect import unreadable
from groundplan_policies.engine.paths import Reading
from groundplan_policies.engine.verdicts import PASS, Outcome, fail, indeterminate

_TIME: Final = r"timestamp\(\s*([\"'])(\d{4})-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)\1\s*\)"
_BEFORE: Final = re.compile(rf"request\.time\s*<=?\s*{_TIME}")
_AFTER: Final = re.compile(rf"{_TIME}\s*>=?\s*request\.time")
_LAST_YEAR: Final = 2100
_NONE: Final = "has no condition with a limit of request.time"


def ends(condition: Reading | None, path: str) -> Outcome:
    """Ask that a condition ends the grant: `request.time < timestamp(...)`, alone or together with others by `&&`.

    Any other way to say it is indeterminate, as it may not always hold. A rule has no clock: whether the time has come
    is not judged, but a year after 2100 is no limit.

    Args:
        condition: The expression; None if there is no condition.
        path: What is at fault where there is none.
    """
    if condition is None:
        return fail(_NONE, path)
    missing = unreadable(condition, absent=fail(_NONE, condition.path))
    if missing is not None:
        return missing
    text = condition.text
    if "request.time" not in text:
        return fail("has no limit of request.time", condition.path)
    terms = [_bare(each) for each in text.split("&&")]
    years = [found[2] for each in terms if (found := _BEFORE.fullmatch(each) or _AFTER.fullmatch(each))]
    if not years or "||" in text or not all(_whole(each) for each in terms):
        return indeterminate("has a limit of request.time that may not always hold", condition.path)
    if min(int(year) for year in years) > _LAST_YEAR:
        return fail("has a limit of request.time that never comes", condition.path)
    return PASS


def _bare(term: str) -> str:
    """Give a term without the spaces and parentheses around it."""
    term = term.strip()
    while term.startswith("(") and term.endswith(")") and _whole(term[1:-1]):
        term = term[1:-1].strip()
    return term


def _whole(term: str) -> bool:
    """Whether a term is one: no quote and no parenthesis is open at its end, and it is no choice."""
    depth = 0
    for mark in term:
        depth += {"(": 1, ")": -1}.get(mark, 0)
        if depth < 0:
            return False
    return depth == 0 and term.count('"') % 2 == 0 and term.count("'") % 2 == 0 and "?" not in term
