"""A small deployment with data in it, for tests of how it flows."""

from __future__ import annotations

from typing import Any

from groundplan_policies.flow import Edge, Flow, data_flow
from tests.policies.rules.harness import PROJECT, R, context

TRAINER = f"trainer@{PROJECT}.iam.gserviceaccount.com"
OTHER = f"other@{PROJECT}.iam.gserviceaccount.com"


def bucket(name: str, project: str = PROJECT, **more: Any) -> R:
    return R("storage.Bucket", {"name": name, "project": project, "location": "EU", **more}, name)


def dataset(name: str, project: str = PROJECT, **more: Any) -> R:
    return R("bigquery.Dataset", {"datasetId": name, "project": project, **more}, name)


def table(name: str, home: str, **more: Any) -> R:
    return R("bigquery.Table", {"tableId": name, "datasetId": home, "project": PROJECT, **more}, name)


def account(name: str) -> R:
    id_ = f"projects/{PROJECT}/serviceAccounts/{name}@{PROJECT}.iam.gserviceaccount.com"
    return R("serviceaccount.Account", {"accountId": name, "project": PROJECT}, name, record={"id": id_})


def schedule(email: str = TRAINER, name: str = "weekly") -> R:
    job = {"serviceAccount": email}
    return R("colab.Schedule", {"createPipelineJobRequest": {"pipelineJob": job}, "project": PROJECT}, name)


def on_bucket(name: str, role: str, email: str = TRAINER, grant: str = "grant") -> R:
    member = f"serviceAccount:{email}"
    return R("storage.BucketIAMMember", {"bucket": name, "role": role, "member": member}, grant)


def on_project(role: str, email: str = TRAINER, project: str = PROJECT, grant: str = "grant") -> R:
    return R("projects.IAMMember", {"project": project, "role": role, "member": f"serviceAccount:{email}"}, grant)


def flow(*resources: R, **world: Any) -> Flow:
    return data_flow(context(*resources, **world).graph)


def name_of(key: str) -> str:
    return key.rpartition("::")[2] if key.startswith("urn:") else key


def edge(edge: Edge) -> tuple[str, str, str]:
    return name_of(edge.source), edge.kind.value, name_of(edge.target)


def edges(*resources: R, **world: Any) -> set[tuple[str, str, str]]:
    return {edge(each) for each in flow(*resources, **world).edges}
