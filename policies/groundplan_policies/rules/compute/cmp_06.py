"""CMP-06: whether notebooks act as their users is decided."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import is_false, is_known, is_true
from groundplan_policies.engine.paths import State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, Verdict, fail, indeterminate
from groundplan_policies.rules.data.classes import is_restricted

_EXPECTED: Final = {
    "colab.RuntimeTemplate": (
        is_true("eucConfig.eucDisabled"),
        is_known("eucConfig.eucDisabled", "a boolean", bool),
    ),
    "workbench.Instance": (
        is_false("enableManagedEuc", absent=Verdict.FAIL, empty=Verdict.FAIL),
        is_known("enableManagedEuc", "a boolean", bool),
    ),
}
"""Short name of a type -> what it must say for restricted data, and that it must say something."""


class _Decided:
    """Asks that it is said, and for restricted data that code does not act as whoever started it."""

    def __init__(self, type_: str) -> None:
        self._off, self._said = _EXPECTED[type_]

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        reading = self._off.path.one(resource)
        if reading.state in {State.ABSENT, State.EMPTY}:
            return fail("is absent: nobody decided whether code acts as the person who runs it", reading.path)
        restricted = is_restricted(resource, context)
        said = self._said(resource, context)
        if said.verdict is not Verdict.PASS or restricted is False:
            return said
        if restricted is None:
            return indeterminate("the settings do not say which classes of data are restricted", reading.path)
        return self._off(resource, context)


CONTROL = Control(
    id="CMP-06",
    title="It is decided whether notebooks act as their users",
    why=(
        "With end-user credentials, code in a notebook does whatever its user may do, in every project: a library "
        "that somebody tampered with has all of their rights. With an account of its own it has that account's. "
        "Google's default differs by product and day, so it is said; for restricted data, and where no class is "
        "said, code acts as an account of the notebook."
    ),
    remedy="Use Workbench or ColabRuntime, or set `euc_disabled` to true and `enable_managed_euc` to false.",
    severity=Severity.MEDIUM,
    objectives=("2.2.b",),
    clauses=(
        partial("nist-800-53-r5", "AC-6", "What the account may do."),
        partial("nist-800-53-r5", "IA-5", "Credentials that users bring by hand."),
    ),
    reads=tuple(off.reads(type_) for type_, (off, _) in _EXPECTED.items()),
    checks={type_: _Decided(type_) for type_ in _EXPECTED},
    settings=("restricted_classes", "classifications"),
)
