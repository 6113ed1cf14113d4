"""Features: served to whoever asks."""

import pulumi_gcp as gcp

# A store with a public endpoint that is deleted with all that it serves.
gcp.vertex.AiFeatureOnlineStore(
    "features", region="us-central1", optimized={}, dedicated_serving_endpoint={}, force_destroy=True
)

# Nearest neighbours on the internet.
gcp.vertex.AiIndexEndpoint("neighbours", region="us-central1", display_name="neighbours", public_endpoint_enabled=True)

# Private, but for the projects of the whole world, and without a question who asks.
lookalikes = gcp.vertex.AiIndexEndpoint(
    "lookalikes",
    region="us-central1",
    display_name="lookalikes",
    private_service_connect_config={"enable_private_service_connect": True, "project_allowlists": ["*"]},
)
gcp.vertex.AiIndexEndpointDeployedIndex(
    "lookalikes",
    deployed_index_id="lookalikes",
    index="projects/churn-by-friday/locations/us-central1/indexes/7",
    index_endpoint=lookalikes.id,
)
