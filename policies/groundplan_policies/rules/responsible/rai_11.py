"""RAI-11: lineage is recorded."""

from dataclasses import replace

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import is_true, unreadable, wrong_type
from groundplan_policies.engine.look import trusted
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.engine.ways import when_given

_STORE = "vertex.AiMetadataStore"
_NAME = Path("name")
_DEFAULT = "default"
_PIPELINE = Path("createPipelineJobRequest.pipelineJob")
_AIRFLOW = is_true("config.softwareConfig.cloudDataLineageIntegration.enabled")
_RULES = Path("ingestion.rules")
_INGESTED = is_true("ingestion.rules.lineageEnablement.enabled")


def _training(place: str) -> Check:
    """Make the check of what trains in the region that a property names."""

    def check(resource: Resource, context: Context) -> Outcome:
        region = context.graph.effective(resource, place)
        missing = unreadable(region, absent=indeterminate("is absent, so nobody can tell the region", region.path))
        if missing is not None:
            return missing
        if not isinstance(region.value, str):
            return wrong_type(region, "a region")
        found = [_same(resource, region, store, context) for store in context.graph.of(_STORE)]
        if True in found:
            return PASS
        if None in found:
            return indeterminate("nobody can tell whether a metadata store is in the region", region.path)
        return trusted(fail("has no default metadata store", region.path, region.text), context)

    return check


def _same(resource: Resource, region: Reading, store: Resource, context: Context) -> bool | None:
    """Whether a store is the one that records what runs in a region; None where nobody can tell."""
    answers = (
        _equal(_NAME.one(store), _DEFAULT),
        _equal(context.graph.effective(store, "region"), region.text),
        context.graph.same_project(resource, store),
    )
    return False if False in answers else None if None in answers else True


def _equal(reading: Reading, text: str) -> bool | None:
    return None if reading.state in {State.UNKNOWN, State.SECRET} else reading.value == text


def _ingestion(resource: Resource, context: Context) -> Outcome:
    rules = _RULES.one(resource)
    nothing = fail("is absent, so no lineage is taken in", rules.path)
    missing = unreadable(rules, absent=nothing)
    return missing if missing is not None else all_of([_INGESTED(resource, context)])


CONTROL = Control(
    id="RAI-11",
    title="Lineage is recorded",
    why=(
        "Which data a model was made of, and by which run, is known only if something writes it down at the time. "
        "Pipelines and jobs of Vertex AI write to the default metadata store of their region, and only to that; a "
        "store of another name records nothing by itself. Composer and the ingestion of lineage have a switch each, "
        "which is not on unless somebody says so. Google makes the default store at its first use, but without a key "
        "and without anybody who answers for it, so it must be in the deployment."
    ),
    remedy="Use PipelineEnvironment, or make an AiMetadataStore with the name `default` in each region that trains.",
    ask="Take one model that is deployed and follow its lineage back to its data.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("5.3.a", "5.3.c"),
    clauses=(
        evidence("eu-ai-act", "12", "Events while the system is in use; this is how models came about."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.8", "The examination of risks; this is what it can draw on."),
        evidence("iso-42001-2023", "A.7.5", "What happened to data before they came here."),
    ),
    reads=(
        Read("colab.Schedule", "location", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read("vertex.AiPersistentResource", "location", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        replace(Read.aside("colab.Schedule", _PIPELINE.text), absent=Verdict.NOT_APPLICABLE),
        _AIRFLOW.reads("composer.Environment"),
        Read("datalineage.Config", _RULES.text),
        _INGESTED.reads("datalineage.Config"),
    ),
    checks={
        "colab.Schedule": when_given(_PIPELINE.text, _training("location")),
        "vertex.AiPersistentResource": _training("location"),
        "composer.Environment": _AIRFLOW,
        "datalineage.Config": _ingestion,
    },
)
