"""RAI-08: training data has quality checks."""

from collections.abc import Iterator

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import is_set, unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    any_of,
    fail,
    indeterminate,
)
from groundplan_policies.flow import Role, data_flow
from groundplan_policies.flow.places import in_warehouse

_SCAN, _TABLE = "dataplex.Datascan", "bigquery.Table"
_QUALITY = Path("dataQualitySpec")
_RULES = Path("dataQualitySpec.rules")
_SCHEDULED = is_set("executionSpec.trigger.schedule.cron", expected="a schedule")
_RESOURCE, _ENTITY = Path("data.resource"), Path("data.entity")
_WAREHOUSE = "//bigquery.googleapis.com/"
_VIEWS = (Path("view"), Path("materializedView"))


def _scan(resource: Resource, context: Context) -> Outcome:
    if _QUALITY.one(resource).state is State.ABSENT:
        return NOT_APPLICABLE
    return all_of([_rules(_RULES.one(resource)), _SCHEDULED(resource, context)])


def _rules(reading: Reading) -> Outcome:
    nothing = fail("is absent, so nothing is asked of the data", reading.path)
    missing = unreadable(reading, absent=nothing)
    if missing is not None:
        return missing
    given = entries(reading)
    if not all(isinstance(each.value, dict) for each in given):
        return wrong_type(reading, "a list of rules")
    return any_of(map(_asks, given))


def _asks(rule: Reading) -> Outcome:
    """Judge whether a rule asks something of the data: it does unless it is suspended."""
    suspended = read_value(rule.value, rule.path, "suspended")[0]
    if suspended.state in {State.ABSENT, State.EMPTY} or suspended.value is False:
        return PASS
    return unreadable(suspended, absent=PASS) or fail("is suspended, as is every other rule", suspended.path)


def _tables(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    """Judge each table from which data comes to training. What a view shows is in the tables behind it."""
    scans = [(each, _scanned(each, context.graph)) for each in context.graph.of(_SCAN)]
    quality = [(scan, found) for scan, found in scans if _scan(scan, context) is not NOT_APPLICABLE]
    training = context.graph.once(_training)
    for table in context.graph.of(_TABLE):
        if table.urn in training and all(each.is_absent(table.inputs) for each in _VIEWS):
            yield table, _checked(table, quality, context)


def _checked(table: Resource, scans: list[tuple[Resource, tuple[Resource, ...] | None]], context: Context) -> Outcome:
    verdicts = [_scan(scan, context).verdict for scan, found in scans if found is not None and table in found]
    if Verdict.PASS in verdicts:
        return PASS
    if Verdict.INDETERMINATE in verdicts:
        return indeterminate("of the scan that checks it nobody can tell whether it is in order")
    if any(found is None for _, found in scans):
        return indeterminate("of a scan nobody can tell which table it checks")
    return fail("no scan that is in order checks its quality" if verdicts else "no scan checks its quality")


def _scanned(scan: Resource, graph: Graph) -> tuple[Resource, ...] | None:
    """Give the tables of this document that a scan looks at; None where nobody can tell."""
    reading = _RESOURCE.one(scan)
    if reading.state in {State.ABSENT, State.EMPTY}:
        return () if _ENTITY.one(scan).state is State.ABSENT else None
    name = reading._replace(value=reading.text.removeprefix(_WAREHOUSE)) if reading.text else reading
    found = in_warehouse(graph, scan, name)
    return None if found is None else tuple(each for each in found if each in tuple(graph.of(_TABLE)))


def _training(graph: Graph) -> frozenset[str]:
    flow = data_flow(graph)
    return frozenset(key for node in flow.of(Role.TRAINING) for key in flow.upstream(node.key))


CONTROL = Control(
    id="RAI-08",
    title="Training data has quality checks",
    why=(
        "A model learns whatever is in its data: a column that is empty since March, an age of 999, a class that is "
        "no longer delivered. Every table from which data comes to training is checked by a scan that has rules which "
        "are not suspended, and runs on a schedule; a profile describes and asks for nothing, and a scan on demand "
        "runs when somebody remembers. Google scans tables alone: files are checked by the pipeline, which is "
        "PIPE-01's matter. That the rules are the right ones is not in the document."
    ),
    remedy="Use QualityScan, or a `dataplex.Datascan` with `data_quality_spec.rules` and a schedule for each table.",
    ask="Read the rules of the scans: would they have caught the last fault of the data?",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("2.1.a", "5.1.a", "6.1.b"),
    clauses=(
        evidence("eu-ai-act", "10", "Whether the rules are the right ones, and data other than tables."),
        evidence("nist-ai-rmf-1.0", "MAP 2.3", "How data were chosen, and whether they represent anybody."),
        evidence("iso-42001-2023", "A.7.4", "Whether the rules are the right ones, and data other than tables."),
    ),
    reads=(
        Read(_SCAN, _QUALITY.text, absent=Verdict.NOT_APPLICABLE),
        Read(_SCAN, _RULES.text),
        _SCHEDULED.reads(_SCAN),
    ),
    checks={_SCAN: _scan},
    stack=_tables,
)
