"""DAT-19: data is not deleted with its container."""

from typing import Final

from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import is_false
from groundplan_policies.engine.verdicts import Severity

_FORCE = is_false("forceDestroy")
_CONTENTS = is_false("deleteContentsOnDestroy")
_FORCED: Final = (
    "storage.Bucket",
    "storage.Folder",
    "storage.ManagedFolder",
    "vertex.AiFeatureOnlineStore",
    "vertex.AiFeatureStore",
    "bigtable.Instance",
    "spanner.Instance",
)
"""The types with `forceDestroy`. Of the last two it deletes the backups, which otherwise stop the deletion."""

CONTROL = Control(
    id="DAT-19",
    title="Data is not deleted with its container",
    why=(
        "With these switches on, a renamed bucket, dataset or online store takes everything in it along when Pulumi "
        "replaces it; of a database it takes the backups that would have stopped the deletion. Off is the default. "
        "Protection of the container itself is another matter: REL-01, and BYP-02 for a deletion policy that abandons."
    ),
    remedy="Leave out `force_destroy` and `delete_contents_on_destroy`; empty the container by hand before it goes.",
    severity=Severity.MEDIUM,
    objectives=("2.1.a", "5.3.b"),
    clauses=(partial("nist-800-53-r5", "CP-9", "Copies of the data in another place."),),
    reads=(_CONTENTS.reads("bigquery.Dataset"), *map(_FORCE.reads, _FORCED)),
    checks={"bigquery.Dataset": _CONTENTS, **dict.fromkeys(_FORCED, _FORCE)},
)
