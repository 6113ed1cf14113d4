"""The service, and what its parts share."""

from typing import Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Body
from mockcloud.services import operations
from mockcloud.services.service import OperationForm, Service

API: Final = "serviceusage"

SERVICE = Service(API, modelled=False)


@SERVICE.operation_form
def form(call: Call, about: str) -> OperationForm:
    """Show operations by their id alone."""
    del call, about
    return OperationForm(parent="/")


def operation(call: Call, response: Body, kind: str) -> Body:
    """Start an operation that ends with a message: `EnableServiceResponse`."""
    return operations.start(
        call,
        "",
        response,
        type_name=f"google.api.serviceusage.{call.method.version}.{kind}",
        metadata={"@type": f"type.googleapis.com/google.api.serviceusage.{call.method.version}.OperationMetadata"},
    )
