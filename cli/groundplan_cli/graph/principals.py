"""Who grants are given to: accounts of the plan, Google's own accounts, and people and programs outside of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from groundplan_policies.engine import Document, Resource

OUTSIDE_KINDS = {
    "user": "Person",
    "group": "Group",
    "domain": "Everybody of a domain",
    "principal": "Program elsewhere",
    "principalSet": "Programs elsewhere",
    "allUsers": "Everybody on the internet",
    "allAuthenticatedUsers": "Everybody with a Google account",
}
"""Kinds of members that stand outside of a platform, and what they are called."""

_AGENT = re.compile(r"(?:[a-z]+-)?p?\d{6,}@(?:gcp-sa-)?([a-z-]+)\.(?:iam\.)?gserviceaccount\.com")
"""Addresses of Google's own accounts hold the number of a project, longer than a number in anybody's own name."""
_FEDERATED = re.compile(r"(principal(?:Set)?)://iam\.googleapis\.com/.*?/workloadIdentityPools/[^/]+/(.+)")


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who is given a role.

    Attributes:
        name: Who it is, for people.
        urn: URN of the account in the plan, "" for whoever is not in it.
        outside: What it is where it stands outside, such as `Group`; "" for accounts of programs.
        member: The member as the plan writes it, "" where it is not known yet.
    """

    name: str
    urn: str = ""
    outside: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of a plan.

    Attributes:
        document: The plan.
        emails: Address -> URN of the service account that has it.
    """

    document: Document
    emails: Mapping[str, str]

    @classmethod
    def of(cls, document: Document) -> "Accounts":
        """Collect the service accounts whose addresses follow from their inputs."""
        emails: dict[str, str] = {}
        for resource in document:
            if resource.type == "gcp:serviceaccount/account:Account":
                account, project = resource.inputs.get("accountId"), resource.inputs.get("project")
                emails[f"{account}@{project}.iam.gserviceaccount.com"] = resource.urn
        return cls(document, emails)

    def by_email(self, email: str) -> str | None:
        """Find the URN of the account with an address."""
        return self.emails.get(email)

    def find(self, member: str, origins: Sequence[str]) -> Principal:
        """Find out who a member is.

        Args:
            member: The member as IAM writes it, "" where it is not known yet.
            origins: URNs of the resources from whose outputs it is made.
        """
        kind, _, rest = member.partition(":")
        urn = self.emails.get(rest) or next((urn for urn in origins if self.document.get(urn)), "")
        source = self.document.get(urn)
        if federated := _FEDERATED.fullmatch(member):
            return Principal(f"builds of {_run(federated[2])}", urn, OUTSIDE_KINDS[federated[1]], member)
        if source is not None:
            service = source.inputs.get("service") if source.type.endswith(":ServiceIdentity") else None
            name = _agent(str(service).partition(".")[0]) if service else self.name_of(source)
            return Principal(name, urn, member=member)
        if kind in OUTSIDE_KINDS:
            return Principal(rest or OUTSIDE_KINDS[kind].lower(), "", OUTSIDE_KINDS[kind], member)
        if agent := _AGENT.fullmatch(rest):
            return Principal(_agent(agent[1]), member=member)
        return Principal(rest or member or "somebody who is not known yet", member=member)

    def name_of(self, resource: Resource) -> str:
        """Name a resource, and an account as its component is, which is how the picture names it."""
        parent = self.document.get(resource.parent)
        named_so = parent is not None and parent.is_component and resource.name == f"{parent.name}-account"
        return parent.name if parent and named_so else resource.name


def _run(subject: str) -> str:
    """Give what a federated subject, such as `attribute.run/acme/shop@branch:main`, says of the build."""
    return subject.partition("/")[2] or subject


@cache
def _agents() -> Mapping[str, str]:
    text = files("groundplan_cli.graph").joinpath("roles.yaml").read_text(encoding="utf-8")
    names: Mapping[str, str] = yaml.safe_load(text)["agents"]
    return names


def _agent(service: str) -> str:
    return f"Google's account for {_agents().get(service, service)}"
