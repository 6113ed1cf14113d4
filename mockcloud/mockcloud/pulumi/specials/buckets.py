"""Buckets of Cloud Storage and what lies in them."""

import base64
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special, special_row
from mockcloud.pulumi.specials.archives import content_of
from mockcloud.pulumi.tabled import Tabled

_HOST: Final = "storage.googleapis.com"
_STATES: Final = {"LIVE": True, "ARCHIVED": False}
"""What `withState` of a rule is in the API (`isLive`); `ANY` is in neither."""
_SHOWN: Final = {True: "LIVE", False: "ARCHIVED", None: "ANY"}

_SIGNATURES: Final = (
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b\x08", "application/x-gzip"),
    (b"%PDF-", "application/pdf"),
    (b"<?xml", "text/xml; charset=utf-8"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
"""What content of some types begins with."""

_PARTS: Final = {
    "autoclass": ("terminalStorageClass",),
    "encryption": ("defaultKmsKeyName",),
    "logging": ("logObjectPrefix",),
    "website": ("mainPageSuffix", "notFoundPage"),
}
"""Objects of a bucket, and those of their parts that a program need not set."""

_BINARY: Final = frozenset((*range(9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)))
"""Bytes that no text has."""


@special_row("storage/bucket:Bucket")
class Bucket(Tabled):
    """Buckets."""

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        body = _with_states(super()._body(place, values, inputs), inputs)
        # A change is merged into what there is: parts of an object that the program sets no more are sent as nothing.
        parts = {name: {**dict.fromkeys(within), **body[name]} for name, within in _PARTS.items() if name in body}
        return {**body, **parts}

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return _with_states(super()._creation(place, values, inputs), inputs)

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        found = body.get("lifecycle", {}).get("rule", [])
        for rule, shown in zip(found, state.outputs.get("lifecycleRules") or [], strict=False):
            shown.setdefault("condition", {})["withState"] = _SHOWN[rule.get("condition", {}).get("isLive")]
        return state

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read a bucket, by its name or `{project}/{name}`."""
        return super().read(place, identifier.rpartition("/")[2], inputs, outputs)

    def delete(self, place: Place, state: State) -> None:
        """Remove a bucket; with `forceDestroy` what lies in it first, all generations."""
        if state.outputs.get("forceDestroy"):
            bucket = quote(state.id, safe="")
            listed = place.api.find(_HOST, f"storage/v1/b/{bucket}/o?versions=true&maxResults=1000")
            while listed and listed.get("items"):
                for each in listed["items"]:
                    path = f"storage/v1/b/{bucket}/o/{quote(each['name'], safe='')}?generation={each['generation']}"
                    place.api.call("DELETE", _HOST, path)
                listed = place.api.find(_HOST, f"storage/v1/b/{bucket}/o?versions=true&maxResults=1000")
        super().delete(place, state)


def _with_states(body: dict[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Say in the rules whether they are for live objects or for those that are not the current ones any more."""
    sent = body.get("lifecycle", {}).get("rule", [])
    for rule, given in zip(sent, inputs.get("lifecycleRules") or [], strict=False):
        state = _STATES.get(str((given.get("condition") or {}).get("withState")))
        if state is not None:
            rule.setdefault("condition", {})["isLive"] = state
    return body


@special_row("storage/bucketObject:BucketObject")
class BucketObject(Tabled):
    """Objects, with what they hold: a text, or an asset of the program.

    The id does not say where the bucket's name ends, so that none is read from it.
    """

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Upload an object."""
        return self._upload(place, inputs)

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read an object. Other content than the program's shows in its hash."""
        del identifier
        known = {**outputs, **inputs}
        values = self.values(place, known)
        found = self._read(place, values)
        if found is None:
            return None
        state = self._state(place, found, self._left(place, found, inputs), values)
        if state.outputs.get("md5hash") != outputs.get("md5hash"):
            state.outputs["detectMd5hash"] = state.outputs.get("md5hash")
        return state

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change what is said of an object, or upload it anew."""
        if changed & {"content", "source", "detectMd5hash"}:
            return self._upload(place, inputs)
        return super().update(place, State("", old.outputs), inputs, changed)

    def delete(self, place: Place, state: State) -> None:
        """Remove an object."""
        super().delete(place, State("", state.outputs))

    def _upload(self, place: Place, inputs: Mapping[str, Any]) -> State:
        values = self.values(place, inputs)
        content = _content(inputs)
        body = {**self._body(place, values, inputs), "name": inputs["name"]}
        body.setdefault("contentType", media_of(content))
        place.api.upload(_HOST, f"upload/storage/v1/b/{quote(str(inputs['bucket']), safe='')}/o", body, content)
        return self._state(place, self._read(place, values) or {}, inputs, values)

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        state.outputs["md5hexhash"] = base64.b64decode(str(body.get("md5Hash", ""))).hex()
        return state


@special_row("storage/notification:Notification")
class Notification(Tabled):
    """Notifications of a bucket, whose topic the API has with the name of its service."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        topic = str(inputs["topic"])
        if "/" not in topic:
            topic = f"projects/{place.project(inputs)}/topics/{topic}"
        full = topic if topic.startswith("//") else f"//pubsub.googleapis.com/{topic}"
        return {**super()._creation(place, values, inputs), "topic": full}


@special("storage/hmacKey:HmacKey")
class HmacKey:
    """Keys of accounts for the XML API, whose secret is shown only when they are made."""

    def __init__(self, token: str) -> None:
        self._token = token

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a key, and switch it off where it is to be inactive."""
        project, account = place.project(inputs), quote(str(inputs["serviceAccountEmail"]), safe="")
        path = f"storage/v1/projects/{project}/hmacKeys"
        made = place.api.call("POST", _HOST, f"{path}?serviceAccountEmail={account}")
        found = made["metadata"]
        if inputs.get("state", "ACTIVE") != found.get("state"):
            found = place.api.call("PUT", _HOST, f"{path}/{found['accessId']}", {"state": inputs["state"]})
        return _key_state(found, {**inputs, "project": project, "secret": made["secret"]})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read a key."""
        project, _, access = identifier.removeprefix("projects/").replace("/hmacKeys", "").rpartition("/")
        project = project or place.settings.project
        found = place.api.find(_HOST, f"storage/v1/projects/{project}/hmacKeys/{access}")
        if found is None or found.get("state") == "DELETED":
            return None
        return _key_state(found, {**outputs, **inputs, "project": project})

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Switch a key on or off."""
        known = {**old.outputs, **inputs}
        if "state" not in changed:
            return State(old.id, known)
        found = place.api.call("PUT", _HOST, f"storage/v1/{old.id}", {"state": inputs.get("state", "ACTIVE")})
        return _key_state(found, known)

    def delete(self, place: Place, state: State) -> None:
        """Remove a key, which must be inactive."""
        path = f"storage/v1/{state.id}"
        if place.api.remove("PUT", _HOST, path, {"state": "INACTIVE"}):
            place.api.remove("DELETE", _HOST, path)


def _key_state(found: Mapping[str, Any], known: Mapping[str, Any]) -> State:
    shown = {name: found[name] for name in ("accessId", "serviceAccountEmail", "state", "timeCreated", "updated")}
    return State(f"projects/{known['project']}/hmacKeys/{found['accessId']}", {**known, **shown})


def _content(inputs: Mapping[str, Any]) -> bytes:
    """Give the bytes of an object.

    Raises:
        NoContent: They cannot be read, or lie elsewhere than on this machine.
    """
    if inputs.get("content") is not None:
        return str(inputs["content"]).encode()
    return content_of(inputs.get("source"))


def media_of(content: bytes) -> str:
    """Give the type that Google's client takes content for which is said to be of none.

    Source: the signatures and the rule for texts of Go's `net/http` (DetectContentType).
    """
    found = next((media for start, media in _SIGNATURES if content.startswith(start)), None)
    if found is not None:
        return found
    return "text/plain; charset=utf-8" if _BINARY.isdisjoint(content[:512]) else "application/octet-stream"
