"""BYP-01: ignored changes cover no property that a control reads."""

from collections.abc import Iterator

from groundplan_policies.engine.apart import ROLLOUTS, kept_apart
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.readers import names
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, declared, fail
from groundplan_policies.rules.bypass.options import EVERY, option


def _check(resource: Resource, context: Context) -> Outcome:
    if not resource.ignore_changes:
        return PASS
    outcomes = list(_entries(resource, context))
    return all_of(outcomes) if outcomes else PASS


def _entries(resource: Resource, context: Context) -> Iterator[Outcome]:
    for entry in resource.ignore_changes:
        hidden = context.readers.covered(resource.type, (entry,))
        if not hidden:
            continue
        path, ids = hidden[0].path.text, names(hidden)
        apart = kept_apart(resource.type, entry)
        if not apart:
            yield fail(f"is read by {ids}, but its changes are ignored: the cloud may have another value", path)
        elif apart == ROLLOUTS:
            yield declared(f"is read by {ids}; its changes are ignored, as rollouts change it", path)
        elif any(short_name(each.type) == apart for each in context.graph.referrers(resource)):
            yield declared(f"is read by {ids}; its changes are ignored, as {apart} resources keep the list", path)
        else:
            yield fail(f"is read by {ids}, but its changes are ignored, and no {apart} keeps the list instead", path)


CONTROL = Control(
    id="BYP-01",
    title="Ignored changes cover no property that a control reads",
    why=(
        "With `ignore_changes` the program may say that a bucket is private while the cloud still has the public one "
        "that was made before. An entry counts if it names the property, something above or below it, or could by a "
        "wildcard; one that is no path counts for everything. What the controls say of such a property becomes "
        "indeterminate. Decided: one list may be ignored, as the provider itself demands it: `accesses` of a dataset "
        "whose further accesses are DatasetAccess resources; and `trafficSplit` of an endpoint, which every rollout "
        "changes. Both are declared, never passed, and so is what the controls say of them in the program, as it is "
        "only what they began with. In a state they judge what the cloud had at the last refresh."
    ),
    remedy="Take the entry out of `ignore_changes`; to adopt a value that was set elsewhere, write it in the program.",
    ask="Look in the cloud at what is ignored, as it is now: the accesses of the dataset, the split of the traffic.",
    severity=Severity.HIGH,
    clauses=(
        partial("nist-800-53-r5", "CM-3", "Changes that are made past Pulumi."),
        partial("nist-800-53-r5", "CM-6", "Settings of which no control reads the property."),
    ),
    reads=(option("document:ignoreChanges"),),
    checks={EVERY: _check},
    waivable=False,
)
