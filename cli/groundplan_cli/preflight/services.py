"""Whether the projects are there, and the APIs that a plan calls are enabled in them."""

from collections.abc import Iterator

from groundplan_cli.preflight.model import Finding, Kind, Target, Unasked, is_disabled, told
from groundplan_cli.preflight.rehearsal import Rehearsal
from mockcloud.cloud.enabled import always_on, title
from mockcloud.pulumi.api import Refused

_RESOURCE_MANAGER = "cloudresourcemanager.googleapis.com"
_USAGE = "serviceusage.googleapis.com"


def projects(plan: Rehearsal, target: Target) -> Iterator[Finding | Unasked]:
    """Look for the projects that the plan does not make itself."""
    for project in plan.projects:
        if project in plan.creates_projects:
            continue
        try:
            target.get(_RESOURCE_MANAGER, f"v3/projects/{project}")
        except Refused as refused:
            if refused.status not in {403, 404} or is_disabled(refused.message):
                yield Unasked(kind=Kind.PROJECT, about=project, reason=told(refused))
                continue
            yield Finding(
                kind=Kind.PROJECT,
                about=project,
                problem="the project is not there, or you may not see it",
                remedy=f"gcloud projects describe {project}",
                project=project,
            )


def apis(plan: Rehearsal, target: Target) -> Iterator[Finding | Unasked]:
    """Look whether APIs are enabled, or will be by the plan itself."""
    if "enablement" not in target.rules:
        return
    needed: dict[tuple[str, str], dict[str, None]] = {}
    for need in plan.needs:
        if need.project and need.project not in plan.creates_projects and need.api not in always_on():
            needed.setdefault((need.project, need.api), {})[need.resource.urn] = None
    enabled = {
        (each.project, each.value("service").removesuffix(".googleapis.com"))
        for each in plan.of_type("projects/service:Service")
    }
    for (project, api), urns in sorted(needed.items()):
        if (project, api) in enabled:
            continue
        service = f"{api}.googleapis.com"
        try:
            state = target.get(_USAGE, f"v1/projects/{project}/services/{service}").get("state")
        except Refused as refused:
            yield Unasked(kind=Kind.API, about=f"{service} in {project}", reason=told(refused))
            continue
        if state != "ENABLED":
            yield Finding(
                kind=Kind.API,
                about=service,
                problem=f"the {title(service)} is not enabled",
                remedy=f"gcloud services enable {service} --project={project}",
                project=project,
                resources=tuple(urns),
            )
