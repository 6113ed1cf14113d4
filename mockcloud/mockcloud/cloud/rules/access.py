"""Access: IAM decides. Off, the caller may do everything.

Three things are asked: that the caller has the method's permission on what it names; that it may hand over the service
accounts as which something will run; and that the service itself may use the keys with which it is to encrypt.
"""

import re
from collections.abc import Mapping
from typing import Final

from mockcloud.cloud import mentions
from mockcloud.cloud.access import objects
from mockcloud.cloud.access.hierarchy import CONTAINERS
from mockcloud.cloud.access.members import project_of_account
from mockcloud.cloud.access.permissions import anonymous_apis, is_of_operations, permission_of, service_of
from mockcloud.cloud.access.places import asked
from mockcloud.cloud.access.public import may_read
from mockcloud.cloud.agents import key_user
from mockcloud.cloud.call import Call
from mockcloud.cloud.callers import Caller
from mockcloud.cloud.errors import ApiError, denied, info, unauthenticated
from mockcloud.cloud.organisations import found
from mockcloud.cloud.policies import changed_roles
from mockcloud.discovery.methods import Kind

_USE_KEY: Final = "cloudkms.cryptoKeyVersions.useToEncrypt"
_ACT_AS: Final = "iam.serviceAccounts.actAs"
_USE_SUBNETWORK: Final = "compute.subnetworks.use"
_SUBNETWORK: Final = re.compile(r"(?:https://.*/)?(projects/[^/]+/regions/[^/]+/subnetworks/[^/]+)")
_NO_ACCOUNTS: Final = frozenset({"iam", "iamcredentials", "sts", "cloudresourcemanager", "serviceusage", "logging"})
"""APIs in whose bodies an account is nothing that will run."""


def check(call: Call) -> None:
    """Ask IAM.

    Raises:
        ApiError: 403, or 401 where nobody calls; 501 where it depends on what is not modelled.
    """
    found(call.cloud)
    permission = permission_of(call.method)
    if permission is not None:
        for each, api, name in asked(call, permission):
            if not allowed(call, each, name, api):
                raise refusal(call, each, f"//{api}.googleapis.com/{name}")
    elif is_of_operations(call.method) and not call.cloud.access.knows(call.caller, call.api, call.name, call.project):
        permission = f"{service_of(call.api)}.operations.{call.method.id.rpartition('.')[2]}"
        raise refusal(call, permission, f"//{call.api}.googleapis.com/{call.name}")
    if call.method.writes and call.body and call.method.kind is not Kind.SET_IAM_POLICY:
        _hold_accounts(call)
        _hold_keys(call)
        if call.api == "compute" and call.method.resource != "networks":
            _hold_subnetworks(call)


def allowed(call: Call, permission: str, name: str, api: str) -> bool:
    """Whether the caller of a call has a permission on a resource.

    Args:
        call: The call.
        permission: Such as `aiplatform.models.upload`.
        name: Full name of the resource.
        api: Its API.
    """
    if call.caller.member and may_read(name, permission):
        return True
    return call.cloud.access.allows(
        call.caller,
        permission,
        api,
        name,
        project=_project(call, name),
        attributes=_attributes(call),
    )


def require(call: Call, permission: str, name: str, api: str) -> None:
    """Hold the caller to a permission that a handler asks for, where IAM is asked at all.

    Raises:
        ApiError: 403.
    """
    if not call.cloud.allows(call, permission, name, api):
        raise refusal(call, permission, f"//{api}.googleapis.com/{name}")


def refusal(call: Call, permission: str, resource: str) -> ApiError:
    """Give the refusal of a caller who lacks a permission."""
    if not call.caller.member:
        return unauthenticated(_of_storage(call, "Anonymous caller", permission))
    who = call.caller.email or call.caller.member
    if call.api == "storage":
        return denied(_of_storage(call, who, permission))
    return denied(
        f"Permission '{permission}' denied on resource '{resource}' (or it may not exist).",
        info("IAM_PERMISSION_DENIED", call.api, permission=permission, resource=resource),
        reason="accessDenied" if call.api == "bigquery" else "forbidden",
    )


def _of_storage(call: Call, who: str, permission: str) -> str:
    what = permission.split(".")[1].removesuffix("s") if call.name != "b" else "project"
    where = "Google Cloud project" if what == "project" else f"Google Cloud Storage {what}"
    return (
        f"{who} does not have {permission} access to the {where}. Permission '{permission}' denied on resource "
        "(or it may not exist)."
    )


def takes_anybody(call: Call) -> bool:
    """Whether a call may come without credentials, and policies say what it may do."""
    return call.api in anonymous_apis()


def _project(call: Call, name: str) -> str:
    """Give the project of a call for what is named without one, such as a bucket that does not exist yet."""
    return "" if name.split("/", 1)[0] in CONTAINERS else call.project


def _attributes(call: Call) -> Mapping[str, object]:
    if call.method.kind is Kind.SET_IAM_POLICY:
        return {"iam.googleapis.com/modifiedGrantsByRole": changed_roles(call, objects.policed(call))}
    if call.api == "storage" and call.method.kind is Kind.LIST:
        return {"storage.googleapis.com/objectListPrefix": call.text("prefix")}
    return {}


def _hold_accounts(call: Call) -> None:
    """Hold the caller to the service accounts that it may hand over."""
    if call.api in _NO_ACCOUNTS:
        return
    for email in mentions.accounts(call.body):
        name = f"projects/{project_of_account(call.cloud, email)}/serviceAccounts/{email}"
        if not call.cloud.access.allows(call.caller, _ACT_AS, "iam", name):
            raise refusal(call, _ACT_AS, f"//iam.googleapis.com/{name}")


def _hold_subnetworks(call: Call) -> None:
    """Hold the caller to the subnetworks of other projects that it may use: those of a Shared VPC."""
    for each in mentions.named(call.body, _SUBNETWORK):
        parts = each.split("/")
        parts[1] = call.cloud.projects.id_of(parts[1])
        name = "/".join(parts)
        if parts[1] != call.project and not allowed(call, _USE_SUBNETWORK, name, "compute"):
            raise refusal(call, _USE_SUBNETWORK, f"//compute.googleapis.com/{name}")


def _hold_keys(call: Call) -> None:
    """Hold the service to the keys that it may use: its agent needs a grant on each."""
    agent = key_user(call.api)
    project = call.project
    if agent is None or not project or call.api == "cloudkms":
        return
    for key in mentions.keys(call.body):
        parts = key.split("/")
        parts[1] = call.cloud.projects.id_of(parts[1])
        email = agent.email(call.cloud, project)
        if not call.cloud.access.allows(Caller(f"serviceAccount:{email}"), _USE_KEY, "cloudkms", "/".join(parts)):
            raise denied(
                f"Permission '{_USE_KEY}' denied on resource '{key}' (or it may not exist): the service account "
                f"{email} must be granted roles/cloudkms.cryptoKeyEncrypterDecrypter on the key.",
                info("IAM_PERMISSION_DENIED", "cloudkms", permission=_USE_KEY, resource=key),
            )
