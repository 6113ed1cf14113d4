"""GitLab pipelines as an issuer, of the service or of an instance of one's own."""

from __future__ import annotations

from dataclasses import dataclass

from groundplan.core.validation import Checks
from groundplan.security.issuers import base

_PATH = r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*"
_REF = r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,99}"


@dataclass(frozen=True, kw_only=True)
class GitLab(base.Issuer):
    """Jobs of some projects of a group, from some branches or tags.

    Workloads are named ``acme/models`` (the project, from anywhere that the conditions allow),
    ``acme/models@branch:main`` and ``acme/models@tag:v1``. Only protected branches and tags are let in, unless
    ``protected_only`` is taken off. Source: "OpenID Connect authentication using ID tokens", GitLab documentation.
    """

    group: str
    """Group or user, with its parents: ``acme`` or ``acme/ml``."""
    projects: tuple[str, ...]
    """Projects of the group, without its name; of a subgroup with the subgroup's."""
    branches: tuple[str, ...] = ()
    """Branches whose jobs may federate, such as ``main``; of branches and tags there must be one."""
    tags: tuple[str, ...] = ()
    """Tags whose jobs may federate."""
    protected_only: bool = True
    """Whether the branch or tag must be a protected one. Without, whoever may push to the branch may federate."""
    host: str = "gitlab.com"
    """Host of the instance; by default GitLab's own service."""
    audiences: tuple[str, ...] = ()
    """Audiences that tokens may have; by default only the provider itself, with https:// before it."""
    jwks: str | None = None
    """The instance's public keys (JSON Web Key Set), where Google cannot reach it to fetch them."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""
        checks.matches(f"{field}.group", self.group, _PATH, "a group's path, no wildcard", "name one group")
        base.check_names(checks, f"{field}.projects", self.projects, _PATH, "project of the group", some=True)
        base.check_names(checks, f"{field}.branches", self.branches, _REF, "branch", some=False)
        base.check_names(checks, f"{field}.tags", self.tags, _REF, "tag", some=False)
        checks.that(
            self.branches or self.tags,
            f"{field}.branches",
            "leaves open which jobs may federate, so that any branch's would",
            given="neither branches nor tags",
            allowed="at least one of them",
            do="name the branch that is protected, such as main",
        )
        checks.instance(f"{field}.protected_only", self.protected_only, bool, "true or false")
        base.check_host(checks, f"{field}.host", self.host)
        base.check_audiences(checks, f"{field}.audiences", self.audiences)
        for project in self._full_names():
            for kind, ref in self._refs():
                base.check_subject(checks, f"{field}.projects", f"project_path:{project}:ref_type:{kind}:ref:{ref}")

    def trust(self) -> base.Trust:
        """Return what the pool's provider is told."""
        runs = [
            f"assertion.ref_type == '{kind}' && {base.equals('assertion.ref', refs)}"
            for kind, refs in (("branch", self.branches), ("tag", self.tags))
            if refs
        ]
        conditions = [base.equals("assertion.project_path", self._full_names()), base.any_of(runs)]
        if self.protected_only:
            conditions.append("assertion.ref_protected == 'true'")
        return base.Trust(
            mapping={
                "google.subject": "assertion.sub",
                "attribute.project_path": "assertion.project_path",
                "attribute.run": "assertion.project_path + '@' + assertion.ref_type + ':' + assertion.ref",
            },
            condition=" && ".join(conditions),
            workloads={
                **{name: f"attribute.project_path/{name}" for name in self._full_names()},
                **{
                    f"{name}@{kind}:{ref}": f"attribute.run/{name}@{kind}:{ref}"
                    for name in self._full_names()
                    for kind, ref in self._refs()
                },
            },
            oidc=base.oidc(f"https://{self.host}", self.audiences, self.jwks),
        )

    def _full_names(self) -> list[str]:
        return [f"{self.group}/{project}" for project in self.projects]

    def _refs(self) -> list[tuple[str, str]]:
        return [*(("branch", branch) for branch in self.branches), *(("tag", tag) for tag in self.tags)]
