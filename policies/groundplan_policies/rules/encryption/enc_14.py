"""ENC-14: restricted data is processed on confidential machines."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import Expectation, either, is_one_of, is_true
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict
from groundplan_policies.rules.encryption import copies, nodes
from groundplan_policies.rules.encryption.machines import TECHNOLOGIES, Confidential, harmless, is_virtual
from groundplan_policies.rules.encryption.restricted import WhereRestricted


def _technology(path: str) -> Expectation:
    return is_one_of(f"{path}.confidentialInstanceType", *TECHNOLOGIES)


def _switch(path: str) -> Expectation:
    return is_true(f"{path}.enableConfidentialCompute")


_ON_DATAPROC = "clusterConfig.gceClusterConfig.confidentialInstanceConfig"
_NOTEBOOK_ASKS = _technology("gceSetup.confidentialInstanceConfig")
_MACHINE_ASKS = (_switch("confidentialInstanceConfig"), _technology("confidentialInstanceConfig"))
_DATAPROC_ASKS = (_technology(_ON_DATAPROC), _switch(_ON_DATAPROC))
_NOTEBOOK = Confidential(_NOTEBOOK_ASKS, (Path("gceSetup.machineType"),))
_MACHINE = Confidential(either(*_MACHINE_ASKS), (Path("machineType"),))
_BLOCK = Path("confidentialInstanceConfig")
_MACHINES = ("compute.Instance", *copies.TEMPLATES)
_DATAPROC = Confidential(
    either(*_DATAPROC_ASKS),
    (Path("clusterConfig.masterConfig.machineType"), Path("clusterConfig.workerConfig.machineType")),
)


def _dataproc(resource: Resource, context: Context) -> Outcome:
    return NOT_APPLICABLE if is_virtual(resource) else _DATAPROC(resource, context)


def _copy(resource: Resource, context: Context) -> Outcome:
    if _BLOCK.one(resource).state in {State.ABSENT, State.EMPTY}:
        return copies.taken_over(resource, context, _BLOCK.text)
    return _MACHINE(resource, context)


def _where_restricted(check: Check) -> WhereRestricted:
    return WhereRestricted(check, lambda parameters: parameters.confidential_computing, "confidential machines")


CONTROL = Control(
    id="ENC-14",
    title="Restricted data is processed on confidential machines",
    why=(
        "Encryption at rest ends in memory: who controls the host can read it there. A confidential machine encrypts "
        "its memory with a key of the processor. This is asked of restricted data, in tiers that ask for it; what "
        "carries no class counts as restricted. Of GKE the pools are read too, as a cluster need not ask for all of "
        "them. What asks for it on a machine type that is not known to support it is indeterminate, not passed: only "
        "some families do (N2D, C2D, C3D, C4D, C3, and A3 with one GPU), and most accelerators do not. A machine from "
        "a template of this document is judged by the template."
    ),
    remedy=(
        "Use Workbench or TrainingCluster with a machine type that can, or set `confidential_instance_config` or "
        "`confidential_nodes`; keep restricted data off other machines, and label them with the class that they hold."
    ),
    severity=Severity.MEDIUM,
    objectives=("2.2.b", "3.3.a"),
    clauses=(partial("cis-gcp-5.0", "4.11", "Machines whose data is not restricted.", confidential_computing=True),),
    reads=(
        _NOTEBOOK_ASKS.reads("workbench.Instance"),
        *_NOTEBOOK.reads("workbench.Instance"),
        *harmless("workbench.Instance", "labels"),
        *(
            read
            for type_ in _MACHINES
            for read in (
                _MACHINE_ASKS[0].reads(type_),
                *_MACHINE.reads(type_),
                *harmless(type_, "labels", _MACHINE_ASKS[1].path.text),
            )
        ),
        *(
            read
            for type_ in copies.COPIES
            for read in (
                Read(type_, _MACHINE_ASKS[0].path.text, absent=Verdict.INDETERMINATE),
                *_MACHINE.reads(type_),
                *harmless(type_, "labels", _MACHINE_ASKS[1].path.text),
            )
        ),
        _DATAPROC_ASKS[0].reads("dataproc.Cluster"),
        *_DATAPROC.reads("dataproc.Cluster"),
        *harmless("dataproc.Cluster", "labels", _DATAPROC_ASKS[1].path.text),
        *nodes.READS,
    ),
    checks={
        "workbench.Instance": _where_restricted(_NOTEBOOK),
        **dict.fromkeys(_MACHINES, _where_restricted(_MACHINE)),
        **dict.fromkeys(copies.COPIES, _where_restricted(_copy)),
        "dataproc.Cluster": _where_restricted(_dataproc),
        "container.Cluster": _where_restricted(nodes.cluster),
        "container.NodePool": _where_restricted(nodes.pool),
    },
    settings=("confidential_computing", "restricted_classes", "classifications"),
)
