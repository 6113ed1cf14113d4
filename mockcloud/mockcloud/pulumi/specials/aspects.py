"""Entries of the Dataplex catalogue, and links between them: what is said of them by the keys of aspects."""

import json
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_SHOWN: Final = ("aspectType", "createTime", "updateTime", "path")


@special_row("dataplex/entry:Entry", "dataplex/entryLink:EntryLink")
class Described(Tabled):
    """What has aspects."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return _with_aspects(super()._creation(place, values, inputs), inputs)

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return _with_aspects(super()._body(place, values, inputs), inputs)

    def _mask(self, changed: frozenset[str]) -> list[str]:
        return sorted({*super()._mask(changed), *({"aspects"} & changed)})

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state = super()._state(place, body, inputs, values)
        told = [_told(key, each) for key, each in (body.get("aspects") or {}).items()]
        order = [each.get("aspectKey") for each in inputs.get("aspects") or []]
        told.sort(key=lambda each: order.index(each["aspectKey"]) if each["aspectKey"] in order else len(order))
        state.outputs.pop("aspects", None)
        return State(state.id, {**state.outputs, **({"aspects": told} if told else {})})


def _with_aspects(body: dict[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    given = inputs.get("aspects")
    if given is None:
        return body
    aspects = {str(each["aspectKey"]): {"data": json.loads(str(each["aspect"]["data"]))} for each in given}
    return {**body, "aspects": aspects}


def _told(key: str, aspect: Mapping[str, Any]) -> dict[str, Any]:
    data = json.dumps(aspect.get("data", {}), separators=(",", ":"), sort_keys=True)
    shown = {name: aspect[name] for name in _SHOWN if name in aspect}
    return {"aspectKey": key, "aspect": {"data": data, **shown}}
