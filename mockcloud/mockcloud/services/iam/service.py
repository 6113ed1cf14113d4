"""The service, and how its names are read."""

from typing import Final
from urllib.parse import unquote

from mockcloud.cloud.access.deny import collection_of
from mockcloud.cloud.access.members import project_of_account
from mockcloud.cloud.call import Call
from mockcloud.services.service import OperationForm, Service

API: Final = "iam"
ACCOUNTS: Final = "projects.serviceAccounts"

DELETED: Final = "deletedServiceAccounts"
"""Collection in which deleted accounts wait, by unique id; no client sees it."""

SERVICE = Service(API)


def account_name(call: Call, name: str) -> str:
    """Give the full name of a service account that is named by address or unique id, in a project or in any (`-`)."""
    parts = name.split("/")
    if len(parts) < 4 or parts[0] != "projects" or parts[2] != "serviceAccounts":  # noqa: PLR2004 - two words, two ids
        return name
    account = call.cloud.accounts.get(parts[3])
    if account is not None:
        return "/".join([account.name, *parts[4:]])
    if parts[1] == "-":
        deleted = call.cloud.store.get(API, f"{DELETED}/{parts[3]}")
        parts[1] = deleted.body["projectId"] if deleted else project_of_account(call.cloud, parts[3]) or "-"
    return "/".join(parts)


@SERVICE.preparation
def prepare(call: Call) -> None:
    """Read the name: accounts by address or id, and what policies that deny are attached to."""
    if call.name.startswith("policies/"):
        if "/operations/" not in call.name:
            _prepare_denial(call)
    else:
        call.name = account_name(call, call.name)


def _prepare_denial(call: Call) -> None:
    """Read `policies/cloudresourcemanager.googleapis.com/projects/1/denypolicies/x`, with the project's id."""
    attached, _, rest = unquote(call.name).removeprefix("policies/").partition("/denypolicies")
    kind, _, identifier = attached.partition("/")[2].partition("/")
    if kind == "projects":
        identifier = call.cloud.projects.id_of(identifier)
    call.name = f"{collection_of(f'{kind}/{identifier}')}{rest}"


@SERVICE.operation_form
def form(call: Call, about: str) -> OperationForm:
    """Show the operations of policies that deny below the policy, its attachment encoded."""
    if call.method.version.startswith("v3"):
        return OperationForm()
    if not about.startswith("policies/"):
        # The others lie below what they are about.
        return OperationForm(parent=about)
    container, _, identifier = about.removeprefix("policies/").partition("/denypolicies/")
    return OperationForm(parent=f"policies/{attachment(container)}/denypolicies/{identifier}")


def attachment(container: str) -> str:
    """Give what a policy that denies is attached to, encoded as its name has it."""
    return f"cloudresourcemanager.googleapis.com/{container}".replace("/", "%2F")
