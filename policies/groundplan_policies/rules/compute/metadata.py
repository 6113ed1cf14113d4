"""Metadata of machines: a map of texts, in which Google's agents read `true`, `TRUE` and `1` as yes.

Source: cloud.google.com/compute/docs/metadata/predefined-metadata-keys.
"""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.control import Read
from groundplan_policies.engine.expect import Expectation
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import Verdict

NOTEBOOK: Final = "workbench.Instance"
MACHINES: Final[Mapping[str, str]] = {
    NOTEBOOK: "gceSetup.metadata",
    "compute.Instance": "metadata",
    "compute.InstanceTemplate": "metadata",
    "compute.RegionInstanceTemplate": "metadata",
    "tpu.V2Vm": "metadata",
}
"""Short name of a type of machines -> where its metadata is."""

_YES: Final = frozenset({"true", "yes", "y", "1"})
_TYPES: Final = (str, bool, int)


def is_yes(value: Value) -> bool:
    """Whether Google's agents take a value for yes."""
    return str(value).strip().lower() in _YES


def says_yes(of: str, key: str, *, absent: Verdict = Verdict.FAIL) -> Expectation:
    """Expect of a map of metadata that it says yes to a key.

    Args:
        of: The map's property.
        key: The key.
        absent: Verdict where it is not there.
    """
    return Expectation(
        Path(of, key), "true", is_yes, "a text", _TYPES, quick="true", absent=absent, empty=absent, show=True
    )


def reads_of(type_: str, absent: Verdict, *, wrong: Verdict = Verdict.INDETERMINATE) -> Read:
    """Give what a control says of metadata that are missing altogether, for its documentation."""
    return Read(type_, MACHINES[type_], absent=absent, empty=absent, wrong=wrong)
