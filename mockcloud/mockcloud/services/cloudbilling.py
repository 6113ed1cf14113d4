"""Cloud Billing: billing accounts, and which of them a project is charged to.

Behaviour as https://cloud.google.com/billing/docs/reference/rest tells it (2026-11). There is one account from the
beginning, as there is one organisation.
"""

import re
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid, not_found
from mockcloud.cloud.organisations import BILLING as API
from mockcloud.cloud.organisations import BILLING_ACCOUNT, ORGANISATION, billing_account
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.rules.access import require
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.documents import apis
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

_ID: Final = re.compile(r"billingAccounts/[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}")

SERVICE = Service(API, modelled=False)
SERVICE.collection("billingAccounts", state=None)


@SERVICE.preparation
def prepare(call: Call) -> None:
    """Let the first account be there; and where projects appear on first use, any account that is named."""
    billing_account(call.cloud, BILLING_ACCOUNT)
    name = "/".join(call.name.split("/")[:2])
    if _ID.fullmatch(name) and not call.cloud.rules.on(Rule.PROJECTS):
        billing_account(call.cloud, name)


def _found(call: Call, name: str) -> Record:
    record = call.cloud.store.get(API, name)
    if record is None:
        raise not_found(name, what="Billing account")
    return record


@SERVICE.method("billingAccounts.list", "organizations.billingAccounts.list", "billingAccounts.subAccounts.list")
def list_accounts(call: Call) -> Answer | Body:
    """Give the accounts that the caller may see."""
    above = call.name.removesuffix("/billingAccounts").removesuffix("/subAccounts")
    visible = []
    for each in call.cloud.store.page(API, "billingAccounts"):
        inside = call.name == "billingAccounts" or above in {
            each.body.get("parent"),
            each.body.get("masterBillingAccount"),
        }
        if inside and call.cloud.allows(call, "billing.accounts.get", each.name, API):
            visible.append(each)
    chosen, token = slice_page(call, visible)
    found = [each.body for each in chosen]
    return {**({"billingAccounts": found} if found else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method("billingAccounts.create", "organizations.billingAccounts.create", "billingAccounts.subAccounts.create")
def create_account(call: Call) -> Answer | Body:
    """Make an account, or one below another, as resellers do."""
    digits = call.cloud.ids.hexadecimal("billingAccounts", 18).upper()
    name = f"billingAccounts/{digits[:6]}-{digits[6:12]}-{digits[12:]}"
    master = call.body.get("masterBillingAccount", "")
    if call.name.endswith("/subAccounts"):
        master = call.name.removesuffix("/subAccounts")
    if master:
        require(call, "billing.accounts.create", _found(call, master).name, API)
    parent = call.name.removesuffix("/billingAccounts") if call.name.startswith("organizations/") else ORGANISATION
    body = {
        **call.body,
        "name": name,
        "open": True,
        "currencyCode": call.body.get("currencyCode", "USD"),
        "parent": parent,
        **({"masterBillingAccount": master} if master else {}),
    }
    return call.cloud.create(Record(API, name, body)).body


# Projects
# ---------------------------------------------------------------------------------------------------------------------


def info_of(call: Call, project: str) -> dict[str, Any]:
    """Give which account a project is charged to."""
    record = call.cloud.store.get(API, f"projects/{project}/billingInfo")
    account = record.body["billingAccountName"] if record is not None else ""
    charged = call.cloud.store.get(API, account)
    return {
        "name": f"projects/{project}/billingInfo",
        "projectId": project,
        "billingAccountName": account,
        "billingEnabled": bool(charged is not None and charged.body.get("open")),
    }


@SERVICE.method("projects.getBillingInfo")
def get_info(call: Call) -> Answer | Body:
    """Give which account a project is charged to."""
    return info_of(call, call.project)


@SERVICE.method("projects.updateBillingInfo")
def update_info(call: Call) -> Answer | Body:
    """Charge a project to another account, or to none."""
    account = call.body.get("billingAccountName", "")
    if account:
        if not _ID.fullmatch(account):
            raise invalid(
                f"Invalid name of a billing account: '{account}'.", Violation("billing_account_name", "It is.")
            )
        if not call.cloud.rules.on(Rule.PROJECTS):
            billing_account(call.cloud, account)
        require(call, "billing.resourceAssociations.create", _found(call, account).name, API)
    name = f"projects/{call.project}/billingInfo"
    record = call.cloud.store.get(API, name)
    body = {"billingAccountName": account}
    call.cloud.create(Record(API, name, body)) if record is None else call.cloud.change(record, body)
    return info_of(call, call.project)


@SERVICE.method("billingAccounts.projects.list")
def list_projects(call: Call) -> Answer | Body:
    """Give the projects that are charged to an account."""
    account = _found(call, call.name.removesuffix("/projects")).name
    infos = [record.parent.partition("/")[2] for record in call.cloud.store.of(API) if record.id == "billingInfo"]
    shown = [info_of(call, each) for each in sorted(infos)]
    chosen, token = slice_page(call, [each for each in shown if each["billingAccountName"] == account])
    return {**({"projectBillingInfo": chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method("services.list")
def list_services(call: Call) -> Answer | Body:
    """Give the services that are charged for. Their prices are not modelled."""
    chosen, token = slice_page(call, list(apis()))
    found = [{"name": f"services/{each}", "serviceId": each, "displayName": each} for each in chosen]
    return {"services": found, **({"nextPageToken": token} if token else {})}
