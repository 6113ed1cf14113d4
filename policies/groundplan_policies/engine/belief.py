"""Takes back what a control says of properties that the document does not really show."""

from groundplan_policies.engine.apart import is_kept, kept_apart
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control
from groundplan_policies.engine.reads import covers, ignored, read_options, read_paths
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Verdict, declared, indeterminate

_EXTERNAL = "document:external"
_NEVER_TAKEN_BACK = frozenset({Verdict.FAIL, Verdict.INDETERMINATE})


def believed(control: Control, resource: Resource, outcome: Outcome) -> Outcome:
    """Take back what a control says of properties that the document does not really show.

    Of a resource that is only read, it may hold a few properties; what it does not hold is not known. Where changes of
    a property are ignored, the cloud may have another value than the program. Where they are ignored because others
    keep it, such as resources of their own the entries of a list, what the program holds is no more than declared. A
    control that reads itself whether a resource is only read knows what to say of it.
    """
    if resource.external and _EXTERNAL not in read_options(control, resource.type):
        outcome = _only_read(control, resource, outcome)
    if outcome.verdict in _NEVER_TAKEN_BACK:
        return outcome
    path = ignored(control, resource)
    if path:
        return indeterminate("may be another in the cloud: changes of it are ignored", path)
    entry = _first_list(control, resource)
    return declared("is only what it began with: changes of it are ignored", entry) if entry else outcome


def _first_list(control: Control, resource: Resource) -> str:
    """Give the name of what a control reads, others keep and the cloud may have changed since; "" if there is none."""
    for entry in resource.ignore_changes:
        if not kept_apart(resource.type, entry) or is_kept(resource.type, entry, resource.outputs):
            continue
        if any(covers(entry, path) for path in read_paths(control, resource.type)):
            return entry
    return ""


def _only_read(control: Control, resource: Resource, outcome: Outcome) -> Outcome:
    tops = {path.partition(".")[0] for path in read_paths(control, resource.type)}
    missing = sorted(tops - resource.inputs.keys())
    if not missing or outcome.verdict is Verdict.INDETERMINATE:
        return outcome
    if outcome.verdict is Verdict.FAIL and any(_top(each.path) in resource.inputs for each in outcome.reasons):
        return outcome
    return indeterminate("is not in the document: the resource is only read here", missing[0])


def _top(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def believed_of_stack(control: Control, resource: Resource | None, outcome: Outcome, context: Context) -> Outcome:
    """The same for a check of the whole deployment; as to the stack itself every resource that it reads counts."""
    if resource is not None:
        return believed(control, resource, outcome)
    if outcome.verdict in _NEVER_TAKEN_BACK:
        return outcome
    for each in context.graph.document.resources:
        if each.custom and each.ignore_changes and ignored(control, each):
            return indeterminate("of a resource of the stack may be another in the cloud: changes are ignored")
    return outcome
