"""References to endpoints that serve predictions."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.data_class import DataClass
from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import Identity, identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project
from groundplan.core.references.identities import AccountRef
from groundplan.core.validation import Checks

_VIEWER_ROLE: Final = "roles/aiplatform.viewer"
# gcloud has no command for the policy of an endpoint, so the request names Google's two calls.
_POLICY: Final = (
    'curl --request POST --header "Authorization: Bearer $(gcloud auth print-access-token)" '
    "{command}/v1/{place}:getIamPolicy  # add {role} for {member}, and post the policy to :setIamPolicy"
)


class OnlineEndpointRef(Reference):
    """An endpoint that answers single requests with predictions."""

    endpoint_name: str
    """The endpoint's number, up to 10 digits, by which its metrics and its name in DNS know it."""
    region: str
    """Region of the endpoint."""
    data_class: DataClass
    """How sensitive requests and responses are."""
    host: pulumi.Input[str] | None
    """Name to send requests to, without ``https://``; None where Google tells the address at deployment."""
    caller_role: str | None
    """Full name of the role that may ask for predictions and nothing else; None where nobody made one."""
    deployer_role: str | None
    """Full name of the role that deploys and withdraws models and nothing else; None where nobody made one."""
    account: AccountRef | None
    """The account that the models run as."""
    made: tuple[pulumi.Resource, ...] = ()
    """What must exist before those roles can be granted."""

    @property
    def endpoint_id(self) -> str:
        """Full name, ``projects/…/locations/…/endpoints/…``."""
        return f"projects/{self.project.id}/locations/{self.region}/endpoints/{self.endpoint_name}"

    def grant_predict(self, principal: object) -> Grant:
        """Let a principal ask this endpoint for predictions, and no other.

        Google has no role for that alone, so one that was made is given; without one ``ArgumentError`` is raised.
        """
        return self._grant("caller_role", self.caller_role, identity_of(principal, self.site))

    def grant_deploy(self, principal: object) -> Grant:
        """Let a principal deploy models here and shift traffic: as the endpoint's account, and on this endpoint only.

        It also gets to see the project's models (``roles/aiplatform.viewer`` on the project, as models have no IAM of
        their own). Without a role that was made ``ArgumentError`` is raised.
        """
        identity = identity_of(principal, self.site)
        first = [self._grant_view(identity)]
        if self.account is not None:
            first.append(self.account.grant_act_as(identity))
        resources = [resource for made in first for resource in made.resources]
        return self._grant("deployer_role", self.deployer_role, identity.after(*resources))

    def _grant_view(self, identity: Identity) -> Grant:
        args = gcp.projects.IAMMemberArgs(project=self.project.id, role=_VIEWER_ROLE, member=identity.member)
        target = Target(
            label="project",
            project=self.project,
            parent=None,
            command="gcloud projects add-iam-policy-binding",
            place=self.project.id,
            scope="project",
        )
        return grant(target, _VIEWER_ROLE, identity, gcp.projects.IAMMember, args)

    def _grant(self, field: str, role: str | None, identity: Identity) -> Grant:
        checks = Checks(self.site)
        checks.that(
            role is not None,
            field,
            "is missing, and Google has no role that does this and nothing more",
            given="nothing",
            allowed="the full name of such a role, projects/…/roles/…",
            do=f"give from_existing the {field} of an OnlineEndpoint, or of your organisation",
        )
        checks.finish()
        args = gcp.vertex.AiEndpointIamMemberArgs(
            project=self.project.id,
            location=self.region,
            endpoint=self.endpoint_name,
            role=str(role),
            member=identity.member,
        )
        target = self.target(f"https://{self.region}-aiplatform.googleapis.com", self.endpoint_id)
        return grant(
            dataclasses.replace(target, form=_POLICY),
            str(role),
            identity.after(*self.made),
            gcp.vertex.AiEndpointIamMember,
            args,
        )

    def exported(self) -> dict[str, Any]:
        """Return the endpoint as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "endpoint_name": self.endpoint_name,
            "region": self.region,
            "data_class": self.data_class.value,
            "host": self.host,
            "caller_role": self.caller_role,
            "deployer_role": self.deployer_role,
            "account": None if self.account is None else self.account.exported(),
        }

    @staticmethod
    def imported(exported: Exported) -> OnlineEndpointRef:
        """Return the endpoint that another stack exported."""
        account = exported.get("account")
        return ExistingOnlineEndpoint(
            **{
                **exported,
                "project": import_project(exported["project"]),
                "data_class": DataClass(exported["data_class"]),
                "account": None if account is None else AccountRef.imported(account),
            }
        )


class ExistingOnlineEndpoint(OnlineEndpointRef):
    """An endpoint that was there before."""

    def __init__(  # noqa: PLR0913 - one keyword an attribute
        self,
        *,
        label: str,
        project: Project,
        endpoint_name: str,
        region: str,
        data_class: DataClass,
        host: pulumi.Input[str] | None = None,
        caller_role: str | None = None,
        deployer_role: str | None = None,
        account: AccountRef | None = None,
    ) -> None:
        """Take the attributes of ``OnlineEndpointRef``."""
        self.label = label
        self.project = project
        self.endpoint_name = endpoint_name
        self.region = region
        self.data_class = data_class
        self.host = host
        self.caller_role = caller_role
        self.deployer_role = deployer_role
        self.account = account
