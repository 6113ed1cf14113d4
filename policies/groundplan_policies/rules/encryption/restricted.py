"""Asks something of restricted data only, and only where the tier asks for it."""

from collections.abc import Callable
from dataclasses import dataclass

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check
from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, indeterminate
from groundplan_policies.rules.data.classes import is_restricted, labels_path


@dataclass(frozen=True)
class WhereRestricted:
    """A check that counts where a resource holds restricted data and the tier asks for it.

    Where the tier does not ask, nothing is looked at. Else what has what is asked for passes, whatever its class, and
    nothing is asked of data that is not restricted. Where the settings do not say so, nobody can tell.

    Attributes:
        check: What is asked for.
        asked: Gives the parameter by which a tier asks.
        what: What is asked for, for messages: "confidential machines".
    """

    check: Check
    asked: Callable[[Parameters], bool | None]
    what: str

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        """Look at one resource."""
        asked = self.asked(context.parameters)
        if asked is False:
            return NOT_APPLICABLE
        outcome = self.check(resource, context)
        if outcome is PASS or outcome is NOT_APPLICABLE:
            return outcome
        restricted = is_restricted(resource, context)
        if restricted is False:
            return NOT_APPLICABLE
        if restricted is None:
            return indeterminate("the settings do not say which classes are restricted", labels_path(resource).text)
        return outcome if asked else indeterminate(f"the settings do not say whether restricted data needs {self.what}")
