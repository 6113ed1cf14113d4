"""Tokens with which Google reads another host's repositories, kept in Secret Manager."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.encryption import key_in
from groundplan.core.environment import Environment, Project
from groundplan.core.grants import Target, grant
from groundplan.core.names import digest
from groundplan.core.principals import Identity
from groundplan.core.references import KeyRef
from groundplan.core.validation import Checks

_SERVICE = "secretmanager.googleapis.com"
_ROLE = "roles/secretmanager.secretAccessor"
_VERSION = re.compile(
    r"projects/(?P<project>[a-z0-9.:-]+)/secrets/(?P<secret>[A-Za-z0-9_-]{1,255})/versions/[1-9][0-9]*"
)


@dataclass(frozen=True, kw_only=True)
class SourceToken:
    """A token of another host: a secret that is there already, or a value of the stack's own secret settings.

    It never stands in the program. Rotate it by a new version here; Google reads the version that is named.
    """

    version: str | None = None
    """A version in Secret Manager, ``projects/<project id>/secrets/<secret>/versions/<number>``."""
    value: pulumi.Output[str] | None = None
    """The token, as ``pulumi.Config().require_secret("gitToken")``; a secret of our own is made for it. Whoever can
    read the stack's state and its key can then read the token: prefer ``version``."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the token; its value is never printed."""
        one = checks.that(
            (self.version is None) != (self.value is None),
            field,
            "has a version and a value, or neither",
            given="both" if self.version is not None else "neither",
            allowed="one of `version` and `value`",
            do="name the version in Secret Manager",
        )
        if one and self.version is not None:
            checks.matches(
                f"{field}.version",
                self.version,
                _VERSION.pattern,
                "projects/<project id>/secrets/<secret>/versions/<number>",
                "name one version by its number; `latest` would change without a plan",
            )
        elif one:
            checks.that(
                isinstance(self.value, pulumi.Output),
                f"{field}.value",
                "stands in the program's text",
                given="a plain value",
                allowed="an output, such as pulumi.Config().require_secret(…)",
                do="set it with `pulumi config set --secret`, or name a version in Secret Manager",
            )

    def place(
        self, component: Component, role: str, key: KeyRef | None, reader: Identity
    ) -> tuple[pulumi.Input[str], tuple[pulumi.Resource, ...]]:
        """Return the version's full name and what must exist before ``reader`` reads it.

        Children, where a value is given: ``<role>`` and ``<role>-version``.
        """
        if self.version is not None:
            return self.version, self._granted(component.env, self.version, reader)
        secret = component.make(
            role,
            gcp.secretmanager.Secret,
            gcp.secretmanager.SecretArgs(
                project=component.project.id,
                secret_id=component.cloud_name("secret", role),
                replication=_in_one_region(component, key),
                labels=component.labels(),
            ),
            depends_on=() if key is None else key.grant_agent(component.project, _SERVICE).resources,
        )
        version = component.make(
            f"{role}-version",
            gcp.secretmanager.SecretVersion,
            gcp.secretmanager.SecretVersionArgs(
                secret=secret.id, secret_data=pulumi.Output.secret(pulumi.Output.from_input(self.value))
            ),
        )
        target = Target(
            label=f"{component.label}-{role}",
            project=component.project,
            parent=component,
            command=f"gcloud secrets add-iam-policy-binding --project={component.project.id}",
            place=secret.secret_id,
        )
        args = gcp.secretmanager.SecretIamMemberArgs(
            project=component.project.id, secret_id=secret.secret_id, role=_ROLE, member=reader.member
        )
        granted = grant(target, _ROLE, reader, gcp.secretmanager.SecretIamMember, args)
        return version.name, (version, *granted.resources)

    def _granted(self, env: Environment, version: str, reader: Identity) -> tuple[pulumi.Resource, ...]:
        """Let the reader read a secret that is there; in a project that is none of ours it becomes a request."""
        _, project_id, _, secret, _, _ = version.split("/")
        ours = {project.id: project for project in env.projects.distinct()}
        target = Target(
            label=f"{secret.lower()}-{digest(f'{project_id}/{secret}', 4)}",
            project=ours.get(project_id) or Project(id=project_id, managed=False),
            parent=None,
            command=f"gcloud secrets add-iam-policy-binding --project={project_id}",
            place=secret,
        )
        args = gcp.secretmanager.SecretIamMemberArgs(
            project=project_id, secret_id=secret, role=_ROLE, member=reader.member
        )
        return grant(target, _ROLE, reader, gcp.secretmanager.SecretIamMember, args).resources


def _in_one_region(component: Component, key: KeyRef | None) -> gcp.secretmanager.SecretReplicationArgs:
    region = component.env.region
    encryption = (
        None
        if key is None
        else gcp.secretmanager.SecretReplicationUserManagedReplicaCustomerManagedEncryptionArgs(
            kms_key_name=key_in(key, region, component.where)
        )
    )
    replica = gcp.secretmanager.SecretReplicationUserManagedReplicaArgs(
        location=region, customer_managed_encryption=encryption
    )
    return gcp.secretmanager.SecretReplicationArgs(
        user_managed=gcp.secretmanager.SecretReplicationUserManagedArgs(replicas=[replica])
    )
