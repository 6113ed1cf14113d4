"""IAM policies on tables, routines and row access policies."""

from mockcloud.cloud import policies
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body
from mockcloud.services.bigquery import names
from mockcloud.services.bigquery.refusals import missing
from mockcloud.services.bigquery.service import API, SERVICE


def _hold(call: Call) -> None:
    if call.cloud.store.get(API, call.name) is None:
        raise missing("Table" if call.method.id.startswith("tables") else "Resource", names.colons(call.name))


@SERVICE.method("tables.getIamPolicy", "routines.getIamPolicy", "rowAccessPolicies.getIamPolicy")
def get(call: Call) -> Answer | Body:
    """Give a policy."""
    _hold(call)
    return policies.read(call, API, call.name)


@SERVICE.method("tables.setIamPolicy", "routines.setIamPolicy")
def set_(call: Call) -> Answer | Body:
    """Put a policy."""
    _hold(call)
    return policies.write(call, API, call.name, call.body.get("policy", {}), call.body.get("updateMask", ""))


@SERVICE.method("tables.testIamPermissions", "routines.testIamPermissions", "rowAccessPolicies.testIamPermissions")
def test(call: Call) -> Answer | Body:
    """Give those of the permissions that the caller has."""
    _hold(call)
    held = [each for each in call.body.get("permissions", []) if call.cloud.allows(call, each)]
    return {"permissions": held} if held else {}
