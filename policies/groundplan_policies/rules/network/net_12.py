"""NET-12: Dataflow workers have private addresses, in a network of your own."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import every, is_one_of
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity
from groundplan_policies.engine.ways import when_given
from groundplan_policies.rules.network.dataflow import PRIVATE, WORKERS, read
from groundplan_policies.rules.network.named import NamedNetwork

_OPTIONS = Path("additionalPipelineOptions")
_FLEXIBLE = "workload.dataflowFlexTemplateRequest"
_CLASSIC = "workload.dataflowLaunchTemplateRequest"


def _workers(type_: str, environment: str, parameters: str) -> tuple[Check, tuple[Read, ...]]:
    """Give the check of workers, and what it reads, by the paths of their environment and of their parameters."""
    private = is_one_of(f"{environment}.ipConfiguration".lstrip("."), PRIVATE)
    # Without a block the property stands at the top of the resource.
    network = NamedNetwork(environment, ("subnetwork",))
    reads = (private.reads(type_), *network.reads(type_), read(type_, parameters))
    place = Path(parameters)

    def undone(resource: Resource, context: Context) -> Outcome:
        return WORKERS.in_map(resource, place, context)

    return every(private, network, undone), reads


def _options(resource: Resource, context: Context) -> Outcome:
    return WORKERS.in_list(resource, _OPTIONS, context)


_JOB, _JOB_READS = _workers("dataflow.Job", "", "parameters")
_FLEX, _FLEX_READS = _workers("dataflow.FlexTemplateJob", "", "parameters")
_LAUNCHED, _LAUNCHED_READS = _workers(
    "dataflow.Pipeline", f"{_FLEXIBLE}.launchParameter.environment", f"{_FLEXIBLE}.launchParameter.parameters"
)
_PLANNED, _PLANNED_READS = _workers(
    "dataflow.Pipeline", f"{_CLASSIC}.launchParameters.environment", f"{_CLASSIC}.launchParameters.parameters"
)

CONTROL = Control(
    id="NET-12",
    title="Dataflow workers have private addresses, in a network of your own",
    why=(
        "Workers read whole data sets and get public addresses unless the job says otherwise, so absent fails. Without "
        "a subnetwork they stand in the default network; the default one by name fails too. Parameters and pipeline "
        "options that ask for public addresses or for the default network undo the properties, so they fail as well. "
        "The jobs of a data pipeline are read in both of its forms; one without a workload starts none."
    ),
    remedy="Set `ip_configuration` to `WORKER_IP_PRIVATE`, and `subnetwork`.",
    severity=Severity.HIGH,
    objectives=("2.1.c", "4.1.a"),
    clauses=(partial("google-ai", "DF-CO-6.1", "Jobs that are started by hand or by other programs."),),
    reads=(
        *_JOB_READS,
        *_FLEX_READS,
        read("dataflow.FlexTemplateJob", _OPTIONS.text),
        *_LAUNCHED_READS,
        *_PLANNED_READS,
    ),
    checks={
        "dataflow.Job": _JOB,
        "dataflow.FlexTemplateJob": every(_FLEX, _options),
        "dataflow.Pipeline": every(when_given(_FLEXIBLE, _LAUNCHED), when_given(_CLASSIC, _PLANNED)),
    },
)
