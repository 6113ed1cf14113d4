"""A schedule as the provider takes it: which run it starts, as whom, with which key, in which network."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_gcp as gcp

from groundplan.core import providers
from groundplan.core.references import NetworkAttachmentRef, PipelineEnvironmentRef, ServiceAccessRef
from groundplan.core.references.base import joined
from groundplan.pipelines.parameters import is_text
from groundplan.pipelines.pipeline_schedule import PipelineSchedule, timestamp

_Job = gcp.colab.ScheduleCreatePipelineJobRequestPipelineJobArgs


def scheduled_run(
    environment: PipelineEnvironmentRef,
    schedule: PipelineSchedule,
    title: str,
    labels: Mapping[str, str],
    key_id: pulumi.Input[str] | None,
    connection: ServiceAccessRef | NetworkAttachmentRef | None,
) -> gcp.colab.ScheduleArgs:
    """Return the arguments of a schedule that runs a pipeline in an environment."""
    project, region = environment.project.id, environment.region
    job = _job(environment, schedule, title, labels)
    if key_id is not None:
        job.encryption_spec = gcp.colab.ScheduleCreatePipelineJobRequestPipelineJobEncryptionSpecArgs(
            kms_key_name=key_id
        )
    _connect(job, connection)
    return gcp.colab.ScheduleArgs(
        project=project,
        location=region,
        display_name=title,
        cron=schedule.cron,
        max_concurrent_run_count=str(schedule.runs_at_once),
        max_concurrent_active_run_count=str(schedule.runs_at_once),
        allow_queueing=schedule.queue,
        desired_state="PAUSED" if schedule.paused else "ACTIVE",
        start_time=timestamp(schedule.start),
        end_time=timestamp(schedule.end),
        create_pipeline_job_request=gcp.colab.ScheduleCreatePipelineJobRequestArgs(
            parent=f"projects/{project}/locations/{region}", pipeline_job=job
        ),
    )


def _job(
    environment: PipelineEnvironmentRef, schedule: PipelineSchedule, title: str, labels: Mapping[str, str]
) -> _Job:
    template = schedule.template
    return _Job(
        display_name=title,
        service_account=environment.account.email,
        pipeline_spec=schedule.spec_json,
        template_uri=joined(environment.templates.url, f"/{template}") if template is not None else None,
        preflight_validations=True,
        labels=labels,
        runtime_config=gcp.colab.ScheduleCreatePipelineJobRequestPipelineJobRuntimeConfigArgs(
            gcs_output_directory=joined(environment.root_uri, f"/{schedule.name}"),
            failure_policy=f"PIPELINE_FAILURE_POLICY_FAIL_{'FAST' if schedule.fail_fast else 'SLOW'}",
            parameter_values={name: value for name, value in schedule.parameters.items() if is_text(value)} or None,
        ),
    )


def _connect(job: _Job, connection: ServiceAccessRef | NetworkAttachmentRef | None) -> None:
    """Let the jobs of a run into a network: by an interface, or by the peering of managed services."""
    if isinstance(connection, NetworkAttachmentRef):
        job.psc_interface_config = gcp.colab.ScheduleCreatePipelineJobRequestPipelineJobPscInterfaceConfigArgs(
            network_attachment=connection.attachment_id
        )
    elif connection is not None:
        job.network = _by_number(connection)
        job.reserved_ip_ranges = [connection.range_name]


def _by_number(access: ServiceAccessRef) -> pulumi.Output[str]:
    """Return a network's name with its project's number, the only form that Vertex AI takes here."""
    name = pulumi.Output.from_input(access.network_id).apply(lambda full: full.rsplit("/", 1)[-1])
    return pulumi.Output.concat("projects/", providers.project_number(access.project), "/global/networks/", name)
