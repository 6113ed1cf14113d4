"""Where data comes from and goes to: places of this document, and partners that the settings list.

An entry of the list is an address, and stands for all that is below it: `gs://partner` for `gs://partner/in/*.csv`,
but not for `gs://partner2`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, is_unknown, split_unknown
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, all_of, fail, indeterminate
from groundplan_policies.rules.data.targets import bucket
from groundplan_policies.rules.identity.domains import own_projects

BUCKET = "gs://"
PROJECT = "projects/"
TABLE = "bq://"
_ARN_ACCOUNT = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Properties that together name a place.

    Attributes:
        scheme: What stands before the name in an address, where the name has no scheme of its own.
        paths: The properties, the outer first, such as a storage account and a container in it.
        sources: Short names of the types of this document of which a value that is not known yet may come.
        lists: Whether the property holds a list of names, and not one.
    """

    scheme: str
    paths: tuple[str, ...]
    sources: tuple[str, ...] = ()
    lists: bool = False


def judge(place: Place, resource: Resource, context: Context, inputs: Mapping[str, Value], around: str = "") -> Outcome:
    """Say whether a place is in this document, or a partner's. Without a name it does not apply.

    Args:
        place: The place.
        resource: The resource that names it.
        context: What checks are given.
        inputs: Where its paths begin: the resource's inputs, or an object among them.
        around: Path of that object.
    """
    first, *rest = place.paths
    outer = read_value(inputs, around, first)
    inner = [Path(path).one(resource) if not around else read_value(inputs, around, path)[0] for path in rest]
    named = [each for reading in outer for each in entries(reading)] if place.lists else outer
    return all_of(_judge(place, [each, *inner], resource, context) for each in named)


def _judge(place: Place, parts: list[Reading], resource: Resource, context: Context) -> Outcome:
    first = parts[0]
    if first.state in {State.ABSENT, State.EMPTY}:
        in_list = first.path.endswith("]")
        return indeterminate("is empty where a name is expected", first.path) if in_list else NOT_APPLICABLE
    if isinstance(first.value, str) and _is_ours(place, first, resource, context.graph):
        return PASS
    for part in parts:
        missing = None if part.state is State.UNKNOWN else unreadable(part, absent=NOT_APPLICABLE)
        if missing is None and not isinstance(part.value, str):
            missing = wrong_type(part, "a text")
        if missing is not None and missing is not NOT_APPLICABLE:
            return missing
    address = _address(place, [part.text for part in parts if part.text])
    return _listed(address, first, context.parameters.transfer_partners)


def _is_ours(place: Place, named: Reading, resource: Resource, graph: Graph) -> bool:
    if place.scheme == BUCKET:
        found = bucket(graph, resource, named)
        if found is not None and not found.external:
            return True
    if named.state is State.UNKNOWN:
        whole = not any(split_unknown(named.text))
        return whole and graph.made(resource, named, *place.sources) is not None
    if place.scheme == TABLE:
        return named.text.count(".") > 1 and named.text.rsplit(".", 2)[0] in graph.once(own_projects)
    return place.scheme == PROJECT and project_in(named.text) in graph.once(own_projects)


def project_in(text: str) -> str:
    """Give the project that a name tells: `projects/p/…`, `//host/projects/p/…`, `p:region:instance`, or `p` itself."""
    _, mark, after = text.partition(PROJECT)
    return (after if mark else text.rsplit(":", 2)[0]).partition("/")[0]


def _address(place: Place, names: list[str]) -> str:
    name = "/".join(names)
    if place.scheme == TABLE:
        return TABLE + "/".join(name.rsplit(".", 1))
    if place.scheme == PROJECT and not is_unknown(name):
        return PROJECT + project_in(name)
    return name if "://" in name or name.startswith(PROJECT) else place.scheme + name


def _listed(address: str, named: Reading, partners: tuple[str, ...] | None) -> Outcome:
    if partners is None:
        return indeterminate("is outside of this document, and the settings list no partners", named.path)
    known = split_unknown(address)[0]
    for partner in partners:
        entry = partner.rstrip("/")
        if (address == entry and known == address) or known.startswith(f"{entry}/") or _account(known) == entry:
            return PASS
    if is_unknown(address):
        return indeterminate("is known only after the deployment", named.path)
    return fail("is outside of this document, and no partner of the settings", named.path)


def _account(address: str) -> str:
    """Give the account of a role of Amazon's, such as `arn:aws:iam::123456789012:role/reader`; "" for others."""
    parts = address.split(":")
    return parts[_ARN_ACCOUNT] if address.startswith("arn:") and len(parts) > _ARN_ACCOUNT + 1 else ""
