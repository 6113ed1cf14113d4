"""Identity-Aware Proxy: who may pass, its settings, and groups of destinations of tunnels. Nothing is proxied.

What it guards has a name of its own, `projects/p/iap_web/compute/services/s`, whether or not somebody asked for it.
"""

from typing import Final

from mockcloud.cloud import policies
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.masks import apply_mask, merged, read_mask
from mockcloud.cloud.rules.access import require
from mockcloud.cloud.store import Body, Record
from mockcloud.services.service import Service

API: Final = "iap"
SERVICE: Final = Service(API)
_SETTINGS: Final = "iapSettings"


@SERVICE.preparation
def _by_id(call: Call) -> None:
    """Read names with the project's number as those with its id."""
    call.name = call.cloud.projects.by_id(call.name)


_WEB: Final = ("web", "webTypes", "webServices", "webServiceVersions")
_TUNNEL: Final = {"zones": "tunnelZones", "instances": "tunnelInstances", "destGroups": "tunnelDestGroups"}


def _ask(call: Call, verb: str) -> None:
    """Ask for a permission, which depends on what is meant: all of a project, a kind of thing, or one thing."""
    kind, _, rest = call.name.partition("/iap_")[2].partition("/")
    words = rest.split("/") if rest else []
    if kind == "tunnel":
        known = _TUNNEL.get(words[-2], "tunnelLocations") if len(words) > 1 else "tunnel"
    else:
        known = _WEB[min((len(words) + 1) // 2, len(_WEB) - 1)]
    require(call, f"iap.{known}.{verb}", call.name, API)


@SERVICE.method("getIamPolicy")
def get_policy(call: Call) -> Answer | Body:
    """Give who may pass."""
    _ask(call, "getIamPolicy")
    return policies.read(call, API, call.name)


@SERVICE.method("setIamPolicy")
def set_policy(call: Call) -> Answer | Body:
    """Say who may pass."""
    _ask(call, "setIamPolicy")
    return policies.write(call, API, call.name, call.body.get("policy", {}))


def _settings(call: Call) -> Record:
    name = f"{call.name}/{_SETTINGS}"
    return call.cloud.store.get(API, name) or Record(API, name, {"name": call.name})


@SERVICE.method("getIapSettings")
def get_settings(call: Call) -> Answer | Body:
    """Give settings; those of which nobody said anything are empty."""
    _ask(call, "getSettings")
    return _settings(call).body


@SERVICE.method("updateIapSettings")
def change_settings(call: Call) -> Answer | Body:
    """Change settings."""
    _ask(call, "updateSettings")
    record = _settings(call)
    mask = call.text("updateMask")
    body = (
        apply_mask(record.body, call.body, read_mask(mask, call.schemas, call.method.request))
        if mask
        else merged(record.body, call.body)
    )
    new = {**body, "name": call.name}
    stored = call.cloud.store.get(API, record.name)
    return (call.cloud.create(Record(API, record.name, new)) if stored is None else call.cloud.change(stored, new)).body
