"""Policies that deny, of API version 2. What they do is in `mockcloud/cloud/access/deny.py`."""

from typing import Any, Final

from mockcloud.cloud.access.hierarchy import numbered
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import aborted, already_exists, not_found
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.projects import API as RESOURCE_MANAGER
from mockcloud.cloud.rules.access import require
from mockcloud.cloud.store import Body, Record
from mockcloud.services import operations
from mockcloud.services.iam.service import API, SERVICE, attachment

_TYPE: Final = "google.iam.v2.Policy"


def _container(call: Call) -> str:
    return call.name.removeprefix("policies/").partition("/denypolicies")[0]


def _ask(call: Call, verb: str) -> None:
    require(call, f"iam.denypolicies.{verb}", _container(call), RESOURCE_MANAGER)


def _found(call: Call) -> Record:
    record = call.cloud.store.get(API, call.name)
    if record is None:
        raise not_found(call.name, what="Policy")
    return record


@SERVICE.method("policies.createPolicy")
def create(call: Call) -> Answer | Body:
    """Attach a policy."""
    _ask(call, "create")
    identifier = call.text("policyId") or call.cloud.ids.hexadecimal("iam/denypolicies", 12)
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Policy")
    now = call.cloud.clock.tick()
    body: dict[str, Any] = {
        **call.body,
        "name": f"policies/{attachment(numbered(call.cloud, _container(call)))}/denypolicies/{identifier}",
        "uid": call.cloud.ids.uuid("iam/denypolicies"),
        "kind": "DenyPolicy",
        "etag": call.cloud.etag(1),
        "createTime": now,
        "updateTime": now,
    }
    return _operation(call, call.cloud.create(Record(API, name, body)))


@SERVICE.method("policies.update")
def update(call: Call) -> Answer | Body:
    """Replace a policy."""
    _ask(call, "update")
    record = _found(call)
    given = call.body.get("etag")
    if given and given != record.body["etag"]:
        raise aborted("The etag does not match: somebody changed the policy meanwhile.")
    kept = {key: record.body[key] for key in ("name", "uid", "kind", "createTime")}
    changes = {"etag": call.cloud.etag(record.revision + 1), "updateTime": call.cloud.clock.tick()}
    return _operation(call, call.cloud.change(record, {**call.body, **kept, **changes}))


@SERVICE.method("policies.delete")
def delete(call: Call) -> Answer | Body:
    """Detach a policy."""
    _ask(call, "delete")
    record = _found(call)
    call.cloud.delete(record)
    return _operation(call, record)


def _operation(call: Call, record: Record) -> Body:
    # The name in the store is what the path of a later poll is read as.
    return operations.start(call, record.name, record.body, type_name=_TYPE, about=record.name)


@SERVICE.method("policies.get")
def get(call: Call) -> Answer | Body:
    """Give a policy."""
    _ask(call, "get")
    return _found(call).body


@SERVICE.method("policies.listPolicies")
def list_(call: Call) -> Answer | Body:
    """Give the policies of a project, folder or organisation, without their rules."""
    _ask(call, "list")
    chosen, token = slice_page(call, call.cloud.store.page(API, call.name))
    bodies = [{key: value for key, value in each.body.items() if key != "rules"} for each in chosen]
    return {**({"policies": bodies} if bodies else {}), **({"nextPageToken": token} if token else {})}
