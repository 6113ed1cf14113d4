"""Jenkins as an issuer, with its OpenID Connect Provider plugin."""

from __future__ import annotations

from dataclasses import dataclass

from groundplan.core.validation import Checks
from groundplan.security.issuers import base

_JOB = r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*"


@dataclass(frozen=True, kw_only=True)
class Jenkins(base.Issuer):
    """Builds of some jobs of one Jenkins.

    Workloads are named as the jobs are, ``release`` or ``ml/train`` (a job in a folder; a branch of a multibranch job
    is one more part). The plugin's claims must be its defaults, in which the subject is the job's URL. Source: README
    of jenkinsci/oidc-provider-plugin.
    """

    url: str
    """Jenkins' own URL, as its settings have it, without a slash at the end."""
    jobs: tuple[str, ...]
    """Full names of the jobs whose builds may federate."""
    issuer: str | None = None
    """Issuer of the tokens, where it is not Jenkins itself (``<url>/oidc``): a folder, or one that serves the keys."""
    audiences: tuple[str, ...] = ()
    """Audiences that tokens may have; by default only the provider itself, with https:// before it."""
    jwks: str | None = None
    """Jenkins' public keys (JSON Web Key Set), where Google cannot reach it to fetch them."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the values."""
        base.check_url(checks, f"{field}.url", self.url)
        checks.that(
            not str(self.url).endswith("/"),
            f"{field}.url",
            "ends in a slash",
            given=self.url,
            allowed="Jenkins' URL without a slash at the end",
            do="take the slash off",
        )
        base.check_names(checks, f"{field}.jobs", self.jobs, _JOB, "job", some=True)
        if self.issuer is not None:
            base.check_url(checks, f"{field}.issuer", self.issuer)
        base.check_audiences(checks, f"{field}.audiences", self.audiences)
        for job in self.jobs:
            base.check_subject(checks, f"{field}.jobs", _path(str(job)))

    def trust(self) -> base.Trust:
        """Return what the pool's provider is told."""
        return base.Trust(
            # The URL without its host: what is common to all says nothing, and IAM's members are paths themselves.
            mapping={"google.subject": f"assertion.sub.extract('{self.url}/{{job}}')"},
            condition=base.equals("assertion.sub", [f"{self.url}/{_path(job)}" for job in self.jobs]),
            workloads={job: f"subject/{_path(job)}" for job in self.jobs},
            oidc=base.oidc(self.issuer or f"{self.url}/oidc", self.audiences, self.jwks),
        )


def _path(job: str) -> str:
    return "".join(f"job/{part}/" for part in job.split("/"))
