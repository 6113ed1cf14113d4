"""What every form of a grant is read into: a role, a member and a condition."""

from typing import TypeAlias

from groundplan_policies.engine.paths import Reading, State

Part: TypeAlias = tuple[Reading, Reading, Reading | None]
"""Role, member in IAM's syntax, condition."""


def as_text(reading: Reading) -> Reading:
    """Give a reading of which a known value is a text; of another type it is wrong."""
    if reading.state is State.KNOWN and not isinstance(reading.value, str):
        return Reading(reading.path, State.WRONG)
    return reading


def unread(reading: Reading) -> Part:
    """Give the one part that stands for all that cannot be read at a place."""
    state = State.WRONG if reading.state is State.KNOWN else reading.state
    nothing = Reading(reading.path, state)
    return nothing, nothing, None
