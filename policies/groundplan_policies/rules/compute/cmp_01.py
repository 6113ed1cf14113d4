"""CMP-01: machines start from what was signed."""

from typing import Final

from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import Expectation, every, is_true, reads_of
from groundplan_policies.engine.verdicts import Severity, Verdict

_BLOCKS: Final = {
    "workbench.Instance": "gceSetup.shieldedInstanceConfig",
    "compute.Instance": "shieldedInstanceConfig",
    "compute.InstanceTemplate": "shieldedInstanceConfig",
    "compute.RegionInstanceTemplate": "shieldedInstanceConfig",
    "dataproc.Cluster": "clusterConfig.gceClusterConfig.shieldedInstanceConfig",
}
_BOOT_ONLY: Final = {
    "colab.RuntimeTemplate": "shieldedVmConfig.enableSecureBoot",
    "tpu.V2Vm": "shieldedInstanceConfig.enableSecureBoot",
}
"""Types for which the provider has no more than this switch."""


def _expected(block: str) -> tuple[Expectation, ...]:
    return (
        is_true(f"{block}.enableSecureBoot"),
        is_true(f"{block}.enableVtpm", absent=Verdict.PASS),
        is_true(f"{block}.enableIntegrityMonitoring", absent=Verdict.PASS),
    )


_EXPECTED: Final = {
    **{type_: _expected(block) for type_, block in _BLOCKS.items()},
    **{type_: (is_true(path),) for type_, path in _BOOT_ONLY.items()},
}

CONTROL = Control(
    id="CMP-01",
    title="Machines start from what was signed",
    why=(
        "Malware that starts before the operating system is seen by nothing in it. Secure Boot refuses what nobody "
        "signed, and Google has it off unless it is asked for; the virtual trusted module and the monitoring of "
        "integrity, which notice what changed, are on unless somebody turns them off. Nodes of Kubernetes Engine are "
        "judged by CMP-07. A driver that is not signed does not load under Secure Boot: take an image that has it."
    ),
    remedy="Use Workbench, or set `enable_secure_boot` to true and leave out the other two.",
    severity=Severity.MEDIUM,
    objectives=("2.2.b", "3.2.a"),
    clauses=(
        partial("cis-gcp-5.0", "4.8", "Machines that this program does not make, and nodes of clusters: CMP-07."),
    ),
    reads=reads_of(_EXPECTED),
    checks={type_: every(*expected) for type_, expected in _EXPECTED.items()},
)
