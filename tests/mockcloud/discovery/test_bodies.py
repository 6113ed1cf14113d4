"""Where a body is in a request: what the client libraries' own bindings say."""

import pytest

from mockcloud.discovery.bodies import bound
from mockcloud.discovery.catalogue import description


@pytest.mark.parametrize(
    ("api", "version", "method", "field"),
    [
        ("aiplatform", "v1", "projects.locations.endpoints.create", "endpoint"),
        ("aiplatform", "v1", "projects.locations.endpoints.patch", "endpoint"),
        ("aiplatform", "v1", "projects.locations.endpoints.deployModel", ""),
        (
            "aiplatform",
            "v1",
            "projects.locations.tensorboards.experiments.runs.timeSeries.create",
            "tensorboard_time_series",
        ),
        ("aiplatform", "v1", "projects.locations.updateRagEngineConfig", "rag_engine_config"),
        ("bigquery", "v2", "tables.insert", "table"),
        ("bigquery", "v2", "jobs.query", "query_request"),
        ("cloudkms", "v1", "projects.locations.keyRings.cryptoKeys.create", "crypto_key"),
        ("compute", "v1", "instances.insert", "resource"),
        ("dataproc", "v1", "projects.locations.autoscalingPolicies.create", "policy"),
        ("iam", "v1", "projects.roles.create", ""),
        ("iam", "v1", "projects.roles.patch", "role"),
        ("pubsub", "v1", "projects.topics.create", ""),
        ("secretmanager", "v1", "projects.secrets.get", ""),
        ("storage", "v1", "buckets.insert", ""),
    ],
)
def test_a_body_stands_for_a_field(api: str, version: str, method: str, field: str) -> None:
    assert bound(description(api, version).routes.by_id[method]) == field
