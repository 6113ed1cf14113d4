"""Apigee: an organisation of a project, with its environments, groups, instances, products and developers.

No proxy runs: bundles of proxies, and what is deployed of them, answer 501.
"""

from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

SERVICE: Final = Service("apigee", short_names=True, modelled=False)
_ORGANIZATIONS: Final = "organizations"
_BELOW: Final = (
    *("environments", "envgroups", "endpointAttachments", "apiproducts", "appgroups", "datacollectors", "dnsZones"),
    *("spaces", "environments.keystores", "environments.references", "environments.targetservers"),
)


def _of_project(call: Call, body: dict[str, Any]) -> str:
    """Give an organisation the id of its project."""
    del body
    project = call.cloud.projects.id_of(call.text("parent").rpartition("/")[2])
    if not project:
        raise invalid("An organisation is of a project.", Violation("parent", "It is projects/PROJECT."))
    return project


def _organization(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    identifier = name.rpartition("/")[2]
    usual = {"runtimeType": "CLOUD", "subscriptionType": "PAID", "billingType": "SUBSCRIPTION"}
    return {**usual, **body, "name": identifier, "projectId": identifier, "environments": []}


def _uuid(call: Call, body: dict[str, Any]) -> str:
    del body
    return call.cloud.ids.uuid(f"apigee/{call.method.resource}")


def _by_mail(call: Call, body: dict[str, Any]) -> str:
    del call
    if not body.get("email"):
        raise invalid("A developer has an e-mail address.", Violation("developer.email", "It must be set."))
    return str(body["email"])


def _developer(call: Call, name: str, body: dict[str, Any]) -> Body:
    organization = name.split("/")[1]
    kept = {"developerId": call.cloud.ids.uuid("apigee/developers"), "organizationName": organization}
    return {**body, **kept, "status": "active"}


def _instance(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    return {**body, "host": "10.87.1.2", "port": "443", "runtimeVersion": "1-14-0", "createdAt": _now(call)}


def _environment(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    now = _now(call)
    usual = {"apiProxyType": "PROGRAMMABLE", "deploymentType": "PROXY", "type": "COMPREHENSIVE"}
    return {**usual, **body, "createdAt": now, "lastModifiedAt": now}


def _now(call: Call) -> str:
    """Give the moment as Apigee has moments: milliseconds."""
    return str(int(call.cloud.clock.now.timestamp() * 1000))


SERVICE.collection(_ORGANIZATIONS, new_id=_of_project, created=_organization)
SERVICE.collection(*(f"{_ORGANIZATIONS}.{each}" for each in _BELOW))
SERVICE.collection(f"{_ORGANIZATIONS}.environments", created=_environment)
SERVICE.collection(f"{_ORGANIZATIONS}.instances", created=_instance)
SERVICE.collection(f"{_ORGANIZATIONS}.instances.attachments", f"{_ORGANIZATIONS}.envgroups.attachments", new_id=_uuid)
SERVICE.collection(f"{_ORGANIZATIONS}.instances.natAddresses")
SERVICE.collection(f"{_ORGANIZATIONS}.developers", new_id=_by_mail, created=_developer)
