"""Secrets by the name of their version: never the secret itself."""

from __future__ import annotations

import re
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import Identity
from groundplan.core.validation import Checks

_FORM: Final = re.compile(r"projects/([^/\s]+)/secrets/([A-Za-z0-9_-]{1,255})/versions/(?:[0-9]+|latest)")
_READER: Final = "roles/secretmanager.secretAccessor"


def check_version(checks: Checks, field: str, value: object) -> None:
    """Record what is no secret version, without printing it: it may be the secret."""
    checks.that(
        isinstance(value, str) and _FORM.fullmatch(value),
        field,
        "is no secret version",
        given="a text of another form, not shown",
        allowed="projects/…/secrets/…/versions/…",
        do="put the secret into Secret Manager and name its version",
    )


def grant_version(version: str, identity: Identity, *, parent: pulumi.Resource, label: str, project: Project) -> Grant:
    """Let an identity read the secret of a version, which must have been checked.

    ``project`` is the one whose provider makes the grant and which says whether it is ours to make.
    """
    _, home, _, secret, _, _ = version.split("/")
    target = Target(
        label=f"{label}-{secret.lower().replace('_', '-')}",
        project=project,
        parent=parent,
        command=f"gcloud secrets add-iam-policy-binding --project={home}",
        place=secret,
    )
    args = gcp.secretmanager.SecretIamMemberArgs(project=home, secret_id=secret, role=_READER, member=identity.member)
    return grant(target, _READER, identity, gcp.secretmanager.SecretIamMember, args)
