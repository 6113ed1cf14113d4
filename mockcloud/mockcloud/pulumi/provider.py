"""The Google provider of Pulumi, as far as a mock cloud needs it: what the engine may ask of it, without a protocol.

Values are JSON with Pulumi's markers: unknown values, secrets and assets (`values`).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final, TypeVar

from google.rpc import code_pb2

from mockcloud.errors import Error
from mockcloud.pulumi.actual import actual
from mockcloud.pulumi.answers import invented
from mockcloud.pulumi.api import Refused
from mockcloud.pulumi.checks import Checked, Failure, check
from mockcloud.pulumi.diffs import UPDATE, Change, Diff
from mockcloud.pulumi.functions import NoFunction, assume_function, call_function
from mockcloud.pulumi.hiding import bare, hidden
from mockcloud.pulumi.importable import importable
from mockcloud.pulumi.lifecycle import Lifecycle, Place, State
from mockcloud.pulumi.naming import DEFAULTS, Naming
from mockcloud.pulumi.planned import awaited, difference, filled, planned, previewed
from mockcloud.pulumi.prefixed import with_name
from mockcloud.pulumi.properties import Properties, Property, properties_of
from mockcloud.pulumi.special import lifecycle_of
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import Missing
from mockcloud.pulumi.values import UNKNOWN

T = TypeVar("T")

_NO_LABELS: Final[Mapping[str, str]] = {}

_REMEDIES: Final = (
    ("ALREADY_EXISTS", 409, "choose another name, or take it over with `pulumi import`"),
    ("PERMISSION_DENIED", 403, "grant the caller the permission, or enable the API that the message names"),
    ("NOT_FOUND", 404, "make what the message names first, or mend the reference to it"),
    ("RESOURCE_EXHAUSTED", 429, "ask for less, or raise the quota"),
)
"""What to do about a refusal, by Google's word and by HTTP status."""

_REASONS: Final = frozenset(code_pb2.Code.keys())
"""Google's words for what went wrong: each says more than the HTTP status."""

_PLACES: Final = frozenset({"project", "region", "zone"})
"""Properties that the provider takes from its own settings where a program does not set them."""


class ProviderError(Error):
    """The provider could not do what the engine asked."""


@dataclass(frozen=True)
class Provider:
    """The provider on one cloud.

    Attributes:
        place: The cloud, and what the program set on the provider.
        strict: Whether a type or function without a row is refused; else it is kept opaque.
        opaque: Tokens of the types that were kept opaque, and of functions that were answered without a cloud.
    """

    place: Place
    strict: bool = False
    opaque: set[str] = field(default_factory=set)

    def check(self, token: str, given: Mapping[str, Any], old: Mapping[str, Any], naming: Naming) -> Checked:
        """Check the inputs of a resource, and set defaults and a name.

        Args:
            token: The type.
            given: What the program sets.
            old: The checked inputs that the resource has; empty for a new one.
            naming: How a name is made up.
        """
        properties = properties_of(token)
        if properties is None:
            return Checked(dict(given), [Failure("", _no_type(token))])
        if self.strict and lifecycle_of(token) is None:
            return Checked(dict(given), [Failure("", _not_modelled(token))])
        return check(token, properties, given, old, naming)

    def diff(
        self,
        token: str,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        outputs: Mapping[str, Any],
        ignored: Sequence[str] = (),
    ) -> Diff:
        """Say what a change of inputs means.

        Args:
            token: The type.
            old: The checked inputs that the resource has.
            new: The checked inputs that it is to have.
            outputs: Its outputs.
            ignored: Property paths whose changes do not count.
        """
        properties = _changeable(token)
        found = difference(token, properties, old, new, outputs, ignored)
        return found if found.changes else self._label_diff(properties, new, outputs)

    def _label_diff(self, properties: Properties, new: Mapping[str, Any], outputs: Mapping[str, Any]) -> Diff:
        """Labels that the provider itself sets may have changed with its settings."""
        if "pulumiLabels" not in properties or "pulumiLabels" not in outputs:
            return Diff()
        name = "labels" if "labels" in properties else "resourceLabels"
        own = bare(new.get(name)) or _NO_LABELS
        wanted = {**self.place.settings.labels, **own} if isinstance(own, Mapping) else outputs["pulumiLabels"]
        return (
            Diff()
            if wanted == bare(outputs["pulumiLabels"])
            else Diff((Change(name, UPDATE, replaces=properties[name].replaces),))
        )

    def create(self, token: str, inputs: Mapping[str, Any], urn: str) -> State:
        """Make a resource.

        Raises:
            ProviderError: The cloud refused it, or something that it needs is missing.
            Partial: It was made, but not as it should be.
        """
        life = self._life(token)
        if life is None:
            return self.assume(token, inputs, urn)
        named = with_name(_plain(inputs), urn, self.place.api.transport.now())
        state = self._asked("create", token, lambda: life.create(self.place, named))
        return self._kept(token, state, inputs)

    def assume(self, token: str, inputs: Mapping[str, Any], urn: str) -> State:
        """Take a resource to be as the program says, without a cloud: what it would give back is made of its URN.

        So are resources of which only the type is known.
        """
        if lifecycle_of(token) is None:
            self.opaque.add(token)
        identifier = hashlib.sha256(urn.encode()).hexdigest()[:20]
        known = {name: value for name, value in inputs.items() if name != DEFAULTS}
        properties = properties_of(token) or {}
        made = {name: invented(each, identifier) for name, each in properties.items() if each.output}
        return State(identifier, {**made, **known})

    def preview(
        self, token: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Give the outputs of a resource that is to be made or changed: what only the cloud knows is unknown.

        Args:
            token: The type.
            inputs: The checked inputs.
            outputs: Its outputs now; None for one that is to be made.
        """
        properties = properties_of(token) or {}
        if outputs is not None:
            return previewed(properties, inputs, outputs)
        known = {name: value for name, value in inputs.items() if name != DEFAULTS}
        return {**dict.fromkeys(properties, UNKNOWN), **awaited(properties, known)}

    def read(
        self, token: str, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> tuple[State, dict[str, Any]] | None:
        """Read a resource: its state, and its inputs as they now are; None where there is none any more.

        Args:
            token: The type.
            identifier: Its id.
            inputs: Its checked inputs; empty for one that is imported.
            outputs: Its outputs; empty for one that is imported.
        """
        life = self._life(token)
        if life is None:
            return State(identifier, dict(outputs)), dict(inputs)
        state = self._asked("read", token, lambda: life.read(self.place, identifier, _plain(inputs), _plain(outputs)))
        if state is None:
            return None
        properties = properties_of(token) or {}
        outputs = state.outputs
        found = actual(properties, inputs, outputs) if inputs else importable(token, properties, outputs)
        return self._kept(token, state, inputs), hidden(properties, found, inputs)

    def update(self, token: str, old: State, inputs: Mapping[str, Any], before: Mapping[str, Any], urn: str) -> State:
        """Change a resource.

        Args:
            token: The type.
            old: As it is.
            inputs: The new checked inputs.
            before: The checked inputs that it has.
            urn: Its URN.

        Raises:
            ProviderError: The cloud refused the change.
        """
        life, properties = self._life(token), properties_of(token) or {}
        wanted = planned(properties, inputs, filled(properties, before, old.outputs))
        if life is None:
            return State(old.id, self.assume(token, wanted, urn).outputs)
        changed = frozenset(each.top for each in self.diff(token, before, inputs, old.outputs).changes)
        state = State(old.id, _plain(old.outputs))
        made = self._asked("update", token, lambda: life.update(self.place, state, _plain(wanted), changed))
        return self._kept(token, made, wanted)

    def delete(self, token: str, state: State) -> None:
        """Remove a resource.

        Raises:
            ProviderError: The cloud refused it, or its deletion policy does.
        """
        life = self._life(token)
        outputs = _plain(state.outputs)
        if outputs.get("deletionPolicy") == "PREVENT":
            raise ProviderError(
                f"{token} {state.id} may not be removed",
                given="deletionPolicy PREVENT",
                allowed="DELETE, ABANDON",
                remedy="set deletionPolicy to DELETE and run `up` first, if it is to go",
            )
        if outputs.get("deletionProtection") is True:
            raise ProviderError(
                f"{token} {state.id} is protected from being removed",
                given="deletionProtection true",
                allowed="false",
                remedy="set deletionProtection to false and run `up` first, if it is to go",
            )
        if life is not None and outputs.get("deletionPolicy") != "ABANDON":
            self._asked("delete", token, lambda: self._removed(life, State(state.id, outputs)))

    def _removed(self, life: Lifecycle, state: State) -> None:
        """Remove a resource. What was removed before, but lingers, as deleted pools do, the cloud may refuse to."""
        try:
            life.delete(self.place, state)
        except Refused:
            if life.read(self.place, state.id, {}, state.outputs) is not None:
                raise

    def invoke(self, token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a function, such as `gcp:organizations/getProject:getProject`.

        One that the mock cloud does not model is answered without it, and named among what is opaque; in the strict
        profile it is refused.

        Raises:
            WrongCall: There is none of the name, or it takes other arguments.
            NoFunction: The mock cloud does not model it, and the profile is strict.
            ProviderError: The cloud does not find what it asks for.
        """
        given = _plain(arguments)
        try:
            return self._asked("answer", token, lambda: call_function(self.place, token, given))
        except NoFunction:
            if self.strict:
                raise
            self.opaque.add(token)
            return assume_function(token, given)

    def _life(self, token: str) -> Lifecycle | None:
        life = lifecycle_of(token)
        if life is None and (self.strict or properties_of(token) is None):
            what = _no_type(token) if properties_of(token) is None else _not_modelled(token)
            raise ProviderError(what, given=token, allowed="", remedy="")
        return life

    def _kept(self, token: str, state: State, inputs: Mapping[str, Any]) -> State:
        """Mark secrets: what the schema says is one, and what the program gave as one."""
        outputs = {name: value for name, value in state.outputs.items() if name != DEFAULTS and value is not None}
        return State(state.id, hidden(properties_of(token) or {}, outputs, inputs))

    def _asked(self, verb: str, token: str, call: Callable[[], T]) -> T:
        try:
            return call()
        except Missing as missing:
            raise ProviderError(
                f"The provider cannot {verb} a {token}",
                given=f"no {missing.variable}",
                allowed=f"{missing.variable} as an argument of the resource, or of the provider where it has one",
                remedy=f"set it, such as with `pulumi config set gcp:{missing.variable} VALUE`"
                if missing.variable in _PLACES
                else "set it in the program; of an import, write the id as the type's documentation has it",
            ) from missing
        except KeyError as missing:
            raise ProviderError(
                f"The provider cannot {verb} a {token}",
                given=f"a resource without {missing}",
                allowed="what a program or this provider wrote",
                remedy="look whether the state was made by another provider, and run `pulumi refresh`",
            ) from missing
        except Refused as refused:
            raise ProviderError(
                f"The cloud would not {verb} the {token}", given=refused.given, allowed="", remedy=_remedy(refused)
            ) from refused


@cache
def _changeable(token: str) -> Properties:
    """Give a type's properties, marked as replacing where no call of the API changes them."""
    properties, life = properties_of(token) or {}, lifecycle_of(token)
    fixed = life.unchangeable if isinstance(life, Tabled) else frozenset()
    return {name: _fixed(each) if name in fixed else each for name, each in properties.items()}


def _fixed(each: Property) -> Property:
    return replace(each, replaces=True, fields={name: _fixed(inner) for name, inner in each.fields.items()})


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: bare(value) for name, value in values.items() if name != DEFAULTS}


def _no_type(token: str) -> str:
    return f"The Google provider has no type {token}"


def _not_modelled(token: str) -> str:
    return f"The mock cloud does not model {token}; without the strict profile it is kept as it is given"


def _remedy(refused: Refused) -> str:
    """Say what to do about a refusal. The older APIs give no word for it, or one of their own, but the HTTP status."""
    for reason, status, remedy in _REMEDIES:
        if refused.reason == reason or (refused.status == status and refused.reason not in _REASONS):
            return remedy
    return "see the message"
