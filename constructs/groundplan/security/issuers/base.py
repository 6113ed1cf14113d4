"""What all issuers share: which of their tokens are believed, and how a workload is named."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_gcp as gcp

from groundplan.core.validation import Checks

MAX_SUBJECT = 127
"""Most characters of ``google.subject``. Source: the attribute mapping of a pool provider, IAM documentation."""
MAX_CONDITION = 4096
"""Most characters of an attribute condition. Source: as above."""
_MAX_AUDIENCES = 10
_URL = r"https://[a-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?"
_HOST = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}"


@dataclass(frozen=True, kw_only=True)
class Trust:
    """What a pool provider is told: whose tokens it takes, and what they must say."""

    mapping: Mapping[str, str]
    """Google's attribute -> expression over the token's claims."""
    condition: str
    """What must hold of a token, with every claim compared to literals."""
    workloads: Mapping[str, str]
    """Workload, as the issuer writes it -> its place below the pool in IAM's words."""
    oidc: gcp.iam.WorkloadIdentityPoolProviderOidcArgs | None = None
    """The issuer, where it is an OpenID Connect one."""
    aws: gcp.iam.WorkloadIdentityPoolProviderAwsArgs | None = None
    """The issuer, where it is Amazon Web Services."""


class Issuer(abc.ABC):
    """A system outside Google Cloud that vouches for its workloads.

    Names are literals out of a small set of characters: no pattern, so that nothing unnamed is let in, and no quote,
    so that a name cannot change the condition that it stands in.
    """

    @abc.abstractmethod
    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the issuer's own values."""

    @abc.abstractmethod
    def trust(self) -> Trust:
        """Return what the pool's provider is told; the values must have been checked."""


def check_all(checks: Checks, issuer: Issuer, field: str) -> None:
    """Record what is wrong with an issuer, and what Google would refuse in what follows from it."""
    before = len(checks.problems)
    issuer.check(checks, field)
    if len(checks.problems) > before:
        return
    trust = issuer.trust()
    checks.that(
        len(trust.condition) <= MAX_CONDITION,
        field,
        "names so many workloads that the condition is too long",
        given=f"{len(trust.condition)} characters",
        allowed=f"{MAX_CONDITION} characters",
        do="make two WorkloadIdentity of it",
    )


def check_names(checks: Checks, field: str, names: Sequence[str], pattern: str, what: str, *, some: bool) -> None:
    """Record which names are not literals of the right form; with ``some`` there must be one."""
    if isinstance(names, str):
        checks.instance(field, names, tuple, f"a tuple, such as ({names!r},)")
        return
    if some:
        checks.that(
            names,
            field,
            f"names no {what}, so that every one would be let in",
            given="nothing",
            allowed=f"at least one {what}",
            do=f"name each {what} that may federate",
        )
    for index, name in enumerate(names):
        checks.matches(
            f"{field}[{index}]",
            name,
            pattern,
            f"the name of one {what}: {pattern}, no wildcard",
            f"name each {what} on its own",
        )
    checks.unique(field, (str(name) for name in names), what)


def check_subject(checks: Checks, field: str, subject: str) -> None:
    """Record a subject that is longer than Google takes."""
    checks.that(
        len(subject) <= MAX_SUBJECT,
        field,
        "gives a subject that is longer than Google takes",
        given=f"{len(subject)} characters, {subject}",
        allowed=f"{MAX_SUBJECT} characters",
        do="shorten the names",
    )


def check_url(checks: Checks, field: str, url: str) -> None:
    """Record what is no issuer's URL."""
    checks.matches(field, url, _URL, "an https:// URL in lower case, without a query", "give the issuer's public URL")


def check_host(checks: Checks, field: str, host: str) -> None:
    """Record what is no host's name."""
    checks.matches(field, host, _HOST, "a host name such as git.acme.test", "write the host without https:// or path")


def check_audiences(checks: Checks, field: str, audiences: Sequence[str]) -> None:
    """Record audiences that Google would refuse."""
    check_names(checks, field, audiences, r"[A-Za-z0-9._~:/@+-]{1,256}", "audience", some=False)
    checks.that(
        len(audiences) <= _MAX_AUDIENCES,
        field,
        "are too many",
        given=len(audiences),
        allowed=f"at most {_MAX_AUDIENCES}",
        do="keep the audiences that the workloads really ask for",
    )


def equals(claim: str, values: Sequence[str]) -> str:
    """Return the expression that a claim is one of some literals."""
    literals = [f"'{value}'" for value in values]
    return f"{claim} == {literals[0]}" if len(literals) == 1 else f"{claim} in [{', '.join(literals)}]"


def any_of(conditions: Sequence[str]) -> str:
    """Return the expression that one of the conditions holds."""
    return conditions[0] if len(conditions) == 1 else f"({' || '.join(conditions)})"


def oidc(
    issuer: str, audiences: Sequence[str] = (), jwks: str | None = None
) -> gcp.iam.WorkloadIdentityPoolProviderOidcArgs:
    """Return an OpenID Connect issuer; without audiences a token must be meant for this very provider."""
    return gcp.iam.WorkloadIdentityPoolProviderOidcArgs(
        issuer_uri=issuer, allowed_audiences=list(audiences) or None, jwks_json=jwks
    )
