"""What a look for drift found: whether the cloud is as the state says."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.document import Document, Profile
from groundplan_policies.engine.values import Value
from groundplan_policies.evidence.errors import EvidenceError
from groundplan_policies.evidence.facts import shown

_MOCK: Final = "the mock cloud"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A state compared with a cloud.

    Attributes:
        cloud: Which cloud answered, as the look calls it.
        compared: How many resources were compared.
        drifted: Names of those that differ or are gone.
        not_compared: How many could not be compared.
        digest: `sha256:` and the digest of the report.
    """

    cloud: str
    compared: int
    drifted: tuple[str, ...]
    not_compared: int
    digest: str

    @property
    def mock(self) -> bool:
        """Whether it was the mock cloud that answered."""
        return self.cloud.startswith(_MOCK)

    @property
    def same(self) -> bool:
        """Whether everything was compared, and nothing differs."""
        return self.compared > 0 and not self.drifted and not self.not_compared


def read_comparison(raw: bytes, name: str, document: Document) -> Comparison:
    """Read the JSON of `groundplan drift`.

    Args:
        raw: Its bytes.
        name: How messages call it.
        document: The state that was compared.

    Raises:
        EvidenceError: It is no such report, of another stack, or the document is no state.
    """
    if document.profile is not Profile.STATE:
        raise _wrong(
            "Drift is of a state", f"{name} with a {document.profile.value}", "a document of pulumi stack export"
        )
    try:
        content: Value = json.loads(raw)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise _wrong("The drift is not understood", name, "the file of groundplan drift --out FILE")
    cloud, compared, stack = content.get("cloud"), content.get("compared"), content.get("stack")
    drifted, missing = _entries(content.get("drifted")), _entries(content.get("notCompared"))
    if not isinstance(cloud, str) or type(compared) is not int or drifted is None or missing is None:
        raise _wrong("The drift is not understood", name, "the file of groundplan drift --out FILE")
    own = document.stack.urn.removeprefix("urn:pulumi:").partition("::")[0] if document.stack is not None else ""
    if str(stack).rpartition("/")[2] != own:
        raise _wrong(
            "The drift is of another stack", f"{shown(str(stack))}, and a state of {shown(own)}", "the same stack"
        )
    return Comparison(
        cloud=shown(cloud),
        compared=compared,
        drifted=tuple(shown(str(each.get("urn", "")).rpartition("::")[2]) for each in drifted),
        not_compared=len(missing),
        digest=f"sha256:{hashlib.sha256(raw).hexdigest()}",
    )


def _entries(value: Value) -> Sequence[Mapping[str, Value]] | None:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return None
    return [each for each in value if isinstance(each, dict)]


def _wrong(what: str, given: str, allowed: str) -> EvidenceError:
    return EvidenceError(
        what, given=given, allowed=allowed, remedy="export the state, look for drift, and name both files"
    )
