"""Tags on resources, and liens: what Google's API lists, but does not get."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote

from mockcloud.pulumi.lifecycle import Fixed, Place, State
from mockcloud.pulumi.special import special

_HOST: Final = "cloudresourcemanager.googleapis.com"
_BINDINGS: Final = "tagBindings/"


@dataclass(frozen=True)
class Listed(Fixed):
    """Resources that are found in the list of their parent.

    Attributes:
        collection: `tagBindings`.
        version: `v3`.
        names: The properties that are sent.
    """

    collection: str
    version: str
    names: tuple[str, ...]

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make one."""
        host, sent = self._host(inputs), {name: inputs[name] for name in self.names if inputs.get(name) is not None}
        answer = place.api.call("POST", host, f"{self.version}/{self.collection}", sent)
        ended = place.api.finish(host, self.version, answer) or answer
        found = self._found(place, inputs, str(ended.get("name", "")))
        return self._state(found or ended, inputs)

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Find one in the list of its parent, which its id tells, or its properties."""
        known = {**self._told(identifier), **outputs, **inputs}
        found = self._found(place, known, self._name(identifier))
        return self._state(found, known) if found is not None else None

    def delete(self, place: Place, state: State) -> None:
        """Remove one."""
        host = self._host(state.outputs)
        answer = place.api.remove("DELETE", host, f"{self.version}/{self._name(state.id)}")
        place.api.finish(host, self.version, answer)

    def _found(self, place: Place, known: Mapping[str, Any], name: str) -> dict[str, Any] | None:
        path = f"{self.version}/{self.collection}?parent={quote(str(known.get('parent', '')), safe='')}"
        found = place.api.find(self._host(known), path) or {}
        return next((dict(each) for each in found.get(self.collection, []) if each.get("name") == name), None)

    def _state(self, found: Mapping[str, Any], known: Mapping[str, Any]) -> State:
        outputs = {**{name: value for name, value in found.items() if name in _OUTPUTS}, **known}
        name = str(found["name"])
        return State(self._id(name, known), {**outputs, "name": self._short(name)})

    def _host(self, known: Mapping[str, Any]) -> str:
        return f"{known['location']}-{_HOST}" if known.get("location") else _HOST

    def _short(self, name: str) -> str:
        return name

    def _id(self, name: str, known: Mapping[str, Any]) -> str:  # noqa: ARG002 - others need them
        return name

    def _name(self, identifier: str) -> str:
        return identifier

    def _told(self, identifier: str) -> dict[str, str]:  # noqa: ARG002 - others need it
        return {}


_OUTPUTS: Final = frozenset({"parent", "tagValue", "createTime", "origin", "reason", "restrictions"})


class Binding(Listed):
    """Tags on resources: ids hold the resource's name, encoded, and the tag's."""

    def _short(self, name: str) -> str:
        return name.removeprefix(_BINDINGS)

    def _id(self, name: str, known: Mapping[str, Any]) -> str:
        return f"{known['location']}/{name}" if known.get("location") else name

    def _name(self, identifier: str) -> str:
        return _BINDINGS + identifier.partition(_BINDINGS)[2]

    def _told(self, identifier: str) -> dict[str, str]:
        location, _, rest = identifier.partition(_BINDINGS)
        parent = unquote(rest.rpartition("/tagValues/")[0])
        return {"parent": parent, **({"location": location.strip("/")} if location else {})}


class Lien(Listed):
    """Liens on projects: `projects/acme/liens-id`."""

    def _short(self, name: str) -> str:
        return name.removeprefix("liens/")

    def _id(self, name: str, known: Mapping[str, Any]) -> str:  # noqa: ARG002 - see above
        return self._short(name)

    def _name(self, identifier: str) -> str:
        return f"liens/{identifier.rpartition('/')[2]}"

    def _told(self, identifier: str) -> dict[str, str]:
        parent = identifier.rpartition("/")[0]
        return {"parent": parent if parent.startswith("projects/") else f"projects/{parent}"} if parent else {}


@special("tags/tagBinding:TagBinding", "tags/locationTagBinding:LocationTagBinding")
def _binding(token: str) -> Listed:  # noqa: ARG001 - a location makes the difference
    return Binding("tagBindings", "v3", ("parent", "tagValue"))


@special("resourcemanager/lien:Lien")
def _lien(token: str) -> Listed:  # noqa: ARG001 - one type
    return Lien("liens", "v1", ("parent", "origin", "reason", "restrictions"))
