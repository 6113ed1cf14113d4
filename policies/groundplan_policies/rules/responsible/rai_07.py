"""RAI-07: personal data is de-identified before training reads it."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, declared, fail, indeterminate
from groundplan_policies.flow import Edge, Kind, Node, Role, data_flow
from groundplan_policies.flow.model import Way
from groundplan_policies.rules.data.classes import is_personal
from groundplan_policies.rules.data.jobs import HEALTHY, SCHEDULED
from groundplan_policies.rules.responsible.sources import identifies, is_copy, sources

_TRIGGER: Final = "dataloss.PreventionJobTrigger"


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    graph = context.graph
    flow = graph.once(data_flow)
    for training in flow.of(Role.TRAINING):
        if training.resource is None:
            continue
        if not any(edge.kind is Kind.RUNS_AS for edge in flow.into(training.key)):
            yield training.resource, indeterminate("trains, and nobody can tell as which account")
            continue

        def follow(edge: Edge) -> bool:
            return identifies(edge, context)

        upstream = flow.upstream(training.key, follow)
        judged = (_judge(flow.nodes[key], way, context) for key, way in upstream.items())
        yield training.resource, all_of([*judged, PASS])


def _judge(node: Node, way: Way, context: Context) -> Outcome:
    if node.role is not Role.STORE or node.resource is None:
        return PASS
    if is_copy(node.resource, context):
        return PASS
    store = node.resource.name
    personal = is_personal(node.resource, context)
    if personal is False:
        said = declared("reads a store that is not about people, as nothing but its class says", "", store)
        return said if node.resource in sources(context) else PASS
    if personal is None:
        return indeterminate("reads a store, and the settings do not say whether it is about people", "", store)
    if not all(edge.sure for edge in way):
        return indeterminate("may read a store about people that is not de-identified before", "", store)
    return fail(_sentence(way, context.graph), "", store)


def _sentence(way: Way, graph: Graph) -> str:
    """Say how the data gets here. The kinds of what it goes through are ours to say; names are shown apart."""
    steps = [_step(edge, graph) for edge in way]
    return f"reads a store about people that is not de-identified before: by {', then '.join(steps)}"


def _step(edge: Edge, graph: Graph) -> str:
    through = graph.document.get(edge.through)
    match edge.kind:
        case Kind.GRANT:
            return "a grant to its account" if through is not None else "a grant"
        case Kind.RUNS_AS:
            return "running as that account"
        case Kind.ACTS_AS:
            return "an account that its own may act as"
        case _:
            return "what names it as its source"


CONTROL = Control(
    id="RAI-07",
    title="Personal data is de-identified before training",
    why=(
        "A model can give back what it learnt, word for word, and nobody can take a person out of it again. No "
        "account that training runs as reads a store about people, by a grant on it, on its project or above, or by "
        "way of an account that it may act as; but for a copy that a job of Sensitive Data Protection writes again "
        "and again without what identifies people, and for tables whose tagged columns are masked for that account. A "
        "label that says so changes nothing. A copy that anything or anybody else in this document may write is none. "
        "A store without a class counts as about people; one of a class that is not, which neither such a job nor "
        "training alone writes, is so because somebody says so: declared. DAT-15 judges what the job's templates do, "
        "DAT-10 whether columns carry tags. Not seen: features that training reads from the online store, people, and "
        "grants made elsewhere."
    ),
    remedy="Let training read the bucket that SensitiveDataScan writes, and Warehouse tables without clear access.",
    ask="Look into the copy that training reads: can somebody in it still be recognised, alone or with other data?",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("2.1.c", "2.1.e", "6.1.b"),
    clauses=(
        evidence("eu-ai-act", "10", "Whether people can be told all the same."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.10", "Whether people can be told all the same."),
        evidence("iso-42001-2023", "A.7.6", "Other steps of preparing data."),
    ),
    reads=(
        # A job of which nobody can tell whether it runs makes no copy that is safe.
        Read(_TRIGGER, HEALTHY.path.text, Verdict.PASS, *[Verdict.FAIL] * 4),
        Read(_TRIGGER, SCHEDULED.path.text, *[Verdict.FAIL] * 5),
    ),
    stack=_stack,
    settings=("personal_classes",),
)
