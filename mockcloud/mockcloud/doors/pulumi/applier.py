"""Makes what a program registers: one run's resources on a mock cloud."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockcloud.doors.embedded.errors import EngineError, InvokeNotAnswered
from mockcloud.doors.embedded.goal import Goal
from mockcloud.doors.embedded.positions import readable
from mockcloud.doors.pulumi.settings import settings_of
from mockcloud.errors import Error
from mockcloud.pulumi.api import NOT_FOUND, Api, Refused, Transport
from mockcloud.pulumi.checks import Checked
from mockcloud.pulumi.functions import assume_function
from mockcloud.pulumi.lifecycle import Partial, Place, State
from mockcloud.pulumi.lookup import Absent
from mockcloud.pulumi.naming import DEFAULTS, Naming
from mockcloud.pulumi.provider import Provider

_PACKAGE = "gcp"


class ResourceFailed(EngineError):
    """A resource of a program could not be made, read or removed on the mock cloud."""


@dataclass(slots=True)
class Made:
    """A resource that a run made.

    Attributes:
        goal: Its registration.
        state: As it is; outputs with markers.
        inputs: Its checked inputs.
        provider: The inputs of its provider.
    """

    goal: Goal
    state: State
    inputs: dict[str, Any]
    provider: Mapping[str, Any]


@dataclass
class Applier:
    """Makes the resources of one run.

    Attributes:
        transport: What carries calls to the cloud.
        strict: Whether a type that the mock cloud does not model is refused.
        project: Project where neither program nor configuration says one.
        made: What was made, by URN, in order.
        outputs: What the stack exports.
        opaque: Tokens of types that are kept as they were given, since nothing models them.
        assuming: Whether a resource that the cloud refuses is taken to be as the program says, so that the rest can be
            made: a program may need what is in the real cloud and not in this one.
        assumed: Why each resource that was taken so was refused, by URN.
    """

    transport: Transport
    strict: bool = False
    project: str = ""
    made: dict[str, Made] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    opaque: set[str] = field(default_factory=set)
    assuming: bool = False
    assumed: dict[str, str] = field(default_factory=dict)

    def create(self, goal: Goal, inputs: Mapping[str, Any], provider: Mapping[str, Any]) -> State:
        """Make a resource; one that is to be imported is read.

        One that is refused is taken to be as the program says, where that is wanted.

        Args:
            goal: Its registration.
            inputs: Its inputs, secrets with what they hold.
            provider: The inputs of its provider.

        Raises:
            ResourceFailed: The inputs are wrong, or the cloud refused it.
        """
        if not goal.type.startswith(f"{_PACKAGE}:"):
            return self._foreign(goal, inputs)
        if not self.assuming:
            return self._create(goal, inputs, provider)
        try:
            return self._create(goal, inputs, provider)
        except ResourceFailed as failed:
            self.assumed[goal.urn] = " ".join(f"{failed.what}: {failed.given}".split())
            return self._provider(provider).assume(goal.type, inputs, goal.urn)

    def _create(self, goal: Goal, inputs: Mapping[str, Any], provider: Mapping[str, Any]) -> State:
        working = self._provider(provider)
        checked = working.check(goal.type, inputs, {}, Naming(goal.name, goal.urn.encode()))
        if checked.failures:
            raise _failed(goal, "\n".join(f"  {each}" for each in checked.failures))
        imported = getattr(goal.options, "import")
        try:
            if imported:
                state, actual = self._read(working, goal, imported)
                checked = Checked({**actual, DEFAULTS: []}, [])  # as the engine has it: what is there, not what is said
            else:
                state = working.create(goal.type, checked.inputs, goal.urn)
        except Partial as partial:
            self.made[goal.urn] = Made(goal, partial.state, checked.inputs, provider)
            raise _failed(goal, "; ".join(partial.reasons)) from partial
        except Error as error:
            raise _failed(goal, error.given or str(error), error.what, error.remedy) from error
        self.made[goal.urn] = Made(goal, state, checked.inputs, provider)
        return state

    def checked(self, goal: Goal) -> Mapping[str, Any] | None:
        """Give the inputs of a resource that was made, with the defaults that its provider set; None for others."""
        made = self.made.get(goal.urn)
        return made.inputs if made is not None else None

    def read(self, goal: Goal, inputs: Mapping[str, Any], provider: Mapping[str, Any]) -> State:
        """Read a resource that exists (`get`).

        Raises:
            ResourceFailed: There is none.
        """
        if not goal.type.startswith(f"{_PACKAGE}:"):
            return State(goal.id, {name: value for name, value in inputs.items() if name != DEFAULTS})
        try:
            return self._read(self._provider(provider), goal, goal.id)[0]
        except Error as error:
            raise _failed(goal, error.given or str(error), error.what, error.remedy) from error

    def invoke(self, token: str, arguments: Mapping[str, Any], provider: Mapping[str, Any]) -> dict[str, Any] | None:
        """Answer a function; None for one of another package.

        What is not there is taken to be, where a run assumes: it may be in the real cloud.

        Raises:
            InvokeNotAnswered: The cloud has no answer.
        """
        if not token.startswith(f"{_PACKAGE}:"):
            return None
        try:
            return self._provider(provider).invoke(token, arguments)
        except Error as error:
            cause = error.__cause__
            if self.assuming and isinstance(cause, Refused) and cause.status == NOT_FOUND:
                identifier = cause.identifier if isinstance(cause, Absent) else ""
                return assume_function(token, arguments, identifier)
            raise InvokeNotAnswered(
                error.what, given=error.given, allowed=error.allowed, remedy=error.remedy or "mend what is named"
            ) from error

    def export(self, outputs: Mapping[str, Any]) -> None:
        """Keep what the stack exports."""
        self.outputs = dict(outputs)

    def remove(self, made: Made) -> None:
        """Remove a resource.

        Raises:
            ResourceFailed: The cloud refuses, or the resource is protected.
        """
        goal = made.goal
        if goal.type.startswith(f"{_PACKAGE}:"):
            try:
                self._provider(made.provider).delete(goal.type, made.state)
            except Error as error:
                raise _failed(goal, error.given or str(error), error.what, error.remedy, verb="removed") from error
        del self.made[goal.urn]

    def _provider(self, inputs: Mapping[str, Any]) -> Provider:
        settings = settings_of(inputs, environment=False, project=self.project)
        return Provider(Place(Api(self.transport), settings), self.strict, self.opaque)

    def _read(self, working: Provider, goal: Goal, identifier: str) -> tuple[State, dict[str, Any]]:
        found = working.read(goal.type, identifier, {}, {})
        if found is None:
            raise ResourceFailed(
                f"There is no {goal.type} of this id",
                given=identifier,
                allowed="the id of a resource that is in the cloud",
                remedy="make it first, or mend the id",
            )
        return found

    def _foreign(self, goal: Goal, inputs: Mapping[str, Any]) -> State:
        """Keep a resource of another package: the mock cloud knows nothing of it."""
        self.opaque.add(goal.type)
        known = {name: value for name, value in inputs.items() if value is not None}
        state = State(hashlib.sha256(goal.urn.encode()).hexdigest()[:20], known)
        self.made[goal.urn] = Made(goal, state, dict(known), {})
        return state


def _failed(goal: Goal, given: str, what: str = "", remedy: str = "", *, verb: str = "made") -> ResourceFailed:
    where = readable(goal.source, goal.trace)
    return ResourceFailed(
        f"{goal.type} {goal.name!r} could not be {verb}{f', {where}' if where else ''}",
        given=f"{what}: {given.strip()}" if what else f"\n{given}" if "\n" in given or given.startswith(" ") else given,
        allowed="",
        remedy=remedy or "mend what is named, and run again",
    )
