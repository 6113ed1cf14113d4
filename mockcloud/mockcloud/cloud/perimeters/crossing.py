"""Whether a call may cross the boundary of a perimeter, as its configuration says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.access import roles
from mockcloud.cloud.access.members import canonical
from mockcloud.cloud.callers import Caller
from mockcloud.cloud.perimeters.levels import satisfied

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

Config = Mapping[str, Any]
"""The configuration of a perimeter: its `status`, or its `spec` in a dry run."""

_RESTRICTED: Final = "RESTRICTED-SERVICES"


@dataclass(frozen=True, slots=True)
class Crossing:
    """A call, as perimeters see it.

    Attributes:
        cloud: The cloud.
        caller: Who calls.
        service: The service: `storage.googleapis.com`.
        method: Full id of the method.
        permission: What it asks for; "" for nothing.
        target: The project that is called, by number: `projects/1`.
        origin: Where the call comes from, as perimeters list it: its project, its network; empty for the Internet.
    """

    cloud: "Cloud"
    caller: Caller
    service: str
    method: str
    permission: str
    target: str
    origin: frozenset[str]

    def is_from(self, config: Config) -> bool:
        """Whether it comes from inside."""
        return any(each in self.origin for each in config.get("resources", ()))

    def is_to(self, config: Config) -> bool:
        """Whether it goes to the inside."""
        return self.target in config.get("resources", ())

    def is_restricted(self, config: Config) -> bool:
        """Whether it is about a service that the perimeter restricts."""
        listed = config.get("restrictedServices", ())
        return self.service in listed or "*" in listed


def entry_refused(crossing: Crossing, config: Config) -> str:
    """Say why a call may not enter; "" where it may."""
    if any(satisfied(crossing.cloud, each, crossing.caller) for each in config.get("accessLevels", ())):
        return ""
    for policy in config.get("ingressPolicies", ()):
        if _is_from(crossing, policy.get("ingressFrom", {}), ingress=True) and _is_to(
            crossing, policy.get("ingressTo", {})
        ):
            return ""
    return "NO_MATCHING_ACCESS_LEVEL"


def exit_refused(crossing: Crossing, config: Config) -> str:
    """Say why a call may not leave; "" where it may."""
    for policy in config.get("egressPolicies", ()):
        if _is_from(crossing, policy.get("egressFrom", {}), ingress=False) and _is_to(
            crossing, policy.get("egressTo", {})
        ):
            return ""
    return "RESOURCES_NOT_IN_SAME_SERVICE_PERIMETER"


def unreachable(crossing: Crossing, config: Config) -> str:
    """Say why a network inside may not reach a service; "" where it may."""
    rule = config.get("vpcAccessibleServices", {})
    if not rule.get("enableRestriction"):
        return ""
    allowed = rule.get("allowedServices", ())
    if crossing.service in allowed or (_RESTRICTED in allowed and crossing.is_restricted(config)):
        return ""
    return "SERVICE_NOT_ALLOWED_FROM_VPC"


def _is_from(crossing: Crossing, rule: Mapping[str, Any], *, ingress: bool) -> bool:
    if not _is_identity(crossing, rule):
        return False
    sources = rule.get("sources", ())
    if not ingress:
        return rule.get("sourceRestriction") != "SOURCE_RESTRICTION_ENABLED" or _is_source(crossing, sources)
    return _is_source(crossing, sources)


def _is_source(crossing: Crossing, sources: Iterable[Mapping[str, Any]]) -> bool:
    for each in sources:
        level = each.get("accessLevel", "")
        if level == "*" or (level and satisfied(crossing.cloud, level, crossing.caller)):
            return True
        if each.get("resource") in crossing.origin:
            return True
    return False


def _is_identity(crossing: Crossing, rule: Mapping[str, Any]) -> bool:
    kind = rule.get("identityType", "")
    member = crossing.caller.member
    if kind == "ANY_IDENTITY":
        return True
    if kind == "ANY_USER_ACCOUNT":
        return member.startswith("user:")
    if kind == "ANY_SERVICE_ACCOUNT":
        return member.startswith("serviceAccount:")
    names = crossing.cloud.access.names_of(crossing.caller)
    return any(canonical(each) in names for each in rule.get("identities", ()))


def _is_to(crossing: Crossing, rule: Mapping[str, Any]) -> bool:
    resources = rule.get("resources", ())
    if "*" not in resources and crossing.target not in resources:
        return False
    if rule.get("roles"):
        return any(roles.allows(crossing.cloud, each, crossing.permission) for each in rule["roles"])
    return any(_is_operation(crossing, each) for each in rule.get("operations", ()))


def _is_operation(crossing: Crossing, operation: Mapping[str, Any]) -> bool:
    if operation.get("serviceName") == "*":
        return True
    if operation.get("serviceName") != crossing.service:
        return False
    # Methods are named by their id, or as Google's gRPC services and Cloud Storage name them: the last part counts.
    names = {"*", crossing.method, f"google.{crossing.method}"}
    for selector in operation.get("methodSelectors", ()):
        method = selector.get("method", "")
        if method in names or selector.get("permission") == crossing.permission != "":
            return True
        if method and method.rpartition(".")[2].lower() == _grpc_name(crossing.method):
            return True
    return False


def _grpc_name(method: str) -> str:
    """Give the name of a method as gRPC has it, in lower case: of `…datasets.create` `createdataset`."""
    from mockcloud.discovery.names import singular

    *_, collection, verb = method.split(".")
    plural = verb == "list"
    return f"{verb}{collection if plural else singular(collection)}".lower()
