"""Pipelines: workers with addresses on the internet, started by a call that says who it is in a header."""

import pulumi_gcp as gcp

gcp.dataflow.Job(
    "clean",
    template_gcs_path="gs://dataflow-templates/latest/Word_Count",
    temp_gcs_location="gs://churn-by-friday/tmp",
    ip_configuration="WORKER_IP_PUBLIC",
)

gcp.dataproc.Cluster("spark", region="us-central1", cluster_config={"gce_cluster_config": {"internal_ip_only": False}})

gcp.composer.Environment(
    "air", region="us-central1", config={"software_config": {"image_version": "composer-3-airflow-2.10.5"}}
)

gcp.cloudscheduler.Job(
    "nightly",
    schedule="0 3 * * *",
    http_target={"uri": "https://churn.example/retrain", "headers": {"Authorization": "Basic Y2h1cm46Y2h1cm4="}},
)
