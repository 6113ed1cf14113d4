"""Numbers that a cap of the settings bounds."""

from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Reading, State
from groundplan_policies.engine.verdicts import PASS, Outcome, fail, indeterminate
from groundplan_policies.rules.data.numbers import number


def capped(reading: Reading, cap: int | None, what: str, absent: Outcome) -> Outcome:
    """Hold one number to a cap, and above 0.

    Args:
        reading: The value.
        cap: The most that the settings allow; None where they do not say.
        what: What is capped, for messages: "nodes".
        absent: What to say where it is absent or empty.
    """
    missing = unreadable(reading, absent=absent)
    if missing is not None:
        return missing
    found = number(reading.value)
    if found is None:
        return wrong_type(reading, "a number")
    if cap is None:
        return indeterminate(f"the settings do not say how many {what} there may be", reading.path)
    good = 0 < found <= cap
    return PASS if good else fail(f"is not between 1 and {cap} {what}", reading.path, str(reading.value))


def is_there(reading: Reading) -> bool:
    """Whether something stands there, whatever it is."""
    return reading.state not in {State.ABSENT, State.EMPTY}
