"""Organisation policies: which constraint a policy sets, for what, and whether it restricts anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Read
from groundplan_policies.engine.expect import is_false, unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.projects import homes, is_id
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown, split_unknown
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Verdict,
    all_of,
    any_of,
    fail,
    indeterminate,
)

POLICY: Final = "orgpolicy.Policy"

_LISTS: Final = frozenset(
    {
        *("ainotebooks.accessMode", "ainotebooks.environmentOptions", "ainotebooks.restrictVpcNetworks"),
        *("compute.vmExternalIpAccess", "gcp.resourceLocations", "gcp.restrictCmekCryptoKeyProjects"),
        *("gcp.restrictNonCmekServices", "gcp.restrictServiceUsage", "gcp.restrictTLSVersion"),
        "iam.allowedPolicyMemberDomains",
    }
)
"""Constraints that take values, by Google's list of constraints; `enforce` says nothing about them."""

_DENYING: Final[Mapping[str, frozenset[str]]] = {
    "ainotebooks.accessMode": frozenset({"service-account", "single-user"}),
    "gcp.restrictNonCmekServices": frozenset(),
    "gcp.restrictTLSVersion": frozenset({"TLS_VERSION_1", "TLS_VERSION_1_1"}),
}
"""Constraints that restrict by what is denied -> the values of which one must be, if only some matter.

For others, what is denied leaves everything that is not named.
"""

_BOOLEANS: Final = frozenset(
    {
        *("ainotebooks.disableFileDownloads", "ainotebooks.disableRootAccess", "ainotebooks.disableTerminal"),
        *("ainotebooks.requireAutoUpgradeSchedule", "ainotebooks.restrictPublicIp"),
        *("compute.disableNestedVirtualization", "compute.disableSerialPortAccess", "compute.requireOsLogin"),
        *("compute.requireShieldedVm", "iam.automaticIamGrantsForDefaultServiceAccounts"),
        *("iam.disableServiceAccountKeyCreation", "iam.disableServiceAccountKeyUpload"),
        *("sql.restrictAuthorizedNetworks", "sql.restrictPublicIp"),
        *("storage.publicAccessPrevention", "storage.uniformBucketLevelAccess"),
    }
)
"""Constraints that are on or off. Of others the document does not say which they are: either form counts."""

_NAME, _RULES = Path("name"), Path("spec.rules")
_INHERITS, _RESET = is_false("spec.inheritFromParent"), is_false("spec.reset")
_TRUE: Final = "TRUE"


def constraint_of(policy: Resource) -> str:
    """Give the name of the constraint that a policy sets, "" if it cannot be read."""
    text = _NAME.one(policy).text
    tail = split_unknown(text)[1] if is_unknown(text) else text
    _, mark, name = tail.rpartition("/policies/")
    return name.removeprefix("constraints/") if mark else ""


def parent_of(policy: Resource) -> str:
    """Give what a policy is set for: `projects/id`, `folders/number`, …; "" if that is not known."""
    text = _NAME.one(policy).text
    return "" if is_unknown(text) else text.rpartition("/policies/")[0]


def judge(policy: Resource, context: Context) -> Outcome:
    """Say whether a policy restricts what its constraint is about."""
    name = constraint_of(policy)
    rules = [each for reading in _RULES.read(policy) for each in entries(reading)]
    outcomes = [_judge_rule(name, each) for each in rules]
    if any(_allows(each) for each in rules):
        outcomes.append(_INHERITS(policy, context))
    return all_of([_RESET(policy, context), *outcomes])


def _judge_rule(name: str, rule: Reading) -> Outcome:
    missing = unreadable(rule, absent=fail("is absent, so nothing is enforced; a dry run only records", rule.path))
    if missing is not None:
        return missing
    if not isinstance(rule.value, dict):
        return wrong_type(rule, "a rule")
    enforced = _says_true(rule, "enforce")
    restricted = any_of([_says_true(rule, "denyAll"), _values(name, rule)])
    if name in _LISTS:
        asked = restricted
    elif name in _BOOLEANS:
        asked = enforced
    else:
        asked = any_of([enforced, restricted])
    return all_of([asked, _never(rule, "allowAll"), _never(rule, "condition")])


def _at(rule: Reading, below: str) -> Reading:
    return read_value(rule.value, rule.path, below)[0]


def _says_true(rule: Reading, key: str) -> Outcome:
    reading = _at(rule, key)
    missing = unreadable(reading, absent=fail(f"is absent; expected is {_TRUE}", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    if reading.value.upper() == _TRUE:
        return PASS
    return fail(f"is not {_TRUE}", reading.path)


def _values(name: str, rule: Reading) -> Outcome:
    return any_of([_texts(_at(rule, "values.allowedValues")), _denied(name, _at(rule, "values.deniedValues"))])


def _denied(name: str, reading: Reading) -> Outcome:
    outcome = _texts(reading)
    telling = _DENYING.get(name)
    if outcome is not PASS or telling == frozenset():
        return outcome
    if telling is not None and any(each.text in telling for each in entries(reading)):
        return PASS
    return indeterminate("denies some values, and allows every other", reading.path)


def _texts(reading: Reading) -> Outcome:
    """Ask for at least one value, and for nothing but texts. Which they are is for the constraint."""
    missing = unreadable(reading, absent=fail("is absent; expected are values", reading.path))
    if missing is not None:
        return missing
    found = entries(reading) if isinstance(reading.value, list) else []
    if found and all(each.state in {State.KNOWN, State.UNKNOWN} and isinstance(each.value, str) for each in found):
        return PASS
    return wrong_type(reading, "a list of texts")


def _never(rule: Reading, key: str) -> Outcome:
    reading = _at(rule, key)
    missing = unreadable(reading, absent=PASS)
    if missing is not None:
        return missing
    if reading.text.upper() == "FALSE":
        return PASS
    what = "makes the rule hold for some resources only" if key == "condition" else "allows every value"
    return fail(what, reading.path)


def _allows(rule: Reading) -> bool:
    """Whether a rule lists what is allowed: with what is inherited, more is allowed than it says."""
    return isinstance(rule.value, dict) and _at(rule, "values.allowedValues").state is not State.ABSENT


def _policies(graph: Graph) -> Mapping[str, tuple[Resource, ...]]:
    found: dict[str, list[Resource]] = {}
    for policy in graph.of(POLICY):
        found.setdefault(constraint_of(policy), []).append(policy)
    return {name: tuple(each) for name, each in found.items()}


@dataclass(frozen=True)
class Constraints:
    """A check of the whole deployment: constraints are set, for every project in it.

    Attributes:
        parameter: Name of the parameter that lists them.
    """

    parameter: str

    def __call__(self, context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
        """Look at each policy that is asked for, and at the deployment for those that are missing."""
        asked: Sequence[str] | None = getattr(context.parameters, self.parameter)
        if asked is None:
            yield None, indeterminate("the settings do not say which constraints must be set")
            return
        policies = context.graph.once(_policies)
        for name in asked:
            for policy in policies.get(name, ()):
                yield policy, judge(policy, context)
        yield None, self._missing(asked, policies, context)

    def _missing(self, asked: Sequence[str], policies: Mapping[str, Sequence[Resource]], context: Context) -> Outcome:
        if not asked or context.parameters.organization is False:
            return NOT_APPLICABLE
        projects = [each for each in context.graph.once(homes) if is_id(each)]
        outcomes = [_covered(name, policies.get(name, ()), projects) for name in asked]
        found = all_of(outcomes)
        if found.verdict is Verdict.FAIL and context.parameters.organization is None:
            return indeterminate(
                "the settings do not say whether there is an organisation; these constraints are not set: "
                + ", ".join(reason.shown for reason in found.reasons)
            )
        return found


def _covered(name: str, policies: Sequence[Resource], projects: Sequence[str]) -> Outcome:
    parents = {parent_of(each) for each in policies}
    if not policies:
        return fail("this constraint is not set", shown=name)
    wide = any(each.startswith(("organizations/", "folders/")) for each in parents)
    left = [each for each in projects if f"projects/{each}" not in parents]
    if wide or not left:
        return PASS
    if any(not each or each.removeprefix("projects/").isdigit() for each in parents):
        return indeterminate("this constraint is set for a project that the document names by its number", shown=name)
    return fail("this constraint is not set for every project of the deployment", shown=name)


def reads() -> tuple[Read, ...]:
    """Give what is read of a policy with a boolean constraint, for a control's documentation."""
    return (
        Read(POLICY, _NAME.text, *[Verdict.NOT_APPLICABLE] * 5),
        Read(POLICY, "spec.rules.enforce"),
        Read(POLICY, "spec.rules.allowAll", absent=Verdict.PASS, empty=Verdict.PASS, wrong=Verdict.FAIL),
        Read(POLICY, "spec.rules.condition", absent=Verdict.PASS, empty=Verdict.PASS, wrong=Verdict.FAIL),
        *(
            Read.aside(POLICY, f"spec.{each}")
            for each in (
                "inheritFromParent",
                "rules.denyAll",
                "rules.values.allowedValues",
                "rules.values.deniedValues",
            )
        ),
        _RESET.reads(POLICY),
    )
