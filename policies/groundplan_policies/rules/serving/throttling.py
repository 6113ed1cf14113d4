"""Security policies of Cloud Armor: whether one of their rules limits how much each client may ask."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import unreadable
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import PASS, Outcome, fail, indeterminate

POLICY: Final = Path("securityPolicy")
POLICIES: Final = ("compute.SecurityPolicy", "compute.RegionSecurityPolicy")
RULES: Final = Path("rules")
RULE_TYPES: Final = ("compute.SecurityPolicyRule", "compute.RegionSecurityPolicyRule")
_LIMITING: Final = frozenset({"throttle", "rate_based_ban"})
_BY_CLIENT: Final = frozenset({"IP", "XFF_IP", "USER_IP", "HTTP_HEADER", "HTTP_COOKIE"})
"""Keys that tell one client from another. ALL, the default, counts everybody together; a path or a region does too."""
_ALL: Final = "*"
_FOUR, _SIX = "0.0.0.0/0", "::/0"
_ADDRESSES: Final = (
    "compute.GlobalForwardingRule",
    "compute.ForwardingRule",
    "compute.GlobalAddress",
    "compute.Address",
)


class _Rule(NamedTuple):
    """What a rule of a policy says."""

    said: Mapping[str, Value]
    action: Reading
    priority: Value
    ranges: frozenset[str]


def limits_each_client(service: Resource, context: Context) -> Outcome:
    """Say whether the policy of a backend service limits each client."""
    reading = POLICY.one(service)
    nothing = fail("is absent, so one client may ask as much as all others together", reading.path)
    readable = reading.state is State.UNKNOWN or bool(reading.text)
    policy = context.graph.resolve(service, reading, *POLICIES) if readable else None
    if policy is None:
        return unreadable(reading, absent=nothing) or indeterminate(
            "names a policy that is not of this document", reading.path
        )
    rules = list(_rules(policy, context))
    everybody = frozenset({_FOUR, _SIX} if context.graph.once(_speaks_six) else {_FOUR})
    answers = [_limits(each, rules, everybody) if each is not None else None for each in rules]
    if True in answers:
        return PASS
    if None in answers:
        return indeterminate("names a policy of which nobody can tell whether it limits each client", reading.path)
    return fail("names a policy without a rule that limits each client", reading.path)


def _speaks_six(graph: Graph) -> bool:
    """Whether anything in a deployment has an address of version 6, which a range of version 4 does not hold."""
    return any(each.inputs.get("ipVersion") == "IPV6" for each in graph.of(*_ADDRESSES))


def _rules(policy: Resource, context: Context) -> Iterator[_Rule | None]:
    """Give the rules of a policy, those inside and those that are resources of their own; None for an unclear one."""
    inside = RULES.one(policy)
    if inside.state not in {State.ABSENT, State.EMPTY}:
        yield from (_rule(each.value) for each in entries(inside))
    for rule in context.graph.of(*RULE_TYPES):
        if context.graph.resolve(rule, POLICY.one(rule), *POLICIES) is policy:
            yield _rule(rule.inputs)


def _rule(said: Value | Mapping[str, Value]) -> _Rule | None:
    if not isinstance(said, dict):
        return None
    found = (each for listed in read_value(said, "", "match.config.srcIpRanges") for each in entries(listed))
    ranges = frozenset(each.text for each in found if each.text)
    return _Rule(said, read_value(said, "", "action")[0], said.get("priority"), ranges)


def _limits(rule: _Rule, rules: list[_Rule | None], everybody: frozenset[str]) -> bool | None:
    """Whether a rule limits each client that gets as far; None where nobody can tell."""
    limiting = _one_of(rule.action, _LIMITING)
    if not limiting:
        return limiting
    answers = [
        _enforced(rule),
        _counts(rule),
        _by_client(rule),
        _of_everybody(rule, everybody),
        _reached(rule, rules, everybody),
    ]
    return False if False in answers else None if None in answers else True


def _one_of(reading: Reading, words: frozenset[str]) -> bool | None:
    if reading.state in {State.ABSENT, State.EMPTY}:
        return False
    return reading.value in words if reading.state is State.KNOWN and isinstance(reading.value, str) else None


def _enforced(rule: _Rule) -> bool | None:
    preview = read_value(rule.said, "", "preview")[0]
    if preview.state is State.ABSENT:
        return True
    return not preview.value if isinstance(preview.value, bool) else None


def _counts(rule: _Rule) -> bool | None:
    count = read_value(rule.said, "", "rateLimitOptions.rateLimitThreshold.count")[0]
    if count.state in {State.ABSENT, State.EMPTY}:
        return False
    if isinstance(count.value, bool) or not isinstance(count.value, (int, float)):
        return None
    return count.value > 0


def _by_client(rule: _Rule) -> bool | None:
    keys = [
        *read_value(rule.said, "", "rateLimitOptions.enforceOnKey"),
        *read_value(rule.said, "", "rateLimitOptions.enforceOnKeyConfigs.enforceOnKeyType"),
    ]
    answers = [_one_of(each, _BY_CLIENT) for each in keys]
    return True if True in answers else None if None in answers else False


def _of_everybody(rule: _Rule, everybody: frozenset[str]) -> bool | None:
    """Whether a rule matches every request. Of one that matches some, nobody can tell whether those are the calls."""
    expression = read_value(rule.said, "", "match.expr.expression")[0]
    return True if _ALL in rule.ranges or everybody <= rule.ranges or expression.value == "true" else None


def _is_open(rule: _Rule, everybody: frozenset[str]) -> bool:
    """Whether a rule lets everybody through who has an address of one version."""
    return rule.action.value == "allow" and (
        not everybody.isdisjoint(rule.ranges) or _of_everybody(rule, everybody) is True
    )


def _reached(rule: _Rule, rules: list[_Rule | None], everybody: frozenset[str]) -> bool | None:
    """Whether no rule before this one lets everybody through. The lowest number is asked first."""
    open_rules = [each for each in rules if each is not None and _is_open(each, everybody)]
    if not open_rules:
        return True
    numbers = [rule.priority, *(each.priority for each in open_rules)]
    if not all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in numbers):
        return None
    return all(float(str(rule.priority)) < float(str(each.priority)) for each in open_rules)


def finite(reading: Reading) -> Outcome:
    """Judge a quota: a whole number that is no more than a number can be, so not -1, which stands for no limit."""
    missing = unreadable(reading, absent=fail("is absent; expected is a number", reading.path))
    if missing is not None:
        return missing
    text = str(reading.value)
    if isinstance(reading.value, bool) or not isinstance(reading.value, (int, float, str)):
        return indeterminate("is no number where one is expected", reading.path)
    if text.lstrip("-").removesuffix(".0").isdecimal():
        return fail("is no limit", reading.path, text) if text.startswith("-") else PASS
    return indeterminate("is no number where one is expected", reading.path)
