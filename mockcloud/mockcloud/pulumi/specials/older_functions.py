"""Functions of the first generation."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_SOURCE: Final = re.compile(r"gs://([^/]+)/(.+)")


@special_row("cloudfunctions/function:Function")
class Function(Tabled):
    """Functions of the first generation."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return _with_source(super()._creation(place, values, inputs), inputs)

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return _with_source(super()._body(place, values, inputs), inputs)

    def _mask(self, changed: frozenset[str]) -> list[str]:
        fields = set(super()._mask(changed))
        fields |= {"timeout"} & changed
        if changed & {"sourceArchiveBucket", "sourceArchiveObject"}:
            fields.add("sourceArchiveUrl")
        return sorted(fields)

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        source = _SOURCE.fullmatch(str(body.get("sourceArchiveUrl", "")))
        if source:
            state.outputs.update(sourceArchiveBucket=source[1], sourceArchiveObject=source[2])
        if body.get("timeout"):
            state.outputs["timeout"] = int(str(body["timeout"]).removesuffix("s"))
        if "httpsTrigger" in body:
            state.outputs["triggerHttp"] = True
        return state


def _with_source(body: dict[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    if inputs.get("triggerHttp"):
        body.setdefault("httpsTrigger", {})
    if inputs.get("sourceArchiveBucket"):
        body["sourceArchiveUrl"] = f"gs://{inputs['sourceArchiveBucket']}/{inputs.get('sourceArchiveObject', '')}"
    if inputs.get("timeout"):
        body["timeout"] = f"{inputs['timeout']}s"
    return body
