"""MON-13: logs are out of reach of those whom they are about."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.monitoring.mon_13 import CONTROL
from tests.policies.rules.harness import PARAMETERS, PROJECT, R, outcome, outcomes, stated_verdicts, verdict

APART = replace(PARAMETERS, log_separate_project=True)
NAME = "logging.googleapis.com/projects/acme-logs/locations/europe-west4/buckets/all"
SINK = R("logging.ProjectSink", {"project": PROJECT, "destination": NAME, "uniqueWriterIdentity": True})
MACHINE = R("compute.Instance", {"project": PROJECT}, "machine")
TRAINER = R("serviceaccount.Account", {"project": PROJECT, "accountId": "trainer"}, "trainer")
BUCKET = R("storage.Bucket", {"name": "logs", "project": "acme-logs"}, "logs")

test_stated_verdicts = stated_verdicts(CONTROL, [SINK], MACHINE, parameters=APART)


def test_where_the_settings_do_not_ask_there_is_nothing_to_say() -> None:
    assert outcomes(CONTROL, SINK, parameters=replace(APART, log_separate_project=False)) == {}
    assert verdict(CONTROL, SINK, parameters=PARAMETERS) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    "type_",
    [
        *("appengine.Application", "artifactregistry.Repository", "cloudbuild.Trigger", "cloudbuildv2.Connection"),
        *("clouddeploy.Target", "cloudfunctions.Function", "cloudfunctionsv2.Function", "cloudrun.Service"),
        *("cloudrunv2.Job", "colab.Runtime", "composer.Environment", "compute.Instance", "container.Cluster"),
        *("dataflow.Job", "dataproc.Cluster", "notebooks.Instance", "tpu.V2Vm", "vertex.AiEndpoint"),
        *("workbench.Instance", "workflows.Workflow"),
    ],
)
def test_nothing_runs_where_logs_are(type_: str) -> None:
    found = outcome(CONTROL, SINK, R(type_, {"project": "acme-logs"}, "busy"), parameters=APART)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["destination"])
    own = replace(SINK, inputs={**SINK.inputs, "project": "acme-logs"})
    assert verdict(CONTROL, own, MACHINE, parameters=APART) is Verdict.PASS
    key = R("kms.KeyRing", {"project": "acme-logs"}, "ring")
    assert verdict(CONTROL, SINK, key, parameters=APART) is Verdict.PASS


def test_a_destination_of_this_document_tells_its_project() -> None:
    sink = replace(SINK, inputs={**SINK.inputs, "destination": "storage.googleapis.com/logs"})
    assert verdict(CONTROL, sink, BUCKET, parameters=APART) is Verdict.PASS
    busy = R("compute.Instance", {"project": "acme-logs"}, "busy")
    assert verdict(CONTROL, sink, BUCKET, busy, parameters=APART) is Verdict.FAIL
    assert verdict(CONTROL, sink, parameters=APART) is Verdict.INDETERMINATE
    late = replace(sink, inputs={**SINK.inputs, "destination": UNKNOWN}, origins={"destination": BUCKET.urn})
    assert verdict(CONTROL, late, BUCKET, busy, parameters=APART) is Verdict.FAIL


def test_a_shared_writer_fails() -> None:
    found = outcome(CONTROL, replace(SINK, inputs={**SINK.inputs, "uniqueWriterIdentity": False}), parameters=APART)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["uniqueWriterIdentity"])


def grant(role: str, project: str = "acme-logs", **more: Any) -> R:
    member = {"project": project, "role": role, "member": f"serviceAccount:{UNKNOWN}", **more}
    return R("projects.IAMMember", member, "grant", {"member": TRAINER.urn})


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        *((grant(f"roles/{each}"), Verdict.FAIL) for each in ("owner", "editor", "resourcemanager.projectIamAdmin")),
        *((grant(f"roles/logging.{each}"), Verdict.FAIL) for each in ("admin", "configWriter", "bucketWriter")),
        *(
            (grant(f"roles/storage.{each}"), Verdict.FAIL)
            for each in ("admin", "objectAdmin", "objectUser", "objectCreator")
        ),
        *((grant(f"roles/bigquery.{each}"), Verdict.FAIL) for each in ("admin", "dataOwner", "dataEditor")),
        (grant("projects/acme-logs/roles/own"), Verdict.INDETERMINATE),
        (grant("roles/logging.viewer"), None),
        (grant("roles/logging.admin", PROJECT), None),
        (replace(grant("roles/logging.admin", member="group:soc@acme.test"), origins={}), None),
    ],
)
def test_no_workload_may_change_what_is_there(made: R, expected: Verdict | None) -> None:
    found = outcomes(CONTROL, SINK, TRAINER, made, parameters=APART)
    assert found["it"].verdict is Verdict.PASS
    assert (found["grant"].verdict if "grant" in found else None) is expected
    if expected is not None:
        assert [each.path for each in found["grant"].reasons] == ["role"]


def test_grants_above_projects_and_on_the_place_itself_count() -> None:
    above = R(
        "organizations.IAMMember",
        {"orgId": "1", "role": "roles/owner", "member": f"serviceAccount:{UNKNOWN}"},
        "grant",
        {"member": TRAINER.urn},
    )
    assert outcomes(CONTROL, SINK, TRAINER, above, parameters=APART)["grant"].verdict is Verdict.FAIL
    sink = replace(SINK, inputs={**SINK.inputs, "destination": "storage.googleapis.com/logs"})
    inputs = {"bucket": "logs", "role": "roles/storage.objectAdmin", "member": f"serviceAccount:{UNKNOWN}"}
    on_it = R("storage.BucketIAMMember", inputs, "grant", {"member": TRAINER.urn})
    assert outcomes(CONTROL, sink, BUCKET, TRAINER, on_it, parameters=APART)["grant"].verdict is Verdict.FAIL
    other = replace(on_it, inputs={**inputs, "bucket": "data"})
    assert "grant" not in outcomes(CONTROL, sink, BUCKET, TRAINER, other, parameters=APART)


DEFAULT = "123456789012-compute@developer.gserviceaccount.com"
SET = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/build/*"
PEOPLE = "principalSet://iam.googleapis.com/locations/global/workforcePools/staff/group/soc"


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (f"serviceAccount:{DEFAULT}", Verdict.FAIL),
        ("serviceAccount:123456789012@cloudbuild.gserviceaccount.com", Verdict.FAIL),
        ("allUsers", Verdict.FAIL),
        ("serviceAccount:other@acme-ml.iam.gserviceaccount.com", Verdict.INDETERMINATE),
        ("serviceAccount:archive@acme-logs.iam.gserviceaccount.com", None),
        ("serviceAccount:service-1@gcp-sa-logging.iam.gserviceaccount.com", None),
        (SET, Verdict.INDETERMINATE),
        (PEOPLE, None),
        ("user:a@acme.test", None),
    ],
)
def test_accounts_that_no_document_makes_are_workloads_too(member: str, expected: Verdict | None) -> None:
    made = replace(grant("roles/storage.objectAdmin", member=member), origins={})
    found = outcomes(CONTROL, SINK, TRAINER, made, parameters=APART)
    assert (found["grant"].verdict if "grant" in found else None) is expected


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        *((f"roles/storage.{each}", Verdict.FAIL) for each in ("legacyBucketOwner", "legacyBucketWriter")),
        ("roles/dataflow.worker", Verdict.FAIL),
        *((f"roles/pubsub.{each}", Verdict.FAIL) for each in ("admin", "editor", "publisher", "subscriber")),
        *(
            (f"roles/resourcemanager.{each}", Verdict.FAIL)
            for each in ("projectDeleter", "folderAdmin", "folderIamAdmin", "organizationAdmin")
        ),
        ("roles/iam.securityAdmin", Verdict.FAIL),
        ("roles/writer", Verdict.FAIL),
        ("roles/STORAGE.objectadmin", Verdict.FAIL),
        ("roles/aiplatform.customCodeServiceAgent", Verdict.INDETERMINATE),
        ("roles/storage.legacyBucketReader", None),
        ("roles/viewer", None),
    ],
)
def test_other_roles_change_logs_as_well(role: str, expected: Verdict | None) -> None:
    found = outcomes(CONTROL, SINK, TRAINER, grant(role), parameters=APART)
    assert (found["grant"].verdict if "grant" in found else None) is expected


@pytest.mark.parametrize(
    ("project", "expected"),
    [("123456789012", Verdict.INDETERMINATE), (PROJECT, Verdict.FAIL), ("acme-logs", Verdict.PASS)],
)
def test_a_project_by_its_number_may_be_a_busy_one(project: str, expected: Verdict) -> None:
    there = NAME.replace("acme-logs", project)
    sink = replace(SINK, inputs={**SINK.inputs, "destination": there})
    assert verdict(CONTROL, sink, MACHINE, parameters=APART) is expected


def test_a_grant_on_a_project_by_its_number_may_be_on_that_of_the_logs() -> None:
    made = grant("roles/logging.admin", "123456789012")
    assert outcomes(CONTROL, SINK, TRAINER, made, parameters=APART)["grant"].verdict is Verdict.INDETERMINATE
    logs = R(
        "organizations.Project", {"projectId": "acme-logs"}, "logs", record={"outputs": {"number": "123456789012"}}
    )
    assert outcomes(CONTROL, SINK, TRAINER, made, logs, parameters=APART)["grant"].verdict is Verdict.FAIL


def test_the_writer_of_a_sink_may_write() -> None:
    writer = replace(grant("roles/logging.bucketWriter", member=UNKNOWN), origins={"member": SINK.urn})
    assert "grant" not in outcomes(CONTROL, SINK, TRAINER, writer, parameters=APART)


@pytest.mark.parametrize("type_", ["compute.SubnetworkIAMMember", "cloudrunv2.ServiceIamMember"])
def test_who_may_use_something_does_not_run_there(type_: str) -> None:
    assert verdict(CONTROL, SINK, R(type_, {"project": "acme-logs"}, "use"), parameters=APART) is Verdict.PASS


def test_what_is_not_known_of_a_grant_may_be_the_worst() -> None:
    place = grant("roles/logging.admin", UNKNOWN)
    assert outcomes(CONTROL, SINK, TRAINER, place, parameters=APART)["grant"].verdict is Verdict.INDETERMINATE
    who = replace(grant("roles/logging.admin"), origins={})
    assert outcomes(CONTROL, SINK, TRAINER, who, parameters=APART)["grant"].verdict is Verdict.INDETERMINATE
    role = grant(UNKNOWN)
    assert outcomes(CONTROL, SINK, TRAINER, role, parameters=APART)["grant"].verdict is Verdict.INDETERMINATE
    assert "grant" not in outcomes(CONTROL, SINK, TRAINER, grant("roles/logging.viewer", UNKNOWN), parameters=APART)


def test_a_project_that_this_document_makes_is_known_by_what_makes_it() -> None:
    project = R("organizations.Project", {"projectId": UNKNOWN}, "logs-project")
    bucket = R("storage.Bucket", {"name": "logs", "project": UNKNOWN}, "logs", {"project": project.urn})
    sink = replace(SINK, inputs={**SINK.inputs, "destination": "storage.googleapis.com/logs"})
    made = replace(grant("roles/logging.admin", UNKNOWN), origins={"member": TRAINER.urn, "project": project.urn})
    found = outcomes(CONTROL, sink, project, bucket, TRAINER, made, parameters=APART)
    assert found["grant"].verdict is Verdict.FAIL


def test_one_resource_may_grant_to_several() -> None:
    members = [f"serviceAccount:{UNKNOWN}", "group:soc@acme.test", f"serviceAccount:{UNKNOWN}"]
    origins = {"members[0]": TRAINER.urn, "members[2]": TRAINER.urn}
    inputs = {"project": "acme-logs", "role": "roles/logging.admin", "members": members}
    binding = R("projects.IAMBinding", inputs, "grant", origins)
    assert outcomes(CONTROL, SINK, TRAINER, binding, parameters=APART)["grant"].verdict is Verdict.FAIL
