"""Builds of triggers: written in the program, or in a file of the repository that nobody sees here."""

from typing import Final

from groundplan_policies.engine.control import Read
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Verdict, indeterminate

TRIGGER: Final = "cloudbuild.Trigger"
_BUILD = Path("build")
_FILES: Final = (Path("filename"), Path("gitFileSource.path"))

FILE_READS: Final = tuple(Read(TRIGGER, each.text, absent=Verdict.PASS, empty=Verdict.PASS) for each in _FILES)
"""What controls say of files that hold a build."""


def unseen(trigger: Resource) -> Outcome | None:
    """Say that a build cannot be seen, where it is in a file of a repository or nowhere; None where it is here."""
    for path in _FILES:
        reading = path.one(trigger)
        if reading.state not in {State.ABSENT, State.EMPTY}:
            return indeterminate(
                "names a file of a repository that holds the build, which is not seen here", reading.path
            )
    if _BUILD.is_absent(trigger.inputs):
        return indeterminate("is absent, so that the build is in the repository and not seen here", _BUILD.text)
    return None
