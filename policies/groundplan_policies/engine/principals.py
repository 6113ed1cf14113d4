"""Who gets access: members of IAM policies, told apart.

The forms of members are Google's (cloud.google.com/iam/docs/principal-identifiers), the addresses of service agents
those of cloud.google.com/iam/docs/service-agents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown, split_unknown

if TYPE_CHECKING:
    from groundplan_policies.engine.graph import Graph


class Kind(StrEnum):
    """What a member is."""

    USER = "user"
    GROUP = "group"
    DOMAIN = "domain"
    SERVICE_ACCOUNT = "serviceAccount"
    PRINCIPAL = "principal"
    """One identity of a pool."""
    PRINCIPAL_SET = "principalSet"
    """Several identities of a pool, or all service accounts of a project, folder or organisation."""
    ALL_USERS = "allUsers"
    ALL_AUTHENTICATED_USERS = "allAuthenticatedUsers"
    PROJECT_OWNER = "projectOwner"
    PROJECT_EDITOR = "projectEditor"
    PROJECT_VIEWER = "projectViewer"
    DELETED = "deleted"
    """An identity that was deleted; it comes back to its roles if it is restored."""
    UNKNOWN = "unknown"
    """The document does not say, or says what is no member. No rule may pass it."""


PUBLIC: Final = frozenset({Kind.ALL_USERS, Kind.ALL_AUTHENTICATED_USERS})
PEOPLE: Final = frozenset({Kind.USER, Kind.GROUP, Kind.DOMAIN})
PROJECT_ROLES: Final = frozenset({Kind.PROJECT_OWNER, Kind.PROJECT_EDITOR, Kind.PROJECT_VIEWER})
"""Whoever holds a basic role on a project: a convenience member of storage and BigQuery."""

_KINDS: Final = {
    "user:": Kind.USER,
    "group:": Kind.GROUP,
    "domain:": Kind.DOMAIN,
    "serviceaccount:": Kind.SERVICE_ACCOUNT,
    "principal://goog/subject/": Kind.USER,
    "principalset://goog/group/": Kind.GROUP,
    "principalset://goog/public:allauthenticatedusers": Kind.ALL_AUTHENTICATED_USERS,
    "principalset://goog/public:": Kind.ALL_USERS,
    "principal://": Kind.PRINCIPAL,
    "principalset://": Kind.PRINCIPAL_SET,
    "projectowner:": Kind.PROJECT_OWNER,
    "projecteditor:": Kind.PROJECT_EDITOR,
    "projectviewer:": Kind.PROJECT_VIEWER,
    "deleted:": Kind.DELETED,
}
"""How members begin, in lower case; the longer before the shorter that it begins with."""

_WHOLE: Final = {"allusers": Kind.ALL_USERS, "allauthenticatedusers": Kind.ALL_AUTHENTICATED_USERS}

_POOL: Final = re.compile(
    r"iam\.googleapis\.com/((?:projects/[^/]+/)?locations/global/(?:workloadIdentityPools|workforcePools)/[^/]+)/"
)

_PROJECT_OF: Final = re.compile(r"(?:[^@]+)@([^@]+)\.iam\.gserviceaccount\.com")
_CLUSTER: Final = re.compile(r"([^@\[\]]+)\.svc\.id\.goog\[[^\[\]]+\]")
_NUMBERED: Final = re.compile(r"(?:[a-z]+-)*[a-z]?(\d+)(?:-[a-z0-9-]+)?")
"""What stands before the @ of a service agent: `service-123`, `service-org-123`, `cmek-p123`, `bqcx-123-ab`, `123`."""

_AGENT_HOSTS: Final = frozenset(
    {
        "bigquery-encryption",
        "cloud-filer",
        "cloud-memcache-sa",
        "cloud-redis",
        "cloud-tpu",
        "cloudcomposer-accounts",
        "compute-system",
        "container-analysis",
        "container-engine-robot",
        "containerregistry",
        "dataflow-service-producer-prod",
        "dataproc-accounts",
        "dlp-api",
        "endpoints-portal",
        "firebase-rules",
        "gcf-admin-robot",
        "gcp-gae-service",
        "gs-project-accounts",
        "security-center-api",
        "serverless-robot-prod",
        "service-consumer-management",
        "service-networking",
        "sourcerepo-service-accounts",
        "storage-transfer-service",
    }
)
"""Google's projects in which service agents live, beside those that begin with `gcp-sa-` or end with `.google.com`."""

_AGENT_DOMAINS: Final = frozenset({"cloudservices.gserviceaccount.com", "system.gserviceaccount.com"})

_DEFAULT_DOMAINS: Final = frozenset({"appspot.gserviceaccount.com", "cloudbuild.gserviceaccount.com"})

_AGENT_SOURCES: Final = frozenset(
    {
        "projects.ServiceIdentity",
        "folder.ServiceIdentity",
        "organizations.ServiceIdentity",
        "logging.ProjectSink",
        "logging.FolderSink",
        "logging.OrganizationSink",
        "logging.BillingAccountSink",
        "bigquery.Connection",
        "securitycenter.ProjectNotificationConfig",
        "securitycenter.FolderNotificationConfig",
        "securitycenter.NotificationConfig",
        "securitycenter.V2ProjectNotificationConfig",
        "securitycenter.V2FolderNotificationConfig",
        "securitycenter.V2OrganizationNotificationConfig",
        "sql.DatabaseInstance",
    }
)
"""Types of which the only identity that an output names is one of Google's service agents."""

_ACCOUNT: Final = "serviceaccount.Account"
_PROJECT: Final = "organizations.Project"


class Principal(NamedTuple):
    """Who gets access.

    Attributes:
        kind: What it is.
        name: What stands after the kind, with its unknown part if it has one: an e-mail address, a domain, a path.
        source: The resource that it is, or whose service agent it is, where this document makes that; None if it only
            reads it, or if there is none.
        agent: Whether it is one of Google's service agents.
        default: Whether it is an account that Google makes in every project (Compute Engine, App Engine, Cloud Build).
        project: Id or number of the project of a service account, "" if that is not known.
        identity: The same for the same identity in every grant of a document; "" if it is not known which it is.
    """

    kind: Kind
    name: str = ""
    source: Resource | None = None
    agent: bool = False
    default: bool = False
    project: str = ""
    identity: str = ""

    @property
    def public(self) -> bool:
        """Whether it is everybody, or everybody with an account of Google."""
        return self.kind in PUBLIC

    @property
    def person(self) -> bool:
        """Whether people stand behind it: a user, a group or a domain."""
        return self.kind in PEOPLE

    @property
    def domain(self) -> str:
        """The domain, in lower case, of a user, a group, a service account or a domain; "" if it is not known."""
        head, tail = split_unknown(self.name)
        if self.kind is Kind.DOMAIN:
            return head.lower() if head == tail else ""
        return tail.rpartition("@")[2].lower() if "@" in tail else ""

    @property
    def email(self) -> str:
        """The e-mail address, in lower case; "" if there is none, or a part of it is unknown."""
        head, tail = split_unknown(self.name)
        return head.lower() if head == tail and "@" in head and self.kind not in {Kind.DELETED, Kind.DOMAIN} else ""

    @property
    def pool(self) -> str:
        """The full name of the identity pool of a principal or a set of them; "" for others, or if it is not known."""
        found = _POOL.match(self.name) if self.kind in {Kind.PRINCIPAL, Kind.PRINCIPAL_SET} else None
        return found[1] if found and not is_unknown(found[1]) else ""


NOBODY: Final = Principal(Kind.UNKNOWN)


class Principals:
    """Reads members in a deployment."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._made: dict[tuple[str, tuple[str, ...]], Principal] = {}

    @cached_property
    def _accounts(self) -> Mapping[str, Resource]:
        """The service accounts of the document by e-mail address."""
        found: dict[str, Resource] = {}
        for account in self._graph.of(_ACCOUNT):
            if account.external:
                continue
            email, name = account.outputs.get("email"), account.inputs.get("accountId")
            project = self._graph.effective(account, "project")
            if isinstance(email, str):
                found[email.lower()] = account
            elif isinstance(name, str) and project.state is State.KNOWN:
                found[f"{name}@{project.text}.iam.gserviceaccount.com".lower()] = account
        return found

    def read(self, resource: Resource, member: Reading) -> Principal:
        """Tell who a member of a resource's input is."""
        if member.state is State.KNOWN and member.text:
            return self._known(member.text)
        if member.state is State.UNKNOWN:
            return self._made_later(resource, member)
        return NOBODY

    def _known(self, text: str) -> Principal:
        kind, name = _kind(text)
        if kind is not Kind.SERVICE_ACCOUNT:
            exact = kind in {Kind.PRINCIPAL, Kind.PRINCIPAL_SET}
            identity = f"{kind}:{name if exact else name.lower()}"
            return Principal(kind, name, identity="" if kind is Kind.UNKNOWN else identity)
        email = name.lower()
        account = self._accounts.get(email)
        return Principal(
            kind,
            name,
            source=account,
            agent=is_agent(email),
            default=is_default(email),
            project=project_of(email),
            identity=account.urn if account else f"{kind}:{email}",
        )

    def _made_later(self, resource: Resource, member: Reading) -> Principal:
        """Judge a member that is known only after the deployment. Many grants have the same one."""
        key = member.text, self._graph.document.origins(resource.urn, member.path)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._unknown(member.text, self._graph.origins(resource, member))
        return found

    def _unknown(self, text: str, origins: Iterable[Resource]) -> Principal:
        """Judge by the part that is known, and where that says no address, by what the unknown part was made of."""
        head, tail = split_unknown(text)
        kind, after = _kind(head)
        name = after + text[len(head) :]
        source = _only(origins)
        if not after and not tail and kind in {Kind.UNKNOWN, Kind.SERVICE_ACCOUNT} and source and _is_account(source):
            return self._of(source, name)
        if kind is not Kind.SERVICE_ACCOUNT or "@" not in tail:
            return Principal(kind, name)
        email = f"0{tail}".lower()
        agent = is_agent(email)
        ours = agent and source is not None and short_name(source.type) == _PROJECT and not source.external
        project = "" if agent else project_of(email)
        return Principal(kind, name, source if ours else None, agent, is_default(email), project)

    def _of(self, source: Resource, name: str) -> Principal:
        own = short_name(source.type) == _ACCOUNT
        if source.external:
            return self._read_only(source, name, own=own)
        project = self._graph.effective(source, "project").text
        return Principal(Kind.SERVICE_ACCOUNT, name, source, agent=not own, project=project, identity=source.urn)

    def _read_only(self, source: Resource, name: str, *, own: bool) -> Principal:
        """Judge what comes of a resource that is only read: an account by the address in its id, an agent by nothing.

        An account whose address is not known may be one that Google makes, and so nobody can say what it is.
        """
        if not own:
            return Principal(Kind.SERVICE_ACCOUNT, name, agent=True)
        email = source.id.rpartition("/")[2]
        known = "@" in email and not is_unknown(email)
        return self._known(f"serviceAccount:{email}") if known else Principal(Kind.UNKNOWN, name)


@lru_cache(maxsize=16384)
def _kind(text: str) -> tuple[Kind, str]:
    """Tell the kind of a member, and what stands after it. Upper and lower case count as the same."""
    plain = text.strip()
    lower = plain.lower()
    if lower in _WHOLE:
        return _WHOLE[lower], ""
    for prefix, kind in _KINDS.items():
        if lower.startswith(prefix):
            return kind, plain[len(prefix) :]
    return Kind.UNKNOWN, plain


def is_agent(email: str) -> bool:
    """Whether an e-mail address, in lower case, is that of one of Google's service agents."""
    local, _, domain = email.partition("@")
    if domain in _AGENT_DOMAINS:
        return True
    host = domain.removesuffix(".iam.gserviceaccount.com")
    reserved = host in _AGENT_HOSTS or host.startswith("gcp-sa-") or host.endswith(".google.com")
    return host != domain and reserved and _NUMBERED.fullmatch(local) is not None


def is_default(email: str) -> bool:
    """Whether an e-mail address, in lower case, is that of an account that Google makes in every project."""
    _, _, domain = email.partition("@")
    return domain in _DEFAULT_DOMAINS or email.endswith("-compute@developer.gserviceaccount.com")


def project_of(email: str) -> str:
    """Give the project of a service account, from its address in lower case; "" if the address does not say.

    It is the project's id, and for most accounts of Google's the project's number.
    """
    local, _, domain = email.partition("@")
    if is_agent(email) or domain == "cloudbuild.gserviceaccount.com":
        found = _NUMBERED.fullmatch(local)
        return found[1] if found else ""
    if domain == "developer.gserviceaccount.com":
        return local.removesuffix("-compute") if local.endswith("-compute") else ""
    if domain == "appspot.gserviceaccount.com":
        return local
    found = _PROJECT_OF.fullmatch(email) or _CLUSTER.fullmatch(email)
    if found is None:
        return ""
    project, _, scope = found[1].partition(".")
    return f"{scope}:{project}" if scope else project


def _only(origins: Iterable[Resource]) -> Resource | None:
    found = tuple(origins)
    return found[0] if len(found) == 1 else None


def _is_account(source: Resource) -> bool:
    """Whether every identity that a resource's outputs name is a service account."""
    short = short_name(source.type)
    if short == "logging.ProjectSink" and source.inputs.get("customWriterIdentity") is not None:
        return False
    return short == _ACCOUNT or short in _AGENT_SOURCES
