"""The service, and what its parts share."""

from typing import Final
from urllib.parse import unquote

from mockcloud.cloud.access.hierarchy import CONTAINERS
from mockcloud.cloud.call import Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, denied, not_found
from mockcloud.cloud.organisations import ensure
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.services import operations
from mockcloud.services.service import OperationForm, Service

API: Final = "cloudresourcemanager"
TYPES: Final = "google.cloud.resourcemanager.v3"

SERVICE = Service(API, modelled=False)
SERVICE.collection("projects", "folders", "organizations", "tagKeys", "tagValues", state=None)


@SERVICE.preparation
def prepare(call: Call) -> None:
    """Read the name of a tag's binding, in which the name of the resource is encoded."""
    if call.name.startswith("tagBindings/"):
        call.name = unquote(call.name)


@SERVICE.operation_form
def form(call: Call, about: str) -> OperationForm:
    """Show operations by their id alone."""
    del call, about
    return OperationForm(parent="/")


def operation(call: Call, record: Record, shown: Body, kind: str) -> Body:
    """Start an operation that ends with a resource.

    Args:
        call: What started it.
        record: What it is about.
        shown: The resource as the client sees it.
        kind: Its message: `Project`.
    """
    version = TYPES if call.method.version == "v3" else "google.cloud.resourcemanager.v1"
    return operations.start(call, "", shown, type_name=f"{version}.{kind}", about=record.name)


def found(call: Call, name: str = "") -> Record:
    """Find a resource.

    Raises:
        ApiError: 403 where IAM is asked, as Google does not say what there is; else 404.
    """
    wanted = name or call.name
    record = call.cloud.store.get(API, wanted)
    if record is None:
        raise unseen(call, wanted)
    return record


def unseen(call: Call, name: str) -> ApiError:
    """Give the refusal of a name that there is not."""
    if call.cloud.rules.on(Rule.ACCESS):
        return denied(f"The caller does not have permission on '{name}' (or it may not exist).")
    return not_found(name)


def read_parent(call: Call, text: str) -> str:
    """Read a parent: `folders/1`, `organizations/1`, `projects/ID-or-number`; "" for none.

    It appears on first use, where nothing has to exist beforehand.
    """
    kind, _, identifier = text.removeprefix("//cloudresourcemanager.googleapis.com/").partition("/")
    if kind not in CONTAINERS or not identifier:
        return ""
    name = f"projects/{call.cloud.projects.id_of(identifier)}" if kind == "projects" else f"{kind}/{identifier}"
    if not call.cloud.rules.on(Rule.PROJECTS):
        _appear(call.cloud, name)
    return name


def _appear(cloud: Cloud, name: str) -> None:
    kind, _, identifier = name.partition("/")
    if kind == "projects" and not identifier.isdigit():
        cloud.projects.ensure(identifier)
    elif kind != "projects" and identifier.isdigit():
        ensure(cloud, name)
