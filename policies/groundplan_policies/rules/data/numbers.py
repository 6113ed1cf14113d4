"""Numbers of properties, held to a limit that the settings give."""

import math

from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Reading
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import PASS, Outcome, fail


def number(value: Value) -> float | None:
    """Give a value as a number, as the provider takes it: a text that is one counts. None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def within(reading: Reading, least: float, most: float, expected: str, *, absent: Outcome) -> Outcome:
    """Hold one value to a range.

    Args:
        reading: The value.
        least: The least that passes.
        most: The most that passes.
        expected: What, for messages: "at most 30 days".
        absent: What to say where it is absent or empty.
    """
    missing = unreadable(reading, absent=absent)
    if missing is not None:
        return missing
    found = number(reading.value)
    if found is None:
        return wrong_type(reading, "a number")
    return PASS if least <= found <= most else fail(f"is not {expected}", reading.path, str(reading.value))
