"""The file of triggers that Secure Source Manager reads from a repository, where others have trigger resources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import pulumi
import yaml

from groundplan.cicd.build_logs import grant_logs
from groundplan.cicd.events import OnPullRequest, OnPush
from groundplan.cicd.trigger_arguments import BuildTriggerArgs
from groundplan.core.agents import service_agent
from groundplan.core.environment import Project
from groundplan.core.references import AccountRef, SourceConnector
from groundplan.core.references.delivery import RUN_BUILDS, grant_builds
from groundplan.core.validation import Checks
from groundplan.security.capabilities import Capability, grant_capability

_SERVICE: Final = "securesourcemanager.googleapis.com"
PATH: Final = ".cloudbuild/triggers.yaml"
"""Where the file belongs, on the default branch."""
_NAME: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_WORDS: Final = "# Written by groundplan: change the program, not this file.\n"


def triggers_file(triggers: Mapping[str, BuildTriggerArgs]) -> pulumi.Output[str]:
    """Return the text of ``.cloudbuild/triggers.yaml`` for triggers, by name, on a repository of Secure Source Manager.

    Granted with it: each build's account reads the repository, writes logs and uses its pool; the agent of Secure
    Source Manager runs builds in the project, for which Google has no narrower right, and acts as these accounts.
    Whoever may push to the default branch can change the file, so the branch needs protection. Google's file knows
    pushes to branches and pull requests, and a build file in the repository; approvals, inlined builds, tags and other
    events raise ``ArgumentError``. Source: "Triggers file schema", Secure Source Manager documentation, 2026-10.
    """
    checks = Checks("triggers_file")
    for name, args in triggers.items():
        field = f"triggers[{name!r}]"
        checks.matches(field, name, _NAME, "1 to 63 lower-case letters, digits and hyphens", "rename the trigger")
        if checks.instance(field, args, BuildTriggerArgs, "a BuildTriggerArgs"):
            own = Checks(field)
            args.check(own)
            checks.problems += own.problems
            _check(checks, field, args)
    checks.finish()
    for args in triggers.values():
        _grant(args)
    entries = [_entry(name, args) for name, args in triggers.items()]
    return pulumi.Output.all(*entries).apply(
        lambda known: _WORDS + yaml.safe_dump({"triggers": list(known)}, sort_keys=False, allow_unicode=True)
    )


def _check(checks: Checks, field: str, args: BuildTriggerArgs) -> None:
    connector = getattr(args.repository, "connector", None)
    checks.that(
        connector is SourceConnector.SECURE_SOURCE_MANAGER,
        f"{field}.repository",
        "has trigger resources, not a file",
        given=str(connector),
        allowed=str(SourceConnector.SECURE_SOURCE_MANAGER),
        do="make a BuildTrigger",
    )
    checks.that(
        isinstance(args.event, OnPush | OnPullRequest),
        f"{field}.event",
        "is none that Secure Source Manager knows",
        given=type(args.event).__name__,
        allowed="OnPush or OnPullRequest",
        do="use one of these, or connect the repository through Developer Connect",
    )
    checks.that(
        not args.approval,
        f"{field}.approval",
        "cannot be asked for in Google's file",
        given=True,
        allowed="nothing",
        do="connect the repository through Developer Connect and make a BuildTrigger, which can wait for approval",
    )
    checks.that(
        args.filename is not None,
        f"{field}.filename",
        "is missing, and the file cannot hold the build itself",
        given="nothing",
        allowed="the path of a build file in the repository",
        do="commit the build file, and name its path",
    )
    checks.that(
        isinstance(args.account, AccountRef),
        f"{field}.account",
        "is missing, and the file must name one",
        given="nothing",
        allowed="a ServiceIdentity, or ServiceIdentity.from_existing(…)",
        do="pass the account that the builds act as",
    )


def _grant(args: BuildTriggerArgs) -> None:
    """Give what the build needs. Source: "Connect to Cloud Build", Secure Source Manager documentation, 2026-10."""
    account, repository = args.account, args.repository
    if account is None or repository is None:  # for the type checker; both were checked
        return
    project = args.project or args.env.projects.build
    agent = service_agent(repository.project, _SERVICE)
    repository.grant_read(account)
    account.grant_act_as(agent)
    grant_builds(project, RUN_BUILDS, agent)
    grant_capability(Capability.WRITE_LOGS, account, project)
    if args.logs is not None:
        grant_logs(args.logs, account)
    if args.pool is not None:
        args.pool.grant_use(account)


def _entry(name: str, args: BuildTriggerArgs) -> pulumi.Output[dict[str, Any]]:
    event = args.event
    branch = event.branch if isinstance(event, OnPush | OnPullRequest) else ""
    project: Project = args.project or args.env.projects.build
    entry: dict[str, Any] = {
        "name": name,
        "project": project.id,
        "configFilePath": args.filename,
        "eventType": "push" if isinstance(event, OnPush) else "pull_request",
        "includedGitRefs": branch,
        "serviceAccount": args.account.account_id if args.account is not None else "",
        "disabled": False,
    }
    for key, paths in (("includedFiles", args.included_files), ("ignoredFiles", args.ignored_files)):
        if paths:
            entry[key] = "|".join(f"^{_expression(path)}$" for path in paths)
    if args.substitutions:
        entry["substitutions"] = dict(args.substitutions)
    return pulumi.Output.from_input(entry)


def _expression(path: str) -> str:
    """Return a path with ``**`` and ``*`` as the regular expression that Google's file wants."""
    parts = re.split(r"(\*\*|\*)", path)
    return "".join({"**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts)
