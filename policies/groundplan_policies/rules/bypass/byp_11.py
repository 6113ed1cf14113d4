"""BYP-11: nobody gives access, or takes data out, by another road."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import UNKNOWN, is_unknown, without_unknown
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
from groundplan_policies.rules.bypass.sql import judge_sql

_POLICY: Final = "*IamPolicy"
_QUERY, _BODY, _LANGUAGE = Path("query.query"), Path("definitionBody"), Path("language")
_ENDPOINT, _SCHEDULED, _SOURCE = Path("remoteFunctionOptions.endpoint"), Path("params.query"), Path("dataSourceId")
_SERVICES: Final = ("cloudrunv2.Service", "cloudrun.Service", "cloudfunctionsv2.Function", "cloudfunctions.Function")
_SCHEDULE: Final = "scheduled_query"


def _policy(resource: Resource, context: Context) -> Outcome:
    """Ask that a policy can be read: its roles and members are then judged as those of any other grant."""
    grants = context.graph.grants_of(resource)
    bad = [each for each in grants if not (_readable(each.role) and _readable(each.member))]
    if bad:
        path = "policyData"
        return indeterminate("cannot be read, or not all of it, so nobody can say who gets access", path)
    return PASS if grants else _empty_policy(resource)


def _readable(reading: Reading) -> bool:
    return reading.state is State.KNOWN or (reading.state is State.UNKNOWN and reading.value not in (None, UNKNOWN))


def _empty_policy(resource: Resource) -> Outcome:
    reading = Path("policyData").one(resource)
    return unreadable(reading, absent=indeterminate("is absent", reading.path)) or PASS


def _job(resource: Resource, context: Context) -> Outcome:
    if resource.inputs.get("query") is None:
        return NOT_APPLICABLE
    return _sql(resource, _QUERY.one(resource), context, absent=indeterminate("is absent", _QUERY.text))


def _schedule(resource: Resource, context: Context) -> Outcome:
    source, query = _SOURCE.one(resource), _SCHEDULED.one(resource)
    if source.state is State.KNOWN and source.value != _SCHEDULE and query.state is State.ABSENT:
        return NOT_APPLICABLE
    return _sql(resource, query, context, absent=indeterminate("is absent, so nobody can say what runs", query.path))


def _routine(resource: Resource, context: Context) -> Outcome:
    endpoint = _ENDPOINT.one(resource)
    outcomes = [_remote(resource, endpoint, context), _code(resource, context)]
    return all_of(outcomes)


def _remote(resource: Resource, reading: Reading, context: Context) -> Outcome:
    if context.graph.made(resource, reading, *_SERVICES) is not None:
        return PASS
    unclear = unreadable(reading, absent=PASS)
    if unclear is not None:
        return unclear
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    if reading.value in (context.parameters.transfer_partners or ()):
        return PASS
    return fail("sends the data of each call to a service that this deployment does not make", reading.path)


def _code(resource: Resource, context: Context) -> Outcome:
    language = _LANGUAGE.one(resource)
    if language.state in {State.ABSENT, State.EMPTY} or language.value == "SQL":
        return _sql(resource, _BODY.one(resource), context, absent=PASS)
    if language.value == "JAVASCRIPT":  # it computes, and reaches nothing
        return PASS
    return indeterminate("is a language in which a routine may reach anything, and no control reads it", language.path)


def _sql(resource: Resource, reading: Reading, context: Context, *, absent: Outcome) -> Outcome:
    text = reading.value if isinstance(reading.value, str) else ""
    found = list(judge_sql(without_unknown(text), reading.path, context.graph.once(_routines)))
    made = reading.state is State.UNKNOWN and text != UNKNOWN and bool(context.graph.origins(resource, reading))
    unclear = None if made else unreadable(reading, absent=absent)
    if unclear is None and not isinstance(reading.value, str):
        unclear = wrong_type(reading, "a text")
    return all_of([PASS if unclear is None else unclear, *found])


def _routines(graph: Graph) -> frozenset[str]:
    """Give the names by which SQL calls the routines of this deployment."""
    return frozenset(name for each in graph.of("bigquery.Routine") for name in _names(graph, each))


def _names(graph: Graph, routine: Resource) -> Iterator[str]:
    parts = [routine.inputs.get("datasetId"), routine.inputs.get("routineId")]
    if all(isinstance(each, str) and not is_unknown(each) for each in parts):
        name = ".".join(str(each) for each in parts)
        project = graph.effective(routine, "project")
        yield name
        if project.state is State.KNOWN:
            yield f"{project.text}.{name}"


CONTROL = Control(
    id="BYP-11",
    title="Nobody gives access, or takes data out, by another road",
    why=(
        "The controls on grants read resources, while a line of SQL gives the same access, exports the same data, or "
        "sends it to a service elsewhere. Jobs, routines and scheduled queries are read word by word, without comments "
        "and quoted texts. GRANT, EXPORT and connections fail. What runs a text put together on the way, or a "
        "procedure of another place, is indeterminate, and so is code in another language than SQL and JavaScript. "
        "Names of this deployment's resources may be unknown parts of the text. A whole IAM policy must be readable; "
        "its grants are then judged like all others. SQL in views cannot do any of this; SQL of other databases, and "
        "of repositories, is not read."
    ),
    remedy="Grant by resources, as the constructs' `grant_*` methods do; export with a job whose destination is a "
    "property; put the service of a remote function into the same program.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("1.1.b", "2.1.c"),
    clauses=(
        partial("nist-800-53-r5", "AC-3", "Statements that are run by hand or by a workload."),
        partial("nist-800-53-r5", "AC-4", "Statements that are run by hand or by a workload."),
    ),
    reads=(
        Read(_POLICY, "policyData", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read("bigquery.Job", "query.query", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read("bigquery.Routine", "definitionBody", absent=Verdict.PASS, empty=Verdict.PASS),
        Read("bigquery.Routine", "language", absent=Verdict.PASS, empty=Verdict.PASS),
        Read("bigquery.Routine", _ENDPOINT.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read.aside("bigquery.DataTransferConfig", _SOURCE.text),
        Read("bigquery.DataTransferConfig", _SCHEDULED.text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
    ),
    checks={
        _POLICY: _policy,
        "bigquery.Job": _job,
        "bigquery.Routine": _routine,
        "bigquery.DataTransferConfig": _schedule,
    },
    settings=("transfer_partners",),
    waivable=False,
)
