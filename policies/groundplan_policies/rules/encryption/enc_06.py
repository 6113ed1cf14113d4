"""ENC-06: data processing uses customer-managed keys."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full, partial
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict
from groundplan_policies.rules.encryption.keys import expect_keys, reads_of
from groundplan_policies.rules.encryption.machines import is_virtual
from groundplan_policies.rules.encryption.uses import PROCESSING

_KEYS = expect_keys(PROCESSING)


def _dataproc(resource: Resource, context: Context) -> Outcome:
    """A cluster on Kubernetes has no disks of its own: those of its nodes are ENC-08's."""
    return NOT_APPLICABLE if is_virtual(resource) else _KEYS["dataproc.Cluster"](resource, context)


CONTROL = Control(
    id="ENC-06",
    title="Data processing uses customer-managed keys",
    why=(
        "Jobs write intermediate data to disks and buckets of their own: the same data, without the source's key. "
        "Beside jobs and clusters this reads session templates and metastores, whose data rests longest. A Dataproc "
        "cluster on Kubernetes has no disks of its own, so it does not count: ENC-08 reads those of its nodes."
    ),
    remedy=(
        "Set `kms_key_name` of a Dataflow job; `encryption_config` of a Dataproc cluster, a metastore or a Composer "
        "environment; `execution_config.kms_key` of a serverless batch or session."
    ),
    severity=Severity.HIGH,
    objectives=("2.1.c", "3.2.b", "5.1.e"),
    clauses=(
        full("cis-gcp-5.0", "8.1"),
        partial("google-ai", "COM-CO-2.3", "Other services, for which ENC-01 to ENC-08 and ENC-15 stand."),
    ),
    reads=(*reads_of(_KEYS), Read("dataproc.Cluster", "virtualClusterConfig", *[Verdict.PASS] * 5)),
    checks={**_KEYS, "dataproc.Cluster": _dataproc},
    settings=("key_projects",),
)
