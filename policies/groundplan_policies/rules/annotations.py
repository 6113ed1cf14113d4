"""Annotations of Cloud Run in its first form (`cloudrun.Service`): they say what later forms have properties for.

Keys and values: https://docs.cloud.google.com/run/docs/reference/rest/v1/ObjectMeta.
"""

from typing import Final

from groundplan_policies.engine.control import Read
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.verdicts import Verdict

SERVICE: Final = "cloudrun.Service"
_SERVICE: Final = "metadata.annotations"
_REVISION: Final = "template.metadata.annotations"


def of_service(name: str) -> Path:
    """Give the path of an annotation of the service, such as `ingress`."""
    return Path(_SERVICE, f"run.googleapis.com/{name}")


def of_revision(name: str) -> Path:
    """Give the path of an annotation of its revisions, such as `vpc-access-egress`."""
    return Path(_REVISION, f"run.googleapis.com/{name}")


def read(path: Path, absent: Verdict = Verdict.FAIL) -> Read:
    """Give what a control says of annotations that are missing altogether, for its documentation."""
    return Read(SERVICE, path.text, absent=absent, empty=absent)
