"""IAM-07: workloads run as service accounts of their own."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full, partial
from groundplan_policies.engine.expect import every, is_known, is_true
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, all_of, indeterminate
from groundplan_policies.rules.encryption import copies
from groundplan_policies.rules.encryption.machines import is_virtual
from groundplan_policies.rules.identity import nodes, options
from groundplan_policies.rules.identity.accounts import DedicatedAccount
from groundplan_policies.rules.identity.workloads import (
    ACCOUNTS,
    AGENT,
    AGENT_KIND,
    MACHINES,
    NEW_NODES,
    NODES,
    OWN_IDENTITY,
    POOL_NODES,
)

_KIND = is_known(AGENT_KIND.text, "a text", str)
_ENFORCED = is_true("resourceRuntimeSpec.serviceAccountSpec.enableCustomServiceAccount")
_REQUESTS = tuple(Path(f"workload.{each}") for each in ("dataflowFlexTemplateRequest", "dataflowLaunchTemplateRequest"))
_SELECTED, _MANAGED = Path("placement.clusterSelector"), Path("placement.managedCluster")
_BLOCK = Path("serviceAccount")
_COPIED = DedicatedAccount(Path("serviceAccount.email"), absent=Verdict.INDETERMINATE)
_BY_POOL = {nodes.Makes.DEFAULT: NODES, nodes.Makes.POOLS: POOL_NODES, nodes.Makes.PROVISIONED: NEW_NODES}


def _agent(resource: Resource, context: Context) -> Outcome:
    if AGENT_KIND.plain(resource.inputs) == OWN_IDENTITY:
        return PASS
    return all_of([_KIND(resource, context), AGENT(resource, context)])


def _hadoop(resource: Resource, context: Context) -> Outcome:
    if is_virtual(resource):
        return indeterminate("runs on Kubernetes, where Spark's own properties say as whom; they are not read")
    return MACHINES(resource, context)


def _cluster(resource: Resource, context: Context) -> Outcome:
    return all_of([NOT_APPLICABLE, *(_BY_POOL[each](resource, context) for each in nodes.made_by(resource))])


def _pipeline(resource: Resource, context: Context) -> Outcome:
    """A pipeline launches a template in one of two ways; each that it has is judged, and who starts it."""
    *ways, scheduler = ACCOUNTS["dataflow.Pipeline"]
    used = [each for each, block in zip(ways, _REQUESTS, strict=True) if not block.is_absent(resource.inputs)]
    return all_of([each(resource, context) for each in (*(used or ways), scheduler)])


def _workflow(resource: Resource, context: Context) -> Outcome:
    """A workflow makes a cluster, or runs on one that is there and judged itself."""
    if isinstance(_SELECTED.plain(resource.inputs), dict) and _MANAGED.is_absent(resource.inputs):
        return NOT_APPLICABLE
    return ACCOUNTS["dataproc.WorkflowTemplate"][0](resource, context)


def _copy(resource: Resource, context: Context) -> Outcome:
    if _BLOCK.one(resource).state in {State.ABSENT, State.EMPTY}:
        return copies.taken_over(resource, context, _COPIED.path.text)
    return _COPIED(resource, context)


CONTROL = Control(
    id="IAM-07",
    title="Workloads run as service accounts of their own",
    why=(
        "A default account is shared by everything in a project, and was an editor of it in most; whoever runs code on "
        "one machine has what all the others need. Absent means a default account almost everywhere. For virtual "
        "machines the provider's own statements differ, so absent fails there too. A service agent is Google's and "
        "shared as well. An agent with an identity of its own passes; a persistent resource passes if it takes only "
        "jobs that name an account. Dataflow's options can name another account than the job does, so they are read. A "
        "queued TPU resource has no property for an account in this provider. A pipeline of Dataflow is read in both "
        "ways of launching it, with the account that starts it; a machine from a template of this document is judged "
        "by the template, and one of which neither tells the account is indeterminate. Scheduled pipelines of Vertex "
        "AI are judged by the controls on pipelines."
    ),
    remedy="Use the construct's own ServiceIdentity, or name an account that was made for this workload.",
    severity=Severity.HIGH,
    objectives=("2.2.b", "6.1.a"),
    clauses=(
        full("cis-gcp-5.0", "4.1"),
        full("cis-gke-1.6", "5.2.1"),
        partial("nist-800-53-r5", "AC-6", "What the account may do, which other controls judge."),
    ),
    reads=(
        *(each.reads(type_) for type_, checks in ACCOUNTS.items() for each in checks),
        *(options.read(type_, path) for type_, path, _ in options.READ),
        *map(_COPIED.reads, copies.COPIES),
        MACHINES.reads("dataproc.Cluster"),
        Read("vertex.AiReasoningEngine", AGENT_KIND.text, absent=Verdict.PASS, empty=Verdict.INDETERMINATE),
        AGENT.reads("vertex.AiReasoningEngine"),
        _ENFORCED.reads("vertex.AiPersistentResource"),
        NODES.reads("container.Cluster"),
        POOL_NODES.reads("container.Cluster"),
        NEW_NODES.reads("container.Cluster"),
        *(Read.aside("container.Cluster", each.text) for each in (nodes.AUTOPILOT, nodes.REMOVED)),
        Read.aside("container.Cluster", nodes.NEW_POOLS.text),
    ),
    checks={
        **{type_: checks[0] if len(checks) == 1 else every(*checks) for type_, checks in ACCOUNTS.items()},
        "dataflow.Job": every(*ACCOUNTS["dataflow.Job"], *options.checks("dataflow.Job")),
        "dataflow.FlexTemplateJob": every(
            *ACCOUNTS["dataflow.FlexTemplateJob"], *options.checks("dataflow.FlexTemplateJob")
        ),
        "dataflow.Pipeline": _pipeline,
        "dataproc.WorkflowTemplate": _workflow,
        **dict.fromkeys(copies.COPIES, _copy),
        "dataproc.Cluster": _hadoop,
        "vertex.AiReasoningEngine": _agent,
        "vertex.AiPersistentResource": _ENFORCED,
        "container.Cluster": _cluster,
    },
)
