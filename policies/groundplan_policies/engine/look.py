"""Lets one control look at a deployment."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control
from groundplan_policies.engine.names import token
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Verdict, indeterminate


@lru_cache(maxsize=65536)
def matches(pattern: str, type_token: str) -> bool:
    """Whether a short name, or a pattern of short names such as `*IamMember`, means a type."""
    if "*" not in pattern:
        return token(pattern) == type_token
    if not type_token.startswith("gcp:") and ":" not in pattern:
        return False
    return fnmatchcase(type_token.lower(), f"*{pattern.lower().lstrip('*')}" if pattern[0] == "*" else pattern.lower())


def check_for(control: Control, type_token: str) -> Check | None:
    """Give the check that a control has for a type, None if it has none. An exact name comes before a pattern."""
    found = [pattern for pattern in control.checks if matches(pattern, type_token)]
    if not found:
        return None
    return control.checks[min(found, key=lambda pattern: ("*" in pattern, -len(pattern)))]


def look(control: Control, context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    """Let a control look at every resource of its types, then at the deployment as a whole.

    In an incomplete document the pass of a check of the whole deployment is indeterminate: what would contradict it
    may be in the part that is missing.

    Raises:
        Exception: Whatever the rule raises. Callers that must go on catch it for each resource themselves.
    """
    for type_token, resources in context.graph.by_token.items():
        check = check_for(control, type_token)
        if check is not None:
            for resource in resources:
                yield resource, check(resource, context)
    if control.stack is not None:
        for where, outcome in control.stack(context):
            yield where, trusted(outcome, context)


def trusted(outcome: Outcome, context: Context) -> Outcome:
    """Take back a pass on the whole deployment where the document does not hold all of it."""
    if context.complete or outcome.verdict not in {Verdict.PASS, Verdict.NOT_APPLICABLE}:
        return outcome
    return indeterminate("the document does not hold the whole deployment")


def types_of(controls: Mapping[str, Control], type_token: str) -> tuple[str, ...]:
    """Give the ids of the controls that have a check for a type."""
    return tuple(each.id for each in controls.values() if check_for(each, type_token) is not None)
