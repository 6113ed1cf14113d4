"""DAT-12: policy tags are masked."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import Expectation, either, is_one_of, is_set, unreadable
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, State, entries
from groundplan_policies.engine.principals import Kind, Principals
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    all_of,
    fail,
    indeterminate,
)

_TAG = "datacatalog.PolicyTag"
_TABLE = "bigquery.Table"
_POLICY = "bigquerydatapolicy.DataPolicy"
_POLICY_V2 = "bigquery.Datapolicyv2DataPolicy"
_READER = "roles/datacatalog.categoryFineGrainedReader"
_TYPE = Path("dataPolicyType")
_POLICY_TAG = Path("policyTag")
_GRANTEES = Path("grantees")
_SCHEMA = Path("schema")
_KNOWN_TYPE: Final = is_one_of(
    "dataPolicyType", "DATA_MASKING_POLICY", "COLUMN_LEVEL_SECURITY_POLICY", "RAW_DATA_ACCESS_POLICY"
)
_EXPRESSION: Final = is_one_of(
    "dataMaskingPolicy.predefinedExpression",
    "SHA256",
    "ALWAYS_NULL",
    "DEFAULT_MASKING_VALUE",
    "EMAIL_MASK",
    "LAST_FOUR_CHARACTERS",
    "FIRST_FOUR_CHARACTERS",
    "DATE_YEAR_MASK",
    "RANDOM_HASH",
)
_ROUTINE: Final = is_set("dataMaskingPolicy.routine", "bigquery.Routine", expected="a masking routine")
_MASK: Final = either(_EXPRESSION, _ROUTINE)


def _policy(resource: Resource, context: Context) -> Outcome:
    known = _KNOWN_TYPE(resource, context)
    if known is not PASS:
        return known
    match _TYPE.one(resource).value:
        case "DATA_MASKING_POLICY":
            return _MASK(resource, context)
        case "RAW_DATA_ACCESS_POLICY":
            return _grantees(resource, context)
        case _:
            return PASS  # whoever is not granted the raw values sees none


def _grantees(resource: Resource, context: Context) -> Outcome:
    listed = _GRANTEES.one(resource)
    missing = unreadable(listed, absent=fail("names nobody who may read the raw values", listed.path))
    if missing is not None:
        return missing
    principals = context.graph.once(Principals)
    outcomes = []
    for entry in entries(listed):
        who = principals.read(resource, entry)
        if who.public:
            outcomes.append(fail("lets everybody read the raw values", entry.path))
        elif who.kind is Kind.UNKNOWN:
            outcomes.append(indeterminate("is nobody that can be told", entry.path))
        else:
            outcomes.append(PASS)
    return all_of(outcomes)


def _tag(resource: Resource, context: Context) -> Outcome:
    graph = context.graph
    if any(_policy(policy, context) is PASS for policy in graph.once(_policies).get(resource.urn, ())):
        return PASS
    readers = [each.principal for each in graph.grants_on(resource) if each.role.text == _READER]
    if any(not reader.public and reader.kind is not Kind.UNKNOWN for reader in readers):
        return PASS
    if graph.once(_policies).get("", ()):
        return indeterminate("may be masked by a policy that does not say of which tag it is")
    if resource.urn in graph.once(_used):
        return fail("is used by a schema, with no mask and nobody who is granted the values")
    if "" in graph.once(_used):
        return indeterminate("may be used by a schema that cannot be read")
    return NOT_APPLICABLE


def _policies(graph: Graph) -> Mapping[str, tuple[Resource, ...]]:
    """The policies of each tag, by its URN; under "" those of which nobody can say of which tag they are."""
    found: dict[str, list[Resource]] = {}
    for policy in graph.of(_POLICY):
        named = _POLICY_TAG.one(policy)
        tag = graph.resolve(policy, named, _TAG)
        if tag is not None or named.state is not State.KNOWN:
            found.setdefault(tag.urn if tag is not None else "", []).append(policy)
    return {urn: tuple(each) for urn, each in found.items()}


def _used(graph: Graph) -> frozenset[str]:
    """URNs of the tags that schemas use; "" stands for those that schemas may use which cannot be read."""
    found: set[str] = set()
    texts: list[str] = []
    for table in graph.of(_TABLE):
        schema = _SCHEMA.one(table)
        tags = {each.urn for each in graph.origins(table, schema) if short_name(each.type) == _TAG}
        found |= tags
        if schema.state is State.KNOWN:
            texts.append(schema.text)
        elif schema.state not in {State.ABSENT, State.EMPTY} and not tags:
            found.add("")
    for tag in graph.of(_TAG):
        names = filter(None, (tag.id, tag.outputs.get("name")))
        if any(isinstance(name, str) and f'"{name}"' in text for name in names for text in texts):
            found.add(tag.urn)
    return frozenset(found)


def _reads(type_: str, *expectations: Expectation) -> tuple[Read, ...]:
    return tuple(each.reads(type_) for each in expectations)


CONTROL = Control(
    id="DAT-12",
    title="Policy tags are masked",
    why=(
        "A tag that nobody masks and that nobody is granted either keeps everybody from the column, until somebody in "
        "a hurry removes it, or gives all of it. A tag passes with a policy that masks or closes the column, or with "
        "named readers of the values. Tags that no schema uses, such as those above others, are not judged. The newer "
        "form of policies names no tag of a taxonomy; it is judged by itself: it masks, closes, or names who reads."
    ),
    remedy="Use Warehouse, or make a data policy with a masking expression for each tag.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("2.1.e",),
    clauses=(
        partial("google-ai", "BQ-CO-6.5", "That columns carry the tags: DAT-10; that they are enforced: DAT-11."),
    ),
    reads=(
        *_reads(_POLICY, _KNOWN_TYPE, _EXPRESSION),
        *_reads(_POLICY_V2, _KNOWN_TYPE, _EXPRESSION),
    ),
    checks={_TAG: _tag, _POLICY: _policy, _POLICY_V2: _policy},
)
