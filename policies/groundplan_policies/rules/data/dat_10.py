"""DAT-10: personal columns carry policy tags."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    declared,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.schemas import Column, columns
from groundplan_policies.rules.data.targets import dataset_of

_TABLE = "bigquery.Table"
_TAG = "datacatalog.PolicyTag"
_SCHEMA = Path("schema")
_DATASET = Path("datasetId")
_NAME = Path("tableId")
_VIEWS = (Path("view"), Path("materializedView"))
_PARTS = 3
_WILD = "*"


@dataclass(frozen=True, slots=True)
class _Personal:
    """A column, or several, that the settings name, in lower case. `firm` if the table must have it."""

    column: str
    firm: bool

    def matches(self, path: str) -> bool:
        """Whether a column is meant: itself, or a record around it."""
        parts = path.split(".")
        return any(fnmatchcase(".".join(parts[: end + 1]), self.column) for end in range(len(parts)))


def _check(resource: Resource, context: Context) -> Outcome:
    named = context.parameters.personal_columns
    if named is None:
        return indeterminate("the settings do not say which columns are personal", _SCHEMA.text)
    if any(path.one(resource).state is State.KNOWN for path in _VIEWS):
        return NOT_APPLICABLE
    personal = tuple(_of_table(resource, context, named))
    if not personal:
        return NOT_APPLICABLE
    schema = _SCHEMA.one(resource)
    if schema.state is State.UNKNOWN:
        return _as_declared(resource, schema, context, personal)
    return _as_written(schema, personal)


def _as_written(schema: Reading, personal: tuple[_Personal, ...]) -> Outcome:
    missing = unreadable(schema, absent=indeterminate("is absent, so that nobody can see the columns", schema.path))
    if missing is not None or not schema.text:
        return missing or wrong_type(schema, "a text")
    found = columns(schema.text)
    if found is None:
        return indeterminate("is no schema that can be read", schema.path)
    return all_of(_judge(each, found) for each in personal)


def _of_table(resource: Resource, context: Context, named: tuple[str, ...]) -> Iterator[_Personal]:
    """Give the columns that the settings name in a table. A name that is not known may be any."""
    holder = dataset_of(resource, context.graph)
    dataset = _known(_DATASET.one(holder) if holder is not None else _DATASET.one(resource))
    table = _known(_NAME.one(resource))
    for entry in named:
        parts = entry.lower().split(".", _PARTS - 1)
        of_dataset, of_table, column = [_WILD] * (_PARTS - len(parts)) + parts
        if _may_be(dataset, of_dataset) and _may_be(table, of_table):
            yield _Personal(column, firm=_WILD not in entry and len(parts) == _PARTS and bool(dataset and table))


def _may_be(name: str, pattern: str) -> bool:
    return not name or fnmatchcase(name, pattern)


def _known(reading: Reading) -> str:
    return reading.text.rpartition("/")[2].lower() if reading.state is State.KNOWN else ""


def _judge(personal: _Personal, found: tuple[Column, ...]) -> Outcome:
    meant = [each for each in found if personal.matches(each.path)]
    if not meant and personal.firm:
        return indeterminate("has no such column, though the settings call it personal", _SCHEMA.text, personal.column)
    return all_of(
        PASS if each.tags else fail("has a personal column without a policy tag", _SCHEMA.text, each.path)
        for each in meant
    )


def _as_declared(resource: Resource, schema: Reading, context: Context, personal: tuple[_Personal, ...]) -> Outcome:
    """Judge a schema that holds the names of tags of this document by what the component around it says of it."""
    unseen = indeterminate("is known only after the deployment", schema.path)
    around = context.graph.parent(resource)
    told = around.outputs.get("personalColumns") if around is not None else None
    names = told.get(_NAME.one(resource).text) if isinstance(told, dict) else None
    if not isinstance(names, list) or not _made_of_tags(resource, schema, context):
        return unseen
    tagged = [name.lower() for name in names if isinstance(name, str)]
    for each in personal:
        if each.firm and not any(each.matches(name) for name in tagged):
            return fail("is said to leave a personal column without a policy tag", schema.path, each.column)
    return declared("is known only after the deployment; the component says which columns it tags", schema.path)


def _made_of_tags(resource: Resource, schema: Reading, context: Context) -> bool:
    return any(short_name(each.type) == _TAG for each in context.graph.origins(resource, schema))


CONTROL = Control(
    id="DAT-10",
    title="Personal columns carry policy tags",
    why=(
        "Whoever may read a table reads every column of it, unless a tag keeps some of them back. The settings name "
        "the columns that the agreement about the data calls personal, as dataset.table.column; of a record it means "
        "all columns in it. A schema that holds the names of tags which this run makes is not known before; then the "
        "component around the table may say which columns it tags (`personalColumns`), which is a declaration. Views "
        "take over the tags of what they read, so they are not judged."
    ),
    remedy="Mark the columns as `personal` in Warehouse, or give them `policyTags` in the table's schema.",
    ask="List the columns that the agreement calls personal, and see in BigQuery that each has its tag.",
    severity=Severity.HIGH,
    evidence=Evidence.CONFIGURATION,
    objectives=("2.1.e",),
    clauses=(partial("google-ai", "BQ-CO-6.5", "That tags are enforced: DAT-11; that they are masked: DAT-12."),),
    reads=(Read(_TABLE, "schema", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),),
    checks={_TABLE: _check},
    settings=("personal_columns",),
)
