"""SUP-18: only builds write images."""

import re
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, partial
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, indeterminate
from groundplan_policies.rules.identity.forms import WIDE, each_grant, grant_reads, iam_types, unclear
from groundplan_policies.rules.identity.roles import custom_permissions, is_basic, is_custom, role_as_written, role_name
from groundplan_policies.rules.supply.builders import judge_builder

_REPOSITORIES: Final = iam_types("artifactregistry.RepositoryIam")
_WRITES: Final = re.compile(
    r"roles/(?:artifactregistry\.(?:writer|admin|repoadmin|createonpush\w+|containerregistrymigrationadmin)"
    r"|cloudbuild\.builds\.builder)"
)
_UPLOAD: Final = (
    "artifactregistry.repositories.uploadArtifacts",
    "artifactregistry.tags.create",
    "artifactregistry.tags.update",
    "artifactregistry.repositories.setIamPolicy",
)
"""Permissions that change what is behind the name of an image, or who may."""
_DOES: Final = "writes images"


def _judge(grant: Grant, context: Context) -> Outcome:
    wide = short_name(grant.resource.type) in WIDE
    missing = unclear(grant.role)
    if missing is not None:
        return missing
    if wide and is_basic(grant.role):
        return NOT_APPLICABLE  # IAM-03 judges these
    writes = _writes(grant, context)
    if writes is None:
        return indeterminate("may write images", grant.role.path, role_as_written(grant.role))
    if writes:
        return judge_builder(grant, context, _DOES)
    return NOT_APPLICABLE if wide else PASS


def _writes(grant: Grant, context: Context) -> bool | None:
    """Whether a role writes images; None for a custom role that nobody can look into."""
    name = role_name(grant.role)
    if is_custom(name):
        permissions = custom_permissions(name, context)
        return None if permissions is None else not permissions.isdisjoint(_UPLOAD)
    return is_basic(grant.role) or _WRITES.fullmatch(name) is not None


CONTROL = Control(
    id="SUP-18",
    title="Only builds write images",
    why=(
        "Whoever can push an image decides what runs. Roles that write to repositories are for accounts that build: "
        "those that a trigger, a function or a service of this document builds as, the agent of Cloud Build, and what "
        "the settings list; Cloud Build's role for builders is one of these roles. People push from laptops, and an "
        "account that serves has no reason to. An account of a trigger that pull requests start runs code that nobody "
        "has read, so it may not write either. The default account of a project is everybody's in it. A role on a "
        "project counts as one on each of its repositories; basic roles there are judged by IAM-03, and public members "
        "by IAM-01."
    ),
    remedy="Use `grant_write` of ImageRepository with the account of a trigger; give others `grant_read`.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("5.2.b", "6.1.a"),
    clauses=(
        partial("cis-gke-1.6", "5.1.2", "Grants that were made outside of this program."),
        partial("cis-gke-1.6", "5.1.3", "Grants that were made outside of this program."),
        partial("nist-800-53-r5", "CM-5", "Other things that change the system."),
    ),
    reads=(*grant_reads(_REPOSITORIES), *grant_reads(WIDE)),
    checks=dict.fromkeys((*_REPOSITORIES, *WIDE), each_grant(_judge)),
    settings=("build_accounts",),
)
