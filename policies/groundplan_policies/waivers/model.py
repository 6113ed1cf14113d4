"""A waiver: one finding that may stand for a while."""

from dataclasses import dataclass
from datetime import date

from groundplan_policies.engine.yamlfile import FileError


class WaiverError(FileError):
    """A file of waivers cannot be read, or a waiver cannot be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One entry of a file of waivers.

    Attributes:
        control: Id of the control.
        urn: The resource; for a finding on the stack as a whole the URN of the stack.
        type: The resource's type token, so that a waiver does not pass to another thing of the same name.
        reason: Why the finding may stand.
        ticket: Where that was discussed.
        owner: Who answers for it.
        approver: Who agreed. Somebody else than the owner.
        issued: The first day on which it holds.
        expires: The last day on which it holds.
        fingerprints: Of the finding. A finding may have one before a deployment and another after it.
        approver_owns: Whether CODEOWNERS names the approver as an owner of the file of waivers.
        place: `file:line` of the entry.
    """

    control: str
    urn: str
    type: str
    reason: str
    ticket: str
    owner: str
    approver: str
    issued: date
    expires: date
    fingerprints: tuple[str, ...]
    approver_owns: bool = False
    place: str = ""
