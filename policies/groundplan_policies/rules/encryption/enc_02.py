"""ENC-02: BigQuery data uses customer-managed keys."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.classes import owner_of
from groundplan_policies.rules.data.targets import dataset, dataset_of
from groundplan_policies.rules.encryption.keys import KeyExpectation
from groundplan_policies.rules.encryption.uses import DATASET_KEY, TABLE_KEY

_DATASET = KeyExpectation(Path(DATASET_KEY))
_TABLE = KeyExpectation(Path(TABLE_KEY))
_KINDS = ("load", "query", "copy")
_JOB_KEYS = {each: KeyExpectation(Path(f"{each}.destinationEncryptionConfiguration.kmsKeyName")) for each in _KINDS}
_NOTHING = {State.ABSENT, State.EMPTY}
_ELSEWHERE = (Path("view"), Path("externalDataConfiguration"))


def _table(resource: Resource, context: Context) -> Outcome:
    """A table has a key of its own, or its dataset's; views and external tables keep no data in BigQuery."""
    elsewhere = [path.one(resource) for path in _ELSEWHERE]
    if any(isinstance(each.value, (dict, list)) for each in elsewhere):
        return NOT_APPLICABLE
    reading = _TABLE.path.one(resource)
    if reading.state not in _NOTHING:
        return _TABLE(resource, context)
    unseen = [each for each in elsewhere if each.state not in _NOTHING]
    if unseen:
        return indeterminate("cannot be read: the table has no key, and may need none", unseen[0].path)
    return _inherited(resource, reading, context)


def _transfer(resource: Resource, context: Context) -> Outcome:
    """A transfer makes tables with the key that it names, or with its dataset's."""
    reading = _TABLE.path.one(resource)
    if reading.state not in _NOTHING:
        return _TABLE(resource, context)
    return _of_dataset(dataset_of(resource, context.graph), reading, context)


def _job(resource: Resource, context: Context) -> Outcome:
    """A job that loads, copies or asks makes a table; one that only reads out of BigQuery makes none."""
    return all_of(_made(resource, kind, context) for kind in _KINDS if resource.inputs.get(kind) is not None)


def _made(resource: Resource, kind: str, context: Context) -> Outcome:
    key = _JOB_KEYS[kind]
    reading = key.path.one(resource)
    if reading.state not in _NOTHING:
        return key.look(resource, reading, context)
    named = Path(f"{kind}.destinationTable.datasetId").one(resource)
    project = Path(f"{kind}.destinationTable.projectId").one(resource)
    found = None
    if named.state is State.UNKNOWN:
        found = context.graph.resolve(resource, named, "bigquery.Dataset")
    elif named.state is State.KNOWN and project.state is State.KNOWN and project.text:
        found = dataset(context.graph, project.text, named.text)
    return _of_dataset(found, reading, context)


def _inherited(resource: Resource, reading: Reading, context: Context) -> Outcome:
    return _of_dataset(owner_of(resource, context), reading, context)


def _of_dataset(holder: Resource | None, reading: Reading, context: Context) -> Outcome:
    if holder is None:
        return indeterminate("is absent, and the document does not hold the dataset with its default key", reading.path)
    outcome = _DATASET(holder, context)
    if outcome is PASS:
        return PASS
    speak = fail if outcome.verdict is Verdict.FAIL else indeterminate
    return speak("is absent, and the dataset's default is no key that passes", reading.path)


CONTROL = Control(
    id="ENC-02",
    title="BigQuery data uses customer-managed keys",
    why=(
        "A dataset's default key encrypts the tables that are made in it later; a table without any is encrypted with "
        "a key of Google's that nobody here can disable or audit. A table passes with its own key or by inheritance: "
        "for the latter the dataset must be in this document, else the verdict is indeterminate. Views and external "
        "tables keep no data in BigQuery, so they do not count; materialized views do. Transfers, and jobs that load, "
        "ask or copy, make tables: what they name must be as good, and else their dataset's key counts."
    ),
    remedy=(
        "Use Warehouse with `keys`, or set `default_encryption_configuration` of the dataset and "
        "`encryption_configuration` of tables that were there before."
    ),
    severity=Severity.HIGH,
    objectives=("2.1.e", "3.2.a"),
    clauses=(full("cis-gcp-5.0", "7.2"), full("cis-gcp-5.0", "7.3")),
    reads=(
        _DATASET.reads("bigquery.Dataset"),
        *(
            Read(type_, path, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE)
            for type_, path in (
                ("bigquery.Table", TABLE_KEY),
                ("bigquery.DataTransferConfig", TABLE_KEY),
                *(("bigquery.Job", each.path.text) for each in _JOB_KEYS.values()),
            )
        ),
        *(Read.aside("bigquery.Table", path) for path in ("datasetId", *(each.text for each in _ELSEWHERE))),
    ),
    checks={
        "bigquery.Dataset": _DATASET,
        "bigquery.Table": _table,
        "bigquery.DataTransferConfig": _transfer,
        "bigquery.Job": _job,
    },
    settings=("key_projects",),
)
