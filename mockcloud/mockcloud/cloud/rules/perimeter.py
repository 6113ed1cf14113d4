"""Service perimeters: a call must not cross a boundary, unless the perimeter says so."""

from typing import Final

from mockcloud.cloud.access.hierarchy import container_of, numbered
from mockcloud.cloud.access.permissions import permission_of
from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import ApiError, denied, info
from mockcloud.cloud.journal import Violation
from mockcloud.cloud.perimeters.crossing import Crossing
from mockcloud.cloud.perimeters.levels import API
from mockcloud.cloud.perimeters.perimeters import Refusal, concern, dry_run, enforced, refused

_PRECONDITION: Final = "type.googleapis.com/google.rpc.PreconditionFailure"
_OUTSIDE: Final = frozenset({API, "oauth2", "serviceusage"})
"""APIs that perimeters do not protect."""


def check(call: Call) -> None:
    """Hold a call to the perimeters.

    Raises:
        ApiError: 403, with an identifier that the journal has too.
    """
    if not call.cloud.store.state(API) or call.api in _OUTSIDE:
        return
    container = container_of(call.cloud, call.api, call.name, call.project)
    if not container.startswith("projects/"):
        return
    origin = call.caller.origin
    project = f"projects/{call.cloud.projects.id_of(origin['project'])}" if "project" in origin else ""
    network = f"//compute.googleapis.com/{origin['network']}" if "network" in origin else ""
    if not concern(call.cloud, (container, project, network)):
        return
    came = {numbered(call.cloud, project) if project else "", network} - {""}
    crossing = _crossing(call, numbered(call.cloud, container), frozenset(came))
    found = refused(crossing, enforced)
    if found is not None:
        _note(call, found, "service perimeter")
        raise _refusal(call, found, crossing.target)
    tried = refused(crossing, dry_run)
    if tried is not None:
        _note(call, tried, "service perimeter (dry run)")


def _crossing(call: Call, target: str, origin: frozenset[str]) -> Crossing:
    return Crossing(
        cloud=call.cloud,
        caller=call.caller,
        service=f"{call.api}.googleapis.com",
        method=call.method.full_id,
        permission=permission_of(call.method) or "",
        target=target,
        origin=origin,
    )


def _note(call: Call, found: Refusal, rule: str) -> None:
    call.cloud.journal.violate(
        Violation(rule, found.perimeter, call.method.full_id, call.name, call.caller.member, found.reason)
    )


def _refusal(call: Call, found: Refusal, target: str) -> ApiError:
    unique = call.cloud.ids.hexadecimal("vpc-service-controls", 40)
    return denied(
        f"Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: {unique}",
        {
            "@type": _PRECONDITION,
            "violations": [{"type": "VPC_SERVICE_CONTROLS", "description": unique, "subject": found.perimeter}],
        },
        info("SECURITY_POLICY_VIOLATED", call.api, uid=unique, consumer=target, violationReason=found.reason),
        reason="vpcServiceControls",
    )
