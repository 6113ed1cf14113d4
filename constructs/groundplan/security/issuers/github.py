"""GitHub Actions as an issuer."""

from __future__ import annotations

from dataclasses import dataclass

from groundplan.core.validation import Checks
from groundplan.security.issuers import base

_PUBLIC = "github.com"
_OWNER = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?"
_REPOSITORY = r"[A-Za-z0-9._-]{1,100}"
_REF = r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,99}"
_ENVIRONMENT = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"


@dataclass(frozen=True, kw_only=True)
class GitHub(base.Issuer):
    """Workflows of some repositories, from some branches, tags or environments.

    Workloads are named ``acme/models`` (the repository, from anywhere that the conditions allow),
    ``acme/models@refs/heads/main``, ``acme/models@refs/tags/v1`` and ``acme/models@environment:production``. Runs for
    ``pull_request_target`` are refused: they have a branch's rights while others decide what they read.
    Source: "OpenID Connect reference", GitHub documentation.
    """

    owner: str
    """Organisation or user, spelt as GitHub spells it: comparison heeds capitals."""
    repositories: tuple[str, ...]
    """Repositories of the owner, without its name."""
    branches: tuple[str, ...] = ()
    """Branches whose runs may federate, such as ``main``; of branches, tags and environments there must be one."""
    tags: tuple[str, ...] = ()
    """Tags whose runs may federate."""
    environments: tuple[str, ...] = ()
    """Environments whose runs may federate, from whichever branch GitHub lets into them: protect the environment."""
    owner_id: str | None = None
    """Number of the owner, which stays the same person's or organisation's when the name is given up and taken."""
    host: str = _PUBLIC
    """Host of an enterprise server; by default GitHub's own service."""
    audiences: tuple[str, ...] = ()
    """Audiences that tokens may have; by default only the provider itself."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""
        checks.matches(f"{field}.owner", self.owner, _OWNER, "an owner's name, no wildcard", "name one owner")
        base.check_names(
            checks, f"{field}.repositories", self.repositories, _REPOSITORY, "repository of the owner", some=True
        )
        base.check_names(checks, f"{field}.branches", self.branches, _REF, "branch", some=False)
        base.check_names(checks, f"{field}.tags", self.tags, _REF, "tag", some=False)
        base.check_names(checks, f"{field}.environments", self.environments, _ENVIRONMENT, "environment", some=False)
        checks.that(
            self.branches or self.tags or self.environments,
            f"{field}.branches",
            "leaves open which runs may federate, so that any branch's would",
            given="neither branches nor tags nor environments",
            allowed="at least one of them",
            do="name the branch that is protected, such as main",
        )
        if self.owner_id is not None:
            checks.matches(
                f"{field}.owner_id", self.owner_id, r"[0-9]{1,20}", "digits as a string", "look it up in GitHub's API"
            )
        base.check_host(checks, f"{field}.host", self.host)
        base.check_audiences(checks, f"{field}.audiences", self.audiences)
        for repository in self._full_names():
            for run in (*(f"ref:{ref}" for ref in self._refs()), *(f"environment:{e}" for e in self.environments)):
                base.check_subject(checks, f"{field}.repositories", f"repo:{repository}:{run}")

    def trust(self) -> base.Trust:
        """Return what the pool's provider is told."""
        runs = [base.equals("assertion.ref", self._refs())] if self._refs() else []
        if self.environments:
            runs.append(f"has(assertion.environment) && {base.equals('assertion.environment', self.environments)}")
        owner = [base.equals("assertion.repository_owner", [self.owner])]
        if self.owner_id is not None:
            owner.append(base.equals("assertion.repository_owner_id", [self.owner_id]))
        repositories = base.equals("assertion.repository", self._full_names())
        return base.Trust(
            mapping={
                "google.subject": "assertion.sub",
                "attribute.repository": "assertion.repository",
                "attribute.run": "assertion.repository + '@' + assertion.ref",
                "attribute.deployment": "has(assertion.environment)"
                " ? assertion.repository + '@' + assertion.environment : ''",
            },
            condition=" && ".join(
                [*owner, repositories, base.any_of(runs), "assertion.event_name != 'pull_request_target'"]
            ),
            workloads=self._workloads(),
            oidc=base.oidc(self._issuer(), self.audiences),
        )

    def _workloads(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in self._full_names():
            found[name] = f"attribute.repository/{name}"
            found |= {f"{name}@{ref}": f"attribute.run/{name}@{ref}" for ref in self._refs()}
            found |= {f"{name}@environment:{e}": f"attribute.deployment/{name}@{e}" for e in self.environments}
        return found

    def _issuer(self) -> str:
        if self.host == _PUBLIC:
            return "https://token.actions.githubusercontent.com"
        return f"https://{self.host}/_services/token"

    def _full_names(self) -> list[str]:
        return [f"{self.owner}/{repository}" for repository in self.repositories]

    def _refs(self) -> list[str]:
        return [*(f"refs/heads/{branch}" for branch in self.branches), *(f"refs/tags/{tag}" for tag in self.tags)]
