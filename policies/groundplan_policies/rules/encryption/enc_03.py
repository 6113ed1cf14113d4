"""ENC-03: Vertex AI resources use customer-managed keys."""

from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.rules.encryption.keys import expect_keys, reads_of
from groundplan_policies.rules.encryption.uses import MODELS

_KEYS = expect_keys(MODELS)

CONTROL = Control(
    id="ENC-03",
    title="Vertex AI resources use customer-managed keys",
    why=(
        "Models, features, indexes and lineage are copies of the data that they were made of, and outlive it. Most of "
        "these types take their key when they are made and never again. An online store of the optimised kind takes "
        "none at all: it fails, and so does every other way to leave the key out, since what the store holds is then "
        "encrypted with Google's."
    ),
    remedy=(
        "Use OnlineEndpoint, OnlineStore, PipelineEnvironment or TrainingPool with `keys`, or set "
        "`encryption_spec.kms_key_name`; choose Bigtable for an online store."
    ),
    severity=Severity.HIGH,
    objectives=("2.1.b", "2.1.d", "4.1.c", "4.2.a", "5.3.a"),
    clauses=(
        partial("google-ai", "COM-CO-2.3", "Models and jobs that workloads make, and other services."),
        partial("nist-800-53-r5", "SC-28", "Models and jobs that workloads make, and other services."),
    ),
    reads=reads_of(_KEYS),
    checks=_KEYS,
    settings=("key_projects",),
)
