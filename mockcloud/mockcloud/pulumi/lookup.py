"""Functions of which a row tells what they read: see `lookup_rows`."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockcloud.pulumi.answers import answer_of
from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.lookup_rows import Lookup
from mockcloud.pulumi.properties import Properties
from mockcloud.pulumi.rows import BadRow, row_of
from mockcloud.pulumi.special import lifecycle_of
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill, parse, variables
from mockcloud.pulumi.translate import field_at

_PLACES: Final = ("project", "region", "zone", "location")
_BAD: Final = 400


class Absent(Refused):
    """What a function reads is not there: since its version 5 the provider fails then.

    Attributes:
        identifier: The id that was read.

    Source: upgrade guide of the provider's version 5, data sources.
    """

    def __init__(self, token: str, identifier: str) -> None:
        self.identifier = identifier
        super().__init__(NOT_FOUND, f"There is no {identifier}.", "NOT_FOUND", token)


def look_up(place: Place, row: Lookup, signature: Properties, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a function that has a row.

    Raises:
        Absent: What it reads is not there.
        Refused: The cloud refused a call.
        Missing: The row needs what neither the arguments nor the provider's settings tell.
    """
    values = _values(place, row, arguments)
    meant = {name for template in (row.get or row.list, *row.values.values()) for name in variables(template)}
    placed: dict[str, Any] = {name: values[name] for name in _PLACES if name in meant and name in signature}
    if row.reads:
        found = read_type(place, row.token, row.reads, _chosen(place, row, values, arguments), row.id)
        return {**placed, **found}
    if row.into:
        found = {row.into: _listed(place, row, values, arguments)}
    else:
        found = dict(_got(place, row, values) if row.get else _picked(place, row, values, arguments))
    answer = answer_of(signature, {**found, **placed, **arguments}, {}, row.telling)
    told = {**{name: each for name, each in {**found, **answer}.items() if isinstance(each, str | int)}, **values}
    for path, template in row.tells.items():
        into, _, name = path.rpartition(".")
        for item, raw in zip(answer[into], found[into], strict=True) if into else [(answer, told)]:
            item[name] = fill(template, {**values, **raw}, query=False)
    return {**answer, "id": fill(row.id, {**told, **answer}, query=False)}


def read_type(place: Place, token: str, kind: str, arguments: Mapping[str, Any], template: str = "") -> dict[str, Any]:
    """Read a resource: its outputs and its id.

    Args:
        place: Where it is.
        token: The function.
        kind: Token of the type.
        arguments: The values of the variables of its id; or `selfLink`, which names it.
        template: Template of its id; "" for a type that has a row, which tells it.

    Raises:
        Absent: It is not there.
        Refused: The cloud refused a call.
        BadRow: The type has no row, and no template is given.
    """
    life = lifecycle_of(kind)
    if life is None or not (template or isinstance(life, Tabled)):
        raise BadRow(f"{kind} has no row", given=kind, allowed="a type of types/", remedy="write its row")
    identifier = fill(template, arguments, query=False) if template else ""
    if isinstance(life, Tabled) and not template:
        arguments = {**arguments, **_linked(life.kind.row.self, _link(arguments))}
        # The id of what lies in a list of another resource says more than the path of that does.
        path, whole = life.kind.row.self, life.kind.row.id
        told = path if {*variables(whole)} <= {*variables(path)} else whole
        identifier = fill(told, life.values(place, arguments))
    state = life.read(place, identifier, {}, arguments)
    if state is None:
        raise Absent(token, identifier)
    return {**state.outputs, "id": state.id}


def _link(arguments: Mapping[str, Any]) -> str:
    return str(arguments.get("selfLink") or arguments.get("selfLinkUnique") or "").partition("?")[0]


def _linked(template: str, link: str) -> dict[str, str]:
    """Give what a link names, where a function may be given one instead of a name."""
    before, mark, rest = link.partition("projects/")
    return (parse(template, mark + rest) or {}) if before.endswith("/") or not before else {}


def _values(place: Place, row: Lookup, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values of variables: the arguments, the provider's settings, and what the row makes of both."""
    settings = place.settings
    region = settings.region or settings.zone.rpartition("-")[0]
    places = {"project": settings.project, "region": region, "zone": settings.zone, "location": region or settings.zone}
    values = {name: value for name, value in {**places, **arguments}.items() if value not in (None, "")}
    for name, template in row.values.items():
        if name not in arguments:
            values[name] = fill(template, values, query=False)
    return values


def _got(place: Place, row: Lookup, values: Mapping[str, Any]) -> Mapping[str, Any]:
    found = place.api.find(fill(row.host, values), fill(row.get, values))
    if found is None:
        raise Absent(row.token, fill(row.id, values, query=False))
    inside = found.get(row.items) if row.items else found
    return inside if isinstance(inside, Mapping) else {}


def _items(
    place: Place, row: Lookup, values: Mapping[str, Any], arguments: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Give the items of a list that match."""
    for each in place.api.pages(fill(row.host, values), fill(row.list, values), row.items):
        if all(_matches(each, path, arguments[name]) for name, path in row.match.items() if name in arguments):
            yield each


def _listed(place: Place, row: Lookup, values: Mapping[str, Any], arguments: Mapping[str, Any]) -> list[Any]:
    items = list(_items(place, row, values, arguments))
    if row.each:
        return [read_type(place, row.token, row.each, _of(row.each, each, values)) for each in items]
    if not row.value:
        return items
    texts = [str(field_at(each, row.value.split("."))) for each in items]
    return sorted(texts) if row.sorted else texts


def _chosen(place: Place, row: Lookup, values: Mapping[str, Any], arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the values of an id: those of what is picked from a list, where no argument names it."""
    if not row.list or {*_words(row.reads), "selfLink", "selfLinkUnique"} & arguments.keys():
        return values
    return _of(row.reads, _picked(place, row, values, arguments), values)


def _of(kind: str, item: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the values of the id of an item of a list. Its project is the one that was asked for, not its number."""
    row = row_of(kind)
    told = _linked(row.self, str(item.get("selfLink") or item["name"])) if row is not None else {}
    return {**values, **{name: told[name] for name in _words(kind) if name in told}}


def _words(kind: str) -> set[str]:
    """Give the variables of a type's path that no setting of the provider tells."""
    row = row_of(kind)
    return {*variables(row.self)} - {*_PLACES} if row is not None else set()


def _matches(item: object, path: str, wanted: object) -> bool:
    found = field_at(item, path.split("."))
    return found == wanted or str(found) == str(wanted)


def _picked(place: Place, row: Lookup, values: Mapping[str, Any], arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the one item of a list that a function tells."""
    fitting = list(_items(place, row, values, arguments))
    wanted = ", ".join(f"{name} {arguments[name]}" for name in (*row.match, "filter") if name in arguments)
    if not fitting:
        raise Absent(row.token, f"item of {row.items} with {wanted or 'any name'}")
    if row.alone and len(fitting) > 1 and not values.get("mostRecent"):
        message = f"{len(fitting)} fit {wanted or 'any name'}: narrow it down, or set mostRecent."
        raise Refused(_BAD, message, "INVALID_ARGUMENT", row.token)
    if not row.newest:
        return fitting[0]
    return max(fitting, key=lambda each: str(field_at(each, row.newest.split("."))))
