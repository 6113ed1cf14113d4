"""Who may see a dataset: its list of entries, and the IAM policy that says the same."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Record
from mockcloud.services.bigquery.names import colons
from mockcloud.services.bigquery.refusals import JobFailure
from mockcloud.services.bigquery.service import API

Entries = Sequence[Mapping[str, Any]]

_ROLES: Final = {
    "READER": "roles/bigquery.dataViewer",
    "WRITER": "roles/bigquery.dataEditor",
    "OWNER": "roles/bigquery.dataOwner",
}
"""What the older roles are in IAM (https://cloud.google.com/bigquery/docs/access-control-basic-roles)."""
_GROUPS: Final = {"projectOwners": "projectOwner", "projectWriters": "projectEditor", "projectReaders": "projectViewer"}


def usual(call: Call) -> list[dict[str, Any]]:
    """Give the entries that a new dataset has."""
    owner = [{"role": "OWNER", "userByEmail": call.caller.email}] if call.caller.email else []
    return [
        {"role": "WRITER", "specialGroup": "projectWriters"},
        {"role": "OWNER", "specialGroup": "projectOwners"},
        *owner,
        {"role": "READER", "specialGroup": "projectReaders"},
    ]


def keep(call: Call, record: Record) -> None:
    """Put the policy on a dataset that its entries mean, so that IAM decides by it."""
    project = record.name.split("/")[1]
    grants: dict[tuple[str, str], set[str]] = {}
    conditions: dict[str, Any] = {}
    for each in record.body.get("access", []):
        member = _member(each, project)
        if member and each.get("role"):
            condition = each.get("condition")
            key = str(condition) if condition else ""
            conditions[key] = condition
            grants.setdefault((_ROLES.get(each["role"], each["role"]), key), set()).add(member)
    bindings = [
        {
            "role": role,
            "members": sorted(members),
            **({"condition": conditions[key]} if conditions[key] else {}),
        }
        for (role, key), members in grants.items()
    ]
    call.cloud.store.policies[API, record.name] = {"version": 3 if any(conditions) else 1, "bindings": bindings}


def hold_data(call: Call, table: str, verb: str) -> None:
    """Hold what a job does with the rows of a table to what the caller may do.

    Args:
        call: The call.
        table: Full name of the table.
        verb: `getData` or `updateData`.

    Raises:
        ApiError: 403.
    """
    if not call.cloud.allows(call, f"bigquery.tables.{verb}", table, API):
        raise JobFailure(
            "accessDenied",
            f"Access Denied: Table {colons(table)}: Permission bigquery.tables.{verb} denied on table "
            f"{colons(table)} (or it may not exist).",
        )


def hold_listing(call: Call, dataset: str, permission: str) -> None:
    """Hold what a query is told of a dataset to what the caller may do.

    Args:
        call: The call.
        dataset: Full name of the dataset.
        permission: Such as `bigquery.tables.list`.

    Raises:
        ApiError: 403.
    """
    if not call.cloud.allows(call, permission, dataset, API):
        raise JobFailure(
            "accessDenied",
            f"Access Denied: Dataset {colons(dataset)}: Permission {permission} denied on dataset "
            f"{colons(dataset)} (or it may not exist).",
        )


def hold_definition(call: Call, name: str, permission: str) -> None:
    """Hold a statement that makes, changes or removes something to what the caller may do.

    Args:
        call: The call.
        name: Full name of the table or dataset; for what is made, of what it is made in.
        permission: Such as `bigquery.tables.delete`.

    Raises:
        ApiError: 403.
    """
    if not call.cloud.allows(call, permission, name, API):
        what = "Table" if "/tables/" in name else "Dataset" if "/datasets/" in name else "Project"
        shown = colons(name) if what != "Project" else name.partition("/")[2]
        raise JobFailure(
            "accessDenied",
            f"Access Denied: {what} {shown}: Permission {permission} denied on {what.lower()} {shown} "
            "(or it may not exist).",
        )


def _member(entry: Mapping[str, Any], project: str) -> str:
    """Give whom an entry means, as IAM names them; "" for views and routines, which are no members."""
    if "specialGroup" in entry:
        group = entry["specialGroup"]
        return f"{_GROUPS[group]}:{project}" if group in _GROUPS else str(group)
    if "userByEmail" in entry:
        email = str(entry["userByEmail"])
        return f"{'serviceAccount' if email.endswith('gserviceaccount.com') else 'user'}:{email}"
    if "groupByEmail" in entry:
        return f"group:{entry['groupByEmail']}"
    return f"domain:{entry['domain']}" if "domain" in entry else str(entry.get("iamMember", ""))
