"""Service accounts: made, changed, switched off, deleted and brought back."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.iam.service import ACCOUNTS, API, DELETED, SERVICE
from mockcloud.services.reading import found

_ID: Final = re.compile(r"[a-z]([-a-z0-9]{4,28}[a-z0-9])")

SERVICE.collection(ACCOUNTS, state=None, items="accounts")


@SERVICE.method(f"{ACCOUNTS}.create")
def create(call: Call) -> Answer | Body:
    """Make an account."""
    identifier = call.body.get("accountId", "")
    if not _ID.fullmatch(identifier):
        raise invalid(
            f"The account ID '{identifier}' does not have a valid length or form.",
            Violation("account_id", "It has 6 to 30 lower-case letters, digits and hyphens, and begins with a letter."),
        )
    email = f"{identifier}@{call.project}.iam.gserviceaccount.com"
    if call.cloud.accounts.get(email) is not None:
        raise already_exists(f"projects/{call.project}/serviceAccounts/{email}", what="Service account")
    given = call.body.get("serviceAccount", {})
    return call.cloud.accounts.add(call.project, email, given.get("displayName", ""), given.get("description", "")).body


@SERVICE.method(f"{ACCOUNTS}.patch")
def patch(call: Call) -> Answer | Body:
    """Change what the mask names: the display name, the description."""
    record = found(call)
    given = call.body.get("serviceAccount", {})
    mask = call.body.get("updateMask", "")
    names = [each.strip() for each in mask.split(",") if each.strip()] or list(given)
    wanted = {"displayName": "displayName", "display_name": "displayName", "description": "description"}
    chosen = {wanted[each] for each in names if each in wanted}
    return _changed(call, record, {each: given.get(each, "") for each in chosen})


@SERVICE.method(f"{ACCOUNTS}.update")
def update(call: Call) -> Answer | Body:
    """Change the display name and the description."""
    record = found(call)
    return _changed(
        call, record, {each: call.body[each] for each in ("displayName", "description") if each in call.body}
    )


def _changed(call: Call, record: Record, values: Mapping[str, str]) -> Body:
    body = {**record.body, **values, "etag": call.cloud.etag(record.revision + 1)}
    return call.cloud.change(record, {key: value for key, value in body.items() if value != ""}).body


@SERVICE.method(f"{ACCOUNTS}.disable", f"{ACCOUNTS}.enable")
def switch(call: Call) -> Answer | Body:
    """Switch an account off or on."""
    record = found(call)
    body = {key: value for key, value in record.body.items() if key != "disabled"}
    call.cloud.change(record, {**body, "disabled": True} if call.method.id.endswith("disable") else body)
    return {}


@SERVICE.method(f"{ACCOUNTS}.delete")
def delete(call: Call) -> Answer | Body:
    """Delete an account. Where it is a member, it stays one as deleted: a new account of its name is another one."""
    record = found(call)
    kept = [{"name": each.name, "body": dict(each.body)} for each in call.cloud.store.below(API, record.name)]
    email, unique = record.body["email"], record.body["uniqueId"]
    call.cloud.delete(record)
    call.cloud.create(Record(API, f"{DELETED}/{unique}", record.body, {"keys": kept}))
    rename_member(call.cloud, f"serviceAccount:{email}", f"deleted:serviceAccount:{email}?uid={unique}")
    return {}


@SERVICE.method(f"{ACCOUNTS}.undelete")
def undelete(call: Call) -> Answer | Body:
    """Bring back an account, by its unique id, with what it was a member of."""
    unique = call.name.rpartition("/")[2]
    record = call.cloud.store.get(API, f"{DELETED}/{unique}")
    if record is None:
        raise not_found(call.name, what="Deleted service account")
    email = record.body["email"]
    if call.cloud.accounts.get(email) is not None:
        raise failed_precondition(f"There is another service account '{email}' by now.")
    call.cloud.delete(record)
    restored = call.cloud.create(Record(API, record.body["name"], record.body))
    rename_member(call.cloud, f"deleted:serviceAccount:{email}?uid={unique}", f"serviceAccount:{email}")
    return {"restoredAccount": restored.body}


def rename_member(cloud: Cloud, old: str, new: str) -> None:
    """Write a member of all policies in another way."""
    for key, policy in list(cloud.store.policies.items()):
        if any(old in binding.get("members", ()) for binding in policy["bindings"]):
            bindings: list[dict[str, Any]] = [
                {**each, "members": [new if member == old else member for member in each.get("members", ())]}
                for each in policy["bindings"]
            ]
            cloud.store.policies[key] = {**policy, "bindings": bindings}
