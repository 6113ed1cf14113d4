"""Which organisation policies would refuse a plan: it is rehearsed once more, under the policies of the real cloud."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from groundplan_cli.preflight.model import Finding, Kind, Target, Unasked, told
from groundplan_cli.preflight.rehearsal import Rehearsal, rehearse
from groundplan_policies.engine import Document
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.constraints.catalogue import constraints, rows_of
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.api import Api, Refused
from mockcloud.simulator import new_cloud

_HOST: Final = "orgpolicy.googleapis.com"
_NAMED: Final = re.compile(r"constraints/([A-Za-z.]+[A-Za-z])")
_OF_ANY_METHOD: Final = frozenset(
    {
        "gcp.resourceLocations",
        "gcp.restrictNonCmekServices",
        "gcp.restrictCmekCryptoKeyProjects",
        "gcp.restrictServiceUsage",
        "iam.allowedPolicyMemberDomains",
        "iam.disableCrossProjectServiceAccountUsage",
    }
)
"""Constraints that are not about methods of their own."""


def policies(plan: Rehearsal, target: Target, document: Document) -> Iterator[Finding | Unasked]:
    """Read the policies that are in effect, and find out which resources they refuse."""
    if "organisation" not in target.rules:
        return
    cloud = new_cloud(waits="poll", on=["organisation"], off=["references", "values"])
    holds = False
    for project in plan.projects:
        if project in plan.creates_projects:
            continue
        for constraint in _concerned(plan, project):
            try:
                found = target.get(_HOST, f"v2/projects/{project}/policies/{constraint}:getEffectivePolicy")
            except Refused as refused:
                yield Unasked(kind=Kind.POLICY, about=f"{constraint} in {project}", reason=told(refused))
                break  # the others would be refused alike
            rules = found.get("spec", {}).get("rules", [])
            if any(_restricts(each) for each in rules):
                _set(cloud, project, constraint, rules)
                holds = True
    if holds:
        yield from _refused(plan, rehearse(document, cloud))


def _concerned(plan: Rehearsal, project: str) -> Iterator[str]:
    methods = {each.method for each in plan.needs if each.project == project}
    for name, each in constraints().items():
        if each.held and (name in _OF_ANY_METHOD or any(rows_of(name, method) for method in methods)):
            yield name


def _restricts(rule: Mapping[str, Any]) -> bool:
    return bool(rule.get("enforce") or rule.get("denyAll") or rule.get("values"))


def _set(cloud: Cloud, project: str, constraint: str, rules: list[Mapping[str, Any]]) -> None:
    body = {"name": f"projects/{project}/policies/{constraint}", "spec": {"rules": rules}}
    Api(InProcess(cloud)).call("POST", _HOST, f"v2/projects/{project}/policies", body)


def _refused(plan: Rehearsal, under: Rehearsal) -> Iterator[Finding]:
    found: dict[tuple[str, str, str], list[str]] = {}
    projects = {made.resource.urn: made.project for made in plan.made}
    for urn, reason in under.refused.items():
        named = _NAMED.search(reason)
        if named is not None and urn not in plan.refused:
            found.setdefault((projects[urn], named[1], reason), []).append(urn)
    for (project, constraint, reason), urns in found.items():
        yield Finding(
            kind=Kind.POLICY,
            about=constraint,
            problem=reason,
            remedy=f"change the program, or ask for an exception: gcloud org-policies describe {constraint} "
            f"--effective --project={project}",
            project=project,
            resources=tuple(urns),
        )
