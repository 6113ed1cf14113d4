"""REL-01: what holds data refuses to be deleted."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, full, partial
from groundplan_policies.engine.expect import Expectation, is_one_of, is_true, unreadable
from groundplan_policies.engine.paths import Path, Reading, State, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, all_of

_POLICY = Path("deletionPolicy")
_PREVENT: Final = "PREVENT"
_ON, _OFF = is_true("deletionProtection", absent=Verdict.PASS), is_true("deletionProtection")
_PROTECTED: Final[Mapping[str, Expectation]] = {
    "bigquery.Table": _ON,
    "container.Cluster": _ON,
    "sql.DatabaseInstance": _ON,
    "spanner.Database": _ON,
    "bigtable.Instance": _ON,
    "secretmanager.Secret": _OFF,
    "secretmanager.RegionalSecret": _OFF,
    "workbench.Instance": is_true("enableDeletionProtection"),
    "alloydb.Cluster": _ON,
    "redis.Cluster": is_true("deletionProtectionEnabled", absent=Verdict.PASS),
    "memorystore.Instance": is_true("deletionProtectionEnabled"),
    "filestore.Instance": is_true("deletionProtectionEnabled"),
    "dataproc.MetastoreService": _OFF,
    "bigtable.Table": is_one_of("deletionProtection", "PROTECTED"),
    "firestore.Database": is_one_of("deleteProtectionState", "DELETE_PROTECTION_ENABLED"),
}
"""Short name of the type -> its switch. It is on unless it is said for those where absent passes (pulumi_gcp 10.2)."""
_EVERYWHERE = is_true("settings.deletionProtectionEnabled")
_TABLE, _DATABASE = "bigquery.Table", "sql.DatabaseInstance"
_VIEWS: Final = tuple(map(Path, ("view", "materializedView", "externalDataConfiguration")))


def _guarded(switch: Expectation) -> Check:
    def check(resource: Resource, context: Context) -> Outcome:
        policy = _policy(resource, context)
        if policy.text == _PREVENT and policy.state is State.KNOWN:
            return PASS
        outcome = switch(resource, context)
        unseen = unreadable(policy, absent=outcome) if outcome.verdict is Verdict.FAIL else None
        return unseen or outcome

    return check


def _policy(resource: Resource, context: Context) -> Reading:
    """Give the resource's own deletion policy, or its provider's. A provider that is not here says nothing."""
    own, provider = _POLICY.one(resource), context.graph.provider(resource)
    if own.state is not State.ABSENT or provider is None:
        return own
    return read_value(provider.inputs.get(_POLICY.text), _POLICY.text)[0]


def _table(resource: Resource, context: Context) -> Outcome:
    """A view holds no rows of its own."""
    kinds = [path.one(resource) for path in _VIEWS]
    if any(each.state is State.KNOWN and isinstance(each.value, dict) for each in kinds):
        return NOT_APPLICABLE
    return _guarded(_PROTECTED[_TABLE])(resource, context)


def _database(resource: Resource, context: Context) -> Outcome:
    return all_of([_guarded(_PROTECTED[_DATABASE])(resource, context), _EVERYWHERE(resource, context)])


CONTROL = Control(
    id="REL-01",
    title="What holds data refuses to be deleted",
    why=(
        "A renamed resource is a deleted one and a new one: the plan says so in one line among hundreds. Each of "
        "these types has a switch that makes the provider refuse, on by default for some and off for secrets, "
        "notebooks, file shares and document stores; a deletion policy of PREVENT, of the resource or of its "
        "provider, does the same. A database has a second switch, which also holds in the console, and must have it "
        "on. Views hold no data and do not apply. Pulumi's own `protect` holds for a program and not for another one, "
        "so it does not count; what is deleted with its container is DAT-19's, and a policy that abandons BYP-02's."
    ),
    remedy="Set `deletion_protection` of the construct or resource, or `deletion_policy` to PREVENT.",
    severity=Severity.MEDIUM,
    objectives=("2.1.a", "5.3.b"),
    clauses=(
        full("cis-gcp-5.0", "6.9"),
        partial("nist-800-53-r5", "CP-9", "Copies of the data in another place."),
    ),
    reads=(
        *(each.reads(type_) for type_, each in _PROTECTED.items()),
        *(Read.aside(type_, _POLICY.text) for type_ in _PROTECTED),
        *(Read.aside(_TABLE, each.text) for each in _VIEWS),
        _EVERYWHERE.reads(_DATABASE),
    ),
    checks={
        **{type_: _guarded(each) for type_, each in _PROTECTED.items()},
        _TABLE: _table,
        _DATABASE: _database,
    },
)
