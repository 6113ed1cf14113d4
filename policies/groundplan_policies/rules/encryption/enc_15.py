"""ENC-15: databases, search and serverless use customer-managed keys."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict, all_of
from groundplan_policies.rules import annotations
from groundplan_policies.rules.encryption import copies
from groundplan_policies.rules.encryption.keys import KeyExpectation, expect_keys, reads_of
from groundplan_policies.rules.encryption.uses import DATABASES, MACHINE_DISK, SPANNER_KEYS

_KEYS = expect_keys(DATABASES, by_tier=True)
_SPANNER, _SPANNER_KEYS = (KeyExpectation(Path(path), by_tier=True) for path in SPANNER_KEYS)
_DISK = KeyExpectation(Path(MACHINE_DISK), by_tier=True)
_MADE_DISK = Path("bootDisk.source")
_DATABASE = Path("cloudSql")
_BACKUP_KEYS = tuple(
    KeyExpectation(Path(f"{backups}.encryptionConfig.kmsKeyName"), by_tier=True)
    for backups in ("automatedBackupPolicy", "continuousBackupConfig")
)
_IMAGE = KeyExpectation(Path(copies.IMAGE_KEY), by_tier=True)
_FIRST_RUN = KeyExpectation(annotations.of_revision("encryption-key"), by_tier=True)
_NOTHING = {State.ABSENT, State.EMPTY}


def _spanner(resource: Resource, context: Context) -> Outcome:
    """A database in several regions has a key in each; every one of them must pass."""
    several = [reading for each in _SPANNER_KEYS.path.read(resource) for reading in entries(each)]
    if all(each.state in _NOTHING for each in several):
        return _SPANNER(resource, context)
    one = _SPANNER.path.one(resource)
    outcomes = [_SPANNER_KEYS.look(resource, each, context) for each in several]
    return all_of(outcomes if one.state in _NOTHING else [*outcomes, _SPANNER.look(resource, one, context)])


def _machine(resource: Resource, context: Context) -> Outcome:
    """A machine that boots from a disk of this document has that disk's key."""
    if _is_missing(_DISK.path.one(resource)):
        disk = context.graph.resolve(resource, _MADE_DISK.one(resource), "compute.Disk", "compute.RegionDisk")
        if disk is not None:
            return NOT_APPLICABLE
    return _DISK(resource, context)


def _cluster(resource: Resource, context: Context) -> Outcome:
    """Backups of AlloyDB have their cluster's key unless they name another, which must be as good."""
    backups = [(each, reading) for each in _BACKUP_KEYS for reading in each.path.read(resource)]
    named = [each.look(resource, reading, context) for each, reading in backups if not _is_missing(reading)]
    return all_of([_KEYS["alloydb.Cluster"](resource, context), *named])


def _connection(resource: Resource, context: Context) -> Outcome:
    """A connection to Cloud SQL keeps a password; others keep nothing that a key would encrypt."""
    expectation = _KEYS["bigquery.Connection"]
    missing = _is_missing(expectation.path.one(resource))
    return (
        NOT_APPLICABLE if missing and _DATABASE.one(resource).state is State.ABSENT else expectation(resource, context)
    )


def _is_missing(reading: Reading) -> bool:
    return reading.state in _NOTHING


CONTROL = Control(
    id="ENC-15",
    title="Databases, search and serverless use customer-managed keys",
    why=(
        "Sources of features, search indexes over documents and code in containers hold the same data as the buckets "
        "that they were filled from. Most take their key when they are made and never again. Whether there must be a "
        "key is the tier's to say; one that is named must be right in every tier. A database of Spanner may name "
        "several keys; a connection of BigQuery keeps a password only to Cloud SQL; a machine that boots from a disk "
        "of this document is judged by that disk, one that a template of this document describes by the template, and "
        "one of which neither tells the key is indeterminate. Cloud Run in its first form names its key in an "
        "annotation. A replica fails without a key, even where it takes its primary's."
    ),
    remedy="Name a key of this program in the property at fault, such as `encryption_key_name` of a database instance.",
    severity=Severity.HIGH,
    objectives=("2.1.a", "2.1.e", "3.2.b", "5.1.d"),
    clauses=(
        partial("google-ai", "COM-CO-2.3", "Other services, for which ENC-01 to ENC-08 stand."),
        partial("nist-800-53-r5", "SC-28", "Services that take no key, and backups outside of these resources."),
    ),
    reads=(
        *reads_of(_KEYS),
        Read.aside("bigquery.Connection", _DATABASE.text),
        _SPANNER.reads("spanner.Database"),
        Read("spanner.Database", _SPANNER_KEYS.path.text, absent=Verdict.PASS, empty=Verdict.PASS),
        _DISK.reads("compute.Instance"),
        Read.aside("compute.Instance", _MADE_DISK.text),
        *(Read("alloydb.Cluster", each.path.text, absent=Verdict.PASS, empty=Verdict.PASS) for each in _BACKUP_KEYS),
        *(Read(each, f"{copies.DISKS}.{copies.TEMPLATE_KEY}") for each in copies.TEMPLATES),
        _IMAGE.reads(copies.IMAGE),
        Read(
            copies.FROM_TEMPLATE,
            "bootDisk.kmsKeySelfLink",
            absent=Verdict.INDETERMINATE,
            empty=Verdict.INDETERMINATE,
        ),
        annotations.read(_FIRST_RUN.path),
    ),
    checks={
        **_KEYS,
        "bigquery.Connection": _connection,
        "spanner.Database": _spanner,
        "alloydb.Cluster": _cluster,
        "compute.Instance": _machine,
        **dict.fromkeys(copies.COPIES, copies.machine_key),
        **dict.fromkeys(copies.TEMPLATES, copies.template_keys),
        copies.IMAGE: _IMAGE,
        annotations.SERVICE: _FIRST_RUN,
    },
    settings=("customer_managed_keys", "key_projects"),
)
