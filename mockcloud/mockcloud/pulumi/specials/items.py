"""Items of lists that are resources of their own: conditions of access levels, rules and resources of perimeters."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import ONE_AT_A_TIME, Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import Missing, parse
from mockcloud.pulumi.translate import creation_of, field_at, holds

Items = list[Any]

_RESOURCE: Final = re.compile(
    r"(?P<perimeterName>accessPolicies/[^/]+/servicePerimeters/[^/]+)/(?P<resource>(?://)?[^/]+/.+)"
)


@special_row(
    "accesscontextmanager/accessLevelCondition:AccessLevelCondition",
    "accesscontextmanager/servicePerimeterDryRunEgressPolicy:ServicePerimeterDryRunEgressPolicy",
    "accesscontextmanager/servicePerimeterDryRunIngressPolicy:ServicePerimeterDryRunIngressPolicy",
    "accesscontextmanager/servicePerimeterEgressPolicy:ServicePerimeterEgressPolicy",
    "accesscontextmanager/servicePerimeterIngressPolicy:ServicePerimeterIngressPolicy",
)
class Item(Tabled):
    """Items of the list that the row's `wrap` names, in the resource that its `self` names."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Append an item."""
        item = self._told(inputs)
        whole = self._edit(place, inputs, lambda items: items if self._in(items, item) else [*items, item])
        return self._item_state(place, whole, item, inputs)

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Find an item. One that is imported is the only one of its list."""
        known = {**outputs, **inputs}
        given = self._given(identifier)
        whole = self._read(place, {**given, **known})
        if whole is None:
            return None
        items: Items = field_at(whole, self._path) or []  # type: ignore[assignment]  # the list that `wrap` names
        if not known:
            known = given
        item = self._told(known)
        found = next((each for each in items if holds(each, item)), None)
        return self._item_state(place, whole, found, known) if found is not None else None

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:  # noqa: ARG002 - an item is sent whole
        """Put another item in an item's place."""
        before, item = self._told(old.outputs), self._told(inputs)
        whole = self._edit(place, inputs, lambda items: [*(each for each in items if not holds(each, before)), item])
        return self._item_state(place, whole, item, inputs)

    def delete(self, place: Place, state: State) -> None:
        """Take an item from the list."""
        item = self._told(state.outputs)
        try:
            self._edit(place, state.outputs, lambda items: [each for each in items if not holds(each, item)])
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise

    def _given(self, identifier: str) -> dict[str, str]:
        """Read an id."""
        return parse(self.kind.row.id, identifier) or {}

    @property
    def _path(self) -> list[str]:
        return self.kind.row.wrap.split(".")

    def _told(self, known: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an item of whatever list
        """Give an item as the API has it."""
        settable = {
            name: known[name] for name, each in self.kind.properties.items() if name in known and not each.output
        }
        body: Any = creation_of(self.kind, settable)[self.kind.row.wrap]
        return body

    def _in(self, items: Items, item: object) -> bool:
        return any(holds(each, item) and holds(item, each) for each in items)

    def _edit(self, place: Place, known: Mapping[str, Any], edit: Callable[[Items], Items]) -> Mapping[str, Any]:
        """Change the list, and give what it is in."""
        row = self.kind.row
        with ONE_AT_A_TIME:
            whole = self._send(place, row.read, known, None)
            first, *inner = self._path
            found: Items = field_at(whole, self._path) or []  # type: ignore[assignment]  # the list that `wrap` names
            sent: Any = edit(found)
            for name in reversed(inner):
                sent = {name: sent}
            body, mask = {first: sent}, row.wrap
            if first == "spec":
                body, mask = {**body, "useExplicitDryRunSpec": True}, f"{mask},useExplicitDryRunSpec"
            path = f"{row.version}/{known[_above(row.self)]}?updateMask={mask}"
            place.api.finish(row.host, row.version, place.api.call("PATCH", row.host, path, body))
            return self._send(place, row.read, known, None)

    def _item_state(self, place: Place, whole: Mapping[str, Any], item: object, known: Mapping[str, Any]) -> State:
        body = item if isinstance(item, Mapping) else {}
        state = self._state(place, {"etag": whole.get("etag", ""), **body}, known, known)
        above = str(known[_above(self.kind.row.self)]).split("/")
        told = {"accessPolicyId": "/".join(above[:2]), "etag": whole.get("etag")}
        outputs = {**state.outputs, **{name: value for name, value in told.items() if name in self.kind.properties}}
        return State(state.id, {name: value for name, value in outputs.items() if value is not None})


def _above(template: str) -> str:
    """Give the property that names what the list is in."""
    return template.strip("{}")


@special_row(
    "accesscontextmanager/servicePerimeterDryRunResource:ServicePerimeterDryRunResource",
    "accesscontextmanager/servicePerimeterResource:ServicePerimeterResource",
)
class PerimeterResource(Item):
    """Resources in a perimeter: texts, at the end of the id."""

    def _given(self, identifier: str) -> dict[str, str]:
        match = _RESOURCE.fullmatch(identifier)
        return match.groupdict() if match else {}

    def _told(self, known: Mapping[str, Any]) -> Any:  # noqa: ANN401 - see above
        if not known.get("resource"):
            raise Missing("resource")
        return known["resource"]
