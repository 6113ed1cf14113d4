"""Proxies for HTTPS: one field of the API holds certificates of either kind, for which there are two properties."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_COMPUTE: Final = "sslCertificates"
_MANAGED: Final = "certificateManagerCertificates"


@special_row("compute/targetHttpsProxy:TargetHttpsProxy", "compute/regionTargetHttpsProxy:RegionTargetHttpsProxy")
class HttpsProxy(Tabled):
    """Proxies whose certificates are Compute Engine's or the Certificate Manager's.

    Source: the decoder that magic-modules `mmv1/products/compute/TargetHttpsProxy.yaml` names.
    """

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        managed = any("/certificates/" in str(each) for each in state.outputs.get(_COMPUTE) or ())
        other = _COMPUTE if managed else _MANAGED
        return State(state.id, {name: value for name, value in state.outputs.items() if name != other})
