"""Cloud Run services of the first version, and functions of the first generation."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_LOOKS: Final = 60
"""How often a service is looked at until it is ready, at most."""

_SOURCE: Final = re.compile(r"gs://([^/]+)/(.+)")


@special_row("cloudrun/service:Service")
class RunService(Tabled):
    """Services of Knative's API, which is asked until they are ready."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a service."""
        super().create(place, inputs)
        return self._settled(place, inputs)

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change a service."""
        super().update(place, old, inputs, changed)
        return self._settled(place, inputs)

    def _settled(self, place: Place, inputs: Mapping[str, Any]) -> State:
        values = self.values(place, inputs)
        found = self._read(place, values) or {}
        for _ in range(_LOOKS):
            conditions = found.get("status", {}).get("conditions", [])
            if any(each.get("type") == "Ready" and each.get("status") in {"True", "False"} for each in conditions):
                break
            place.api.transport.wait(place.api.seconds)
            found = self._read(place, values) or {}
        return self._state(place, found, inputs, values)

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        outputs, found = state.outputs, body.get("metadata", {})
        given = inputs.get("metadata") or {}
        shown = {**(outputs.get("metadata") or {})}
        for name, all_of_them in (("labels", "effectiveLabels"), ("annotations", "effectiveAnnotations")):
            real = found.get(name, {})
            shown |= {name: {key: real[key] for key in given.get(name) or {} if key in real}, all_of_them: real}
        shown["pulumiLabels"] = {**place.settings.labels, **(given.get("labels") or {})}
        outputs["metadata"] = shown
        _keep_own(outputs, inputs)
        return state


def _keep_own(outputs: dict[str, Any], inputs: Mapping[str, Any]) -> None:
    """Leave out of a template's annotations and labels what Cloud Run adds to them."""
    metadata = (outputs.get("template") or {}).get("metadata")
    given = (inputs.get("template") or {}).get("metadata") or {}
    for name in ("annotations", "labels"):
        if metadata and given.get(name):
            metadata[name] = {key: value for key, value in (metadata.get(name) or {}).items() if key in given[name]}


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
