"""What a preflight found, and what it asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from mockcloud.pulumi.api import Api, Refused, Transport


class Kind(StrEnum):
    """What a finding is about."""

    PROJECT = "project"
    API = "api"
    ROLE = "role"
    QUOTA = "quota"
    POLICY = "policy"
    AGENT = "agent"
    RANGE = "range"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What would stop a deployment.

    Attributes:
        kind: What it is about.
        about: What is concerned: an API, a role, a quota, a name.
        problem: What is wrong, as a sentence without the full stop.
        remedy: The command that mends it; else what to do.
        project: The project; "" where it is in none.
        resources: URNs of the resources that need it.
        sure: Whether it is certain. A possible one does not fail the command.
    """

    kind: Kind
    about: str
    problem: str
    remedy: str
    project: str = ""
    resources: tuple[str, ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Unasked:
    """A question that the cloud did not answer.

    Attributes:
        kind: What it was about.
        about: What was asked.
        reason: Why there is no answer.
    """

    kind: Kind
    about: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a preflight found.

    Attributes:
        stack: What is to be deployed.
        cloud: Where.
        caller: Who is to deploy it, as IAM names them; "" where that is not known.
        resources: How many resources were looked at.
        projects: Ids of the projects in which they are.
        findings: The findings.
        unasked: What could not be asked.
    """

    stack: str
    cloud: str
    caller: str
    resources: int
    projects: tuple[str, ...]
    findings: tuple[Finding, ...]
    unasked: tuple[Unasked, ...]

    @property
    def exit_code(self) -> int:
        """What a command ends with: 1 if there is a certain finding, else 0."""
        return int(any(each.sure for each in self.findings))


def told(refused: Refused) -> str:
    """Say why the cloud refused, in a sentence."""
    message = refused.message.partition(". ")[0].rstrip(".")
    return " ".join(f"{refused.reason or refused.status}: {message}".split())


def is_disabled(text: str) -> bool:
    """Whether a refusal says that the API is not enabled: then nothing of it is there."""
    return "it is disabled" in text or "SERVICE_DISABLED" in text


ALL_RULES = frozenset({"enablement", "organisation", "access", "quota"})
"""What Google Cloud asks of calls, as far as it is looked at here."""


@dataclass
class Target:
    """The cloud to which a deployment is to go. Each question is asked once.

    Attributes:
        transport: What asks.
        name: What messages call it.
        caller: Who is to deploy; "" where that is not known.
        rules: What it asks of calls: a lenient mock cloud asks less than Google Cloud.
    """

    transport: Transport
    name: str
    caller: str = ""
    rules: frozenset[str] = ALL_RULES
    _answers: dict[tuple[str, str], dict[str, Any] | Refused] = field(default_factory=dict)

    @property
    def api(self) -> Api:
        """Its APIs."""
        return Api(self.transport)

    def get(self, host: str, path: str) -> dict[str, Any]:
        """Read something.

        Raises:
            Refused: It is not there, or may not be read.
        """
        if (host, path) not in self._answers:
            try:
                self._answers[host, path] = self.api.call("GET", host, path)
            except Refused as refused:
                self._answers[host, path] = refused
        found = self._answers[host, path]
        if isinstance(found, Refused):
            raise found
        return found

    def pages(self, host: str, path: str, key: str) -> list[Mapping[str, Any]]:
        """Read all pages of a list.

        Args:
            host: Host of the API.
            path: Path without the first slash, and the query.
            key: The field that holds the entries.

        Raises:
            Refused: It may not be read.
        """
        found: list[Mapping[str, Any]] = []
        token = ""
        while True:
            join = "&" if "?" in path else "?"
            page = self.get(host, f"{path}{join}pageToken={quote(token, safe='')}" if token else path)
            found += page.get(key, ())
            token = str(page.get("nextPageToken", ""))
            if not token:
                return found
