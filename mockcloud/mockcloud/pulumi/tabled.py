"""The life of a resource whose type has a row: every step is a call that the row tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.identifiers import of_other_form, read_full_name, read_identifier, read_short
from mockcloud.pulumi.lifecycle import Partial, Place, State
from mockcloud.pulumi.links import Found, Type
from mockcloud.pulumi.remaining import remaining
from mockcloud.pulumi.rows import Request
from mockcloud.pulumi.settled import from_full_names, labels_of, place_of, values_of
from mockcloud.pulumi.templates import Missing, fill, parse, variables
from mockcloud.pulumi.translate import ATTRIBUTION, body_of, creation_of, field_at, outputs_of, put

_ABSENT: Final = ("does not contain a rule at priority", "association with that name does not exist")
"""What compute says of what is not there, where it does not answer 404."""

_FINGERPRINTS: Final = ("fingerprint", "labelFingerprint")
"""Fields that a change sends back as they were read."""


@dataclass(frozen=True)
class Tabled:
    """The resources of a type that has a row.

    Attributes:
        kind: The type.
    """

    kind: Type

    @property
    def unchangeable(self) -> frozenset[str]:
        """Properties that no call changes, so that a change of them makes a new resource, whatever they are marked."""
        row = self.kind.row
        if row.update is not None or row.updates or type(self).update is not Tabled.update:
            return row.replaces
        return frozenset(link.property.name for link in self.kind.links) | self.kind.in_url

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a resource."""
        values = values_of(self.kind, place, inputs)
        sent = self._creation(place, values, inputs)
        answer = self._send(place, self.kind.row.create, values, sent)
        failure: Refused | None = None
        try:
            ended = place.api.finish(self._host(values), self.kind.row.version, answer)
        except Refused as refused:
            ended, failure = None, refused
        values = self._known(values, self._bare(answer if ended is None else ended))
        found = self._read(place, values)
        if failure is not None and found is None:
            raise failure
        state = self._state(place, (ended or {}) if found is None else found, inputs, values)
        if failure is not None:
            raise Partial(state, [failure.given])
        return state

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read a resource, by its id, a name that the API gives it, or a short form of its id."""
        identifier, said = of_other_form(self.kind, place, identifier) if not inputs else (identifier, {})
        given = {**said, **read_identifier(self.kind.row, identifier, self._short(identifier))}
        values = {**values_of(self.kind, place, {**outputs, **inputs, **given}), **given}
        found = self._read(place, values)
        if found is None:
            return None
        if not inputs:
            given = {**read_full_name(self.kind, str(found.get("name", ""))), **given}
        told = {name: value for name, value in given.items() if name in self.kind.properties}
        known = {**told, **self._left(place, found, inputs)}
        if not inputs and "pulumiLabels" in self.kind.properties:
            ours = {**ATTRIBUTION, **place.settings.labels}
            labels: Any = field_at(found, self.kind.labels_path) or {}
            known[self.kind.labels] = {each: value for each, value in labels.items() if each not in ours}
        if not inputs and "effectiveAnnotations" in self.kind.properties:
            known["annotations"] = found.get("annotations", {})
        return self._state(place, found, known, values)

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change a resource. What only the provider knows, such as `forceDestroy`, reaches no call."""
        # What the program sets no more is not to be sent again as it was.
        kept = {name: value for name, value in old.outputs.items() if name not in changed}
        values = values_of(self.kind, place, {**kept, **inputs})
        # Of a name that changes without making a new resource, the provider asks for the new one: there is none of it.
        named = parse(self.kind.row.id, old.id) or {}
        values |= {name: value for name, value in named.items() if name not in changed}
        left = changed
        for request, of in self.kind.row.updates.items():
            self._change(place, request, values, inputs, left & of)
            left -= of
        if self.kind.row.update is not None:
            self._change(place, self.kind.row.update, values, inputs, left)
        return self._state(place, self._read(place, values) or {}, inputs, values)

    def _change(
        self,
        place: Place,
        request: Request,
        values: Mapping[str, Any],
        inputs: Mapping[str, Any],
        changed: frozenset[str],
    ) -> None:
        """Change some properties by a call."""
        fields, changing = self._mask(changed), self.kind.changing[request]
        if not fields:
            return
        sent = self._body(place, values, inputs)
        # A call whose mask the row tells says all that the mask has: what it left out would be taken away.
        if request.verb == "PATCH" and "updateMask=" not in request.template:
            touched = dict.fromkeys(path.partition(".")[0] for path in fields)
            # Without a mask, what is to go is sent as nothing.
            gone = touched if "updateMask" not in changing.method.parameters else {}
            sent = {**gone, **{name: value for name, value in sent.items() if name in touched}}
        elif ".patch" in changing.method.id:
            sent = {**dict.fromkeys(path.partition(".")[0] for path in fields), **sent}
        if changing.schema != self.kind.method.schema:
            sent = self._wrapped(changing, sent, fields) | self._renamed(sent, changed)
        sent |= self._fingerprints(place, changing, values)
        answer = self._send(place, request, values, sent, mask=fields)
        place.api.finish(self._host(values), self.kind.row.version, answer)

    def _wrapped(self, changing: Found, sent: dict[str, Any], fields: list[str]) -> dict[str, Any]:
        """Give the message of a call that takes no whole resource.

        It has a field for the resource, beside its mask, or some of the resource's fields.
        """
        known = changing.schemas.fields(changing.schema)
        holding = next((name for name, each in known.items() if each.ref == self.kind.method.schema), "")
        mask = {name: ",".join(fields) for name in ("updateMask", "fieldMask") if name in known}
        if holding:
            return {holding: sent, **mask}
        # An object that is to go is sent as an empty one: none would leave it as it is.
        gone = {path.partition(".")[0] for path in fields} - sent.keys()
        empty: dict[str, Any] = {name: {} for name in gone if name in known and known[name].ref}
        return {**empty, **{name: value for name, value in sent.items() if name in known}}

    def _renamed(self, sent: Mapping[str, Any], changed: frozenset[str]) -> dict[str, Any]:
        """Give what a change says in fields of its own, as the row tells; what is to go as an empty list or map."""
        told: dict[str, Any] = {}
        for name, path in self.kind.row.changes.items():
            link = self.kind.found(name) if name.partition(".")[0] in changed else None
            if link is not None:
                value = field_at(sent, link.path)
                if value is None and (link.field.mapped or link.field.repeated):
                    value = {} if link.field.mapped else []
                elif value is None and link.field.ref:
                    value = {}
                if path == "*" and isinstance(value, Mapping | list):
                    told |= value if isinstance(value, Mapping) else next(iter(value), {})
                elif value is not None:
                    put(told, path.split("."), value)
        return told

    def delete(self, place: Place, state: State) -> None:
        """Remove a resource."""
        request = self.kind.row.delete
        if request is None:
            return
        values = {**values_of(self.kind, place, state.outputs), **(parse(self.kind.row.id, state.id) or {})}
        try:
            answer = self._send(place, request, values, None if request.verb == "DELETE" else {})
            place.api.finish(self._host(values), self.kind.row.version, answer)
        except Refused as refused:
            if not _says_gone(refused):
                raise

    def values(self, place: Place, known: Mapping[str, Any]) -> dict[str, Any]:
        """Give the values of variables."""
        return values_of(self.kind, place, known)

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Give the body of the call that makes a resource."""
        return creation_of(self.kind, {**values, **inputs}, labels_of(self.kind, place, inputs))

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Give the resource as a call that changes it sends it, whole."""
        return body_of(self.kind, {**values, **inputs}, labels_of(self.kind, place, inputs))

    def _send(
        self,
        place: Place,
        request: Request,
        values: Mapping[str, Any],
        body: object,
        *,
        mask: list[str] | None = None,
    ) -> dict[str, Any]:
        path, changing = fill(request.template, values), self.kind.changing.get(request)
        masked = mask is not None and changing is not None and "updateMask" in changing.method.parameters
        if masked and "updateMask=" not in path:
            path += f"{'&' if '?' in path else '?'}updateMask={quote(','.join(mask or ()), safe=',.')}"
        return place.api.call(request.verb, self._host(values), f"{self.kind.row.version}/{path}", body)

    def _host(self, values: Mapping[str, Any]) -> str:
        return fill(self.kind.row.host, {**values, **place_of(self.kind, values)})

    def _read(self, place: Place, values: Mapping[str, Any]) -> dict[str, Any] | None:
        try:
            found = self._send(place, self.kind.row.read, values, None)
        except Refused as refused:
            if not _says_gone(refused):
                raise
            return None
        found = self._bare(found)
        return None if found.get("state") == "DELETED" else found

    def _bare(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Give the resource of an answer that may hold it in a field."""
        inner = answer.get(self.kind.row.within)
        return inner if isinstance(inner, dict) else answer

    def _mask(self, changed: frozenset[str]) -> list[str]:
        """Give the fields that a change of properties touches."""
        names = changed | ({"effectiveLabels"} if self.kind.labels in changed else set())
        linked = (link for link in self.kind.links if link.property.name in names)
        return sorted(
            {
                ".".join(link.path)
                for link in linked
                if not link.property.output or link.property.name == "effectiveLabels"
            }
        )

    def _fingerprints(self, place: Place, changing: Found, values: Mapping[str, Any]) -> dict[str, Any]:
        takes = changing.schemas.fields(changing.schema)
        wanted = [name for name in _FINGERPRINTS if name in takes]
        found = (self._read(place, values) if wanted else None) or {}
        return {name: found[name] for name in wanted if name in found}

    def _left(self, place: Place, found: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Give the inputs of a resource without what the cloud does not have any more."""
        return remaining(self.kind, self._shown(place, found, inputs), inputs)

    def _shown(self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Give a resource as links see it, where that is not how the API has it."""
        del place, inputs
        return body

    def _known(self, values: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
        """Add what only the cloud's answer tells: names and ids that it gave."""
        row, known = self.kind.row, dict(values)
        wanted = {*variables(row.self), *variables(row.id)}
        full = answer.get("name")
        if "targetLink" in answer:  # an operation of Compute Engine, whose name is its own
            full, answer = str(answer["targetLink"]).partition(f"/{row.version}/")[2], {}
        if isinstance(full, str) and "/" in full:
            if row.self == "{name}":
                known["name"] = full
            for name, value in (parse(row.self, full) or {}).items():
                known.setdefault(name, value)
        for link in self.kind.links:
            name = link.property.name
            if name in wanted and not known.get(name) and (found := field_at(answer, link.path)) is not None:
                known[name] = found
        return known

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        kind = self.kind
        outputs = outputs_of(kind, body, inputs)
        for name in ("project", "region", "zone", "location", "name", *variables(kind.row.self)):
            if name in kind.properties and outputs.get(name) is None and values.get(name) is not None:
                outputs[name] = values[name]
        if "name" in variables(kind.row.self) and "name" not in inputs:
            # Where the path has a short name, the provider gives a short name, though the API gives a full one.
            short = (parse(kind.row.self, str(body.get("name", ""))) or {}).get("name")
            outputs |= {"name": short} if short else {}
        known = {**values, **{name: value for name, value in outputs.items() if value is not None}}
        for name, template in kind.row.outputs.items():
            outputs[name] = fill(template, known, query=False)
        own = inputs.get(kind.labels) or {}
        if "pulumiLabels" in kind.properties:
            # An API leaves out labels that are none; one that never tells of them has what the program sets.
            tells = bool(body) and any(link.property.name == "effectiveLabels" for link in kind.links)
            real = outputs.setdefault("effectiveLabels", {} if tells else labels_of(kind, place, inputs)) or {}
            outputs[kind.labels] = {each: real[each] for each in own if each in real}
            outputs["pulumiLabels"] = {**place.settings.labels, **own}
        if "effectiveAnnotations" in kind.properties:
            noted = dict(body.get("annotations") or {})
            given = inputs.get("annotations") or {}
            outputs |= {"effectiveAnnotations": noted, "annotations": {k: noted[k] for k in given if k in noted}}
        try:
            told = {**from_full_names(kind.row.self, known), **from_full_names(kind.row.id, known)}
            identifier = fill(kind.row.id, {**known, **told})
        except Missing:
            identifier = str(body.get("name") or body.get("id") or "")
        return State(identifier, outputs)

    def _short(self, identifier: str) -> dict[str, str]:
        """Read an id for an import that leaves out what the provider's settings say: `{project}/{name}`, `{name}`."""
        return read_short(self.kind.row, identifier)


def _says_gone(refused: Refused) -> bool:
    """Whether a refusal says that there is no such thing. Of rules and associations, compute says so by 400."""
    return refused.status == NOT_FOUND or any(words in refused.message for words in _ABSENT)
