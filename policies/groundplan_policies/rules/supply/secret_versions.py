"""Names of versions of secrets: what takes a token or a password names one, and never holds it."""

import re
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Read
from groundplan_policies.engine.expect import of_verdict, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import without_unknown
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict, all_of, fail

VERSIONS: Final = ("secretmanager.SecretVersion", "secretmanager.RegionalSecretVersion")
_NAME: Final = re.compile(r"projects/[^/\s]+/(?:locations/[^/\s]+/)?secrets/[^/\s]+/versions/[^/\s]+")


@dataclass(frozen=True)
class SecretVersionName:
    """A check: what stands at a path is the name of a version of a secret, and no secret itself.

    Attributes:
        path: Where.
        absent: Verdict where nothing is there.
        empty: Verdict for an empty block or text.
    """

    path: Path
    absent: Verdict = Verdict.FAIL
    empty: Verdict = Verdict.FAIL

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        """Look at one resource."""
        return all_of([self._look(resource, each, context) for each in self.path.read(resource)])

    def _look(self, resource: Resource, reading: Reading, context: Context) -> Outcome:
        if reading.state is State.UNKNOWN and self._is_name(resource, reading, context):
            return PASS
        missing = unreadable(
            reading,
            absent=of_verdict(self.absent, "is absent; expected is the version of a secret", reading.path),
            empty=of_verdict(self.empty, "is empty; expected is the version of a secret", reading.path),
        )
        if missing is not None:
            return missing
        if not isinstance(reading.value, str):
            return wrong_type(reading, "the version of a secret")
        return PASS if _NAME.fullmatch(reading.value) else fail("is no name of a version of a secret", reading.path)

    @staticmethod
    def _is_name(resource: Resource, reading: Reading, context: Context) -> bool:
        """Whether a text that is not known whole has the form of a name, or is one of this document's versions."""
        if _NAME.fullmatch(without_unknown(reading.text)):
            return True
        return context.graph.resolve(resource, reading, *VERSIONS) is not None

    def reads(self, type_: str) -> Read:
        """Give what this says of a missing value, for the control's documentation."""
        return Read(type_, self.path.text, absent=self.absent, empty=self.empty)
