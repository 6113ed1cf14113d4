"""Where buckets are, where they move, and who looks after them."""

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.services import operations
from mockcloud.services.storage import buckets
from mockcloud.services.storage.service import SERVICE


@SERVICE.method("buckets.getStorageLayout")
def get_storage_layout(call: Call) -> Answer | Body:
    """Give where and how a bucket keeps its objects."""
    body = buckets.found(call).body
    kept = ("customPlacementConfig", "hierarchicalNamespace", "location", "locationType")
    return {
        "kind": "storage#storageLayout",
        "bucket": body["name"],
        **{key: body[key] for key in kept if key in body},
    }


@SERVICE.method("projects.serviceAccount.get")
def service_account(call: Call) -> Answer | Body:
    """Give the service agent of a project."""
    number = call.cloud.projects.number_of(call.project)
    return {
        "kind": "storage#serviceAccount",
        "email_address": f"service-{number}@gs-project-accounts.iam.gserviceaccount.com",
    }


@SERVICE.method("buckets.relocate")
def relocate(call: Call) -> Answer | Body:
    """Move a bucket to another location."""
    record = buckets.found(call)
    location = call.body.get("destinationLocation", "").upper()
    if not location:
        raise invalid("Required parameter: destinationLocation", reason="required")
    if not call.body.get("validateOnly"):
        record = buckets.changed(call, record, {**record.body, "location": location})
    return operations.start(call, record.name, {}, type_name="google.protobuf.Empty")
