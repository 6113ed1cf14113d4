"""Functions that read policies, and the one that only writes one down."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from mockcloud.pulumi.functions import Function, function
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.policies import Guarded, guarded
from mockcloud.pulumi.properties import signature_of
from mockcloud.pulumi.specials.iam import policies_of
from mockcloud.pulumi.templates import fill, variables

_OTHER_NAMES: Final = {
    "bigquery/iam": "bigquery/getTable",
    "bigquerydatapolicy/dataPolicyIam": "bigquerydatapolicy/get",
    "cloudrun/iam": "cloudrun/getService",
    "dns/dnsManagedZoneIam": "dns/getManagedZone",
    "endpoints/consumersIam": "endpoints/getServiceConsumers",
    "healthcare/hl7StoreIam": "healthcare/getHl7V2Store",
    "iap/webTypeAppEngingIam": "iap/getWebTypeAppEngine",
    "vertex/aiFeatureStoreEntityTypeIam": "vertex/getAiFeaturestoreEntitytype",
    "vertex/aiFeatureStoreIam": "vertex/getAiFeaturestore",
}
"""Functions that are not called as the types of their stem are."""


@function("organizations/getIAMPolicy:getIAMPolicy")
def _written(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Write a policy down: it is read from nowhere."""
    del place
    bindings = sorted((_binding(each) for each in arguments.get("bindings") or ()), key=json.dumps)
    told: dict[str, Any] = {"bindings": bindings}
    audits = [_audit(each) for each in arguments.get("auditConfigs") or ()]
    if audits:
        told = {"auditConfigs": audits, **told}
    policy = json.dumps(told, separators=(",", ":"), sort_keys=True)
    identifier = str(int(hashlib.sha256(policy.encode()).hexdigest()[:8], 16))
    return {**arguments, "id": identifier, "policyData": policy}


def _binding(each: Mapping[str, Any]) -> dict[str, Any]:
    condition = {"condition": dict(each["condition"])} if each.get("condition") else {}
    return {"role": each["role"], "members": sorted(each.get("members") or ()), **condition}


def _audit(each: Mapping[str, Any]) -> dict[str, Any]:
    logged = [
        {
            "logType": one["logType"],
            **({"exemptedMembers": one["exemptedMembers"]} if one.get("exemptedMembers") else {}),
        }
        for one in each.get("auditLogConfigs") or ()
    ]
    return {"service": each["service"], "auditLogConfigs": logged}


def _reading(of: Guarded) -> Function:
    def read(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
        values = of.values(place.settings, arguments)
        policy = policies_of(of).get(place, values)
        told = {name: policy[name] for name in ("auditConfigs", "bindings") if policy.get(name)}
        return {
            **{name: values[name] for name in variables(of.self) if name in values},
            **arguments,
            "id": fill(of.id, values),
            "etag": policy.get("etag", ""),
            "policyData": json.dumps(told, separators=(",", ":"), sort_keys=True),
        }

    return read


def _names(stem: str) -> Iterable[str]:
    module, _, name = stem.partition("/")
    bare = name[:-3]
    yield _OTHER_NAMES.get(stem, f"{module}/get{bare[:1].upper()}{bare[1:]}")


for _stem, _of in guarded().items():
    for _name in _names(_stem):
        _token = f"{_name}IamPolicy:{_name.partition('/')[2]}IamPolicy"
        if signature_of(f"gcp:{_token}") is not None:  # there is none for organisations
            function(_token)(_reading(_of))
