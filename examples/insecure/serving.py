"""Serving: an endpoint, an agent, a web service and a key to call them with."""

import pulumi_gcp as gcp

# Public, with Google's own keys, shared out by somebody who cannot add, and some requests and answers logged into
# whatever dataset Google makes.
gcp.vertex.AiEndpoint(
    "churn",
    name="1234567890",
    display_name="churn",
    location="us-central1",
    dedicated_endpoint_enabled=True,
    predict_request_response_logging_config={
        "enabled": True,
        "sampling_rate": 0.1,
        "bigquery_destination": {"output_uri": "bq://churn-by-friday"},
    },
    traffic_split='{"111": 90, "222": 20}',
)

# Private, and answers whoever reaches the address.
gcp.vertex.AiEndpoint(
    "inside",
    name="1234567891",
    display_name="inside",
    location="us-central1",
    private_service_connect_config={"enable_private_service_connect": True, "project_allowlists": ["churn-by-friday"]},
)

# An alert that says nothing to nobody.
gcp.monitoring.AlertPolicy(
    "errors",
    display_name="errors",
    combiner="OR",
    conditions=[
        {
            "display_name": "errors",
            "condition_absent": {
                "filter": 'metric.type="aiplatform.googleapis.com/prediction/online/prediction_count"',
                "duration": "3600s",
            },
        }
    ],
)

# An agent with a password for all to see and tools without bounds, and a web service as one and the same account,
# which the training uses too.
account = gcp.serviceaccount.Account("everything", account_id="everything")
gcp.vertex.AiReasoningEngine(
    "agent",
    display_name="agent",
    region="us-central1",
    spec={
        "service_account": account.email,
        "package_spec": {"pickle_object_gcs_uri": "gs://churn-by-friday/agent.pkl", "python_version": "3.11"},
        "deployment_spec": {"envs": [{"name": "CRM_PASSWORD", "value": "churn2026"}]},
    },
)

# Prompts are looked at, and let through; of harmful content one kind is looked for, and only if it is certain.
gcp.modelarmor.Template(
    "looks",
    template_id="looks",
    location="us-central1",
    filter_config={
        "pi_and_jailbreak_filter_settings": {"filter_enforcement": "ENABLED", "confidence_level": "HIGH"},
        "rai_settings": {"rai_filters": [{"filter_type": "HATE_SPEECH", "confidence_level": "HIGH"}]},
    },
    template_metadata={"enforcement_type": "INSPECT_ONLY"},
)
gcp.modelarmor.Floorsetting(
    "floor",
    parent="projects/churn-by-friday",
    location="global",
    filter_config={},
    ai_platform_floor_setting={"inspect_only": True},
    enable_floor_setting_enforcement=False,
)

# What the agent finds, it finds for everybody.
gcp.discoveryengine.DataStore(
    "documents",
    data_store_id="documents",
    display_name="documents",
    location="global",
    industry_vertical="GENERIC",
    content_config="CONTENT_REQUIRED",
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
