"""What runs as an account, and as which: services, jobs, notebooks, pipelines, training."""

from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State, read_value
from groundplan_policies.engine.principals import NOBODY, Principal, Principals
from groundplan_policies.engine.resource import Resource
from groundplan_policies.flow.model import Role
from groundplan_policies.rules.identity.accounts import bare_name
from groundplan_policies.rules.identity.workloads import ACCOUNTS, AGENT, MACHINES

_SCHEDULE: Final = "colab.Schedule"
_PATHS: Final[Mapping[str, tuple[Path, ...]]] = {
    **{short: tuple(each.path for each in accounts) for short, accounts in ACCOUNTS.items()},
    "dataproc.Cluster": (MACHINES.path,),
    "vertex.AiReasoningEngine": (AGENT.path,),
    _SCHEDULE: (
        Path("createPipelineJobRequest.pipelineJob.serviceAccount"),
        Path("createNotebookExecutionJobRequest.notebookExecutionJob.serviceAccount"),
    ),
    "clouddeploy.Target": (Path("executionConfigs.serviceAccount"),),
    "clouddeploy.Automation": (Path("serviceAccount"),),
    "tpu.V2QueuedResource": (),
    "vertex.AiPersistentResource": (),
}
"""Short name of a type -> the properties that name its account. Of the last two the provider takes none."""

_ROLES: Final = {
    _SCHEDULE: Role.TRAINING,
    "tpu.V2Vm": Role.TRAINING,
    "tpu.V2QueuedResource": Role.TRAINING,
    "vertex.AiPersistentResource": Role.TRAINING,
    "vertex.AiReasoningEngine": Role.AGENT,
}
_COMPONENTS: Final = frozenset({"groundplan:training:TrainingPool", "groundplan:pipelines:PipelineEnvironment"})
"""Constructs that stand for training of which no resource of the deployment tells: jobs that start later."""
_OUTPUT: Final = "accountEmail"
_ACCELERATORS: Final = Path("nodeConfig.guestAccelerators")
_NODE_POOL: Final = "container.NodePool"


def work(graph: Graph) -> Iterator[tuple[Resource, Role, tuple[Principal, ...]]]:
    """Give what runs, what it does, and the accounts that it runs as as far as they are told."""
    principals = graph.once(Principals)
    for short, paths in _PATHS.items():
        for resource in graph.of(short):
            told = [reading for path in paths for reading in path.read(resource)]
            yield resource, _role(resource), _accounts(principals, resource, told)
    for resource in graph.document.resources:
        if resource.type in _COMPONENTS:
            told = [read_value(resource.outputs.get(_OUTPUT), _OUTPUT)[0]]
            yield resource, Role.TRAINING, _accounts(principals, resource, told)


def _role(resource: Resource) -> Role:
    short = short_name(resource.type)
    if short == _NODE_POOL and _ACCELERATORS.one(resource).state not in {State.ABSENT, State.EMPTY}:
        return Role.TRAINING
    return _ROLES.get(short, Role.WORK)


def _accounts(principals: Principals, resource: Resource, told: list[Reading]) -> tuple[Principal, ...]:
    found = (_principal(principals, resource, each) for each in told)
    return tuple({each.identity: each for each in found if each is not NOBODY}.values())


def _principal(principals: Principals, resource: Resource, reading: Reading) -> Principal:
    """Give who an account is of which only the address, or the name with the address at its end, is written."""
    if reading.state in {State.KNOWN, State.UNKNOWN} and isinstance(reading.value, str):
        member = f"serviceAccount:{bare_name(reading.value)}"
        return principals.read(resource, Reading(reading.path, reading.state, member))
    return NOBODY
