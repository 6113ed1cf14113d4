"""BYP-16: nothing changes the plan past what is checked, or hides a change of it."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.readers import names
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail
from groundplan_policies.rules.bypass.options import EVERY, option

_MIGRATIONS: Final = "stateMigrations"


def _check(resource: Resource, context: Context) -> Outcome:
    requested = context.graph.document.member.requests.get(resource.urn)
    migrated = requested is not None and bool(requested.get(_MIGRATIONS))
    if not resource.hooks and not resource.hide_diff and not migrated:
        return PASS
    return all_of([PASS, *_findings(resource, context, migrated=migrated)])


def _findings(resource: Resource, context: Context, *, migrated: bool) -> Iterator[Outcome]:
    if any(resource.hooks.values()):
        yield fail("a hook runs the program's own code when it is made, changed or deleted, and no control sees what")
    if migrated:
        yield fail("a state migration rewrites what Pulumi knows of it, and no control sees how")
    hidden = context.readers.covered(resource.type, resource.hide_diff)
    if hidden:
        yield fail(f"is read by {names(hidden)}, and its changes are not shown to who reviews", hidden[0].path.text)


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    for resource in context.graph.document.resources:
        if not resource.custom:
            outcome = _check(resource, context)
            if outcome is not PASS:
                yield resource, outcome


CONTROL = Control(
    id="BYP-16",
    title="Nothing changes the plan past what is checked, or hides a change of it",
    why=(
        "A hook is code of the program that runs in the middle of a deployment, with its credentials: it can open what "
        "the plan closes. A state migration rewrites the record against which changes are found. A hidden diff keeps a "
        "change of a checked property from whoever reviews the plan; one of a property that no control reads is left "
        "alone. Transforms are no finding here: documents hold the inputs after them, and those are what every control "
        "reads; BYP-07 looks at transforms of constructs. State migrations and transforms are in no document of the "
        "real engine, so there nobody can tell of them. Hooks and migrations of components count as well."
    ),
    remedy="Do in a resource what the hook does, or in a step of the pipeline before or after; leave out `hide_diffs`.",
    severity=Severity.MEDIUM,
    clauses=(
        partial("nist-800-53-r5", "CM-3", "State migrations, in documents of the real engine."),
        partial("nist-800-53-r5", "SI-7", "Code that a program runs by itself, without a hook."),
    ),
    reads=(
        option("document:hooks"),
        option("document:hideDiff"),
        option(f"request:{_MIGRATIONS}"),
        option("request:transforms"),
    ),
    checks={EVERY: _check},
    stack=_stack,
    waivable=False,
)
