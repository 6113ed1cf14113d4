"""CMP-01: machines start from what was signed."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import Expectation, every, is_true, reads_of
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict
from groundplan_policies.engine.ways import when_given
from groundplan_policies.rules.encryption.copies import COPIES, TEMPLATES, taken_over
from groundplan_policies.rules.encryption.machines import is_virtual

_HADOOP, _WORKFLOW, _RUN = "dataproc.Cluster", "dataproc.WorkflowTemplate", "colab.NotebookExecution"
_SHIELD: Final = "shieldedInstanceConfig"
_BLOCKS: Final = {
    "workbench.Instance": f"gceSetup.{_SHIELD}",
    **dict.fromkeys(("compute.Instance", *TEMPLATES, *COPIES), _SHIELD),
    _HADOOP: f"clusterConfig.gceClusterConfig.{_SHIELD}",
    _WORKFLOW: f"placement.managedCluster.config.gceClusterConfig.{_SHIELD}",
    _RUN: f"customEnvironmentSpec.{_SHIELD}",
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
_ALL: Final = {type_: every(*expected) for type_, expected in _EXPECTED.items()}
_OWN: Final = Path(_SHIELD)


def _copy(resource: Resource, context: Context) -> Outcome:
    """Judge a machine that is as its template says, unless it says something itself."""
    if _OWN.one(resource).state in {State.ABSENT, State.EMPTY}:
        return taken_over(resource, context, _SHIELD)
    return _ALL[COPIES[0]](resource, context)


def _hadoop(resource: Resource, context: Context) -> Outcome:
    """Judge a cluster of Dataproc, unless it runs on Kubernetes and has no machines of its own."""
    return NOT_APPLICABLE if is_virtual(resource) else _ALL[_HADOOP](resource, context)


_FORMS: Final[dict[str, Check]] = {
    **dict.fromkeys(COPIES, _copy),
    _HADOOP: _hadoop,
    _WORKFLOW: when_given("placement.managedCluster", _ALL[_WORKFLOW]),
    _RUN: when_given("customEnvironmentSpec", _ALL[_RUN]),
}

CONTROL = Control(
    id="CMP-01",
    title="Machines start from what was signed",
    why=(
        "Malware that starts before the operating system is seen by nothing in it. Secure Boot refuses what nobody "
        "signed, and Google has it off unless it is asked for; the virtual trusted module and the monitoring of "
        "integrity, which notice what changed, are on unless somebody turns them off. Nodes of Kubernetes Engine are "
        "judged by CMP-07. Machines that are copies of a template are as it says, where they say nothing. A driver "
        "that is not signed does not load under Secure Boot: take an image that has it."
    ),
    remedy="Use Workbench, or set `enable_secure_boot` to true and leave out the other two.",
    severity=Severity.MEDIUM,
    objectives=("2.2.b", "3.2.a"),
    clauses=(
        partial("cis-gcp-5.0", "4.8", "Machines that this program does not make, and nodes of clusters: CMP-07."),
    ),
    reads=(*reads_of(_EXPECTED), Read.aside(_HADOOP, "virtualClusterConfig")),
    checks={**_ALL, **_FORMS},
)
