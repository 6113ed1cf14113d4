"""Every grant of a deployment, whatever form it was written in: one entry for each member of each role.

IAM has 158 types of resources in each of three forms; buckets and objects have access control lists beside them, and
BigQuery's datasets a list of accesses. A rule reads them all through `Graph.grants`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from groundplan_policies.engine.access import access_parts, acl_parts, entity_parts
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.parts import Part, as_text
from groundplan_policies.engine.paths import Path, Reading, entries
from groundplan_policies.engine.policy import policy_parts
from groundplan_policies.engine.principals import Principal, Principals
from groundplan_policies.engine.resource import Resource

if TYPE_CHECKING:
    from groundplan_policies.engine.graph import Graph


class Form(StrEnum):
    """How a grant is written."""

    MEMBER = "member"
    """One role to one member, beside whatever else there is."""
    BINDING = "binding"
    """One role to exactly these members."""
    POLICY = "policy"
    """The whole policy."""
    ACCESS = "access"
    """An access of a BigQuery dataset."""
    ACL = "acl"
    """An access control list of a bucket or an object."""


class Level(StrEnum):
    """What a grant is on."""

    ORGANIZATION = "organization"
    FOLDER = "folder"
    PROJECT = "project"
    BILLING = "billing"
    SERVICE_ACCOUNT = "service_account"
    RESOURCE = "resource"


class Grant(NamedTuple):
    """A role of one member on one thing.

    A value that the document does not tell has the state that says why: a policy that cannot be read at all is one
    grant whose role and member are both in that state.

    Attributes:
        resource: The resource of the document that makes the grant.
        form: How it is written.
        level: What it is on.
        on: Short name of the type that it is on, such as `storage.Bucket`; "" if Pulumi has none for it.
        target: What it is on: a project id, a bucket's name, a key's id.
        role: The role as it is written: `roles/viewer`, a custom role's name, or in lists of access such as `READER`.
        member: The member in IAM's syntax, whatever the form has: `userByEmail: a@b.test` is `user:a@b.test`. The path
            is that of the property.
        condition: The condition's expression; None if there is no condition.
        principal: Who the member is.
    """

    resource: Resource
    form: Form
    level: Level
    on: str
    target: Reading
    role: Reading
    member: Reading
    condition: Reading | None
    principal: Principal


Parts: TypeAlias = Callable[[Resource], Iterator[Part]]

_IAM: Final = re.compile(r"(.*?)(?:IAM|Iam)(Member|Binding|Policy)")

_LEVELS: Final = {
    "organizations": Level.ORGANIZATION,
    "folder": Level.FOLDER,
    "projects": Level.PROJECT,
    "billing": Level.BILLING,
    "serviceaccount": Level.SERVICE_ACCOUNT,
}
"""Levels by module; the modules have no other types with a policy."""

_ON: Final = {
    "organizations.": "",
    "folder.": "organizations.Folder",
    "projects.": "organizations.Project",
    "billing.Account": "",
    "serviceaccount.": "serviceaccount.Account",
    "bigquery.": "bigquery.Table",
    "bigquerydatapolicy.": "bigquerydatapolicy.DataPolicy",
    "compute.MachineImage": "compute.MachineImage",
}
"""What the grants of a type are on, where that is not the type's name without the form."""

_TARGETS: Final = (
    *("name", "managedFolder", "tableId", "table", "routineId", "listingId", "entitytype", "featureView", "asset"),
    *("taskId", "dataplexZone", "applicationId", "workstationId", "workstationConfigId", "namespaceId", "engineId"),
    *("envId", "apiConfig", "repositoryGroupId", "versionId", "service", "consentStoreId", "source", "database"),
    *("consumerProject",),
)
"""Properties that name what a grant is on where a type has several: the innermost first."""

_ELSEWHERE: Final = frozenset(
    {"project", "location", "region", "zone", "role", "member", "members", "condition", "policyData", "deletionPolicy"}
)
"""Properties of every type that do not name what the grant is on, `project` only where nothing else does."""

_ACLS: Final[Mapping[str, tuple[str, Parts]]] = {
    "storage.BucketACL": ("storage.Bucket", acl_parts),
    "storage.DefaultObjectACL": ("storage.Bucket", acl_parts),
    "storage.ObjectACL": ("storage.Bucket", acl_parts),
    "storage.BucketAccessControl": ("storage.Bucket", entity_parts),
    "storage.DefaultObjectAccessControl": ("storage.Bucket", entity_parts),
    "storage.ObjectAccessControl": ("storage.Bucket", entity_parts),
}

_ACCESSES: Final = frozenset({"bigquery.Dataset", "bigquery.DatasetAccess"})

_path = lru_cache(maxsize=4096)(Path)
_MEMBER, _MEMBERS, _ROLE = Path("member"), Path("members"), Path("role")
_CONDITION, _DATASET, _BUCKET = Path("condition.expression"), Path("datasetId"), Path("bucket")


def _member_parts(resource: Resource) -> Iterator[Part]:
    yield _role_of(resource), _MEMBER.one(resource), _condition_of(resource)


def _binding_parts(resource: Resource) -> Iterator[Part]:
    if resource.inputs.get("members") == []:  # nobody has the role
        return
    role, condition = _role_of(resource), _condition_of(resource)
    for member in entries(_MEMBERS.one(resource)):
        yield role, member, condition


def _role_of(resource: Resource) -> Reading:
    return _ROLE.one(resource)


def _condition_of(resource: Resource) -> Reading | None:
    return None if resource.inputs.get("condition") is None else _CONDITION.one(resource)


@dataclass(frozen=True, slots=True)
class _Type:
    form: Form
    level: Level
    on: str
    parts: Parts


_FORMS: Final[Mapping[str, tuple[Form, Parts]]] = {
    "Member": (Form.MEMBER, _member_parts),
    "Binding": (Form.BINDING, _binding_parts),
    "Policy": (Form.POLICY, policy_parts),
}


@lru_cache(maxsize=4096)
def _type(token: str) -> _Type | None:
    """Say how the grants of a resource type are read; None for types that grant nothing."""
    short = short_name(token)
    if short in _ACLS:
        return _Type(Form.ACL, Level.RESOURCE, *_ACLS[short])
    if short in _ACCESSES:
        return _Type(Form.ACCESS, Level.RESOURCE, "bigquery.Dataset", access_parts)
    found = _IAM.fullmatch(short)
    if found is None or not token.startswith("gcp:"):
        return None
    form, parts = _FORMS[found[2]]
    level = _LEVELS.get(short.partition(".")[0], Level.RESOURCE)
    return _Type(form, level, _ON.get(found[1], found[1]), parts)


def grants_type(token: str) -> bool:
    """Whether resources of a type make grants."""
    return _type(token) is not None


def read_grants(graph: Graph) -> Iterator[Grant]:
    """Give every grant of a deployment, in the order of the document's types and resources."""
    principals = Principals(graph)
    for token, resources in graph.by_token.items():
        kind = _type(token)
        if kind is None:
            continue
        for resource in resources:
            target = _target(graph, resource, kind)
            for written, whom, condition in kind.parts(resource):
                role, member = as_text(written), as_text(whom)
                when = as_text(condition) if condition else None
                who = principals.read(resource, member)
                yield Grant(resource, kind.form, kind.level, kind.on, target, role, member, when, who)


def _target(graph: Graph, resource: Resource, kind: _Type) -> Reading:
    if kind.form is Form.ACCESS:
        return _DATASET.one(resource)
    if kind.form is Form.ACL:
        return _BUCKET.one(resource)
    keys = resource.inputs.keys() - _ELSEWHERE
    if not keys:
        return graph.effective(resource, "project")
    found = next((key for key in _TARGETS if key in keys), None) if len(keys) > 1 else None
    return _path(found or min(keys)).one(resource)


def place(graph: Graph, grant: Grant) -> Resource | None:
    """Give the resource of the document that a grant is on; None if it is on another, or nobody can say."""
    if short_name(grant.resource.type) == "bigquery.Dataset":
        return grant.resource
    return graph.resolve(grant.resource, grant.target, grant.on) if grant.on else None
