"""Firebase: which projects have it, and their apps for the web, Android and Apple's devices."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, failed_precondition
from mockcloud.cloud.store import Body, Record
from mockcloud.services import operations
from mockcloud.services.acting import act
from mockcloud.services.reading import found
from mockcloud.services.service import Service

API: Final = "firebase"
SERVICE: Final = Service(API, modelled=False)
_PACKAGE: Final = "google.firebase.v1beta1"
_KINDS: Final = {"androidApps": "android", "iosApps": "ios", "webApps": "web"}
_APPS: Final = tuple(f"projects.{each}" for each in _KINDS)


@SERVICE.method("projects.addFirebase")
def add(call: Call) -> Answer | Body:
    """Add Firebase to a project; it cannot be taken away."""
    if call.cloud.store.get(API, call.name) is not None:
        raise already_exists(call.name, what="Firebase project")
    number = call.cloud.projects.number_of(call.project)
    body = {
        "name": call.name,
        "projectId": call.project,
        "projectNumber": number,
        "displayName": call.project,
        "state": "ACTIVE",
        "resources": {"hostingSite": call.project},
    }
    call.cloud.create(Record(API, call.name, body))
    return operations.start(call, "", body, type_name=f"{_PACKAGE}.FirebaseProject", about=call.name)


def _id(call: Call, body: dict[str, Any]) -> str:
    """Give a new app's id: the project's number, what it runs on, and digits of its own."""
    del body
    number = call.cloud.projects.number_of(call.project)
    return f"1:{number}:{_KINDS[call.method.resource]}:{call.cloud.ids.hexadecimal('firebase/apps', 22)}"


def _app(call: Call, name: str, body: dict[str, Any]) -> Body:
    identifier = name.rpartition("/")[2]
    key = {"apiKeyId": call.cloud.ids.uuid("firebase/keys")} if not body.get("apiKeyId") else {}
    return {**body, **key, "appId": identifier, "projectId": call.project}


@SERVICE.method(*(f"{each}.remove" for each in _APPS))
def remove(call: Call) -> Answer | Body:
    """Remove an app, at once or so that it can be taken back."""
    record = found(call)
    if record.body.get("state") == "DELETED":
        raise failed_precondition(f"'{record.name}' is removed already.")
    if call.body.get("immediate"):
        call.cloud.delete(record)
        return operations.start(call, "", {}, type_name="google.protobuf.Empty", about=record.name)
    return act(call, record, {}, going={"state": "DELETED"})


@SERVICE.method(*(f"{each}.undelete" for each in _APPS))
def undelete(call: Call) -> Answer | Body:
    """Take an app back that was removed."""
    record = found(call)
    if record.body.get("state") != "DELETED":
        raise failed_precondition(f"'{record.name}' is not removed.")
    return act(call, record, {}, going={"state": "ACTIVE"})


SERVICE.collection("projects")
SERVICE.collection(*_APPS, new_id=_id, created=_app, orphans=True)
