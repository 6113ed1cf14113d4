"""Controls that can be met in several ways, or that ask only where a block is given."""

from dataclasses import replace

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Read
from groundplan_policies.engine.expect import Expectation
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Verdict, all_of, any_of


def one_way(*checks: Check) -> Check:
    """Ask for one of several checks, and that each can be told.

    Unlike `expect.either`, a way that cannot be read is indeterminate even beside one that holds: the ways exclude one
    another at Google, so what cannot be read may undo the other.
    """

    def check(resource: Resource, context: Context) -> Outcome:
        # What is not there can only fail, and takes long to say so: it is asked for its reasons if nothing else holds.
        given = [
            each for each in checks if not (isinstance(each, Expectation) and each.path.is_absent(resource.inputs))
        ]
        outcomes = [each(resource, context) for each in given]
        unclear = [each for each in outcomes if each.verdict is Verdict.INDETERMINATE]
        if unclear:
            return all_of(unclear)
        if PASS in outcomes:
            return PASS
        return any_of(each(resource, context) for each in checks)

    return check


def when_given(block: str, check: Check, otherwise: Outcome = NOT_APPLICABLE) -> Check:
    """Ask for a check where a block is given, even an empty one; say something else where it is not.

    Args:
        block: Path of the block.
        check: What to ask for.
        otherwise: What to say where nothing stands at the path.
    """
    path = Path(block)

    def conditional(resource: Resource, context: Context) -> Outcome:
        if all(each.state is State.ABSENT for each in path.read(resource)):
            return otherwise
        return check(resource, context)

    return conditional


def other_way(read: Read) -> Read:
    """Give the documentation of a property that need not be there, as the resource is in order in another way."""
    return replace(read, absent=Verdict.PASS, empty=Verdict.PASS)
