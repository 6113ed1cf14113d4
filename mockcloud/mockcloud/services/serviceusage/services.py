"""Services of a project: enabled, disabled, looked up; and their agents."""

import re
from typing import Any, Final

from mockcloud.cloud import enabled
from mockcloud.cloud.agents import agents_of, grant
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import ApiError, denied, failed_precondition, info, invalid
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.serviceusage.service import API, SERVICE, operation

_NAME: Final = re.compile(r"[a-z0-9-]+\.(?:[a-z0-9-]+\.)*(?:com|goog|io|org|dev|net)")
_MOST: Final = 20
"""Services that one call enables at most."""


def _service(name: str) -> str:
    """Read a service's name, at the end of a full name.

    Raises:
        ApiError: It looks like none.
    """
    service = name.rpartition("/")[2]
    if not _NAME.fullmatch(service):
        raise _unknown(service)
    return service


def _unknown(service: str) -> ApiError:
    return denied(
        f"Not found or permission denied for service(s): {service}.",
        info("SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED", API, services=service),
    )


def _hold_known(call: Call, service: str) -> None:
    """Refuse a service that Google does not have, where the cloud is strict about services at all."""
    if call.cloud.rules.on(Rule.ENABLEMENT) and service not in enabled.catalogue():
        raise _unknown(service)


def shown(call: Call, service: str) -> dict[str, Any]:
    """Give a service of the call's project."""
    number = call.cloud.projects.number_of(call.project)
    state = "ENABLED" if enabled.is_enabled(call.cloud, call.project, service) else "DISABLED"
    return {
        "name": f"projects/{number}/services/{service}",
        "parent": f"projects/{number}",
        "config": {"name": service, "title": enabled.title(service), "documentation": {}, "usage": {}},
        "state": state,
    }


@SERVICE.method("services.enable")
def enable(call: Call) -> Answer | Body:
    """Enable a service, with what it needs."""
    service = _service(call.name)
    _hold_known(call, service)
    enabled.enable(call.cloud, call.project, [service])
    return operation(call, {"service": shown(call, service)}, "EnableServiceResponse")


@SERVICE.method("services.batchEnable")
def enable_several(call: Call) -> Answer | Body:
    """Enable services: all or none."""
    named = list(call.body.get("serviceIds", ()))
    if not named or len(named) > _MOST:
        raise invalid(f"Name 1 to {_MOST} services.", Violation("service_ids", f"There are {len(named)}."))
    services = [_service(each) for each in named]
    for each in services:
        _hold_known(call, each)
    enabled.enable(call.cloud, call.project, services)
    return operation(call, {"services": [shown(call, each) for each in services]}, "BatchEnableServicesResponse")


@SERVICE.method("services.disable")
def disable(call: Call) -> Answer | Body:
    """Disable a service; with what needs it, if the call says so."""
    service = _service(call.name)
    needing = enabled.dependents(call.cloud, call.project, service)
    if needing and not call.body.get("disableDependentServices"):
        raise failed_precondition(
            f"The service {service} is depended on by the following active service(s): {', '.join(needing)}. "
            "Please specify disable_dependent_services=true if you want to proceed with disabling all services."
        )
    if not enabled.is_enabled(call.cloud, call.project, service) and call.cloud.rules.on(Rule.ENABLEMENT):
        raise failed_precondition(f"The service {service} is not enabled for the project '{call.project}'.")
    for each in [*needing, service]:
        enabled.disable(call.cloud, call.project, each)
    return operation(call, {"service": shown(call, service)}, "DisableServiceResponse")


@SERVICE.method("services.get")
def get(call: Call) -> Answer | Body:
    """Give a service of a project."""
    service = _service(call.name)
    _hold_known(call, service)
    return shown(call, service)


@SERVICE.method("services.batchGet")
def get_several(call: Call) -> Answer | Body:
    """Give services of a project."""
    names = call.query.get("names", [])
    return {"services": [shown(call, _service(each)) for each in ([names] if isinstance(names, str) else names)]}


@SERVICE.method("services.list")
def list_(call: Call) -> Answer | Body:
    """Give the services that can be enabled, or those that are (`filter=state:ENABLED`)."""
    keep = matcher(call.text("filter"))
    known = {*enabled.catalogue(), *(each.id for each in call.cloud.store.page(API, call.name))}
    services = [each for each in (shown(call, name) for name in sorted(known)) if keep is None or keep(each)]
    chosen, token = slice_page(call, services)
    return {**({"services": chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method("services.generateServiceIdentity")
def identity(call: Call) -> Answer | Body:
    """Make a service's agent appear, with its role, and give its address."""
    service = _service(call.name)
    api = service.removesuffix(".googleapis.com")
    agent = agents_of(api).get("main")
    number = call.cloud.projects.number_of(call.project)
    email = agent.email(call.cloud, call.project) if agent else f"service-{number}@gcp-sa-{api}.iam.gserviceaccount.com"
    if agent is not None and agent.role and call.cloud.rules.on(Rule.ACCESS):
        grant(call.cloud, call.project, agent.role, f"serviceAccount:{email}")
    return operation(call, {"email": email, "uniqueId": call.cloud.accounts.unique_id(email)}, "ServiceIdentity")
