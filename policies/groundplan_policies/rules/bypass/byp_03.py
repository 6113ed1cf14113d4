"""BYP-03: data, keys and locked logs are protected, and protection stands in no remedy's way."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.readers import names
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, fail
from groundplan_policies.rules.bypass.options import EVERY, option

_DATA: Final = (
    *("alloydb.Cluster", "bigquery.Dataset", "bigquery.Table", "bigtable.Instance", "bigtable.Table"),
    *("filestore.Instance", "firestore.Database", "spanner.Database", "spanner.Instance", "sql.DatabaseInstance"),
    *("storage.Bucket", "vertex.AiDataset", "vertex.AiFeatureOnlineStore"),
)
_KEYS: Final = ("kms.CryptoKey", "kms.KeyRing")
_LOG: Final = "logging.ProjectBucketConfig"
"""The one kind of log bucket that can be locked."""
_LOCKED = Path("locked")
_NO_DATA: Final = (Path("view"), Path("materializedView"), Path("externalDataConfiguration"))
"""Properties of a table that holds no data of its own."""


def _check(resource: Resource, context: Context) -> Outcome:
    if resource.external:
        return NOT_APPLICABLE
    if not resource.protect:
        return fail("`protect` is not set, so that a renamed or forgotten line of the program deletes it")
    return _replacement(resource, context)


def _replacement(resource: Resource, context: Context) -> Outcome:
    """Fail where Pulumi refuses what would mend a finding: a replacement, of a protected resource."""
    if not resource.replace_on_changes or not resource.protect or resource.external:
        return PASS
    stuck = context.readers.covered(resource.type, resource.replace_on_changes)
    if not stuck:
        return PASS
    message = f"is read by {names(stuck)}; a change of it replaces the resource, which is protected, so it is refused"
    return fail(message, stuck[0].path.text)


def _table(resource: Resource, context: Context) -> Outcome:
    elsewhere = any(path.one(resource).state is State.KNOWN for path in _NO_DATA)
    return _replacement(resource, context) if elsewhere else _check(resource, context)


def _log(resource: Resource, context: Context) -> Outcome:
    locked = _LOCKED.one(resource)
    if locked.state in {State.ABSENT, State.EMPTY} or locked.value is False:
        return _replacement(resource, context)
    return _check(resource, context)


def _protected(type_: str, path: str) -> Read:
    """State that a property only decides whether protection is asked for: where there is protection, all is well."""
    pass_ = Verdict.PASS
    return Read(type_, path, absent=pass_, empty=pass_, wrong=pass_, secret=pass_, unknown=pass_)


_CHECKS: Final[Mapping[str, Check]] = {
    **dict.fromkeys((*_DATA, *_KEYS), _check),
    _LOG: _log,
    "bigquery.Table": _table,
    EVERY: _replacement,
}

CONTROL = Control(
    id="BYP-03",
    title="Data, keys and locked logs are protected, and protection stands in no remedy's way",
    why=(
        "Without Pulumi's `protect` one renamed line deletes a bucket, or a key with everything that it encrypts. "
        "Decided: Pulumi's own guard is asked for, as it holds before the provider is called and whatever it does; "
        "the other guards are other controls' matter. Tables that are views or read other places hold no data. Of log "
        "buckets the locked ones count, and those of which nobody can say whether they are locked. The other way "
        "round, a protected resource with `replace_on_changes` on a property that a control reads cannot be mended: "
        "Pulumi refuses the replacement, so that the finding stays."
    ),
    remedy="Use `deletion_protection` of the constructs, or `protect=True`; take what controls read out of "
    "`replace_on_changes`.",
    severity=Severity.MEDIUM,
    objectives=("5.3.b",),
    clauses=(
        partial("nist-800-53-r5", "CM-5", "Who may take the protection away."),
        partial("nist-800-53-r5", "CP-9", "Copies of the data in another place."),
    ),
    reads=(
        *(option("document:protect", absent=Verdict.FAIL, type_=each) for each in (*_DATA, *_KEYS, _LOG)),
        option("document:replaceOnChanges"),
        option("document:external"),
        *(_protected("bigquery.Table", path.text) for path in _NO_DATA),
        _protected(_LOG, _LOCKED.text),
    ),
    checks=_CHECKS,
    waivable=False,
)
