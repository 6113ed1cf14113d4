"""Who vouches for workloads outside Google Cloud, each with what its tokens must say."""

from groundplan.security.issuers.aws import Aws
from groundplan.security.issuers.azure import Azure
from groundplan.security.issuers.base import Issuer, Trust
from groundplan.security.issuers.github import GitHub
from groundplan.security.issuers.gitlab import GitLab
from groundplan.security.issuers.jenkins import Jenkins
from groundplan.security.issuers.oidc import Oidc

__all__ = ["Aws", "Azure", "GitHub", "GitLab", "Issuer", "Jenkins", "Oidc", "Trust"]
