"""Organisations. They come with Cloud Identity; nobody makes one here."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.organisations import ensure
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.services.cloudresourcemanager.service import SERVICE, found


def shown(call: Call, record: Record) -> Body:
    """Give an organisation in the form of the call's version."""
    if call.method.version != "v1":
        return record.body
    body: dict[str, Any] = record.body  # type: ignore[assignment]  # it is only read
    return {
        "name": body["name"],
        "displayName": body["displayName"],
        "owner": {"directoryCustomerId": body["directoryCustomerId"]},
        "creationTime": body["createTime"],
        "lifecycleState": body["state"],
    }


@SERVICE.method("organizations.get")
def get(call: Call) -> Answer | Body:
    """Give an organisation."""
    if not call.cloud.rules.on(Rule.PROJECTS):
        ensure(call.cloud, call.name)
    return shown(call, found(call))
