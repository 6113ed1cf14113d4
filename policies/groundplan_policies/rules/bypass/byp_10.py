"""BYP-10: resources that are read or imported show what controls read of them."""

from collections.abc import Iterable

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.document import Profile
from groundplan_policies.engine.readers import Reader, names
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, indeterminate
from groundplan_policies.rules.bypass.options import EVERY, option
from groundplan_policies.rules.bypass.stacks import STACK_REFERENCE


def _check(resource: Resource, context: Context) -> Outcome:
    if not resource.external and not resource.import_id:
        return PASS
    if resource.type == STACK_REFERENCE:
        return NOT_APPLICABLE  # BYP-12
    readers = context.readers.of(resource.type)
    if resource.external:
        return _external(readers)
    return _imported(resource, readers, context)


def _external(readers: Iterable[Reader]) -> Outcome:
    ids = names(readers)
    return indeterminate(f"is only read, not managed: {ids} cannot see what it is like") if ids else PASS


def _imported(resource: Resource, readers: Iterable[Reader], context: Context) -> Outcome:
    """Ask for full inputs: of what the program leaves out, the cloud keeps what it has.

    A state has that among the outputs; before the deployment nobody knows.
    """
    state = context.graph.document.profile is Profile.STATE
    for each in readers:
        top = each.path.text.partition(".")[0]
        if resource.inputs.get(top) is not None or (state and resource.outputs.get(top) in (None, "", False, [], {})):
            continue
        message = (
            f"is read by {each.control} and left out, while the resource is imported with what it has in the cloud"
        )
        return indeterminate(message, top)
    return PASS


CONTROL = Control(
    id="BYP-10",
    title="Resources that are read or imported show what controls read of them",
    why=(
        "A resource that a program only looks up has been judged by nobody here, however it is used. One that is "
        "imported keeps what the program does not write: the public setting that somebody made by hand comes in "
        "without a line. Decided, for this control, BYP-12 and BYP-13 alike: each gives a verdict of its own, "
        "indeterminate, on the resource, so that the gap is seen and counted; beside that, what the other controls "
        "say of such a property is indeterminate too. An imported resource passes once every property that a control "
        "reads is written, empty ones as well; in a state also where the cloud has nothing there."
    ),
    remedy="Manage the resource in a program that is checked; for an import write every property that the controls "
    "named read, and remove `import_` after the first update.",
    severity=Severity.MEDIUM,
    clauses=(partial("nist-800-53-r5", "CM-8", "What is used by its name, without being looked up."),),
    reads=(option("document:external"), option("document:importID")),
    checks={EVERY: _check},
    waivable=False,
)
