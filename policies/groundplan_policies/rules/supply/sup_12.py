"""SUP-12: deployments to production need an approval, and an account of their own."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_true, unreadable
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, all_of, fail
from groundplan_policies.rules.identity.accounts import judge_account
from groundplan_policies.rules.supply.production import is_production

_TARGET: Final = "clouddeploy.Target"
_APPROVED = is_true("requireApproval")
_NAME, _CHILDREN = Path("name"), Path("multiTarget.targetIds")
_MARKS = (_NAME, Path("labels"), _CHILDREN)
_PIPELINE: Final = "clouddeploy.DeliveryPipeline"
_STAGES = Path("serialPipeline.stages.targetId")
_CONFIGS = Path("executionConfigs")
_ACCOUNT: Final = "serviceAccount"
_POOLS: Final = tuple(f"{pool}.{_ACCOUNT}" for pool in ("defaultPool", "privatePool"))
_DEFAULT: Final = "is absent, so that the default account of the project deploys"


def _judge(resource: Resource, context: Context) -> Outcome:
    """Judge a target. What several are deployed to as one is approved there: Google takes no approval of each."""
    together = _deployed_with(resource, context.graph)
    if together:
        return NOT_APPLICABLE if _CONFIGS.is_absent(resource.inputs) else all_of(_accounts(resource, context))
    return all_of([_approval(resource, context), *_accounts(resource, context)])


def _deployed_with(target: Resource, graph: Graph) -> bool:
    """Whether a target is deployed to as a part of another one of this document alone, whose configuration it has."""
    name = _NAME.one(target)
    if name.state is not State.KNOWN:
        return False
    stages = (each.text for pipeline in graph.of(_PIPELINE) for each in _STAGES.read(pipeline))
    children = (
        child.text
        for other in graph.of(_TARGET)
        if other is not target and graph.same_project(target, other)
        for reading in _CHILDREN.read(other)
        for child in entries(reading)
    )
    return name.text in children and name.text not in stages


def _approval(resource: Resource, context: Context) -> Outcome:
    approved = _APPROVED(resource, context)
    if approved is PASS:
        return PASS
    found = is_production((path.one(resource) for path in _MARKS), context)
    if isinstance(found, Outcome):
        return found
    return approved if found else NOT_APPLICABLE


def _accounts(resource: Resource, context: Context) -> list[Outcome]:
    configs = _CONFIGS.one(resource)
    missing = unreadable(configs, absent=fail(_DEFAULT, f"{_CONFIGS.text}.{_ACCOUNT}"))
    if missing is not None:
        return [missing]
    return [_account(resource, each, context) for each in entries(configs)]


def _account(resource: Resource, config: Reading, context: Context) -> Outcome:
    """Judge the account of one configuration, which older ones name inside of a pool."""
    readings = [read_value(config.value, config.path, each)[0] for each in (_ACCOUNT, *_POOLS)]
    named = [each for each in readings if each.state is not State.ABSENT] or readings[:1]
    nothing = fail(_DEFAULT, named[0].path)
    if config.state is not State.KNOWN:
        return unreadable(config, absent=nothing) or nothing
    return all_of(judge_account(resource, each, context, absent=nothing, empty=nothing) for each in named)


CONTROL = Control(
    id="SUP-12",
    title="Deployments to production need an approval, and an account of their own",
    why=(
        "What is promoted to a target for production is what users get next, so somebody has to say yes. A target is "
        "for production if its name, a label or the name of a target that it stands for has one of the words of the "
        "settings in it. Where one target stands for several, Google asks for the approval there and for none of each, "
        "and its account is theirs. Cloud Deploy knows one approval and not two. Whatever the target, it is deployed "
        "to by an account: without one of its own that is the default account of the project, which everything else in "
        "it may use too."
    ),
    remedy="Set `require_approval`, and a `service_account` in each of `execution_configs`.",
    severity=Severity.HIGH,
    objectives=("5.2.b",),
    clauses=(partial("nist-800-53-r5", "CM-3", "Who approves, and deployments that are made past the pipeline."),),
    reads=(
        _APPROVED.reads(_TARGET),
        Read.aside(_TARGET, "name"),
        Read.aside(_TARGET, "labels"),
        Read.aside(_TARGET, _CHILDREN.text),
        Read(_TARGET, f"{_CONFIGS.text}.{_ACCOUNT}"),
        *(Read(_TARGET, f"{_CONFIGS.text}.{each}", absent=Verdict.PASS) for each in _POOLS),
    ),
    checks={_TARGET: _judge},
    settings=("production_words",),
)
