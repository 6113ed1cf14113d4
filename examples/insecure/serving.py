"""Serving: an endpoint, an agent, a web service and a key to call them with."""

import pulumi_gcp as gcp

# Public, with Google's own keys, and every request and answer logged into whatever dataset Google makes.
gcp.vertex.AiEndpoint(
    "churn",
    name="1234567890",
    display_name="churn",
    location="us-central1",
    dedicated_endpoint_enabled=True,
    predict_request_response_logging_config={
        "enabled": True,
        "sampling_rate": 1,
        "bigquery_destination": {"output_uri": "bq://churn-by-friday"},
    },
)

# An agent and a web service as one and the same account, which the training uses too.
account = gcp.serviceaccount.Account("everything", account_id="everything")
gcp.vertex.AiReasoningEngine(
    "agent",
    display_name="agent",
    region="us-central1",
    spec={
        "service_account": account.email,
        "package_spec": {"pickle_object_gcs_uri": "gs://churn-by-friday/agent.pkl", "python_version": "3.11"},
    },
)
web = gcp.cloudrunv2.Service(
    "web",
    location="us-central1",
    ingress="INGRESS_TRAFFIC_ALL",
    invoker_iam_disabled=True,
    template={
        "service_account": account.email,
        "containers": [
            {"image": "docker.io/someone/churn:latest", "envs": [{"name": "DB_PASSWORD", "value": "churn2026"}]}
        ],
    },
)

# A model of somebody on the internet, whose licence nobody read, with a token that stands in the state for all to see.
gcp.vertex.AiEndpointWithModelGardenDeployment(
    "chat",
    location="us-central1",
    hugging_face_model_id="someone/chat",
    model_config={"accept_eula": True, "hugging_face_access_token": "hf-of-alice"},
)

# One replica, which is gone while its machine is replaced.
gcp.vertex.AiDeploymentResourcePool(
    "small",
    name="small",
    region="us-central1",
    dedicated_resources={"machine_spec": {"machine_type": "n1-standard-4"}, "min_replica_count": 1},
)

# A load balancer without a filter, and with whatever encryption the caller still speaks.
backend = gcp.compute.BackendService("web", load_balancing_scheme="EXTERNAL_MANAGED")
urls = gcp.compute.URLMap("web", default_service=backend.id)
gcp.compute.TargetHttpsProxy("web", url_map=urls.id, ssl_policy=gcp.compute.SSLPolicy("old", profile="COMPATIBLE").id)

# A key that opens every API, to anybody who finds it on the page.
gcp.projects.ApiKey("page", display_name="page")

# What the developers type helps to train the provider's models.
gcp.gemini.DataSharingWithGoogleSetting(
    "help", data_sharing_with_google_setting_id="help", location="global", enable_data_sharing=True
)
