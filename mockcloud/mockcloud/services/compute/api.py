"""The service: what is standard in compute is standard in no other API."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from mockcloud.cloud.call import Call
from mockcloud.cloud.cloud import Handler
from mockcloud.discovery.methods import Kind, Method
from mockcloud.services.service import Service


class ComputeService(Service):
    """Compute: its methods by kind, its operations by their names."""

    def usual(self, method: Method) -> Handler | None:
        """Give what a method does that does what compute's methods of its name always do."""
        from mockcloud.services.compute import lists, operations, setters, standard

        if "operations" in method.segments and method.kind is not Kind.AGGREGATED_LIST:
            verb = method.id.rpartition(".")[2]
            return {
                "get": operations.get,
                "wait": operations.wait,
                "delete": operations.delete,
                "list": lists.list_,
            }.get(verb)
        if method.kind is Kind.LIST:
            return lists.list_
        if method.kind is Kind.AGGREGATED_LIST:
            return lists.aggregated
        found = standard.HANDLERS.get(method.kind) or setters.handler(method)
        return found or _policies(method)


def _policies(method: Method) -> Handler | None:
    """Give what methods on policies do: the same as everywhere."""
    from mockcloud.services.standard import handler

    return handler(method) if method.kind.value.endswith(("IamPolicy", "IamPermissions")) else None


SERVICE: Final = ComputeService("compute", short_names=True)


_ALSO_WITHOUT_GLOBAL: Final = frozenset(
    {"targetHttpProxies", "targetHttpsProxies", "targetSslProxies", "targetTcpProxies"}
)
"""Collections of which some methods have a path of the first days: `projects/P/targetHttpProxies/NAME/setUrlMap`."""


@SERVICE.preparation
def _prepare(call: Call) -> None:
    """Name the resource where a path ends with what is done with it: `…/addresses/psc/setLabels`."""
    method = call.method
    last = method.segments[-1]
    of_resource = method.kind is Kind.CUSTOM and not last.startswith("{") and method.segments[-2].startswith("{")
    if of_resource or last == method.id.rpartition(".")[2]:
        call.name = call.name.rpartition("/")[0]
    parts = call.name.split("/")
    if len(parts) > 2 and parts[2] in _ALSO_WITHOUT_GLOBAL:  # noqa: PLR2004 - behind the project
        call.name = "/".join([*parts[:2], "global", *parts[2:]])
    if "routers" in method.segments:
        _without_what_is_ahead(call)


def _without_what_is_ahead(call: Call) -> None:
    """Take out empty fields that the provider sends though the description does not know them (yet).

    Its version of compute's beta has `initialNatIps` of a NAT, which the published description lacks.
    """
    body = call.request.body
    if not isinstance(body, dict) or not isinstance(body.get("nats"), list):
        return
    nats = [_without(each) if isinstance(each, dict) else each for each in body["nats"]]
    call.request = replace(call.request, body={**body, "nats": nats})


def _without(nat: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in nat.items() if key != "initialNatIps" or value}


@lru_cache(maxsize=1)
def defaults() -> dict[str, dict[str, Any]]:
    """Read what compute fills in, by collection."""
    with (Path(__file__).parent / "defaults.yaml").open(encoding="utf-8") as file:
        found: dict[str, dict[str, Any]] = yaml.safe_load(file)
    return found
