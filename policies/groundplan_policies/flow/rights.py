"""What a grant lets its holder do with the data of buckets, datasets and tables.

The names of roles and permissions are Google's (cloud.google.com/storage/docs/access-control/iam-roles,
cloud.google.com/bigquery/docs/access-control). What a condition takes
away is not judged: the grant counts whole.
"""

import re
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.paths import State
from groundplan_policies.rules.identity.roles import BASIC, WRITING, custom_permissions, is_custom, role_name

_LISTED: Final = {"READER": (True, False), "WRITER": (True, True), "OWNER": (True, True)}
"""Roles of lists of access: whether they read, whether they write."""

_WORKERS: Final = (
    r"(?:composer|dataflow|dataproc)\.worker|dataflow\.admin|cloudbuild\.builds\.builder|clouddeploy\.jobrunner"
)
"""Roles for work. They read and write the objects of every bucket of the project as well."""
_ROLES: Final = {
    "storage": (
        re.compile(
            rf"roles/(?:storage\.(?:object(?:viewer|user|admin)|(?:folder)?admin|legacyobject(?:reader|owner))|{_WORKERS})"
        ),
        re.compile(
            rf"roles/(?:storage\.(?:object(?:creator|user|admin)|(?:folder)?admin|legacybucket(?:writer|owner))|{_WORKERS})"
        ),
    ),
    "bigquery": (
        re.compile(r"roles/bigquery\.(?:data(?:viewer|editor|owner)|admin|studioadmin)"),
        re.compile(r"roles/bigquery\.(?:data(?:editor|owner)|admin|studioadmin)"),
    ),
}
_OF_AGENTS: Final = re.compile(r"roles/[a-z0-9]+\.\w*serviceagent")
"""Roles for Google's service agents. Others can hold them too, and Google changes what they allow."""
_PERMISSIONS: Final = {
    "storage": ("storage.objects.get", frozenset({"storage.objects.create", "storage.objects.update"})),
    "bigquery": ("bigquery.tables.getData", frozenset({"bigquery.tables.updateData", "bigquery.tables.create"})),
}


@dataclass(frozen=True, slots=True)
class Rights:
    """What a grant allows.

    Attributes:
        reads: Whether data can be read.
        writes: Whether data can be written.
        sure: Whether that is known. If not, both may be.
    """

    reads: bool
    writes: bool
    sure: bool = True


NOTHING: Final = Rights(reads=False, writes=False)
_ANYTHING: Final = Rights(reads=True, writes=True, sure=False)


def rights(grant: Grant, service: str, context: Context) -> Rights:
    """Say what a grant allows on the data of a service.

    Args:
        grant: The grant.
        service: `storage` or `bigquery`.
        context: The deployment, for roles of its own.
    """
    if grant.role.state is not State.KNOWN:
        return _ANYTHING
    if grant.role.text in _LISTED:
        reads, writes = _LISTED[grant.role.text]
        return Rights(reads, writes)
    name = role_name(grant.role)
    if is_custom(name):
        held = custom_permissions(name, context)
        if held is None:
            return _ANYTHING
        read, write = _PERMISSIONS[service]
        return Rights(read in held, bool(write & held))
    return _predefined(name, service)


def _predefined(name: str, service: str) -> Rights:
    if name in BASIC:
        return Rights(reads=True, writes=name in WRITING)
    if _OF_AGENTS.fullmatch(name):
        return _ANYTHING
    reading, writing = _ROLES[service]
    return Rights(reading.fullmatch(name) is not None, writing.fullmatch(name) is not None)
