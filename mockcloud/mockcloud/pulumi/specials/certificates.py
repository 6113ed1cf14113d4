"""Certificates of clients of Cloud SQL: their keys are told once, when they are made."""

from collections.abc import Mapping
from typing import Any

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_KEPT = ("privateKey", "serverCaCert")


@special_row("sql/sslCert:SslCert")
class Certificate(Tabled):
    """Certificates, which are told from one another by their fingerprints."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a certificate, and keep its key."""
        values = self.values(place, inputs)
        answer = self._send(place, self.kind.row.create, values, self._creation(place, values, inputs))
        place.api.finish(self._host(values), self.kind.row.version, answer.get("operation") or {})
        made = answer.get("clientCert") or {}
        info = made.get("certInfo") or {}
        state = self._state(place, info, inputs, {**values, "sha1Fingerprint": info.get("sha1Fingerprint")})
        authority = (answer.get("serverCaCert") or {}).get("cert", "")
        return State(
            state.id, {**state.outputs, "privateKey": made.get("certPrivateKey", ""), "serverCaCert": authority}
        )

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read a certificate; what was told once stays as it is known."""
        state = super().read(place, identifier, inputs, outputs)
        if state is None:
            return None
        return State(state.id, {**state.outputs, **{name: outputs[name] for name in _KEPT if name in outputs}})
