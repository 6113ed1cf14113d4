"""Repositories that Google keeps, in a host for this environment alone."""

from __future__ import annotations

import re

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.encryption import key_in
from groundplan.core.references.repositories import SourceConnector, SourceRepositoryRef
from groundplan.workbench.source_arguments import SourceConnectionArgs
from groundplan.workbench.source_hosts import HostedSource
from groundplan.workbench.source_links import agent_with_key, reference

_SERVICE = "securesourcemanager.googleapis.com"


def host_repositories(
    owner: Component, args: SourceConnectionArgs, source: HostedSource
) -> tuple[dict[str, SourceRepositoryRef], dict[str, object]]:
    """Make a host with its repositories; return them, and what the construct outputs beside them.

    Source: "Create a Private Service Connect instance", Secure Source Manager documentation, 2026-10.
    """
    key, name = args.chosen_key, owner.cloud_name("source_instance")
    host = owner.make(
        "host",
        gcp.securesourcemanager.Instance,
        gcp.securesourcemanager.InstanceArgs(
            project=owner.project.id,
            location=args.env.region,
            instance_id=name,
            kms_key=None if key is None else key_in(key, args.env.region, owner.where),
            private_config=None
            if source.public
            else gcp.securesourcemanager.InstancePrivateConfigArgs(
                is_private=True, ca_pool=source.ca_pool, psc_allowed_projects=[*source.consumer_projects] or None
            ),
            labels=owner.labels(classification=args.data_class.value),
        ),
        depends_on=agent_with_key(owner, key, _SERVICE),
    )
    found = {path: _repository(owner, args, source, host, path) for path in args.repositories}
    return found, {"hosts": host.host_configs, "privateConfig": host.private_config}


def _repository(
    owner: Component,
    args: SourceConnectionArgs,
    source: HostedSource,
    host: gcp.securesourcemanager.Instance,
    path: str,
) -> SourceRepositoryRef:
    short = owner.cloud_name("source_repository", path)
    made = owner.make(
        f"repository-{path}",
        gcp.securesourcemanager.Repository,
        gcp.securesourcemanager.RepositoryArgs(
            project=owner.project.id,
            location=args.env.region,
            instance=host.name,
            repository_id=short,
            description=f"{path}, {args.data_class.value}",
            initial_config=gcp.securesourcemanager.RepositoryInitialConfigArgs(default_branch=source.default_branch),
        ),
    )
    rule = owner.make(
        f"branch-{path}", gcp.securesourcemanager.BranchRule, _protection(owner, args, source, made.repository_id, path)
    )
    url = made.uris.apply(lambda uris: (uris[0].git_https or "") if uris else "")
    parent = owner.cloud_name("source_instance")
    return reference(owner, SourceConnector.SECURE_SOURCE_MANAGER, path, parent, short, url, made, rule)


def _protection(
    owner: Component, args: SourceConnectionArgs, source: HostedSource, repository: pulumi.Input[str], path: str
) -> gcp.securesourcemanager.BranchRuleArgs:
    """Let changes reach the default branch by a reviewed pull request only."""
    approvals = args.env.defaults.branch_approvals if source.approvals is None else source.approvals
    return gcp.securesourcemanager.BranchRuleArgs(
        project=owner.project.id,
        location=args.env.region,
        repository_id=repository,
        branch_rule_id=owner.cloud_name("branch_rule", path),
        include_pattern=re.escape(source.default_branch),
        require_pull_request=True,
        minimum_reviews_count=approvals,
        minimum_approvals_count=approvals,
        allow_stale_reviews=False,
        require_comments_resolved=True,
        require_linear_history=True,
    )
