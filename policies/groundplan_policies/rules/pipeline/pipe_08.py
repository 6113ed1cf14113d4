"""PIPE-08: what pipelines write is encrypted with one's own key, in a private bucket."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import split_unknown
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
from groundplan_policies.pipelines.found import JOB, SCHEDULE, SPECS, Run, run_of, runs_pipeline
from groundplan_policies.rules.data.dat_05 import CONTROL as PRIVATE
from groundplan_policies.rules.data.targets import bucket
from groundplan_policies.rules.encryption.enc_01 import CONTROL as ENCRYPTED
from groundplan_policies.rules.encryption.keys import KeyExpectation
from groundplan_policies.rules.pipeline.jobs import ROOT
from groundplan_policies.rules.pipeline.pipelines import checks_of

_BUCKET = "storage.Bucket"
_SCHEME = "gs://"
_KEY = KeyExpectation(Path(f"{JOB}.encryptionSpec.kmsKeyName"))


def _schedule(resource: Resource, context: Context) -> Outcome:
    if not runs_pipeline(resource):
        return NOT_APPLICABLE
    return all_of([_KEY(resource, context), _root(resource, context)])


def _root(resource: Resource, context: Context) -> Outcome:
    reading = ROOT.one(resource)
    if reading.state in {State.ABSENT, State.EMPTY}:
        run = run_of(resource, context.graph)
        if isinstance(run, Outcome):
            return run
        return _written(run, reading, context)
    return _place(resource, reading, context)


def _written(run: Run, job: Reading, context: Context) -> Outcome:
    """Judge the root that the pipeline itself names, where the job names none."""
    path = run.at("defaultPipelineRoot")
    if not run.pipeline.output_root:
        return fail("is absent, and the pipeline names no place for what it writes either", job.path)
    return _place(run.resource, Reading(path, State.KNOWN, run.pipeline.output_root), context)


def _place(resource: Resource, reading: Reading, context: Context) -> Outcome:
    missing = unreadable(reading, absent=PASS) if reading.state is not State.UNKNOWN else None
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "the address of a bucket")
    if not split_unknown(reading.value)[0].startswith(_SCHEME) and reading.state is State.KNOWN:
        return fail("is no address of a bucket: gs://...", reading.path)
    found = bucket(context.graph, resource, reading)
    if found is None:
        return indeterminate("is in a bucket that is not of this document", reading.path)
    said = {control.id: control.checks[_BUCKET](found, context) for control in (ENCRYPTED, PRIVATE)}
    return all_of([_of_bucket(reading.path, identifier, each) for identifier, each in said.items()])


def _of_bucket(path: str, identifier: str, outcome: Outcome) -> Outcome:
    if outcome is PASS:
        return PASS
    speak = fail if outcome.verdict is Verdict.FAIL else indeterminate
    return speak(f"is in a bucket that does not pass {identifier}", path)


def _alone(run: Run, context: Context) -> Outcome:  # noqa: ARG001 - the form of a judge
    """Judge a file: it has no key, and a place at most."""
    root = run.pipeline.output_root
    said = [indeterminate("a compiled pipeline does not say with which key its job encrypts: that is the job's")]
    if root and not root.startswith(_SCHEME):
        said.append(fail("is no address of a bucket: gs://...", run.at("defaultPipelineRoot")))
    return all_of(said)


CONTROL = Control(
    id="PIPE-08",
    title="What pipelines write is encrypted with one's own key, in a private bucket",
    why=(
        "Runs leave data, models and metadata behind. The key is the job's: without one, what Vertex AI keeps of a run "
        "is encrypted with a key of Google's. The place is the job's as well, or else the pipeline's own default; it "
        "has to be a bucket of this document that passes ENC-01 and DAT-05, so that a fault of the bucket is told "
        "there and here. A bucket of elsewhere is indeterminate: nobody sees here how it is kept. A compiled pipeline "
        "by itself has no key, so for a file the verdict is indeterminate at best."
    ),
    remedy="Use PipelineEnvironment with a key, or set `encryption_spec` and `gcs_output_directory` of the job.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("5.1.e", "2.1.e"),
    clauses=(
        partial("google-ai", "COM-CO-2.3", "Other services, for which the controls on encryption stand."),
        partial("nist-800-53-r5", "SC-28", "What tasks write to other places than the root."),
    ),
    reads=(
        _KEY.reads(SCHEDULE),
        Read(SCHEDULE, ROOT.text),
        # It only counts where the job names no place. A file can never pass, so nothing is stated of it.
        Read.aside(SCHEDULE, SPECS[SCHEDULE].text),
    ),
    checks={**checks_of(_alone, faulty=True), SCHEDULE: _schedule},
    settings=("key_projects",),
)
