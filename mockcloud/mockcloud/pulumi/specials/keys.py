"""Keys of Cloud KMS: what rotates needs a time to do so, and no key is ever removed, only its versions."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import Fixed, Place, State
from mockcloud.pulumi.special import special, special_row
from mockcloud.pulumi.tabled import Tabled

_HOST: Final = "cloudkms.googleapis.com"
_TRIES: Final = 50
_COMING: Final = "PENDING_GENERATION"
_GONE: Final = frozenset({"DESTROYED", "DESTROY_SCHEDULED"})


@special_row("kms/cryptoKey:CryptoKey")
class CryptoKey(Tabled):
    """Keys. To remove one is to destroy its versions and to stop its rotation: the key itself stays."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return {**super()._creation(place, values, inputs), **_rotation(place, inputs)}

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return {**super()._body(place, values, inputs), **_rotation(place, inputs)}

    def _mask(self, changed: frozenset[str]) -> list[str]:
        return sorted([*super()._mask(changed), *(["nextRotationTime"] if "rotationPeriod" in changed else [])])

    def delete(self, place: Place, state: State) -> None:
        """Destroy all versions, and stop the rotation."""
        path = f"v1/{state.id}"
        try:
            self._destroy(place, path)
            if state.outputs.get("rotationPeriod"):
                place.api.call("PATCH", _HOST, f"{path}?updateMask=rotationPeriod,nextRotationTime", {})
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise

    def _destroy(self, place: Place, path: str) -> None:
        page = ""
        while True:
            found = place.api.call("GET", _HOST, f"{path}/cryptoKeyVersions{page}")
            for version in found.get("cryptoKeyVersions", []):
                if self._ready(place, version) not in _GONE:
                    place.api.call("POST", _HOST, f"v1/{version['name']}:destroy", {})
            if not found.get("nextPageToken"):
                return
            page = f"?pageToken={found['nextPageToken']}"

    def _ready(self, place: Place, version: Mapping[str, Any]) -> str:
        """Give the state of a version, when its material is there: none can be destroyed before."""
        state = str(version.get("state", ""))
        for _ in range(_TRIES):
            if state != _COMING:
                break
            place.api.transport.wait(place.api.seconds)
            state = str(place.api.call("GET", _HOST, f"v1/{version['name']}").get("state", ""))
        return state


@special_row("kms/cryptoKeyVersion:CryptoKeyVersion")
class CryptoKeyVersion(Tabled):
    """Versions of keys, which stay there when they are destroyed."""

    def delete(self, place: Place, state: State) -> None:
        """Destroy a version, unless it is."""
        found = place.api.find(_HOST, f"v1/{state.id}")
        if found is not None and found.get("state") not in _GONE:
            super().delete(place, state)


def _rotation(place: Place, inputs: Mapping[str, Any]) -> dict[str, str]:
    """Give when a key rotates next: a period from now."""
    period = inputs.get("rotationPeriod")
    if not period:
        return {}
    moment = place.api.transport.now() + timedelta(seconds=float(str(period).removesuffix("s")))
    return {"nextRotationTime": moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}


class Ciphertext(Fixed):
    """Texts that a key encrypted: made once, kept by Pulumi alone."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Encrypt a text."""
        sent = {"plaintext": _base64(inputs["plaintext"])}
        if inputs.get("additionalAuthenticatedData"):
            sent["additionalAuthenticatedData"] = _base64(inputs["additionalAuthenticatedData"])
        answer = place.api.call("POST", _HOST, f"v1/{inputs['cryptoKey']}:encrypt", sent)
        return State(str(answer["name"]), {**inputs, "ciphertext": answer["ciphertext"]})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Give it as it was made, as long as its key is there. It cannot be imported: no one keeps it."""
        key = outputs.get("cryptoKey")
        if not key or place.api.find(_HOST, f"v1/{key}") is None:
            return None
        return State(identifier, {**outputs, **inputs})

    def delete(self, place: Place, state: State) -> None:
        """Forget it."""


@special("kms/secretCiphertext:SecretCiphertext")
def _ciphertext(token: str) -> Ciphertext:  # noqa: ARG001 - one type
    return Ciphertext()


def _base64(text: object) -> str:
    return b64encode(str(text).encode()).decode()
