"""DAT-11: policy tags are enforced."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, any_of, fail

_TYPES = Path("activatedPolicyTypes")
_ENFORCED = "FINE_GRAINED_ACCESS_CONTROL"


def _check(resource: Resource, _context: Context) -> Outcome:
    types = _TYPES.one(resource)
    missing = unreadable(types, absent=fail(f"names no policy; expected is {_ENFORCED}", types.path))
    if missing is not None:
        return missing
    if not isinstance(types.value, list):
        return wrong_type(types, "a list")
    outcomes = [fail(f"does not name {_ENFORCED}", types.path)]
    for entry in entries(types):
        if entry.value == _ENFORCED:
            return PASS
        missing = unreadable(entry, absent=outcomes[0])
        if missing is not None:
            outcomes.append(missing)
        elif not entry.text:
            outcomes.append(wrong_type(entry, "a text"))
    return any_of(outcomes)


CONTROL = Control(
    id="DAT-11",
    title="Policy tags are enforced",
    why=(
        "A taxonomy without fine-grained access control only describes its columns: whoever may read the table reads "
        "the tagged columns too, while the schema looks protected."
    ),
    remedy="Use Warehouse, or set `activated_policy_types` to `FINE_GRAINED_ACCESS_CONTROL`.",
    severity=Severity.HIGH,
    objectives=("2.1.e",),
    clauses=(
        partial("google-ai", "BQ-CO-6.5", "That the columns carry the tags: DAT-10; that they are masked: DAT-12."),
    ),
    reads=(Read("datacatalog.Taxonomy", "activatedPolicyTypes"),),
    checks={"datacatalog.Taxonomy": _check},
)
