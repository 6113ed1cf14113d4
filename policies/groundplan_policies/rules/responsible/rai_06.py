"""RAI-06: personal sources are scanned."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import split_unknown
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, any_of, fail, indeterminate
from groundplan_policies.flow import Kind, Role, data_flow
from groundplan_policies.rules.data.dat_13 import discovered
from groundplan_policies.rules.data.jobs import HEALTHY, RUNS, SCHEDULED
from groundplan_policies.rules.responsible.sources import personal_sources

_TARGETS: Final = {"storage.Bucket": "cloudStorageTarget"}
_TABLES: Final = "bigQueryTarget"
_TRIGGER: Final = "dataloss.PreventionJobTrigger"
_STORAGE: Final = "inspectJob.storageConfig"
_FILES: Final = f"{_STORAGE}.cloudStorageOptions"
_URL: Final = Path(f"{_FILES}.fileSet.url")
_SCHEME: Final = "gs://"
_EVERYTHING: Final = "**"
"""What stands behind a bucket's name for everything in it. `*`, or nothing, is what lies at its top alone."""
_PARTS: Final = tuple(
    map(
        Path,
        (
            *(f"{_FILES}.fileSet.regexFileSet.{each}" for each in ("includeRegexes", "excludeRegexes")),
            f"{_FILES}.fileTypes",
            *(f"{_STORAGE}.bigQueryOptions.{each}" for each in ("includedFields", "excludedFields")),
            f"{_STORAGE}.timespanConfig.endTime",
        ),
    )
)
"""What makes a job leave something out."""
_IN_PART: Final = "is read by training and about people, and a job looks through a part of it only"
_HOW_MUCH: Final = "is looked through by a job, and nobody can tell how much of it"


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
            runs = all_of([RUNS(job, context), _takes_in_all(job)])
            jobs.append(runs if runs is not PASS or edge.sure else indeterminate("may be looked through by a job"))
    found = any_of(jobs)
    if found is PASS:
        return PASS
    project = context.graph.effective(store, "project").text
    everything = discovered(project, _TARGETS.get(short_name(store.type), _TABLES), context)
    return any_of([found, everything])


def _takes_in_all(job: Resource) -> Outcome:
    """Ask that a job leaves out no files and no columns. How much of each it looks at is not asked."""
    narrowing = [_narrows(reading) for path in _PARTS for reading in path.read(job)]
    return all_of([PASS, *narrowing, *map(_all_files, _URL.read(job))])


def _narrows(reading: Reading) -> Outcome:
    if reading.state is State.KNOWN:
        return fail(_IN_PART)
    return PASS if reading.state in {State.ABSENT, State.EMPTY} else indeterminate(_HOW_MUCH)


def _all_files(url: Reading) -> Outcome:
    """Judge what stands behind the name of the bucket, also where that name is known only later."""
    if url.state is State.ABSENT:
        return PASS
    text = url.text.removeprefix(_SCHEME) if url.state is State.KNOWN else split_unknown(url.text)[1]
    _, mark, below = text.partition("/")
    if not mark and url.state is not State.KNOWN:
        return indeterminate(_HOW_MUCH)
    return PASS if below == _EVERYTHING else fail(_IN_PART)


CONTROL = Control(
    id="RAI-06",
    title="Personal sources are scanned",
    why=(
        "Data about people turns up where nobody expects it: in a free text, in a column that got another meaning. "
        "Each store about people that training reads is looked through, again and again: by a job of Sensitive Data "
        "Protection that is on and has a period, or by discovery that runs over everything in the project. A "
        "job that is for some folders, kinds of files or columns alone leaves the rest unseen. What a scan "
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
    reads=(
        *(each.reads(_TRIGGER) for each in (HEALTHY, SCHEDULED)),
        *(Read(_TRIGGER, each.text, absent=Verdict.PASS, empty=Verdict.PASS, wrong=Verdict.FAIL) for each in _PARTS),
    ),
    stack=_stack,
    settings=("personal_classes", "discovery_elsewhere"),
)
