"""Templates and job triggers of a scan as the provider takes them, and the call that starts an analysis of risk."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.references import BucketRef, DatasetRef
from groundplan.data.scan_targets import BucketScan, RiskAnalysis, TableScan

Action = gcp.dataloss.PreventionJobTriggerInspectJobActionArgs
Trigger = gcp.dataloss.PreventionJobTriggerArgs
_Storage = gcp.dataloss.PreventionJobTriggerInspectJobStorageConfigArgs
_DAY_SECONDS = 86_400
_ENDPOINT = "https://dlp.googleapis.com/v2"


def by_kind() -> gcp.dataloss.PreventionDeidentifyTemplateDeidentifyConfigArgs:
    """Return a transformation that puts the kind of what was found in its place: no key, no way back.

    Without infoTypes it is for all that is looked for. Google applies it to columns of CSV and TSV files too.
    """
    parts = gcp.dataloss
    return parts.PreventionDeidentifyTemplateDeidentifyConfigArgs(
        info_type_transformations=parts.PreventionDeidentifyTemplateDeidentifyConfigInfoTypeTransformationsArgs(
            transformations=[
                parts.PreventionDeidentifyTemplateDeidentifyConfigInfoTypeTransformationsTransformationArgs(
                    primitive_transformation=parts.PreventionDeidentifyTemplateDeidentifyConfigInfoTypeTransformationsTransformationPrimitiveTransformationArgs(
                        replace_with_info_type_config=True
                    )
                )
            ]
        )
    )


def painted_over() -> gcp.dataloss.PreventionDeidentifyTemplateDeidentifyConfigArgs:
    """Return a transformation that paints over all that is found in an image."""
    parts = gcp.dataloss
    return parts.PreventionDeidentifyTemplateDeidentifyConfigArgs(
        image_transformations=parts.PreventionDeidentifyTemplateDeidentifyConfigImageTransformationsArgs(
            transforms=[
                parts.PreventionDeidentifyTemplateDeidentifyConfigImageTransformationsTransformArgs(
                    all_info_types=parts.PreventionDeidentifyTemplateDeidentifyConfigImageTransformationsTransformAllInfoTypesArgs()  # type: ignore[no-untyped-call] # the provider's
                )
            ]
        )
    )


def bucket_storage(scan: BucketScan, *, only_new: bool) -> _Storage:
    """Return what of a bucket is looked through."""
    parts = gcp.dataloss
    return _Storage(
        cloud_storage_options=parts.PreventionJobTriggerInspectJobStorageConfigCloudStorageOptionsArgs(
            file_set=parts.PreventionJobTriggerInspectJobStorageConfigCloudStorageOptionsFileSetArgs(
                url=pulumi.Output.concat("gs://", scan.bucket.bucket_name, "/", scan.url)
            )
        ),
        # Files that came since the run before.
        timespan_config=parts.PreventionJobTriggerInspectJobStorageConfigTimespanConfigArgs(
            enable_auto_population_of_timespan_config=True
        )
        if only_new
        else None,
    )


def table_storage(scan: TableScan) -> _Storage:
    """Return which table is looked through, all rows and columns of it."""
    return _Storage(
        big_query_options=gcp.dataloss.PreventionJobTriggerInspectJobStorageConfigBigQueryOptionsArgs(
            table_reference=gcp.dataloss.PreventionJobTriggerInspectJobStorageConfigBigQueryOptionsTableReferenceArgs(
                project_id=scan.dataset.project.id, dataset_id=scan.dataset.dataset_id, table_id=scan.table
            )
        )
    )


def save(findings: DatasetRef, table: str) -> Action:
    """Return the action that writes a row for each finding: its kind and place, never the text that was found."""
    return Action(
        save_findings=gcp.dataloss.PreventionJobTriggerInspectJobActionSaveFindingsArgs(
            output_config=gcp.dataloss.PreventionJobTriggerInspectJobActionSaveFindingsOutputConfigArgs(
                table=gcp.dataloss.PreventionJobTriggerInspectJobActionSaveFindingsOutputConfigTableArgs(
                    project_id=findings.project.id, dataset_id=findings.dataset_id, table_id=table
                )
            )
        )
    )


def publish(topic: pulumi.Input[str]) -> Action:
    """Return the action that says on a topic that a run has ended, and which."""
    return Action(pub_sub=gcp.dataloss.PreventionJobTriggerInspectJobActionPubSubArgs(topic=topic))


def copy_to(
    bucket: BucketRef,
    folder: str,
    file_types: Sequence[str],
    template: pulumi.Input[str],
    image_template: pulumi.Input[str] | None,
) -> Action:
    """Return the action that writes a de-identified copy of each file."""
    parts = gcp.dataloss
    return Action(
        deidentify=parts.PreventionJobTriggerInspectJobActionDeidentifyArgs(
            cloud_storage_output=pulumi.Output.concat("gs://", bucket.bucket_name, "/", folder, "/"),
            file_types_to_transforms=[*file_types],
            transformation_config=parts.PreventionJobTriggerInspectJobActionDeidentifyTransformationConfigArgs(
                deidentify_template=template, image_redact_template=image_template
            ),
        )
    )


@dataclass(frozen=True, kw_only=True)
class Run:
    """What all triggers of a scan have in common."""

    parent: str
    """``projects/…/locations/…``."""
    template: pulumi.Input[str]
    """Template that says what is looked for."""
    every_days: int
    """Days between two runs."""

    def trigger(self, name: str, title: str, storage: _Storage, actions: Sequence[Action]) -> Trigger:
        """Return a trigger that looks through something again and again."""
        return Trigger(
            parent=self.parent,
            trigger_id=name,
            display_name=title,
            status="HEALTHY",
            triggers=[
                gcp.dataloss.PreventionJobTriggerTriggerArgs(
                    schedule=gcp.dataloss.PreventionJobTriggerTriggerScheduleArgs(
                        recurrence_period_duration=f"{self.every_days * _DAY_SECONDS}s"
                    )
                )
            ],
            inspect_job=gcp.dataloss.PreventionJobTriggerInspectJobArgs(
                inspect_template_name=self.template, storage_config=storage, actions=[*actions]
            ),
        )


def risk_call(
    parent: str, scan: TableScan, risk: RiskAnalysis, results: DatasetRef, table: str, account: pulumi.Input[str]
) -> gcp.cloudscheduler.JobHttpTargetArgs:
    """Return the call that starts an analysis of k-anonymity, as an account, with its results in a table."""
    ids = pulumi.Output.all(source=scan.dataset.dataset_id, results=results.dataset_id)
    body = ids.apply(lambda known: _encoded(_risk_job(scan, risk, results, table, known)))
    return gcp.cloudscheduler.JobHttpTargetArgs(
        uri=f"{_ENDPOINT}/{parent}/dlpJobs",
        http_method="POST",
        headers={"Content-Type": "application/json"},
        body=body,
        oauth_token=gcp.cloudscheduler.JobHttpTargetOauthTokenArgs(
            service_account_email=account, scope="https://www.googleapis.com/auth/cloud-platform"
        ),
    )


def _risk_job(
    scan: TableScan, risk: RiskAnalysis, results: DatasetRef, table: str, known: Mapping[str, str]
) -> dict[str, object]:
    output = {"projectId": results.project.id, "datasetId": known["results"], "tableId": table}
    return {
        "riskJob": {
            "privacyMetric": {"kAnonymityConfig": {"quasiIds": [{"name": name} for name in risk.quasi_ids]}},
            "sourceTable": {
                "projectId": scan.dataset.project.id,
                "datasetId": known["source"],
                "tableId": scan.table,
            },
            "actions": [{"saveFindings": {"outputConfig": {"table": output}}}],
        }
    }


def _encoded(body: Mapping[str, object]) -> str:
    """Return JSON as Cloud Scheduler takes bodies."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()
