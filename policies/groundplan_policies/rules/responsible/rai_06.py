"""RAI-06: personal sources are scanned."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, evidence
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, any_of, fail, indeterminate
from groundplan_policies.flow import Kind, Role, data_flow
from groundplan_policies.rules.data.dat_13 import discovered
from groundplan_policies.rules.data.jobs import HEALTHY, RUNS, SCHEDULED
from groundplan_policies.rules.responsible.sources import personal_sources

_TARGETS: Final = {"storage.Bucket": "cloudStorageTarget"}
_TABLES: Final = "bigQueryTarget"


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    for store, personal in personal_sources(context):
        if personal is None:
            yield store, indeterminate("is read by training, and the settings do not say whether it is about people")
        else:
            yield store, _scanned(store, context)


def _scanned(store: Resource, context: Context) -> Outcome:
    flow = context.graph.once(data_flow)
    nothing = fail("is read by training and about people, and no job looks through it again and again")
    jobs = [nothing]
    for edge in flow.out(store.urn):
        job = flow.nodes[edge.target].resource
        if flow.nodes[edge.target].role is Role.SCAN and edge.kind is Kind.REFERENCE and job is not None:
            runs = RUNS(job, context)
            jobs.append(runs if runs is not PASS or edge.sure else indeterminate("may be looked through by a job"))
    found = any_of(jobs)
    if found is PASS:
        return PASS
    project = context.graph.effective(store, "project").text
    everything = discovered(project, _TARGETS.get(short_name(store.type), _TABLES), context)
    return any_of([found, everything])


CONTROL = Control(
    id="RAI-06",
    title="Personal sources are scanned",
    why=(
        "Data about people turns up where nobody expects it: in a free text, in a column that got another meaning. "
        "Each store about people that training reads is looked through, again and again: by a job of Sensitive Data "
        "Protection that is on and has a period, or by discovery that runs over everything in the project. What a scan "
        "finds is for people to read; DAT-14 judges where it is kept. A store whose class nobody says counts as about "
        "people. Whether discovery covers a project as such is a matter of DAT-13."
    ),
    remedy="Use SensitiveDataScan for the store, or SensitiveDataDiscovery for the project.",
    ask="Read what the scans found, and see that somebody acted on it.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("2.1.c", "2.1.e"),
    clauses=(
        evidence("eu-ai-act", "10", "What is done with what is found."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.10", "What is done with what is found."),
        evidence("iso-42001-2023", "A.7.4", "Quality of the data beside privacy."),
    ),
    reads=tuple(each.reads("dataloss.PreventionJobTrigger") for each in (HEALTHY, SCHEDULED)),
    stack=_stack,
    settings=("personal_classes", "discovery_elsewhere"),
)
