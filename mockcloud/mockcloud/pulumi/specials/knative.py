"""Services and domains of Cloud Run's first API: labels and annotations lie in metadata, and some are the server's."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Partial, Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.translate import ATTRIBUTION

_SERVER: Final = ("serving.knative.dev/", "cloud.googleapis.com/", "run.googleapis.com/ingress-status")
"""What labels and annotations begin with that only the server sets."""

_SYSTEM: Final = ("run.googleapis.com/", "autoscaling.knative.dev/", *_SERVER)
"""What annotations of templates begin with that the server sets, too: the provider sees no change in them."""

_PLACE: Final = ("location", "project", "name")
"""What an import says, in this order, where it does not give the id."""


@special_row("cloudrun/service:Service", "cloudrun/domainMapping:DomainMapping")
class Knative(Tabled):
    """What has its labels and annotations in its metadata."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a resource, and wait until it is ready."""
        state = super().create(place, inputs)
        conditions = (state.outputs.get("statuses") or [{}])[0].get("conditions") or []
        failed = [each for each in conditions if each.get("type") == "Ready" and each.get("status") == "False"]
        if failed:
            raise Partial(state, [str(each.get("message") or "It is not ready.") for each in failed])
        return state

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return super()._creation(place, values, _labelled(place, inputs))

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return super()._body(place, values, _labelled(place, inputs))

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        imported = "spec" not in inputs and "template" not in inputs
        given = inputs.get("metadata") or {}
        metadata = state.outputs["metadata"] = dict(state.outputs.get("metadata") or {})
        labels, notes = dict(metadata.get("labels") or {}), dict(metadata.get("annotations") or {})
        own = _own(labels, {**ATTRIBUTION, **place.settings.labels}) if imported else given.get("labels") or {}
        kept = _own(notes, {}) if imported else given.get("annotations") or {}
        metadata |= {
            "labels": {name: labels[name] for name in own if name in labels},
            "effectiveLabels": labels,
            "pulumiLabels": {**place.settings.labels, **own},
            "annotations": {name: notes[name] for name in kept if name in notes},
            "effectiveAnnotations": notes,
            "namespace": place.project(values),
        }
        if not imported:
            _show_template(state.outputs, inputs)
        return state

    def _short(self, identifier: str) -> dict[str, str]:
        parts = identifier.split("/")
        return dict(zip(_PLACE, parts, strict=True)) if len(parts) == len(_PLACE) else super()._short(identifier)


def _own(real: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """Give what only a program can have set."""
    return {name: value for name, value in real.items() if name not in ours and not name.startswith(_SERVER)}


def _labelled(place: Place, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give inputs as they are sent: with all labels, and without the name of a revision that the server chooses."""
    metadata = dict(inputs.get("metadata") or {})
    ours = ATTRIBUTION if place.settings.attribution else {}
    metadata["labels"] = {**place.settings.labels, **(metadata.get("labels") or {}), **ours}
    sent = {**inputs, "metadata": metadata}
    template = inputs.get("template") or {}
    if inputs.get("autogenerateRevisionName") and (template.get("metadata") or {}).get("name"):
        named = {name: value for name, value in template["metadata"].items() if name != "name"}
        sent["template"] = {**template, "metadata": named}
    return sent


def _show_template(outputs: dict[str, Any], inputs: Mapping[str, Any]) -> None:
    """Leave out of a template's annotations what the server set beside the program's; where it sets none, all stay."""
    template = outputs.get("template")
    given = ((inputs.get("template") or {}).get("metadata") or {}).get("annotations")
    if not template or not given:
        return
    metadata = dict(template.get("metadata") or {})
    notes = metadata.get("annotations") or {}
    metadata["annotations"] = {
        name: value for name, value in notes.items() if name in given or not name.startswith(_SYSTEM)
    }
    outputs["template"] = {**template, "metadata": metadata}
