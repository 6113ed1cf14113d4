"""BYP-13: no secret stands where a control has to see the value."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.paths import State
from groundplan_policies.engine.readers import Reader, names
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import SECRET, SIGNATURE, Value, contains_secret
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, indeterminate
from groundplan_policies.rules.bypass.options import EVERY, option

_SEEN: Final = frozenset({Verdict.PASS, Verdict.FAIL})
"""What a control says of a secret if it need not see the value: that it is there decides."""


def _holds_secret(value: Value) -> bool:
    """Whether a secret is anywhere in a value. Asked of every resource, so it goes the quickest way."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            if here.get(SIGNATURE) == SECRET:
                return True
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
    return False


def _check(resource: Resource, context: Context) -> Outcome:
    if not context.graph.document.may_hold_secrets or not _holds_secret(resource.inputs):
        return PASS
    found: dict[str, list[Reader]] = {}
    for place, reader in _hidden(resource, context):
        found.setdefault(place, []).append(reader)
    return all_of([PASS, *(_judged(place, readers) for place, readers in found.items())])


def _judged(place: str, readers: list[Reader]) -> Outcome:
    return indeterminate(f"is a secret, but has to be seen by {names(readers)}", place)


def _hidden(resource: Resource, context: Context) -> Iterator[tuple[str, Reader]]:
    """Give each place with a secret, with a reader that has to see it."""
    for each in context.readers.of(resource.type):
        if each.secret in _SEEN:
            continue
        for reading in each.path.read(resource):
            if reading.state is State.SECRET or (reading.state is State.KNOWN and contains_secret(reading.value)):
                yield reading.path, each


CONTROL = Control(
    id="BYP-13",
    title="No secret stands where a control has to see the value",
    why=(
        "Wrap a role, a range of addresses or a setting in a secret, and nobody can read it any more: no control, and "
        "no person who reviews the plan. Decided, as for BYP-10 and BYP-12: a verdict of its own on the resource, "
        "indeterminate, beside that of the control that cannot see. A secret is one however it is written: encrypted, "
        "redacted, or with its plain text beside the mark, which is never looked at. Controls that only ask whether "
        "there is a value, such as a password, state that a secret passes, or fails, and then nothing is hidden. "
        "Decided of `additional_secret_outputs`: controls read inputs, which they hide nothing of; an output that is "
        "made secret shows as a secret in each input that is made of it, and counts there."
    ),
    remedy="Leave `Output.secret` and `additional_secret_outputs` to what is secret: passwords, tokens, private keys.",
    severity=Severity.HIGH,
    clauses=(partial("nist-800-53-r5", "CM-6", "Settings of which no control reads the property."),),
    reads=(option("document:inputs"),),
    checks={EVERY: _check},
    waivable=False,
)
