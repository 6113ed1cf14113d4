"""A schedule and a file with the same pipeline, and what controls say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.pipelines.found import SCHEDULE, SPEC
from tests.policies.pipelines.specs import Spec, good, roles, text
from tests.policies.rules.harness import PARAMETERS, R, outcome, put, urn

REGISTRY = "europe-west4-docker.pkg.dev/acme-ml/images"
ACCOUNT = "trainer@acme-ml.iam.gserviceaccount.com"
KEY = R("kms.CryptoKey", {"name": "k"}, "key")
ROOT = R(
    "storage.Bucket",
    {
        "name": "acme-runs",
        "publicAccessPrevention": "enforced",
        "encryption": {"defaultKmsKeyName": "projects/acme-keys/locations/europe-west4/keyRings/r/cryptoKeys/k"},
    },
    "root",
)
AT = "createPipelineJobRequest.pipelineJob.pipelineSpec"

_JOB = {
    "serviceAccount": ACCOUNT,
    "encryptionSpec": {"kmsKeyName": "projects/acme-keys/locations/europe-west4/keyRings/r/cryptoKeys/k"},
    "runtimeConfig": {"gcsOutputDirectory": "gs://acme-runs/weekly", "parameterValues": {"registry": "gs://models"}},
}


def parameters(*specs: Spec, **other: str | None) -> Parameters:
    """Give settings with the roles of the components of pipelines."""
    return replace(PARAMETERS, pipeline_components=roles(*specs, **other), allowed_registries=(REGISTRY,))


def schedule(spec: Spec | str | None = None, **record: Any) -> R:
    """Give a schedule that runs a pipeline; the good one by default."""
    held = spec if isinstance(spec, str) else text(good() if spec is None else spec)
    return R(
        SCHEDULE, {"createPipelineJobRequest": {"pipelineJob": {**_JOB, "pipelineSpec": held}}}, "weekly", **record
    )


def file(spec: Spec | str | None = None) -> R:
    """Give what stands for the file of a pipeline; of the good one by default."""
    held = spec if isinstance(spec, str) else text(good() if spec is None else spec)
    return R(SPEC, {"spec": held}, "income")


def changed(path: str, value: Any) -> R:
    """Give a good schedule with another value at a path of the job; none where it is `...`."""
    made = schedule()
    return replace(made, inputs=put(made.inputs, f"createPipelineJobRequest.pipelineJob.{path}", value))


def said(control: Control, spec: Spec, *others: R, given: Mapping[str, str | None] | None = None) -> Outcome:
    """Give what a control says of a schedule of a pipeline, and see that it says the same of its file."""
    world = parameters(spec, **(given or {}))
    scheduled = outcome(control, schedule(spec), *others, parameters=world)
    alone = outcome(control, file(spec), parameters=world)
    assert alone.verdict is scheduled.verdict, (alone, scheduled)
    assert [each.message for each in alone.reasons] == [each.message for each in scheduled.reasons]
    for one, other in zip(alone.reasons, scheduled.reasons, strict=True):
        assert other.path == (f"{AT}.{one.path}" if one.path else AT) or other.path == one.path == ""
    return alone


def verdict_of(control: Control, spec: Spec, **given: str | None) -> Verdict:
    """Give the verdict of a control on a pipeline."""
    return said(control, spec, given=given).verdict


def faults(found: Outcome) -> list[tuple[str, str]]:
    """Give verdict and paths of an outcome, for a comparison."""
    return [(found.verdict.value, each.path) for each in found.reasons]


__all__ = ["KEY", "ROOT", "changed", "faults", "file", "parameters", "said", "schedule", "urn", "verdict_of"]
