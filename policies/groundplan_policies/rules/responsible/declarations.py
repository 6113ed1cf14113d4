"""Reviews and agreements: what people declared of models and data, found from the resources that answer to them.

The form is that of the constructs `ResponsibleAiReview` and `DataUseAgreement`: inputs of a component, which name what
they refer to by its URN. Nothing in the cloud tells any of it, so a rule that rests on it alone is declared at best.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, StackCheck
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, contains_secret, contains_unknown, is_unknown
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict, declared, fail, indeterminate
from groundplan_policies.flow.declared import governing, texts

REVIEW: Final = "groundplan:governance:ResponsibleAiReview"
AGREEMENT: Final = "groundplan:governance:DataUseAgreement"
MONITORING: Final = "groundplan:monitoring:ModelMonitoring"

SERVED: Final = (
    "vertex.AiEndpoint",
    "vertex.AiEndpointWithModelGardenDeployment",
    "vertex.AiIndexEndpoint",
    "vertex.AiReasoningEngine",
)
"""Short names of the types by which models answer requests."""

_ADDRESS: Final = re.compile(r"([^\s<>()\":/,;@]+)@([^\s<>()\":/,;@]+)")
_DIGEST: Final = Path("digest")
RISK: Final = Path("review.riskClass")
_LOW: Final = frozenset({"limited", "minimal"})


def of_type(graph: Graph, type_: str) -> tuple[Resource, ...]:
    """Give the components of a type, in the order of the document."""
    return graph.once(_components).get(type_, ())


def _components(graph: Graph) -> Mapping[str, tuple[Resource, ...]]:
    found: dict[str, list[Resource]] = {}
    for resource in graph.document.resources:
        if resource.is_component:
            found.setdefault(resource.type, []).append(resource)
    return {type_: tuple(each) for type_, each in found.items()}


def served(graph: Graph) -> Iterator[Resource]:
    """Give what answers requests with models."""
    return graph.of(*SERVED)


def reviews_of(resource: Resource, graph: Graph) -> tuple[str, ...]:
    """Give the URNs of the reviews that a resource answers to, by its own word and that of what is around it."""
    found = (urn for said in governing(resource, graph) for urn in texts(said.get("review")))
    return tuple(dict.fromkeys(found))


def review_of(resource: Resource, graph: Graph) -> Resource | None:
    """Give the one review of this document that a resource answers to; None for none, several, or one of elsewhere."""
    urns = reviews_of(resource, graph)
    found = graph.document.get(urns[0]) if len(urns) == 1 else None
    return found if found is not None and found.type == REVIEW else None


def answering(review: Resource, graph: Graph, *short: str) -> tuple[Resource, ...]:
    """Give the resources of some types that answer to a review."""
    return tuple(each for each in graph.of(*short) if review.urn in reviews_of(each, graph))


def agreements_of(resource: Resource, graph: Graph) -> tuple[Resource, ...] | None:
    """Give the agreements that hold for a resource; None where one of them is not in this document."""
    urns = dict.fromkeys(urn for said in governing(resource, graph) for urn in texts(said.get("agreements")))
    found = [graph.document.get(urn) for urn in urns]
    kept = tuple(each for each in found if each is not None and each.type == AGREEMENT)
    return kept if len(kept) == len(found) else None


def purpose_of(resource: Resource, graph: Graph) -> str:
    """Give the purpose that a resource says to serve, or what is around it; "" if nothing says one."""
    return next((text for said in governing(resource, graph) for text in texts(said.get("purpose"))), "")


def is_high_risk(review: Resource | None) -> bool:
    """Whether a use counts as high-risk: also where nobody has said, or nobody can tell what was said."""
    risk = RISK.one(review) if review is not None else None
    return risk is None or risk.state is not State.KNOWN or risk.value not in _LOW


def only_declared(outcome: Outcome, message: str) -> Outcome:
    """Give what a check says, with a pass taken for the declaration that it is."""
    return declared(message) if outcome.verdict is Verdict.PASS else outcome


def each_review(check: Check, message: str) -> StackCheck:
    """Make a check of the whole deployment that looks at each review.

    Args:
        check: Looks at one.
        message: What is declared where it passes.
    """

    def stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
        for review in of_type(context.graph, REVIEW):
            yield review, only_declared(check(review, context), message)

    return stack


def day(reading: Reading, expected: str, judge: Callable[[date], Outcome]) -> Outcome:
    """Judge a date as YYYY-MM-DD.

    Args:
        reading: The value.
        expected: What it is, for messages: "the day of the review".
        judge: Judges the day.
    """
    nothing = fail(f"is missing: {expected}", reading.path)
    missing = unreadable(reading, absent=nothing, empty=nothing)
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a date")
    try:
        found = date.fromisoformat(reading.value)
    except ValueError:
        return indeterminate("is no date as YYYY-MM-DD", reading.path)
    return judge(found)


def digest_of(value: Value) -> str:
    """Give `sha256:` and the digest of canonical JSON: keys sorted, no spaces, whole numbers without a point."""
    text = json.dumps(_whole(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def is_unchanged(resource: Resource, what: str) -> Outcome:
    """Judge whether the digest of a declaration is that of what it declares.

    Args:
        resource: The review or the agreement.
        what: The input that it declares: "review", "agreement".
    """
    text, digest = Path(what).one(resource), _DIGEST.one(resource)
    nothing = fail(f"is missing, so that a change of the {what} goes unseen", digest.path)
    missing = unreadable(digest, absent=nothing, empty=nothing)
    if missing is not None:
        return missing
    if contains_unknown(text.value) or contains_secret(text.value):
        return indeterminate("holds what nobody can see, so that nobody can tell whether it was changed", text.path)
    same = isinstance(text.value, dict) and digest.value == digest_of(text.value)
    return PASS if same else fail(f"is not the digest of the {what} as it stands", digest.path)


def _whole(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: _whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def person(reading: Reading) -> str:
    """Give who a principal or an address means, to compare two of them; "" for what cannot be read.

    The name beside an address, and what stands behind a plus sign in it, change nothing of whom it reaches.
    """
    if reading.state is not State.KNOWN or is_unknown(reading.text):
        return ""
    address = _ADDRESS.search(reading.text.lower())
    if address is not None:
        return f"{address[1].partition('+')[0]}@{address[2]}"
    return reading.text.strip().rpartition(":")[2].lower()
