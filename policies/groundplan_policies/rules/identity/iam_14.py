"""IAM-14: each workload has an identity that nothing else uses."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail, indeterminate
from groundplan_policies.rules.identity.accounts import DedicatedAccount, identity
from groundplan_policies.rules.identity.workloads import ACCOUNTS, AGENT, AGENT_KIND, MACHINES, OWN_IDENTITY

_AGENTS: Final = "vertex.AiReasoningEngine"
_JUDGED: Final = (
    "workbench.Instance",
    "cloudrunv2.Service",
    "cloudrunv2.Job",
    "cloudrunv2.WorkerPool",
    "cloudfunctionsv2.Function",
    "dataflow.Job",
    "dataflow.FlexTemplateJob",
    "container.NodePool",
    "composer.Environment",
    _AGENTS,
)
"""Types of which one resource is one workload."""

_USERS: Final[Mapping[str, DedicatedAccount]] = {
    **{type_: checks[0] for type_, checks in ACCOUNTS.items()},
    "dataproc.Cluster": MACHINES,
    _AGENTS: AGENT,
}
"""Everything whose account counts as used: also what is not judged itself."""


@dataclass(frozen=True)
class _Uses:
    """Who uses which account.

    Attributes:
        names: URN of a workload -> the identity of each account that it names, with the path.
        counts: Identity of an account -> how many workloads use it.
    """

    names: Mapping[str, Sequence[tuple[str, str]]]
    counts: Mapping[str, int]


def _used(graph: Graph) -> _Uses:
    names = {
        resource.urn: [(identity(resource, each, graph), each.path) for each in account.path.read(resource)]
        for type_, account in _USERS.items()
        for resource in graph.of(type_)
    }
    return _Uses(names, Counter(name for named in names.values() for name in {name for name, _ in named}))


def _look(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    used = context.graph.once(_used)
    for resource in context.graph.of(*_JUDGED):
        yield resource, _judge(resource, used, context)


def _judge(resource: Resource, used: _Uses, context: Context) -> Outcome:
    type_ = short_name(resource.type)
    if type_ == _AGENTS and AGENT_KIND.plain(resource.inputs) == OWN_IDENTITY:
        return PASS
    account = _USERS[type_]
    dedicated = account(resource, context)
    if dedicated is not PASS:
        return dedicated
    return all_of([_alone(name, path, used) for name, path in used.names[resource.urn]])


def _alone(name: str, path: str, used: _Uses) -> Outcome:
    if not name:
        return indeterminate("is an account of which nobody can tell whether others use it", path)
    others = used.counts[name] - 1
    if others == 0:
        return PASS
    return fail(f"is used by {others} more {'workload' if others == 1 else 'workloads'} of this document", path)


CONTROL = Control(
    id="IAM-14",
    title="Each workload has an identity that nothing else uses",
    why=(
        "What two workloads share has the rights of both, and no log tells which of them acted. A default account or "
        "a service agent is shared by its nature, so it fails here too. An agent may have an identity that Google "
        "makes for it alone. Copies of one workload, such as virtual machines, TPU slices and the builds of one "
        "pipeline, may share an account among themselves, so they are not judged; but that one of them uses the "
        "account of a judged workload counts. A cluster's own pools are copies of its pools in this sense."
    ),
    remedy="Give each workload its own ServiceIdentity; for agents set `spec.identity_type` to AGENT_IDENTITY.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("2.2.b", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "AC-6", "Workloads of other deployments that use the same account."),),
    reads=(
        *(_USERS[type_].reads(type_) for type_ in _JUDGED),
        Read.aside(_AGENTS, AGENT_KIND.text),
    ),
    stack=_look,
)
