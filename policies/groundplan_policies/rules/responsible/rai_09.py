"""RAI-09: protected attributes are not features."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
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
from groundplan_policies.flow.places import TABLE, in_warehouse
from groundplan_policies.rules.data.schemas import columns
from groundplan_policies.rules.responsible.attributes import ATTRIBUTES, UNREAD, is_in, is_same, protected, words
from groundplan_policies.rules.responsible.declarations import REVIEW

_FEATURE: Final = "vertex.AiFeatureGroupFeature"
_VIEW: Final = "vertex.AiFeatureOnlineStoreFeatureview"
_NAME, _COLUMN = Path("name"), Path("versionColumnName")
_IDS: Final = Path("featureRegistrySource.featureGroups.featureIds")
_SOURCE: Final = Path("bigQuerySource.uri")
_ENTITIES: Final = Path("bigQuerySource.entityIdColumns")
_SCHEMA: Final = Path("schema")


def _feature(resource: Resource, context: Context) -> Outcome:
    column = _COLUMN.one(resource)
    named = [_NAME.one(resource), *([column] if column.state is not State.ABSENT else [])]
    return all_of([_judge(each, context) for each in named])


def _view(resource: Resource, context: Context) -> Outcome:
    served = [_judge(each, context) for ids in _IDS.read(resource) for each in entries(ids)]
    return all_of([*served, *_columns(resource, context)])


def _columns(view: Resource, context: Context) -> Iterator[Outcome]:
    """Judge the columns of the table from which a view takes everything but the ids of what it is about."""
    source = _SOURCE.one(view)
    if source.state in {State.ABSENT, State.EMPTY} or not context.graph.once(protected):
        return
    tables = in_warehouse(context.graph, view, source)
    ids = {each.text.lower() for ids in _ENTITIES.read(view) for each in entries(ids)}
    found = [_SCHEMA.one(each) for each in tables or () if short_name(each.type) == TABLE]
    for schema in found:
        named = columns(str(schema.value)) if schema.state in {State.KNOWN, State.UNKNOWN} else None
        if named is None:
            yield indeterminate("is a table of which nobody sees the columns", source.path)
        else:
            yield from (_held(each.path, source.path, context) for each in named if each.path not in ids)
    if not found:
        yield indeterminate("is no table of this document, so that nobody sees the columns", source.path)


def _judge(name: Reading, context: Context) -> Outcome:
    if not context.graph.once(protected):
        return NOT_APPLICABLE
    nothing = NOT_APPLICABLE if name.path.startswith("featureRegistry") else indeterminate("is absent", name.path)
    missing = unreadable(name, absent=nothing)
    if missing is not None:
        return missing
    return _held(name.value, name.path, context) if isinstance(name.value, str) else wrong_type(name, "a text")


def _held(name: str, path: str, context: Context) -> Outcome:
    """Hold one name to all attributes. A column inside of a record has the names of both."""
    listed = context.graph.once(protected)
    own, last = words(name), words(name.rpartition(".")[2])
    same = [reason for each, reason in listed.items() if each and (is_same(each, own) or is_same(each, last))]
    if not all(same):
        return fail("is a protected attribute, or a proxy of one, and no reason is given", path)
    if same:
        return declared("is a protected attribute, or a proxy of one, for a reason that the review gives", path)
    if not all(reason for each, reason in listed.items() if is_in(each, own)):
        return indeterminate("has a protected attribute, or a proxy of one, in its name, and no reason is given", path)
    if UNREAD in listed:
        return indeterminate("may be an attribute of a review that cannot be read", path)
    return declared("is nothing that a review lists as protected", path)


CONTROL = Control(
    id="RAI-09",
    title="Protected attributes are not features",
    why=(
        "A model that is given somebody's sex, or what tells it, decides by it. Names of features, of their columns, "
        "of what views serve, and of the columns of a table that a view takes as it is, are held against the "
        "attributes and proxies that reviews of this document list; no matter the case, hyphens and underscores. One "
        "that a review lists with a reason may stay; where several list it, each gives one. A name that only has an "
        "attribute among its words may tell it or may not: it is indeterminate until the review lists it with a "
        "reason, or it is left out. So is a table that this document does not make, or does not say the columns of. "
        "What is a proxy without being listed is found by measuring, not by names. Without a review there is nothing "
        "to hold names against: see RAI-01."
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
        Read(_VIEW, _SOURCE.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read.aside(_VIEW, _ENTITIES.text),
        Read(REVIEW, ATTRIBUTES.text, *[Verdict.NOT_APPLICABLE] * 5),
    ),
    checks={_FEATURE: _feature, _VIEW: _view},
)
