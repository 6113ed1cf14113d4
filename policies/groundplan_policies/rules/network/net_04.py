"""NET-04: Colab runtimes have no access to the internet."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import Expectation, every, is_false
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict, all_of, indeterminate
from groundplan_policies.engine.ways import other_way, when_given
from groundplan_policies.rules.network.named import NamedNetwork

_JOB = "createNotebookExecutionJobRequest"
_SCHEDULED = f"{_JOB}.notebookExecutionJob"
_ON_TEMPLATE = "notebookRuntimeTemplateResourceName"


def _network(before: str) -> tuple[Expectation, NamedNetwork, NamedNetwork]:
    """Give what is expected of a network specification below a path."""
    spec = f"{before}networkSpec"
    closed = is_false(f"{spec}.enableInternetAccess", absent=Verdict.FAIL)
    return closed, NamedNetwork(spec, ("network",)), NamedNetwork(spec, ("subnetwork",))


def _reads(type_: str, network: tuple[Expectation, NamedNetwork, NamedNetwork]) -> tuple[Read, ...]:
    closed, *places = network
    return (closed.reads(type_), *(read for place in places for read in place.reads(type_)))


def _job(before: str, check: Check) -> Check:
    """Judge a job: by its own environment, or not at all where it runs on a template of this document."""
    environment, template = Path(f"{before}customEnvironmentSpec"), Path(f"{before}{_ON_TEMPLATE}")

    def judge(resource: Resource, context: Context) -> Outcome:
        named = template.one(resource)
        if named.state in {State.ABSENT, State.EMPTY}:
            return check(resource, context)
        found = context.graph.resolve(resource, named, "colab.RuntimeTemplate")
        message = "names a template that this document does not show"
        outcome = indeterminate(message, named.path) if found is None else NOT_APPLICABLE
        own = environment.one(resource).state is not State.ABSENT
        return all_of([outcome, check(resource, context)]) if own else outcome

    return judge


_TEMPLATE = _network("")
_RUN = _network("customEnvironmentSpec.")
_PLANNED = _network(f"{_SCHEDULED}.customEnvironmentSpec.")

CONTROL = Control(
    id="NET-04",
    title="Colab runtimes have no access to the internet",
    why=(
        "A runtime with access to the internet lets anybody who opens a notebook send data anywhere, past the "
        "network's firewall. Absent fails: a template without a network stands in one of Google's, which reaches the "
        "internet. Network and subnetwork must both be named, and neither may be the default one. Executions and "
        "schedules that bring an environment of their own are judged as templates are; those that name a template "
        "have its verdict, and are indeterminate where it is in another document."
    ),
    remedy="Use ColabRuntime, or set `enable_internet_access` to false beside `network` and `subnetwork`.",
    severity=Severity.HIGH,
    objectives=("2.2.b",),
    clauses=(partial("nist-800-53-r5", "SC-7", "The other boundaries of the system: this is Colab's alone."),),
    reads=(
        *_reads("colab.RuntimeTemplate", _TEMPLATE),
        *_reads("colab.NotebookExecution", _RUN),
        other_way(Read("colab.NotebookExecution", _ON_TEMPLATE)),
        *_reads("colab.Schedule", _PLANNED),
        other_way(Read("colab.Schedule", f"{_SCHEDULED}.{_ON_TEMPLATE}")),
    ),
    checks={
        "colab.RuntimeTemplate": every(*_TEMPLATE),
        "colab.NotebookExecution": _job("", every(*_RUN)),
        "colab.Schedule": when_given(_JOB, _job(f"{_SCHEDULED}.", every(*_PLANNED))),
    },
)
