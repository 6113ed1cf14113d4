"""Pipelines: workers with addresses on the internet, and retraining that nobody watches or stops."""

import json
from pathlib import Path

import pulumi_gcp as gcp
import yaml

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

gcp.colab.Schedule(
    "retrain",
    location="us-central1",
    display_name="retrain",
    cron="0 4 * * *",
    max_concurrent_run_count="1",
    create_pipeline_job_request={
        "pipeline_job": {
            "pipeline_spec": json.dumps(yaml.safe_load(Path(__file__).with_name("retrain.yaml").read_text())),
            "runtime_config": {"gcs_output_directory": "gs://churn-by-friday/runs"},
        },
    },
)
