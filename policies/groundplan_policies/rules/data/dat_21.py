"""DAT-21: shared listings restrict export."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import every, is_known, is_true
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict

_LISTING = "bigqueryanalyticshub.Listing"
_ENABLED = is_true("restrictedExportConfig.enabled")
_RESULTS = is_true("restrictedExportConfig.restrictQueryResult")
_DATASET = Path("bigqueryDataset")
_RESTRICTED = every(is_known("bigqueryDataset", "an object", dict), _ENABLED, _RESULTS)


def _check(resource: Resource, context: Context) -> Outcome:
    return NOT_APPLICABLE if _DATASET.one(resource).state is State.ABSENT else _RESTRICTED(resource, context)


CONTROL = Control(
    id="DAT-21",
    title="Shared listings restrict export",
    why=(
        "Whoever subscribes to a listing can copy its tables, and the results of queries on them, to a place of their "
        "own, where nothing that is agreed about the data holds. Both switches are off by default. A listing that "
        "shares a topic has no such setting, so it is not judged. Direct access to tables is only reported by Google, "
        "not set, so it is not read."
    ),
    remedy="Set `restricted_export_config` with `enabled` and `restrict_query_result` true.",
    severity=Severity.MEDIUM,
    objectives=("2.1.e",),
    clauses=(partial("nist-800-53-r5", "AC-4", "Flows other than shared listings."),),
    reads=(
        Read(_LISTING, "bigqueryDataset", absent=Verdict.NOT_APPLICABLE, empty=Verdict.INDETERMINATE),
        _ENABLED.reads(_LISTING),
        _RESULTS.reads(_LISTING),
    ),
    checks={_LISTING: _check},
)
