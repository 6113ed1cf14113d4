"""The decision: may a caller do this here?

Policies that deny are asked first, then those that allow, from the resource up to its organisation. What is decided
without a condition is remembered until a policy, a role, a group or the hierarchy changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.access import cel, roles
from mockcloud.cloud.access.acls import policy_of
from mockcloud.cloud.access.attributes import variables
from mockcloud.cloud.access.deny import denied
from mockcloud.cloud.access.hierarchy import Place, container_of, lineage
from mockcloud.cloud.access.members import canonical, names_of, project_member
from mockcloud.cloud.callers import Caller
from mockcloud.cloud.errors import ApiError, not_modelled
from mockcloud.cloud.groups import API as GROUPS
from mockcloud.cloud.projects import API as RESOURCE_MANAGER
from mockcloud.cloud.store import Body, Policies

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

_MOST: Final = 50_000
"""Decisions that are remembered; then all are forgotten."""

_NONE: Final[Mapping[str, object]] = {}


@dataclass(slots=True)
class _Late:
    """A policy that is not in effect everywhere yet."""

    until: datetime
    before: Body


@dataclass(slots=True)
class _Asked:
    """One question while it is decided.

    Attributes:
        caller: Who.
        names: Every member that means the caller.
        permission: What for.
        place: Where.
        lineage: The place and everything above it.
        attributes: Attributes of the call, for conditions.
        conditional: Whether a condition or a late policy was asked: then the answer is for this moment only.
        unknown: A role that would have counted, and that is not modelled.
    """

    caller: Caller
    names: frozenset[str]
    permission: str
    place: Place
    lineage: list[Place]
    attributes: Mapping[str, object]
    conditional: bool = False
    unknown: ApiError | None = None
    variables: Mapping[str, Any] | None = field(default=None)


class Access:
    """Access in one cloud.

    Attributes:
        delay: How long a changed policy takes until it counts, in virtual time. By default it counts at once; Google
            says two minutes as a rule, seven and more at times.

    Args:
        cloud: The cloud.
    """

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self.delay = timedelta()
        self._late: dict[Place, _Late] = {}
        self._state: tuple[int, ...] = ()
        self._policies: Policies | None = None
        self._read = 0
        self._asked: set[Place] = set()
        self._decided: dict[tuple[str, str, str, str, str], bool] = {}
        self._names: dict[str, frozenset[str]] = {}

    def forget(self) -> None:
        """Forget the policies that were to count later: the cloud is another one now."""
        self._late.clear()

    def allows(
        self,
        caller: Caller,
        permission: str,
        api: str,
        name: str,
        *,
        project: str = "",
        attributes: Mapping[str, object] = _NONE,
    ) -> bool:
        """Whether a caller has a permission on a resource.

        Args:
            caller: Who.
            permission: Such as `aiplatform.models.upload`.
            api: API of the resource.
            name: Its full name.
            project: Id of its project, where the name does not hold it.
            attributes: Attributes of the call, for conditions.

        Raises:
            ApiError: 501. It depends on a role or a condition that is not modelled.
        """
        self._refresh()
        who = _key(caller)
        key = (who, permission, api, name, project)
        found = self._decided.get(key)
        if found is not None:
            return found
        places = list(lineage(self._cloud, api, name, project))
        asked = _Asked(caller, self._names_of(who, caller), permission, (api, name), places, attributes)
        answer = self._decide(asked)
        if not asked.conditional:
            if len(self._decided) >= _MOST:
                self._forget_decisions()
            self._decided[key] = answer
            self._asked.update(places)
        return answer

    def knows(self, caller: Caller, api: str, name: str, project: str = "") -> bool:
        """Whether a policy names a caller at all: on a resource, above it, or on another one of its API in the project.

        Args:
            caller: Who.
            api: API of the resource.
            name: Its full name.
            project: Id of its project, where the name does not hold it.
        """
        container = container_of(self._cloud, api, name, project)
        if not container:
            return True  # nothing tells where it is
        names, policies = self.names_of(caller), self._cloud.store.policies

        def named(policy: Body | None) -> bool:
            return policy is not None and any(
                canonical(member) in names for each in policy["bindings"] for member in each.get("members", ())
            )

        if any(named(policies.get(place)) for place in lineage(self._cloud, api, name, project)):
            return True
        inside = f"{container}/"
        return any(place[0] == api and place[1].startswith(inside) and named(each) for place, each in policies.items())

    def names_of(self, caller: Caller) -> frozenset[str]:
        """Give every member of a policy that means a caller."""
        self._refresh()
        return self._names_of(_key(caller), caller)

    def changed(self, place: Place, before: Body) -> None:
        """Note that a policy was changed: until the delay has passed, the one before counts."""
        if self.delay:
            self._late[place] = _Late(self._cloud.clock.now + self.delay, before)

    def _names_of(self, who: str, caller: Caller) -> frozenset[str]:
        if who not in self._names:
            self._names[who] = names_of(self._cloud, caller)
        return self._names[who]

    def _refresh(self) -> None:
        """Forget what no longer follows from roles, groups, the hierarchy, and the policies that were asked."""
        store, policies = self._cloud.store, self._cloud.store.policies
        state = (store.state(roles.API), store.state(RESOURCE_MANAGER), store.state(GROUPS))
        if state != self._state or policies is not self._policies:
            self._state, self._policies = state, policies
            self._forget_decisions()
            self._names.clear()
        elif self._read != len(policies.changed) and not self._asked.isdisjoint(policies.changed[self._read :]):
            self._forget_decisions()
        self._read = len(policies.changed)

    def _forget_decisions(self) -> None:
        self._decided.clear()
        self._asked.clear()

    def _decide(self, asked: _Asked) -> bool:
        def holds(condition: Mapping[str, Any]) -> bool:
            return self._holds(asked, condition)

        if denied(self._cloud, asked.names, asked.permission, asked.lineage, holds):
            return False
        if any(self._granted(asked, place) for place in asked.lineage) or self._listed(asked):
            return True
        if asked.unknown is not None:
            raise asked.unknown
        return False

    def _granted(self, asked: _Asked, place: Place) -> bool:
        policy = self._policy(asked, place)
        return policy is not None and any(self._binds(asked, each) for each in policy.get("bindings", ()))

    def _policy(self, asked: _Asked, place: Place) -> Body | None:
        late = self._late.get(place)
        if late is not None:
            if self._cloud.clock.now < late.until:
                asked.conditional = True
                return late.before
            del self._late[place]
        return self._cloud.store.policies.get(place)

    def _listed(self, asked: _Asked) -> bool:
        """Whether the access control list of an object grants what is asked. It may change without any policy."""
        policy = policy_of(self._cloud, asked.place)
        if policy is None:
            return False
        asked.conditional = True
        return any(self._binds(asked, each) for each in policy["bindings"])

    def _binds(self, asked: _Asked, binding: Mapping[str, Any]) -> bool:
        if not self._means(asked, binding.get("members", ())):
            return False
        try:
            if not roles.allows(self._cloud, binding["role"], asked.permission):
                return False
        except ApiError as error:
            asked.unknown = error
            return False
        condition = binding.get("condition")
        return not condition or self._holds(asked, condition)

    def _means(self, asked: _Asked, members: Iterable[str]) -> bool:
        for each in members:
            if canonical(each) in asked.names:
                return True
            of_project = project_member(each)
            if of_project is not None and self._has_role(asked, *of_project):
                return True
        return False

    def _has_role(self, asked: _Asked, role: str, project: str) -> bool:
        """Whether a caller has a basic role in a project, as members such as `projectOwner:` mean it."""
        place = RESOURCE_MANAGER, f"projects/{self._cloud.projects.id_of(project)}"
        self._asked.add(place)
        policy = self._cloud.store.policies.get(place)
        return policy is not None and any(
            canonical(member) in asked.names
            for binding in policy.get("bindings", ())
            if binding["role"] == role
            for member in binding.get("members", ())
        )

    def _holds(self, asked: _Asked, condition: Mapping[str, Any]) -> bool:
        asked.conditional = True
        if asked.variables is None:
            asked.variables = variables(self._cloud, asked.place, asked.lineage, asked.attributes)
        try:
            return cel.holds(condition.get("expression", ""), asked.variables)
        except cel.Unsupported as error:
            raise not_modelled(error.what) from None


def _key(caller: Caller) -> str:
    return caller.member if not caller.claims else f"{caller.member}|{sorted(caller.claims.items())}"
