"""The role of whoever runs training jobs and pipelines, and deploys nothing.

Google's ``roles/aiplatform.user`` also puts models behind endpoints, past every approval. So a role is made, with what
jobs and pipelines need: to run, to register models, to record what came of what, and to read what there is.
"""

from __future__ import annotations

from typing import Final

import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.environment import Project

# Source: the IAM permissions of the Vertex AI API, cloud.google.com/vertex-ai/docs/general/iam-permissions, 2026-11.
_VERBS: Final = {
    **dict.fromkeys(
        ("batchPredictionJobs", "customJobs", "hyperparameterTuningJobs", "pipelineJobs", "trainingPipelines"),
        ("cancel", "create", "delete", "get", "list"),
    ),
    **dict.fromkeys(("artifacts",), ("create", "get", "list", "update")),
    "contexts": (
        *("addContextArtifactsAndExecutions", "addContextChildren", "create", "get", "list"),
        *("queryContextLineageSubgraph", "update"),
    ),
    "executions": (*("addExecutionEvents", "create", "get", "list", "queryExecutionInputsAndOutputs", "update"),),
    "models": ("get", "list", "update", "upload"),
    "modelEvaluations": ("get", "import", "list"),
    "modelEvaluationSlices": ("get", "import", "list"),
    **dict.fromkeys(("tensorboardExperiments", "tensorboardRuns"), ("create", "get", "list", "update", "write")),
    "tensorboardTimeSeries": ("create", "get", "list", "read", "update"),
    **dict.fromkeys(
        (
            *("datasets", "endpoints", "featureGroups", "features", "featureOnlineStores", "featureViews"),
            *("locations", "metadataSchemas", "metadataStores", "persistentResources", "schedules", "tensorboards"),
        ),
        ("get", "list"),
    ),
}
PERMISSIONS: Final = (
    *(f"aiplatform.{noun}.{verb}" for noun, verbs in sorted(_VERBS.items()) for verb in verbs),
    "aiplatform.operations.list",
    "resourcemanager.projects.get",
)
"""What the role allows."""


def role_id(project: Project) -> str | None:
    """Return the id of a project's own role for running jobs; None where the project uses another's."""
    prefix = f"projects/{project.id}/roles/"
    named = project.ml_jobs_role or ""
    return named.removeprefix(prefix) if named.startswith(prefix) else None


def make_ml_jobs_role(component: Component, project: Project, role: str) -> gcp.projects.IAMCustomRole:
    """Make the role of that id in a project, as the child ``ml-jobs-role`` of a construct."""
    return component.make(
        "ml-jobs-role",
        gcp.projects.IAMCustomRole,
        gcp.projects.IAMCustomRoleArgs(
            project=project.id,
            role_id=role,
            title="Run training jobs and pipelines",
            description="Run jobs and pipelines, register models, record lineage; deploys nothing.",
            permissions=[*PERMISSIONS],
        ),
        project=project,
    )
