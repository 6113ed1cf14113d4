"""SUP-03: packages from elsewhere come from known places, and ours come first."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import is_false, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.numbers import number
from groundplan_policies.rules.supply.repositories import (
    MODE,
    REMOTE,
    REPOSITORY,
    STANDARD,
    VIRTUAL,
    mode_of,
    repository_of,
)
from groundplan_policies.rules.supply.upstreams import ADDRESSES, CONFIG, PRESETS, SYSTEMS, judge_upstreams

_VALIDATED = is_false("remoteRepositoryConfig.disableUpstreamValidation")
_POLICIES = Path("virtualRepositoryConfig.upstreamPolicies")
_PRIORITY, _UPSTREAM = "priority", "repository"


def _judge(resource: Resource, context: Context) -> Outcome:
    mode = mode_of(resource)
    outcomes = [NOT_APPLICABLE, *judge_upstreams(resource, context)]
    if mode == REMOTE and len(outcomes) == 1:
        outcomes.append(indeterminate("names no upstream that this control knows", CONFIG.text))
    if mode == REMOTE or not _VALIDATED.path.is_absent(resource.inputs):
        outcomes.append(_VALIDATED(resource, context))
    if mode == VIRTUAL or not _POLICIES.is_absent(resource.inputs):
        outcomes.append(_order(resource, context))
    if mode not in {STANDARD, REMOTE, VIRTUAL}:
        outcomes.append(indeterminate("does not say what kind of repository it is", MODE.text))
    return all_of(outcomes)


def _order(resource: Resource, context: Context) -> Outcome:
    """Hold the least priority of our own repositories above the greatest of those that fetch from elsewhere."""
    listed = _POLICIES.one(resource)
    missing = unreadable(listed, absent=indeterminate("is absent, so that it shows nothing", listed.path))
    if missing is not None:
        return missing
    policies = entries(listed)
    unclear = [outcome for each in policies if (outcome := _unclear(resource, each, context)) is not None]
    if unclear:
        return all_of(unclear)
    return _ours_first([(_remote(resource, each, context), _priority(each)) for each in policies], policies)


def _ours_first(order: list[tuple[bool, float]], policies: list[Reading]) -> Outcome:
    highest = max((priority for remote, priority in order if remote), default=float("-inf"))
    for (remote, priority), policy in zip(order, policies, strict=True):
        if not remote and priority <= highest:
            return fail(
                "does not come before every upstream that fetches from elsewhere, where anybody can publish a package "
                "under the name of ours",
                f"{policy.path}.{_PRIORITY}",
            )
    return PASS


def _unclear(resource: Resource, policy: Reading, context: Context) -> Outcome | None:
    """Say why nobody can tell what an upstream is, or when it is asked."""
    if policy.state is not State.KNOWN:
        return unreadable(policy, absent=NOT_APPLICABLE, empty=indeterminate("is empty", policy.path))
    priority = read_value(policy.value, policy.path, _PRIORITY)[0]
    missing = unreadable(
        priority, absent=indeterminate("is absent, so that it is not said what comes first", priority.path)
    )
    if missing is None and number(priority.value) is None:
        missing = wrong_type(priority, "a number")
    if missing is not None:
        return missing
    named = read_value(policy.value, policy.path, _UPSTREAM)[0]
    found = repository_of(resource, named, context.graph)
    untold = found is not None and found.external and MODE.is_absent(found.inputs)
    if found is None or untold or mode_of(found) not in {STANDARD, REMOTE}:
        return indeterminate("is a repository of which this document does not tell whether it is ours", named.path)
    return None


def _remote(resource: Resource, policy: Reading, context: Context) -> bool:
    found = repository_of(resource, read_value(policy.value, policy.path, _UPSTREAM)[0], context.graph)
    return found is not None and mode_of(found) == REMOTE


def _priority(policy: Reading) -> float:
    return number(read_value(policy.value, policy.path, _PRIORITY)[0].value) or 0


_UNSURE: Final = Verdict.INDETERMINATE

CONTROL = Control(
    id="SUP-03",
    title="Packages from elsewhere come from known places, and ours come first",
    why=(
        "Whoever publishes a package under the name of an internal one on a public index gets its code into every "
        "build that asks there first. Upstreams of remote repositories must be of the allowed ones, and be reached "
        "over TLS; that an upstream answers is checked when the repository is made, unless this is switched off. In a "
        "virtual repository each of our own repositories must come strictly before each that fetches from elsewhere: "
        "the greater priority comes first. Repositories that this document does not hold may be of either kind, so "
        "they are indeterminate."
    ),
    remedy="Use ImageRepository, or add the upstream to `allowed_upstreams` and give ours the greater `priority`.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("2.2.b", "5.2.b"),
    clauses=(partial("nist-800-53-r5", "SR-3", "How upstreams were chosen, and what is in the packages."),),
    reads=(
        _VALIDATED.reads(REPOSITORY),
        *(Read(REPOSITORY, each.text, absent=Verdict.PASS, empty=_UNSURE) for each in (*PRESETS, *SYSTEMS, *ADDRESSES)),
        Read(REPOSITORY, f"{_POLICIES.text}.{_PRIORITY}", absent=_UNSURE, empty=_UNSURE),
        Read(REPOSITORY, f"{_POLICIES.text}.{_UPSTREAM}", absent=_UNSURE, empty=_UNSURE),
        Read(REPOSITORY, MODE.text, absent=Verdict.PASS, empty=_UNSURE),
    ),
    checks={REPOSITORY: _judge},
    settings=("allowed_upstreams",),
)
