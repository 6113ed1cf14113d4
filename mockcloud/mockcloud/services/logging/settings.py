"""Settings of logs, and with which key they are kept: one of each in every project, folder and organisation."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body
from mockcloud.services.logging.service import SERVICE, everywhere, root_of
from mockcloud.services.singletons import getter, updater


def _account(call: Call, front: str) -> str:
    kind, _, owner = root_of(call.name).partition("/")
    number = call.cloud.projects.number_of(owner) if kind == "projects" else owner
    return f"{front}-{number}@gcp-sa-logging.iam.gserviceaccount.com"


def _settings(call: Call) -> dict[str, Any]:
    return {"kmsServiceAccountId": _account(call, "cmek-p"), "loggingServiceAccountId": _account(call, "service")}


def _cmek(call: Call) -> dict[str, Any]:
    return {"serviceAccountId": _account(call, "cmek-p")}


SERVICE.method(*everywhere("getSettings"))(getter(_settings))
SERVICE.method(*everywhere("updateSettings"))(updater(_settings))
SERVICE.method(*everywhere("getCmekSettings"))(getter(_cmek))
SERVICE.method(*everywhere("updateCmekSettings"))(updater(_cmek))


@SERVICE.method("monitoredResourceDescriptors.list")
def list_descriptors(call: Call) -> Answer | Body:
    """Give what entries can be about."""
    from mockcloud.services.monitoring.catalogue import resource_descriptors

    del call
    return {"resourceDescriptors": [dict(each) for each in resource_descriptors().values()]}
