"""NET-20: what goes out is denied by default."""

from collections.abc import Iterator, Sequence
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.network.egress import NETWORK, Effect, Step, Steps, step, steps_of_networks
from groundplan_policies.rules.network.firewalls import FIREWALL, POLICIES_WITH_RULES, POLICY_RULES, rules_of
from groundplan_policies.rules.network.links import named_by

_HIERARCHICAL: Final = (POLICY_RULES[2], POLICIES_WITH_RULES[2])
_ORDER = Path("networkFirewallPolicyEnforcementOrder")
_FIRST: Final = "BEFORE_CLASSIC_FIREWALL"
_SUBNET_NETWORK, _STACK, _ACCESS = Path("network"), Path("stackType"), Path("ipv6AccessType")


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    found = steps_of_networks(context)
    with_six = _with_six(context)
    closers: dict[str, Resource] = {}
    for network in context.graph.of(NETWORK):
        versions = (4, 6) if network.urn in with_six else (4,)
        outcomes = [_order(order, each, closers) for order in _orders(network, found[network.urn]) for each in versions]
        yield network, all_of(outcomes)
    yield from ((each, PASS) for each in closers.values())
    for resource in context.graph.of(*_HIERARCHICAL):
        effects = {step(each, context).effect for each in rules_of(resource) if each.is_egress is not False}
        if Effect.OPENS in effects:
            yield resource, fail("allows egress to the internet before any network is asked")
        elif effects:
            unclear = indeterminate("may allow egress to the internet before any network is asked")
            yield resource, unclear if Effect.UNCLEAR in effects else PASS


def _with_six(context: Context) -> set[str]:
    """Give the networks from which a subnet may reach the internet with IPv6."""
    found: set[str] = set()
    for subnet in context.graph.of("compute.Subnetwork"):
        stack, access = _STACK.one(subnet), _ACCESS.one(subnet)
        if stack.state in {State.ABSENT, State.EMPTY} or stack.text == "IPV4_ONLY" or access.text == "INTERNAL":
            continue
        networks = named_by(subnet, _SUBNET_NETWORK.one(subnet), context, NETWORK)
        found |= {each.urn for each in (context.graph.of(NETWORK) if networks is None else networks)}
    return found


def _orders(network: Resource, steps: Steps) -> list[list[Step]]:
    """Give the rules of a network in the order in which they are asked; both orders where it is not known which."""

    def by_place(each: Step) -> tuple[float, int]:
        return each.order

    classic, policies = sorted(steps.classic, key=by_place), sorted(steps.policies, key=by_place)
    # A regional policy closes its region alone, so that it can only open.
    regional = [each for each in steps.regional if each.effect is not Effect.CLOSES]
    order = _ORDER.one(network)
    first, last = [*policies, *regional, *classic], [*classic, *policies, *regional]
    if order.state is State.KNOWN and order.text:
        return [first if order.text == _FIRST else last]
    return [last] if order.state in {State.ABSENT, State.EMPTY} else [first, last]


def _order(steps: Sequence[Step], version: int, closers: dict[str, Resource]) -> Outcome:
    unclear = False
    for each in steps:
        if each.effect is Effect.OPENS:
            return fail("lets out to the internet by a rule that is asked before any denies it", "", each.resource.name)
        if version in each.closes:
            closers[each.resource.urn] = each.resource
            return indeterminate("has rules that may let out to the internet first") if unclear else PASS
        unclear = unclear or each.effect is Effect.UNCLEAR
    if unclear:
        return indeterminate("has no rule that denies all egress, and rules that cannot be read")
    return fail(f"has no rule that denies all egress of IPv{version}; what no rule decides may go anywhere")


def _closing(type_: str, *paths: str, at: str = "") -> tuple[Read, ...]:
    """Document what a rule that closes is read for: changed, it closes nothing, and the network says so."""
    return tuple(Read(type_, f"{at}{path}", *[Verdict.NOT_APPLICABLE] * 5) for path in paths)


def _free(type_: str, *paths: str, at: str = "") -> tuple[Read, ...]:
    """Document what need not be there for a rule to close."""
    none = [Verdict.PASS] * 2 + [Verdict.NOT_APPLICABLE] * 3
    return tuple(Read(type_, f"{at}{path}", *none) for path in paths)


def _switch(type_: str, path: str) -> Read:
    return Read(type_, path, Verdict.PASS, *[Verdict.NOT_APPLICABLE] * 4)


def _policy_reads(type_: str, at: str = "") -> tuple[Read, ...]:
    return (
        *_closing(type_, "action", "priority", "match.destIpRanges", "match.layer4Configs.ipProtocol", at=at),
        *_closing(type_, "direction", at=at),
        *_free(type_, "match.srcIpRanges", "targetSecureTags", "targetServiceAccounts", at=at),
        _switch(type_, f"{at}disabled"),
    )


def _hierarchical_reads(type_: str, at: str = "") -> tuple[Read, ...]:
    others = ("action", "disabled", "priority")
    return (
        Read(type_, f"{at}match.destIpRanges"),
        *(Read.aside(type_, f"{at}{each}") for each in others),
    )


CONTROL = Control(
    id="NET-20",
    title="What goes out is denied by default",
    why=(
        "A VPC lets out everything that no rule denies, so one compromised notebook sends the training data wherever "
        "it likes. Each network needs a rule that denies every protocol on every machine to 0.0.0.0/0, in its own "
        "firewall rules or in a global policy that is associated with it, and before it none that allows the whole "
        "internet, a country or a list of Google's, on whatever port. Where a subnet has external IPv6, ::/0 must be "
        "denied too. Rules of folders and the organisation are asked first: one that allows the internet fails "
        "itself; one that denies it closes nothing here, as the document does not show whom it reaches. A name "
        "without a project means a network or policy of the project of whatever gives it."
    ),
    remedy="Use Network, or add a last firewall rule that denies `all` egress to 0.0.0.0/0.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("2.2.b", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "SC-7", "What comes in: NET-19; and the other borders of the network."),),
    reads=(
        Read.aside(NETWORK, _ORDER.text),
        *_closing(FIREWALL, "denies.protocol", "direction", "network"),
        *_free(FIREWALL, "destinationRanges", "targetTags", "targetServiceAccounts", "sourceRanges"),
        _switch(FIREWALL, "disabled"),
        _switch(FIREWALL, "priority"),
        *_policy_reads(POLICY_RULES[0]),
        *_closing(POLICY_RULES[0], "firewallPolicy"),
        *_policy_reads(POLICIES_WITH_RULES[0], "rules."),
        *_hierarchical_reads(POLICY_RULES[2]),
        *_hierarchical_reads(POLICIES_WITH_RULES[2], "rules."),
    ),
    stack=_stack,
)
