"""PipelineSchedule: which run it starts, as whom, with what, where; and what it refuses."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

import groundplan as gp
from groundplan.core.references import ExistingServiceAccess
from tests.constructs.pipelines.given import (
    DIGEST,
    SHARED,
    SPEC,
    attachment,
    network,
    pipelines,
    planned,
    refused,
    repository,
    schedule,
    template,
)
from tests.constructs.plan import environment, plan

SCHEDULE = "gcp:colab/schedule:Schedule"
BUCKET_MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
ACCOUNT_MEMBER = "gcp:serviceaccount/iAMMember:IAMMember"
REPOSITORY_MEMBER = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember"
KEY_GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"


def run(*schedules: gp.PipelineSchedule, **more: Any) -> Any:
    made = planned(schedules=schedules or (schedule(),), **more).one(SCHEDULE)
    return made.inputs["createPipelineJobRequest"]["pipelineJob"]


def test_run_has_account_key_root_and_pipeline_said() -> None:
    found = planned(schedules=(schedule(),))
    made = found.one(SCHEDULE)
    assert made.inputs["cron"] == "0 4 * * MON"
    assert made.inputs["displayName"] == "gp churn weekly"
    assert made.inputs["desiredState"] == "ACTIVE"
    assert made.inputs["maxConcurrentRunCount"] == made.inputs["maxConcurrentActiveRunCount"] == "1"
    assert made.inputs["allowQueueing"] is False
    request = made.inputs["createPipelineJobRequest"]
    assert request["parent"] == "projects/acme-ml-dev/locations/europe-west4"
    job = request["pipelineJob"]
    assert job["serviceAccount"] == "gp-churn-account@acme-ml-dev.iam.gserviceaccount.com"
    assert job["runtimeConfig"] == {
        "gcsOutputDirectory": "gs://acme-ml-dev-gp-churn-root/pipelines/weekly",
        "failurePolicy": "PIPELINE_FAILURE_POLICY_FAIL_FAST",
        "parameterValues": {"table": "people"},
    }
    assert json.loads(job["pipelineSpec"]) == SPEC
    assert job["labels"]["classification"] == "confidential"
    assert not {"templateUri", "network", "pscInterfaceConfig", "reservedIpRanges"} & set(job)


def test_schedule_waits_for_every_grant_and_the_metadata_store() -> None:
    found = planned(schedules=(schedule(),))
    waits = {urn.rsplit("::", 1)[-1] for urn in found.one(SCHEDULE).options["dependencies"]}
    needed = {r.name for kind in (BUCKET_MEMBER, ACCOUNT_MEMBER, REPOSITORY_MEMBER) for r in found.of(kind)}
    needed |= {granted.name for granted in found.of(KEY_GRANT) if "agent-aiplatform" in granted.name}
    assert needed | {"churn-metadata"} <= waits


def test_published_template_is_named_by_its_digest() -> None:
    job = run(template(parameters={"table": "people"}), templates=repository())
    assert job["templateUri"] == f"https://europe-west4-kfp.pkg.dev/acme-shared/templates/{DIGEST}"
    assert job["runtimeConfig"]["parameterValues"] == {"table": "people"}
    assert "pipelineSpec" not in job


def test_parameters_that_are_no_text_become_defaults_of_the_pipeline() -> None:
    given = {"table": "people", "rows": 5, "share": 0.5, "full": True, "groups": ["a"], "limits": {"a": 1}}
    job = run(schedule(parameters=given))
    known = json.loads(job["pipelineSpec"])["root"]["inputDefinitions"]["parameters"]
    assert {name: row.get("defaultValue") for name, row in known.items()} == {**given, "table": None}
    assert job["runtimeConfig"]["parameterValues"] == {"table": "people"}
    parameters: Any = SPEC["root"]
    assert parameters["inputDefinitions"]["parameters"]["rows"]["defaultValue"] == 1000  # the caller's is not changed


def test_times_pause_and_queue_are_passed_on() -> None:
    amsterdam = dt.timezone(dt.timedelta(hours=1))
    planned_schedule = schedule(
        start=dt.datetime(2027, 1, 1, 1, tzinfo=amsterdam),
        end=dt.datetime(2027, 6, 1, tzinfo=dt.UTC),
        paused=True,
        queue=True,
        runs_at_once=3,
        fail_fast=False,
    )
    made = planned(schedules=(planned_schedule,)).one(SCHEDULE).inputs
    assert made["startTime"] == "2027-01-01T00:00:00Z"
    assert made["endTime"] == "2027-06-01T00:00:00Z"
    assert made["desiredState"] == "PAUSED"
    assert made["allowQueueing"] is True
    assert made["maxConcurrentRunCount"] == "3"
    config = made["createPipelineJobRequest"]["pipelineJob"]["runtimeConfig"]
    assert config["failurePolicy"] == "PIPELINE_FAILURE_POLICY_FAIL_SLOW"


def test_jobs_reach_a_network_through_an_attachment() -> None:
    job = run(connection=attachment())
    assert job["pscInterfaceConfig"] == {
        "networkAttachment": "projects/acme-shared/regions/europe-west4/networkAttachments/ml"
    }
    assert "network" not in job


def test_attachment_made_here_lets_the_agent_connect_first() -> None:
    def program() -> None:
        made = gp.NetworkAttachment("jobs", gp.NetworkAttachmentArgs(env=environment(), network=network()))
        pipelines(connection=made, schedules=(schedule(),))

    found = plan(program)
    waits = found.one(SCHEDULE).options["dependencies"]
    assert any("jobs-" in urn and "agent-aiplatform" in urn for urn in waits)


def test_jobs_reach_a_network_through_its_peering_by_number() -> None:
    access = ExistingServiceAccess(
        label="core",
        project=SHARED,
        network_id="projects/acme-shared/global/networks/core",
        range_name="google-services",
    )
    job = run(connection=access)
    assert job["network"] == "projects/210987654321/global/networks/core"
    assert job["reservedIpRanges"] == ["google-services"]
    assert "pscInterfaceConfig" not in job


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": "Weekly"}, "lower-case words joined by hyphens"),
        ({"cron": "every monday"}, "has 2 fields, not cron's five"),
        ({"cron": "0 4 31 2 *"}, "never comes"),
        ({"spec": None}, "one of `spec` and `template`"),
        ({"template": DIGEST}, "one of `spec` and `template`"),
        ({"spec": "pipeline.yaml"}, "is no compiled pipeline"),
        ({"spec": {"root": {}}}, "without pipelineInfo, schemaVersion"),
        ({"spec": {**SPEC, "at": dt.datetime(2027, 1, 1, tzinfo=dt.UTC)}}, "cannot be written as JSON"),
        ({"spec": {**SPEC, "share": float("nan")}}, "cannot be written as JSON"),
        ({"parameters": {}}, "values for table too"),
        ({"parameters": {"table": "a", "row": 1}}, "did you mean rows?"),
        ({"parameters": {"table": 1}}, "is not of the parameter's type"),
        ({"parameters": {"table": "a", "rows": True}}, "is not of the parameter's type"),
        ({"parameters": {"table": "a", "full": 1}}, "is not of the parameter's type"),
        ({"parameters": ["table"]}, "a mapping of names to values"),
        ({"runs_at_once": 0}, "of runs from 1 to 100"),
        ({"start": dt.datetime(2027, 1, 1)}, "says no time zone"),  # noqa: DTZ001 - what is tested
        ({"end": "2027-01-01"}, "a datetime with tzinfo"),
        (
            {"start": dt.datetime(2027, 2, 1, tzinfo=dt.UTC), "end": dt.datetime(2027, 1, 1, tzinfo=dt.UTC)},
            "is not after the start",
        ),
        ({"spec": None, "template": "churn/latest"}, "by its digest"),
        ({"spec": None, "template": DIGEST, "parameters": {"rows": 5}}, "is no text"),
    ],
)
def test_bad_schedule_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(schedules=(schedule(**more),))
