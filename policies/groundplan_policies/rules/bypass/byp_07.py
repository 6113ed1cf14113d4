"""BYP-07: overrides of constructs are recorded."""

from collections.abc import Iterator

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.readers import names
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, declared, fail, indeterminate
from groundplan_policies.rules.bypass.options import option
from groundplan_policies.rules.bypass.overrides import (
    CONSTRUCTS,
    Override,
    UnreadableError,
    asked,
    by_role,
    child,
    descendants,
    made,
)


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    for resource in context.graph.document.resources:
        if resource.is_component and resource.type.startswith(CONSTRUCTS):
            yield resource, _construct(resource, context)


def _construct(construct: Resource, context: Context) -> Outcome:
    try:
        given, done = asked(construct), made(construct)
    except UnreadableError as error:
        return indeterminate(f"its recorded overrides {error}")
    if done is None:
        done = tuple(Override(role, path) for role, path in sorted(given))
    else:
        tops = {(each.role, each.path.partition(".")[0].lower()) for each in done}
        if tops != {(role, key.lower()) for role, key in given}:
            return fail("what it was given to override and what it records as overridden are not the same")
    recorded = [_child(construct, role, paths, context) for role, paths in by_role(done).items()]
    return all_of([PASS, *recorded, *_transformed(construct, context)])


def _child(construct: Resource, role: str, paths: tuple[str, ...], context: Context) -> Outcome:
    found = child(context.graph.document, construct, role)
    if found is None:
        return indeterminate("records overrides of a child that the document does not hold")
    read = context.readers.covered(found.type, paths)
    if not read:
        return PASS
    return declared(f"overrides what {names(read)} read of a child, which they judge as it is", read[0].path.text)


def _transformed(construct: Resource, context: Context) -> Iterator[Outcome]:
    requests = context.graph.document.member.requests
    for each in descendants(context.graph.document, construct):
        if each.custom and requests.get(each.urn, {}).get("transforms") and context.readers.of(each.type):
            yield indeterminate("a transform may have changed a child that controls read, and is no recorded override")
            return


CONTROL = Control(
    id="BYP-07",
    title="Overrides of constructs are recorded",
    why=(
        "A construct is secure by default until somebody overrides it. What is given in `overrides` stands in the "
        "construct's inputs and again in its outputs; the controls judge the child as it then is, and their findings "
        "are waived under their own ids. So a recorded override of a property that a control reads is declared here, "
        "and nothing more. It fails if the two records differ: something was overridden that is not recorded. "
        "Transforms change a child past the record, and a document does not say what they changed, so they are "
        "indeterminate. What cannot be seen: the SDK's older transformations, which leave no trace, and transforms in "
        "documents of the real engine, which does not keep them. There the controls see the result all the same."
    ),
    remedy="Give `overrides` to the construct instead of transforms, and remove those that nobody needs.",
    ask="Ask who decided on each override that is recorded, and whether the reason still holds.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    clauses=(partial("nist-800-53-r5", "CM-6", "Overrides by transformations, which leave no trace."),),
    reads=(
        Read(f"{CONSTRUCTS}*", "overrides", absent=Verdict.PASS, empty=Verdict.PASS),
        option("request:transforms", absent=Verdict.PASS),
    ),
    stack=_stack,
    waivable=False,
)
