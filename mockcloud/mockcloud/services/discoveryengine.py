"""Search and recommendation engines: what comes with each, and settings that an update makes. Nothing is searched."""

from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.operations import with_number
from mockcloud.services.service import Service
from mockcloud.services.singletons import getter, updater

SERVICE = Service("discoveryengine", numbers=True)

_COLLECTION: Final = "projects.locations.collections"
_SEARCH: Final = "SOLUTION_TYPE_SEARCH"
_RECOMMENDATION: Final = "SOLUTION_TYPE_RECOMMENDATION"


def _engine(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    if not body.get("solutionType"):
        raise invalid("An engine is for one purpose.", Violation("engine.solution_type", "It is not set."))
    return body


def _companions(call: Call, engine: Record) -> None:
    """Make what comes with an engine: how it is asked, and for searches the widget."""
    kind = engine.body["solutionType"]
    made = {
        _SEARCH: ("servingConfigs/default_search", "widgetConfigs/default_search_widget_config"),
        _RECOMMENDATION: (f"servingConfigs/{engine.id}",),
    }
    for each in made.get(kind, ()):
        name = f"{engine.name}/{each}"
        shared: Body = {"displayName": engine.body.get("displayName", engine.id), "solutionType": kind}
        widget: Body = {"configId": call.cloud.ids.uuid("discoveryengine/widgets")} if "widget" in each else {}
        call.cloud.create(Record("discoveryengine", name, {"name": with_number(call.cloud, name), **shared, **widget}))


def _first_schema(call: Call, store: Record) -> None:
    """Make a data store's schema, unless the call says that another one follows."""
    if call.flag("skipDefaultSchemaCreation"):
        return
    name = f"{store.name}/schemas/default_schema"
    body = {"name": with_number(call.cloud, name), "structSchema": {"type": "object"}}
    call.cloud.create(Record("discoveryengine", name, body))


def _key(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    return {**body, "isDefault": call.flag("setDefault"), "notebooklmState": "NOTEBOOK_LM_NOT_ENABLED"}


SERVICE.collection(f"{_COLLECTION}.engines", created=_engine, after_create=_companions, immutable=("solutionType",))
SERVICE.collection(f"{_COLLECTION}.dataStores", after_create=_first_schema)
SERVICE.collection("projects.locations.cmekConfigs", created=_key, upsert=True, required=("kmsKey",))


def _users(call: Call) -> dict[str, Any]:
    """Give the one store of users that every location has."""
    del call
    return {"displayName": "Default User Store"}


SERVICE.method("projects.locations.userStores.get")(getter(_users))
SERVICE.method("projects.locations.userStores.patch")(updater(_users))
