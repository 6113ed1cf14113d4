"""Cloud Build's private pools."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_CLOSED: Final = "NO_PUBLIC_EGRESS"


@special_row("cloudbuild/workerPool:WorkerPool")
class WorkerPool(Tabled):
    """Private pools. Whether workers have public addresses is said of the worker, but kept with the network."""

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return _with_egress(super()._body(place, values, inputs), inputs)

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return _with_egress(super()._creation(place, values, inputs), inputs)

    def _mask(self, changed: frozenset[str]) -> list[str]:
        private = {"networkConfig", "privateServiceConnect", "workerConfig"}
        fields = super()._mask(changed - private)
        return sorted([*fields, "privatePoolV1Config"]) if changed & private else fields

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        pool = body.get("privatePoolV1Config", {})
        network = pool.get("networkConfig", {})
        closed = network.get("egressOption") == _CLOSED
        closed = closed or bool(pool.get("privateServiceConnect", {}).get("publicIpAddressDisabled"))
        if state.outputs.get("workerConfig") is not None:
            state.outputs["workerConfig"]["noExternalIp"] = closed
        if not network.get("peeredNetwork"):
            state.outputs.pop("networkConfig", None)
        return state


def _with_egress(body: dict[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    closed = bool((inputs.get("workerConfig") or {}).get("noExternalIp"))
    pool = body.setdefault("privatePoolV1Config", {})
    if inputs.get("privateServiceConnect"):
        pool["privateServiceConnect"]["publicIpAddressDisabled"] = closed
    else:
        pool.setdefault("networkConfig", {})["egressOption"] = _CLOSED if closed else "PUBLIC_EGRESS"
    return body
