"""What is rolled out over a project: policies on the extensions of machines, and features that are not out yet."""

from typing import Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services.compute import operations, standard
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.errors import missing
from mockcloud.services.compute.links import short
from mockcloud.services.compute.standard import API

_FEATURES: Final = frozenset({"alpha-api-access"})
"""Source: the example of the provider's type `compute.PreviewFeature`, 2026-11."""


@SERVICE.method("globalVmExtensionPolicies.delete")
def delete(call: Call) -> Answer | Body:
    """Remove a policy of all zones. The body tells only how fast it is taken from them, which here is at once."""
    return standard.delete(call)


def _feature(call: Call) -> Record:
    """Give a feature as it is, also where nobody has switched it yet.

    Raises:
        ApiError: 404, for one that there is not.
    """
    name = short(call.name)
    if name not in _FEATURES:
        raise missing(call.name)
    usual = {"kind": "compute#previewFeature", "name": name, "activationStatus": "DISABLED"}
    return call.cloud.store.get(API, call.name) or Record(API, call.name, usual)


@SERVICE.method("previewFeatures.get")
def feature(call: Call) -> Answer | Body:
    """Give a feature."""
    return _feature(call).body


@SERVICE.method("previewFeatures.update")
def switch(call: Call) -> Answer | Body:
    """Switch a feature on or off. How it is rolled out is told once, and not kept."""
    old = _feature(call)
    told = {key: each for key, each in call.body.items() if key != "rolloutOperation"}
    body = {**old.body, **told, "name": old.body["name"]}
    stored = call.cloud.store.get(API, call.name)
    if stored is None:
        call.cloud.create(Record(API, call.name, body))
    else:
        call.cloud.change(stored, body)
    return operations.start(call, call.name, "update")
