"""RAI-09: protected attributes are not features."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    Outcome,
    Severity,
    Verdict,
    all_of,
    declared,
    fail,
    indeterminate,
)
from groundplan_policies.rules.responsible.declarations import REVIEW, of_type

_FEATURE: Final = "vertex.AiFeatureGroupFeature"
_VIEW: Final = "vertex.AiFeatureOnlineStoreFeatureview"
_NAME, _COLUMN = Path("name"), Path("versionColumnName")
_IDS: Final = Path("featureRegistrySource.featureGroups.featureIds")
_ATTRIBUTES: Final = Path("review.protectedAttributes")
_APART: Final = re.compile(r"[\W_]+")
_UNREAD: Final = ""
"""What stands for an attribute that cannot be read."""


def _feature(resource: Resource, context: Context) -> Outcome:
    column = _COLUMN.one(resource)
    named = [_NAME.one(resource), *([column] if column.state is not State.ABSENT else [])]
    return all_of([_judge(each, context) for each in named])


def _view(resource: Resource, context: Context) -> Outcome:
    return all_of([_judge(each, context) for ids in _IDS.read(resource) for each in entries(ids)])


def _judge(name: Reading, context: Context) -> Outcome:
    protected = context.graph.once(_protected)
    if not protected:
        return NOT_APPLICABLE
    nothing = NOT_APPLICABLE if name.path.startswith("featureRegistry") else indeterminate("is absent", name.path)
    missing = unreadable(name, absent=nothing)
    if missing is not None:
        return missing
    return _held(name, protected) if isinstance(name.value, str) else wrong_type(name, "a text")


def _held(name: Reading, protected: Mapping[str, bool]) -> Outcome:
    explained = protected.get(_plain(name.text))
    if explained is None:
        unread = indeterminate("may be an attribute of a review that cannot be read", name.path)
        return unread if _UNREAD in protected else declared("is nothing that a review lists as protected", name.path)
    if explained:
        return declared("is a protected attribute, or a proxy of one, for a reason that the review gives", name.path)
    return fail("is a protected attribute, or a proxy of one, and no reason is given", name.path)


def _protected(graph: Graph) -> Mapping[str, bool]:
    """Name of an attribute or proxy -> whether each review that lists it gives a reason."""
    found: dict[str, bool] = {}
    for review in of_type(graph, REVIEW):
        listed = _ATTRIBUTES.one(review)
        if listed.state in {State.ABSENT, State.EMPTY}:
            continue
        for each in entries(listed):
            reason = _text(each.value, "reason")
            for name in _names(each.value):
                found[name] = found.get(name, True) and bool(reason.strip())
    return found


def _names(attribute: Value) -> Iterator[str]:
    name = _text(attribute, "name")
    yield _plain(name)
    proxies = attribute.get("proxies") if isinstance(attribute, dict) else None
    if proxies is not None:
        yield from (_plain(each) if isinstance(each, str) else _UNREAD for each in _as_list(proxies))


def _as_list(value: Value) -> list[Value]:
    return list(value) if isinstance(value, list) else [value]


def _text(value: Value, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _plain(name: str) -> str:
    """Give a name without what people write in different ways: case, hyphens, underscores."""
    return _APART.sub("", name).lower()


CONTROL = Control(
    id="RAI-09",
    title="Protected attributes are not features",
    why=(
        "A model that is given somebody's sex, or what tells it, decides by it. Names of features, of their columns "
        "and of what views serve are held against the attributes and proxies that reviews of this document list; "
        "no matter the case, hyphens and underscores. One that a review lists with a reason may stay; where several "
        "list it, each gives one. What is a proxy without being listed is found by measuring, not by names. Without a "
        "review there is nothing to hold names against: see RAI-01."
    ),
    remedy="Leave the feature out, or give the reason in the review's `protected_attributes`.",
    ask="Measure which features tell a protected attribute, and read the reasons for those that stay.",
    severity=Severity.HIGH,
    evidence=Evidence.DECLARATION,
    objectives=("2.1.d", "6.1.b"),
    clauses=(
        evidence("eu-ai-act", "10", "Proxies that nobody lists."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.11", "Proxies that nobody lists."),
        evidence("iso-42001-2023", "A.5.4", "Effects on people beside those of features."),
    ),
    reads=(
        Read(_FEATURE, "name", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read(_FEATURE, "versionColumnName", absent=Verdict.PASS, empty=Verdict.INDETERMINATE),
        Read(_VIEW, _IDS.text, absent=Verdict.NOT_APPLICABLE, empty=Verdict.NOT_APPLICABLE),
        Read(REVIEW, _ATTRIBUTES.text, *[Verdict.NOT_APPLICABLE] * 5),
    ),
    checks={_FEATURE: _feature, _VIEW: _view},
)
