"""A network attachment: where a service of Google's gets an interface in the network (Private Service Connect)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.component import Args, Component
from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.references import ExistingNetworkAttachment, NetworkAttachmentRef, NetworkRef
from groundplan.core.validation import PROJECT_NUMBER, Checks
from groundplan.network.placement import consumer_project

# What an agent does to connect: look the attachment up, put its own project on the list, wait for that. Google has no
# narrower role than Compute Network Admin. Source: "Set up a Private Service Connect interface", 2026-10.
_PERMISSIONS: Final = (
    "compute.networkAttachments.get",
    "compute.networkAttachments.update",
    "compute.regionOperations.get",
)
_NAME: Final = "[a-z]([a-z0-9-]*[a-z0-9])?"


@dataclass(frozen=True, kw_only=True)
class NetworkAttachmentArgs(Args):
    """What a ``NetworkAttachment`` takes."""

    network: NetworkRef
    """The network that producers get an interface in, ours or one that was there before."""
    producers: tuple[str, ...] = ()
    """Ids or numbers of the projects that may connect. By default none at first: Google's services put the project
    that they run in on the list themselves, once ``grant_connect`` lets them."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.instance("network", self.network, NetworkRef, "a Network, or Network.from_existing(…)")
        for index, producer in enumerate(self.producers):
            field = f"producers[{index}]"
            if not (isinstance(producer, str) and PROJECT_NUMBER.fullmatch(producer)):
                checks.project_id(field, producer)
        checks.unique("producers", map(str, self.producers), "project")


class NetworkAttachment(Component, NetworkAttachmentRef):
    """A network attachment that accepts only producers on its list.

    It stands in the network's project, or in the workload's where the network belongs to somebody else. What connects
    has an address of the subnetwork, and can call whatever the firewall lets that subnetwork call. Children:
    ``attachment``; ``connector-role`` once a service is let in.
    """

    kind = "groundplan:network:NetworkAttachment"
    objectives = ("3.2.d", "4.2.b", "6.1.a")

    def __init__(self, name: str, args: NetworkAttachmentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the attachment; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = consumer_project(args.env, args.network)
        self.region = args.network.region
        self.attachment = self.make(
            "attachment",
            gcp.compute.NetworkAttachment,
            gcp.compute.NetworkAttachmentArgs(
                project=self.project.id,
                region=self.region,
                name=self.cloud_name("network_attachment", generation=True),
                subnetworks=[args.network.subnetwork_id],
                connection_preference="ACCEPT_MANUAL",
                producer_accept_lists=[*args.producers],
            ),
            # The list belongs to Google's agents, unless it is written out.
            ignore_changes=[] if args.producers else ["producerAcceptLists"],
        )
        self.attachment_id = self.attachment.id
        self._role: gcp.projects.IAMCustomRole | None = None
        self.finish({"attachmentId": self.attachment_id, "producers": [*args.producers]})

    def grant_connect(self, project: Project, service: str = "aiplatform.googleapis.com") -> Grant:
        """Let a service, in a project that uses it, connect to the attachment; what connects depends on the grant.

        An attachment has no IAM that Google's services look at, so that the role (made here, for this and nothing
        else) is given on its project; the grant's ``scope`` is ``project``. In a Shared VPC the service also gets the
        use of the subnetwork.
        """
        agent = service_agent(project, service)
        if self.args.network.project != project:
            used = self.args.network.grant_use(agent)
            agent = agent.after(*used.resources)
        role_id = self.cloud_name("custom_role", "connector", generation=True)
        if self._role is None:
            self._role = self._connector_role(role_id)
        target = Target(
            label=self.label,
            project=self.project,
            parent=self,
            command="gcloud projects add-iam-policy-binding",
            place=self.project.id,
            scope="project",
        )
        role = f"projects/{self.project.id}/roles/{role_id}"
        args = gcp.projects.IAMMemberArgs(project=self.project.id, role=role, member=agent.member)
        return grant(target, role, agent.after(self._role), gcp.projects.IAMMember, args)

    def _connector_role(self, role_id: str) -> gcp.projects.IAMCustomRole:
        return self.make(
            "connector-role",
            gcp.projects.IAMCustomRole,
            gcp.projects.IAMCustomRoleArgs(
                project=self.project.id,
                role_id=role_id,
                title=f"Connect to attachment {self.label}"[:100],
                description="Look up a network attachment and put a producer on its list; for Google's service agents.",
                permissions=[*_PERMISSIONS],
            ),
        )

    @staticmethod
    def from_existing(attachment: str, *, project: Project) -> NetworkAttachmentRef:
        """Return an attachment that was there before, ``projects/…/regions/…/networkAttachments/…``.

        ``project`` is the one that it is in. That the services which use it may connect is not known here: whoever
        owns it grants that.
        """
        checks = Checks("NetworkAttachment.from_existing")
        checks.matches(
            "attachment",
            attachment,
            rf"projects/{re.escape(project.id)}/regions/[a-z0-9-]+/networkAttachments/{_NAME}",
            f"projects/{project.id}/regions/…/networkAttachments/…",
            "give the attachment's full name, in the project that is given",
        )
        checks.finish()
        parts = attachment.split("/")
        return ExistingNetworkAttachment(label=parts[-1], project=project, attachment_id=attachment, region=parts[3])
