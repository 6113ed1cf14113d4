"""Organisation policies: what is made, changed or granted is held to the constraints that are set above it."""

from typing import Final

from mockcloud.cloud.access.hierarchy import container_of
from mockcloud.cloud.call import Call
from mockcloud.cloud.constraints.enforcement import broken
from mockcloud.cloud.constraints.policies import API, in_effect
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.journal import Violation

_VIOLATION: Final = "type.googleapis.com/google.rpc.PreconditionFailure"


def check(call: Call) -> None:
    """Hold a call to organisation policies.

    Raises:
        ApiError: 412 or 400 with the constraint's name; 403 where a service may not be used.
    """
    store = call.cloud.store
    if not store.state(API) or not call.method.writes or call.api == API:
        return
    container = container_of(call.cloud, call.api, call.name, call.project)
    if not container:
        return
    policies = in_effect(call.cloud, container)
    for policy in policies.enforced:
        said = broken(call, policy)
        if said:
            raise _refusal(call, container, policy.constraint, said)
    for policy in policies.tried:
        said = broken(call, policy)
        if said:
            call.cloud.journal.violate(
                Violation(
                    "organisation policy", policy.constraint, call.method.full_id, call.name, call.caller.member, said
                )
            )


def _refusal(call: Call, container: str, constraint: str, said: str) -> ApiError:
    name = constraint if constraint.startswith("custom.") else f"constraints/{constraint}"
    message = f"Constraint {name} violated for {container}: {said}."
    if constraint == "gcp.restrictServiceUsage":
        return ApiError(403, "PERMISSION_DENIED", message, reason="forbidden")
    details = {
        "@type": _VIOLATION,
        "violations": [{"type": name, "subject": f"orgpolicy:{call.name}", "description": said}],
    }
    return ApiError(
        412 if call.api in {"compute", "storage", "sqladmin"} else 400,
        "FAILED_PRECONDITION",
        message,
        reason="conditionNotMet",
        details=[details],
    )
