"""What roles allow, as far as their names or this document's custom roles tell. Names are Google's predefined roles."""

import re
from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Reading, State
from groundplan_policies.engine.reads import covers
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, is_unknown

BASIC: Final = frozenset({"roles/owner", "roles/editor", "roles/viewer", "roles/admin", "roles/writer", "roles/reader"})
"""Basic roles: thousands of permissions on all that a project holds, today and tomorrow."""

WRITING: Final = BASIC - {"roles/viewer", "roles/reader"}
"""The basic roles that change things."""

IMPERSONATION: Final = frozenset(
    {
        "roles/iam.serviceaccountuser",
        "roles/iam.serviceaccounttokencreator",
        "roles/iam.serviceaccountopenidtokencreator",
        "roles/iam.workloadidentityuser",
    }
)
"""Roles that let a principal act as a service account."""

_TAKE_OVER: Final = frozenset(
    {"roles/iam.serviceaccountkeyadmin", "roles/iam.serviceaccountadmin", "roles/iam.securityadmin"}
)

_ESCALATING: Final = frozenset(
    {
        *("iam.serviceAccounts.actAs", "iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken"),
        *("iam.serviceAccounts.implicitDelegation", "iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt"),
        *("iam.serviceAccountKeys.create", "iam.serviceAccountApiKeyBindings.create", "storage.hmacKeys.create"),
        *("apikeys.keys.create", "serviceusage.apiKeys.create"),
        *("iam.workloadIdentityPoolProviders.create", "iam.workloadIdentityPoolProviders.update"),
        *("iam.workforcePoolProviders.create", "iam.workforcePoolProviders.update"),
        *("iam.roles.update", "iam.denypolicies.update", "iam.denypolicies.delete"),
        *("privilegedaccessmanager.entitlements.create", "privilegedaccessmanager.entitlements.update"),
        *(
            "orgpolicy.policy.set",
            "orgpolicy.policies.create",
            "orgpolicy.policies.update",
            "orgpolicy.policies.delete",
        ),
        *("cloudbuild.builds.create", "deploymentmanager.deployments.create", "deploymentmanager.deployments.update"),
        *("compute.instances.setServiceAccount", "compute.instances.setMetadata"),
        "compute.projects.setCommonInstanceMetadata",
    }
)
"""Permissions that make their holder somebody else, by acting as an account, by its keys, or by work that runs as one;
or that change what anybody may do. Google: "Ways to impersonate service accounts", "Privilege escalation"."""
_GIVING: Final = (".setIamPolicy", ".createPolicyBinding", ".updatePolicyBinding", ".deletePolicyBinding")

_STORAGE_READ: Final = re.compile(r"roles/storage\.(?:object(?:viewer|user|admin)|admin|legacyobject(?:reader|owner))")
_DECRYPT: Final = re.compile(
    r"roles/cloudkms\.(?:cryptokey(?:encrypter)?decrypter(?:viadelegation)?|cryptooperator|expertrawaes\w+)"
)
_USE_TO_DECRYPT: Final = "cloudkms.cryptoKeyVersions.useToDecrypt"
"""The permission that decrypts; the one to do so by way of a service begins with it."""
_CRYPT: Final = re.compile(
    r"roles/cloudkms\.(?:cryptokey(?:encrypter|decrypter|encrypterdecrypter)(?:viadelegation)?|cryptooperator"
    r"|expertrawaes\w+)"
)
_DATA: Final = re.compile(
    r"roles/[a-z0-9]+\.(?!metadata)(?:\w*data(?:viewer|editor|owner|reader|writer|user)"
    r"|\w*object(?:viewer|user|creator|reader|owner)|\w*resource(?:reader|editor)|\w*finegrainedreader|maskedreader"
    r"|secretaccessor|secretversion\w+|database(?:reader\w*|user)|\w*decrypter\w*|cryptooperator|client|reader|user"
    r"|publisher|subscriber)"
)
_VIEWERS: Final = re.compile(
    r"roles/(?:datastore\.viewer|fire(?:base|store)\w*\.(?:develop)?viewer"
    r"|healthcare\.(?:dicom|fhir|hl7v2|annotation|consent)\w*(?:viewer|editor|reader|consumer|ingest))"
)
"""Roles that read data, though their names end as those that see only what there is."""
_DATA_SERVICES: Final = (
    *("bigquery.", "bigtable.", "cloudkms.", "cloudsql.", "datastore.", "firebase", "healthcare.", "secretmanager."),
    *("spanner.", "storage.", "alloydb.", "datacatalog.", "bigquerydatapolicy.", "pubsub.", "dataplex."),
)
"""Services that hold data: elsewhere a role that ends with `user` or `reader` gives no data."""

_CUSTOM: Final = re.compile(r"(?:projects|organizations)/[^/]+/roles/[^/]+")


def role_as_written(role: Reading) -> str:
    """Give the name of a role for people, who look for it as they wrote it; "" if it is not known."""
    return role.text.strip() if role.state is State.KNOWN else ""


def role_name(role: Reading) -> str:
    """Give the name of a role in lower case; "" if it is not known. Google's own names differ in no more than case."""
    return role_as_written(role).lower()


def is_basic(role: Reading) -> bool:
    """Whether it is a basic role."""
    return role_name(role) in BASIC


def is_impersonation(role: Reading) -> bool:
    """Whether its holder can act as a service account."""
    return role_name(role) in IMPERSONATION


def is_admin(role: Reading) -> bool:
    """Whether it is a basic role that changes things, or a role whose name ends with Admin or .admin."""
    name = role_name(role)
    return name in WRITING or name.endswith("admin")


def is_data(role: Reading) -> bool:
    """Whether its holder can read or write data, keys' plaintexts or secrets, as the names of Google's roles tell."""
    name = role_name(role)
    service = name.removeprefix("roles/")
    data = service.startswith(_DATA_SERVICES) and _DATA.fullmatch(name) is not None
    return data or _VIEWERS.fullmatch(name) is not None


def escalates(permission: str) -> bool:
    """Whether a permission makes its holder somebody else, or lets it give rights away."""
    return permission in _ESCALATING or permission.endswith(_GIVING)


def takes_over(grant: Grant, context: Context) -> bool | None:
    """Whether a role on a service account lets its holder become the account; None for what nobody can look into."""
    name = role_name(grant.role)
    if is_custom(name):
        permissions = custom_permissions(name, context)
        return None if permissions is None else any(map(escalates, permissions))
    return name in IMPERSONATION or name in WRITING or name in _TAKE_OVER


def decrypts(grant: Grant, context: Context) -> bool | None:
    """Whether a role lets its holder decrypt with a key; None for a custom role that nobody can look into.

    Basic roles do not count, as on a project other controls judge them: see `is_basic`.
    """
    name = role_name(grant.role)
    if is_custom(name):
        permissions = custom_permissions(name, context)
        return None if permissions is None else any(each.startswith(_USE_TO_DECRYPT) for each in permissions)
    return _DECRYPT.fullmatch(name) is not None


def uses_keys(role: Reading) -> bool:
    """Whether its holder can encrypt or decrypt with a key."""
    return _CRYPT.fullmatch(role_name(role)) is not None


def reads_objects(grant: Grant, context: Context) -> bool | None:
    """Whether a role lets its holder read objects of buckets; None for a custom role that nobody can look into."""
    name = role_name(grant.role)
    if grant.role.text in {"READER", "WRITER", "OWNER"}:  # of an access control list
        return True
    if is_custom(name):
        permissions = custom_permissions(name, context)
        return None if permissions is None else "storage.objects.get" in permissions
    return name in BASIC or _STORAGE_READ.fullmatch(name) is not None


def is_custom(name: str) -> bool:
    """Whether a role's name, in lower case, is that of a role which somebody made."""
    return _CUSTOM.fullmatch(name) is not None


def custom_permissions(name: str, context: Context) -> frozenset[str] | None:
    """Give the permissions of a role of this document by its name in lower case; None where nobody can tell them."""
    role = context.graph.once(_custom_roles).get(name)
    if role is None or any(covers(entry, "permissions") for entry in role.ignore_changes):
        return None
    permissions: Value = role.inputs.get("permissions")
    if not isinstance(permissions, list) or not all(
        isinstance(each, str) and not is_unknown(each) for each in permissions
    ):
        return None
    return frozenset(permissions)


def _custom_roles(graph: Graph) -> Mapping[str, Resource]:
    found: dict[str, Resource] = {}
    for role in graph.of("projects.IAMCustomRole"):
        project = graph.effective(role, "project").text
        found[f"projects/{project}/roles/{role.inputs.get('roleId')}".lower()] = role
    for role in graph.of("organizations.IAMCustomRole"):
        found[f"organizations/{role.inputs.get('orgId')}/roles/{role.inputs.get('roleId')}".lower()] = role
    return found
