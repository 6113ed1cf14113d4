"""Organisations and folders: what is above projects, and the one organisation that every strict cloud begins with."""

from typing import TYPE_CHECKING, Final

from mockcloud.cloud.callers import OWNER
from mockcloud.cloud.ids import steady
from mockcloud.cloud.projects import API
from mockcloud.cloud.store import Record

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

DOMAIN: Final = "mock.test"
"""Domain of the organisation."""

ORGANISATION: Final = f"organizations/{steady('organisation/' + DOMAIN)}"
"""Name of the organisation, the same in every cloud."""

CUSTOMER: Final = "C0mockcus"
"""Its customer id."""

BILLING: Final = "cloudbilling"
"""API of billing accounts."""

BILLING_ACCOUNT: Final = "billingAccounts/000000-AAAAAA-000000"
"""Name of the billing account that every cloud begins with."""

FOUNDER_ROLES: Final = (
    "roles/owner",
    "roles/accesscontextmanager.policyAdmin",
    "roles/billing.admin",
    "roles/compute.xpnAdmin",
    "roles/iam.denyAdmin",
    "roles/iam.organizationRoleAdmin",
    "roles/iam.serviceAccountTokenCreator",
    "roles/iam.workforcePoolAdmin",
    "roles/orgpolicy.policyAdmin",
    "roles/resourcemanager.folderAdmin",
    "roles/resourcemanager.lienModifier",
    "roles/resourcemanager.organizationAdmin",
    "roles/resourcemanager.projectCreator",
    "roles/resourcemanager.projectDeleter",
    "roles/resourcemanager.projectMover",
    "roles/resourcemanager.tagAdmin",
    "roles/securitycenter.admin",
)
"""What the owner of the cloud has on the organisation."""


def found(cloud: "Cloud") -> None:
    """Found the organisation, once, with a billing account: its owner is the owner of the cloud."""
    if cloud.store.get(BILLING, BILLING_ACCOUNT) is None:
        billing_account(cloud, BILLING_ACCOUNT)
    if cloud.store.get(API, ORGANISATION) is None:
        ensure(cloud, ORGANISATION)
    if (API, ORGANISATION) not in cloud.store.policies:
        bindings = [{"role": role, "members": [OWNER.member]} for role in FOUNDER_ROLES]
        cloud.store.policies[API, ORGANISATION] = {"version": 1, "bindings": bindings, "etag": cloud.etag(1)}


def billing_account(cloud: "Cloud", name: str) -> Record:
    """Give a billing account, and make it where there is none."""
    body = {
        "name": name,
        "open": True,
        "displayName": "Mock billing account",
        "currencyCode": "USD",
        "parent": ORGANISATION,
    }
    return cloud.store.get(BILLING, name) or cloud.store.put(Record(BILLING, name, body))


def ensure(cloud: "Cloud", name: str, *, parent: str = "", display_name: str = "") -> Record:
    """Give an organisation or folder, and make it where there is none.

    Args:
        cloud: The cloud.
        name: `organizations/…` or `folders/…`.
        parent: Of a folder: `organizations/…` or `folders/…`; by default the cloud's organisation.
        display_name: What people call it; of an organisation its domain.
    """
    record = cloud.store.get(API, name)
    if record is not None:
        return record
    now = cloud.clock.tick()
    body = {"name": name, "state": "ACTIVE", "createTime": now, "updateTime": now, "etag": cloud.etag(1)}
    if name.startswith("organizations/"):
        domain = DOMAIN if name == ORGANISATION else f"{name.partition('/')[2]}.{DOMAIN}"
        body |= {"displayName": display_name or domain, "directoryCustomerId": customer_of(name)}
    else:
        body |= {"displayName": display_name or name.partition("/")[2], "parent": parent or ORGANISATION}
        ensure(cloud, body["parent"])
    return cloud.store.put(Record(API, name, body, created=now, updated=now))


def customer_of(organisation: str) -> str:
    """Give the customer id of an organisation."""
    return CUSTOMER if organisation == ORGANISATION else f"C{steady('customer/' + organisation, 8)}"
