"""What can be wrong with a waiver. Each has an id of its own, for which settings can have a level."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.verdicts import Severity


@dataclass(frozen=True, slots=True)
class WaiverFault:
    """A kind of fault.

    Attributes:
        id: Such as `WVR-01`.
        title: What is wrong.
        remedy: What to do.
        severity: How bad it is.
        holds: Whether the waiver silences its finding all the same.
    """

    id: str
    title: str
    remedy: str
    severity: Severity
    holds: bool = False


LONGEST: Final[Mapping[Severity, int]] = {
    Severity.CRITICAL: 30,
    Severity.HIGH: 90,
    Severity.MEDIUM: 180,
    Severity.LOW: 365,
}
"""Days for which a waiver may hold at most, by the severity of the control."""

RENEWALS: Final = 3
"""How often one finding may be waived anew before that itself is a finding."""

EXPIRED = WaiverFault(
    "WVR-01", "The waiver's time is over", "Mend the finding, or have it waived anew.", Severity.MEDIUM
)
NOT_YET = WaiverFault("WVR-02", "The waiver does not hold yet", "Wait for the day, or correct it.", Severity.LOW)
UNUSED = WaiverFault(
    "WVR-03", "The waiver silences nothing", "Remove it: there is no such finding.", Severity.LOW, holds=True
)
TOO_BROAD = WaiverFault(
    "WVR-04",
    "The waiver means more than one finding",
    "Write one waiver for each control and resource, without wildcards.",
    Severity.HIGH,
)
SELF_APPROVED = WaiverFault("WVR-05", "Owner and approver are one", "Let somebody else approve it.", Severity.HIGH)
TOO_LONG = WaiverFault(
    "WVR-06",
    "The waiver holds for too long",
    "Let it expire within 30 days for a critical control, 90 for a high, 180 for a medium, 365 for a low one.",
    Severity.HIGH,
)
OFTEN_RENEWED = WaiverFault(
    "WVR-07",
    "The finding was waived again and again",
    "Mend it, or change the settings, where that is reported for what it is.",
    Severity.MEDIUM,
    holds=True,
)
LAPSED = WaiverFault(
    "WVR-08",
    "What the control reads has changed since the waiver was written",
    "Look at the finding again, and have it waived anew if it may still stand.",
    Severity.MEDIUM,
)
OTHER_TYPE = WaiverFault(
    "WVR-09", "The resource is of another type", "Correct the type, or remove it.", Severity.MEDIUM
)
NO_CONTROL = WaiverFault("WVR-10", "There is no such control", "Correct the id, or remove it.", Severity.MEDIUM)
TWICE = WaiverFault(
    "WVR-11", "The finding is waived twice from the same day on", "Keep one of the two.", Severity.MEDIUM
)
NOT_WAIVABLE = WaiverFault(
    "WVR-12",
    "The control cannot be waived",
    "Mend the finding. What goes round the guardrails, faults of rules and findings about waivers are never waived.",
    Severity.HIGH,
)
UNVERIFIED = WaiverFault(
    "WVR-13",
    "The approver is unverified",
    "Name the approver in CODEOWNERS as an owner of this file, or among the approvers of the settings.",
    Severity.MEDIUM,
    holds=True,
)

FAULTS: Final[Mapping[str, WaiverFault]] = {
    each.id: each
    for each in (
        EXPIRED,
        NOT_YET,
        UNUSED,
        TOO_BROAD,
        SELF_APPROVED,
        TOO_LONG,
        OFTEN_RENEWED,
        LAPSED,
        OTHER_TYPE,
        NO_CONTROL,
        TWICE,
        NOT_WAIVABLE,
        UNVERIFIED,
    )
}
"""Every kind of fault by its id."""
