"""Versions of secrets: made once with what they hold, switched on and off, and destroyed."""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special

_NAME: Final = re.compile(r"(?P<secret>projects/[^/]+(?:/locations/(?P<location>[^/]+))?/secrets/[^/]+)/versions/[^/]+")
_ENDINGS: Final = {"DELETE": "destroy", "DISABLE": "disable"}


@dataclass(frozen=True)
class SecretVersion:
    """Versions of a global or regional secret."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a version."""
        secret = str(inputs["secret"])
        given = inputs.get("secretData") if inputs.get("secretData") is not None else inputs.get("secretDataWo")
        data = "" if given is None else str(given)
        sent = data if inputs.get("isSecretDataBase64") else b64encode(data.encode()).decode()
        made = place.api.call("POST", _host(secret), f"v1/{secret}:addVersion", {"payload": {"data": sent}})
        name = str(made["name"])
        if inputs.get("enabled") is False:
            place.api.call("POST", _host(secret), f"v1/{name}:disable", {})
        return self._state(place, place.api.call("GET", _host(secret), f"v1/{name}"), inputs)

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read a version; one that is destroyed is there no more."""
        if _NAME.fullmatch(identifier) is None:
            return None
        found = place.api.find(_host(identifier), f"v1/{identifier}")
        if found is None or found.get("state") == "DESTROYED":
            return None
        return self._state(place, found, inputs or {name: outputs[name] for name in _GIVEN if name in outputs})

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Switch a version on or off."""
        host, path = _host(old.id), f"v1/{old.id}"
        if "enabled" in changed:
            place.api.call("POST", host, f"{path}:{'disable' if inputs.get('enabled') is False else 'enable'}", {})
        return self._state(place, place.api.call("GET", host, path), inputs)

    def delete(self, place: Place, state: State) -> None:
        """Destroy a version, or disable it where its deletion policy says so."""
        ending = _ENDINGS.get(str(state.outputs.get("deletionPolicy") or "DELETE"), "destroy")
        place.api.remove("POST", _host(state.id), f"v1/{state.id}:{ending}", {})

    def _state(self, place: Place, found: Mapping[str, Any], inputs: Mapping[str, Any]) -> State:
        name, enabled = str(found["name"]), found.get("state") == "ENABLED"
        match = _NAME.fullmatch(name)
        outputs = {
            "secret": match["secret"] if match else "",
            "isSecretDataBase64": False,
            **inputs,
            "name": name,
            "version": name.rpartition("/")[2],
            "createTime": found.get("createTime", ""),
            "destroyTime": found.get("destroyTime", ""),
            "enabled": enabled,
        }
        if match and match["location"]:
            outputs["location"] = match["location"]
        if enabled and "secretDataWo" not in inputs:
            outputs["secretData"] = _payload(place, name, as_it_is=bool(inputs.get("isSecretDataBase64")))
        return State(name, outputs)


_GIVEN: Final = ("secret", "secretData", "isSecretDataBase64", "secretDataWo", "secretDataWoVersion", "deletionPolicy")


def _payload(place: Place, name: str, *, as_it_is: bool) -> str:
    data = place.api.call("GET", _host(name), f"v1/{name}:access").get("payload", {}).get("data", "")
    return str(data) if as_it_is else b64decode(data).decode(errors="replace")


def _host(name: str) -> str:
    """Give the host of a secret, or of a version of it."""
    match = re.match(r"projects/[^/]+/locations/([^/]+)/", name)
    return f"secretmanager.{match[1]}.rep.googleapis.com" if match else "secretmanager.googleapis.com"


@special("secretmanager/secretVersion:SecretVersion", "secretmanager/regionalSecretVersion:RegionalSecretVersion")
def _versions(token: str) -> SecretVersion:  # noqa: ARG001 - the name says which of the two it is
    return SecretVersion()
