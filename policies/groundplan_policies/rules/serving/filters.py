"""The filters of Model Armor, as templates and floors both have them."""

from typing import Final

from groundplan_policies.engine.expect import Expectation, is_one_of, unreadable, wrong_type
from groundplan_policies.engine.paths import Reading
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict

LEVELS: Final = ("LOW_AND_ABOVE", "MEDIUM_AND_ABOVE")
"""Levels of confidence from which a finding counts. `HIGH` lets through what is not certain."""

INJECTION: Final = is_one_of("filterConfig.piAndJailbreakFilterSettings.filterEnforcement", "ENABLED")
INJECTION_LEVEL: Final = is_one_of("filterConfig.piAndJailbreakFilterSettings.confidenceLevel", *LEVELS)
ADDRESSES: Final = is_one_of("filterConfig.maliciousUriFilterSettings.filterEnforcement", "ENABLED")
PROMPTS: Final[tuple[Expectation, ...]] = (INJECTION, INJECTION_LEVEL, ADDRESSES)
"""What looks for attacks in prompts and answers."""


def unclear(reading: Reading) -> Outcome | None:
    """Say why nobody can tell which word of an enumeration stands there; None where one does, or nothing does."""
    missing = unreadable(reading, absent=PASS)
    if missing is not None:
        return missing if missing.verdict is Verdict.INDETERMINATE else None
    return None if isinstance(reading.value, str) else wrong_type(reading, "a text")
