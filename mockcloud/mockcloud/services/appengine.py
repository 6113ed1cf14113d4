"""App Engine: an application a project, its services with versions and traffic, domains, and rules of the firewall.

Nothing is built or run.
"""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.creating import create
from mockcloud.services.service import Service

API: Final = "appengine"
SERVICE: Final = Service(API, modelled=False)
_SERVICES: Final = "apps.services"
_VERSIONS: Final = f"{_SERVICES}.versions"
_ALL: Final = 1.0
_LAST: Final = "2147483647"
"""Priority of the firewall's last rule, which every application has: `default`."""


# Applications
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("apps.create")
def create_application(call: Call) -> Answer | Body:
    """Make a project's application. It cannot be deleted, and keeps its place."""
    project = call.cloud.projects.id_of(str(call.body.get("id", "")))
    if not project:
        raise invalid("An application has its project's id.", Violation("app.id", "It must be set."))
    if not call.body.get("locationId"):
        raise invalid("An application needs a location.", Violation("app.location_id", "It must be set."))
    name = f"apps/{project}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Application")
    host = f"{project}.appspot.com"
    body = {
        "servingStatus": "SERVING",
        "databaseType": "CLOUD_DATASTORE",
        "authDomain": "gmail.com",
        "featureSettings": {"splitHealthChecks": True, "useContainerOptimizedOs": True},
        **call.body,
        "name": name,
        "id": project,
        "defaultHostname": host,
        "codeBucket": f"staging.{host}",
        "defaultBucket": host,
        "gcrDomain": "eu.gcr.io" if str(call.body["locationId"]).startswith("europe") else "us.gcr.io",
        "serviceAccount": f"{project}@appspot.gserviceaccount.com",
    }
    call.cloud.create(Record(API, name, body))
    rule = {"priority": int(_LAST), "action": "ALLOW", "sourceRange": "*", "description": "The default action."}
    call.cloud.create(Record(API, f"{name}/firewall/ingressRules/{_LAST}", rule))
    return operations.start(
        call, name, body, type_name=f"google.appengine.{call.method.version}.Application", about=name
    )


def _application(call: Call, record: Record, body: dict[str, Any]) -> Body:
    del call
    if body.get("locationId") != record.body["locationId"]:
        raise invalid("An application keeps its location.", Violation("app.location_id", "It cannot be changed."))
    return body


SERVICE.collection("apps", changed=_application)


# Services and versions
# ---------------------------------------------------------------------------------------------------------------------


def _named(call: Call, body: dict[str, Any]) -> str:
    """Give the id that a body says, else a moment, as Google does for versions."""
    return str(body.get("id") or f"{call.cloud.clock.now:%Y%m%dt%H%M%S}")


def _version(call: Call, name: str, body: dict[str, Any]) -> Body:
    if not body.get("runtime"):
        raise invalid("A version needs a runtime.", Violation("version.runtime", "It must be set."))
    _, project, _, service, _, identifier = name.split("/")
    _serve(call, f"apps/{project}/services/{service}", identifier)
    front = identifier if service == "default" else f"{identifier}-dot-{service}"
    return {
        "env": "standard",
        "servingStatus": "SERVING",
        "serviceAccount": f"{project}@appspot.gserviceaccount.com",
        **body,
        "id": identifier,
        "versionUrl": f"https://{front}-dot-{project}.appspot.com",
        "createdBy": call.caller.email or "owner@mock.test",
    }


def _serve(call: Call, name: str, version: str) -> None:
    """Make the service of a first version, which gets all of its traffic."""
    if call.cloud.store.get(API, name) is None:
        split = {"allocations": {version: _ALL}}
        call.cloud.create(Record(API, name, {"name": name, "id": name.rpartition("/")[2], "split": split}))


def _hold_version(call: Call, record: Record) -> None:
    """Keep a version that has traffic, while the service has another one."""
    service = call.cloud.store.get(API, record.name.partition("/versions/")[0])
    share = (service.body.get("split") or {}).get("allocations", {}) if service is not None else {}
    if share.get(record.id):
        raise failed_precondition(f"'{record.name}' has traffic. Move it to another version, or delete the service.")


def _hold_default(call: Call, record: Record) -> None:
    del call
    if record.id == "default":
        raise failed_precondition("The default service cannot be deleted.")


@SERVICE.method(f"{_VERSIONS}.create")
def deploy(call: Call) -> Answer | Body:
    """Make a version. One of its id that is there is replaced."""
    before = call.cloud.store.get(API, f"{call.name}/{call.body.get('id', '')}")
    if before is not None:
        call.cloud.delete(before)
    return create(call)


SERVICE.collection(_SERVICES, deleting=_hold_default, children="cascade", state=None)
SERVICE.collection(_VERSIONS, new_id=_named, created=_version, deleting=_hold_version, orphans=True, state=None)


# Domains and the firewall
# ---------------------------------------------------------------------------------------------------------------------


def _domain(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    identifier = name.rpartition("/")[2]
    records = [{"name": identifier.partition(".")[0], "type": "CNAME", "rrdata": "ghs.googlehosted.com"}]
    ssl = {"sslManagementType": "AUTOMATIC", **body.get("sslSettings", {})}
    return {**body, "id": identifier, "resourceRecords": records, "sslSettings": ssl}


def _priority(call: Call, body: dict[str, Any]) -> str:
    del call
    if not body.get("priority"):
        raise invalid("A rule needs a priority.", Violation("rule.priority", "It must be set."))
    return str(body["priority"])


SERVICE.collection("apps.domainMappings", new_id=_named, created=_domain, state=None)
SERVICE.collection("apps.firewall.ingressRules", new_id=_priority, orphans=True, state=None)
