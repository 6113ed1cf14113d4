"""Buckets of Cloud Storage and what lies in them."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from mockcloud.errors import Error
from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.values import ARCHIVE, ASSET, SIGNATURE

_HOST: Final = "storage.googleapis.com"
_STATES: Final = {"LIVE": True, "ARCHIVED": False}
"""What `withState` of a rule is in the API (`isLive`); `ANY` is in neither."""


class NoContent(Error):
    """The content of an object cannot be read."""


@special_row("storage/bucket:Bucket")
class Bucket(Tabled):
    """Buckets."""

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return _with_states(super()._body(place, values, inputs), inputs)

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return _with_states(super()._creation(place, values, inputs), inputs)

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
    """Objects, with what they hold: a text, or an asset of the program."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Upload an object."""
        return self._upload(place, inputs)

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change what is said of an object, or upload it anew."""
        if changed & {"content", "source", "detectMd5hash"}:
            return self._upload(place, inputs)
        return super().update(place, old, inputs, changed)

    def _upload(self, place: Place, inputs: Mapping[str, Any]) -> State:
        values = self.values(place, inputs)
        content = _content(inputs)
        body = {**self._body(place, values, inputs), "name": inputs["name"]}
        body.setdefault("contentType", _type_of(inputs, content))
        place.api.upload(_HOST, f"upload/storage/v1/b/{quote(str(inputs['bucket']), safe='')}/o", body, content)
        found = self._read(place, values) or {}
        state = self._state(place, found, inputs, values)
        state.outputs["detectMd5hash"] = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
        return state


def _content(inputs: Mapping[str, Any]) -> bytes:
    """Give the bytes of an object.

    Raises:
        NoContent: They are in a file that cannot be read, or elsewhere than on this machine.
    """
    if inputs.get("content") is not None:
        return str(inputs["content"]).encode()
    source = inputs.get("source")
    if not isinstance(source, Mapping) or source.get(SIGNATURE) not in {ASSET, ARCHIVE}:
        raise _no_content("neither content nor source")
    if source.get("text") is not None:
        return str(source["text"]).encode()
    path = Path(str(source.get("path") or ""))
    if source.get(SIGNATURE) == ARCHIVE or source.get("uri"):
        # Archives are packed by the engine's clients; what matters here is that the same content gives the same bytes.
        return str(source.get("hash", source.get("uri", ""))).encode()
    try:
        return path.read_bytes()
    except OSError as error:
        raise _no_content(f"{path}: {error.strerror}") from error


def _no_content(given: str) -> NoContent:
    return NoContent(
        "The object has no content that can be read",
        given=given,
        allowed="content, or source: a FileAsset, StringAsset, FileArchive or AssetArchive",
        remedy="give one of them; a path is relative to where the program runs",
    )


def _type_of(inputs: Mapping[str, Any], content: bytes) -> str:
    if inputs.get("content") is not None or content.isascii():
        return "text/plain; charset=utf-8"
    return "application/octet-stream"
