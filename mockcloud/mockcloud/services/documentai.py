"""Document AI: processors and their versions. Documents are not read: `process` answers 501."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("documentai", numbers=True)

_PROCESSORS: Final = "projects.locations.processors"
_VERSIONS: Final = f"{_PROCESSORS}.processorVersions"
_TYPES: Final = {
    "OCR_PROCESSOR": "GENERAL",
    "FORM_PARSER_PROCESSOR": "GENERAL",
    "LAYOUT_PARSER_PROCESSOR": "GENERAL",
    "INVOICE_PROCESSOR": "SPECIALIZED",
    "EXPENSE_PROCESSOR": "SPECIALIZED",
    "ID_PROOFING_PROCESSOR": "SPECIALIZED",
    "CUSTOM_EXTRACTION_PROCESSOR": "CUSTOM",
    "CUSTOM_CLASSIFICATION_PROCESSOR": "CUSTOM",
    "CUSTOM_SPLITTING_PROCESSOR": "CUSTOM",
    "SUMMARY_PROCESSOR": "CUSTOM",
}
"""Types of processors and their categories, as the product's list of processors has them (2026)."""


def _id(call: Call, body: dict[str, Any]) -> str:
    del body
    return call.cloud.ids.hexadecimal("documentai/processors")


def _processor(call: Call, name: str, body: dict[str, Any]) -> Body:
    if not body.get("type"):
        raise invalid("A processor has a type.", Violation("processor.type", "It is empty."))
    location = name.split("/")[3]
    shown = operations.with_number(call.cloud, name)
    return {
        **body,
        "state": "ENABLED",
        "processEndpoint": f"https://{location}-documentai.googleapis.com/v1/{shown}:process",
        "defaultProcessorVersion": f"{shown}/processorVersions/pretrained-v1",
    }


def _first_version(call: Call, record: Record) -> None:
    name = f"{record.name}/processorVersions/pretrained-v1"
    body = {
        "name": operations.with_number(call.cloud, name),
        "displayName": "Pretrained",
        "state": "DEPLOYED",
        "googleManaged": True,
        "createTime": call.cloud.clock.tick(),
    }
    call.cloud.create(Record("documentai", name, body))


SERVICE.collection(_PROCESSORS, new_id=_id, created=_processor, after_create=_first_version, state=None)


@SERVICE.method(f"{_PROCESSORS}.enable", f"{_PROCESSORS}.disable")
def switch(call: Call) -> Answer | Body:
    """Enable or disable a processor."""
    record = found(call)
    enable = call.method.id.endswith("enable") and not call.method.id.endswith("disable")
    call.cloud.change(record, {**record.body, "state": "ENABLED" if enable else "DISABLED"})
    word = "Enable" if enable else "Disable"
    return operations.start(
        call,
        "/".join(record.name.split("/")[:4]),
        {},
        type_name=f"google.cloud.documentai.v1.{word}ProcessorResponse",
    )


@SERVICE.method(f"{_PROCESSORS}.setDefaultProcessorVersion")
def set_default(call: Call) -> Answer | Body:
    """Say which version a processor uses."""
    record = found(call)
    wanted = str(call.body.get("defaultProcessorVersion", ""))
    if call.cloud.store.get("documentai", call.cloud.projects.by_id(wanted)) is None:
        raise not_found(wanted, what="Processor version")
    call.cloud.change(record, {**record.body, "defaultProcessorVersion": wanted})
    return operations.start(
        call,
        "/".join(record.name.split("/")[:4]),
        {},
        type_name="google.cloud.documentai.v1.SetDefaultProcessorVersionResponse",
    )


@SERVICE.method(f"{_VERSIONS}.deploy", f"{_VERSIONS}.undeploy")
def deploy(call: Call) -> Answer | Body:
    """Deploy a version, or take it out of use."""
    record = found(call)
    deployed = not call.method.id.endswith("undeploy")
    shown = record.body["name"]
    processor = call.cloud.store.get("documentai", record.name.rsplit("/", 2)[0])
    if not deployed and processor is not None and processor.body.get("defaultProcessorVersion") == shown:
        raise failed_precondition("The default version of a processor cannot be undeployed.")
    call.cloud.change(record, {**record.body, "state": "DEPLOYED" if deployed else "UNDEPLOYED"})
    word = "Deploy" if deployed else "Undeploy"
    return operations.start(
        call,
        "/".join(record.name.split("/")[:4]),
        {},
        type_name=f"google.cloud.documentai.v1.{word}ProcessorVersionResponse",
    )


def _type(call: Call, name: str, category: str) -> Body:
    return {
        "name": f"{call.name}/processorTypes/{name}",
        "type": name,
        "category": category,
        "allowCreation": True,
        "launchStage": "GA",
        "availableLocations": [{"locationId": "us"}, {"locationId": "eu"}],
    }


@SERVICE.method("projects.locations.processorTypes.list")
def list_types(call: Call) -> Answer | Body:
    """Give the types that a processor can have."""
    parent = call.name.removesuffix("/processorTypes")
    types = [{**_type(call, name, of), "name": f"{parent}/processorTypes/{name}"} for name, of in _TYPES.items()]
    return {"processorTypes": types}


@SERVICE.method("projects.locations.fetchProcessorTypes")
def fetch_types(call: Call) -> Answer | Body:
    """Give the types that a processor can have, all in one answer."""
    return {"processorTypes": [_type(call, name, category) for name, category in _TYPES.items()]}
