"""IAM-07: workloads run as service accounts of their own."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_07 import CONTROL
from groundplan_policies.rules.identity.workloads import ACCOUNTS
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, urn, verdict

EMAIL = "trainer@acme-ml.iam.gserviceaccount.com"
DEFAULT = "123-compute@developer.gserviceaccount.com"
MADE = R("serviceaccount.Account", {"accountId": "trainer", "project": "acme-ml"}, "trainer")


def workload(type_: str, account: object = EMAIL, **more: Any) -> R:
    inputs: dict[str, Any] = {}
    for check in ACCOUNTS[type_]:
        inputs = put(inputs, check.path.text, account)
    return R(type_, {**inputs, **more})


JOB = workload("dataflow.FlexTemplateJob", parameters={"input": "x"}, additionalPipelineOptions=["numWorkers=3"])
CLUSTER = R(
    "container.Cluster",
    {
        "nodeConfig": {"serviceAccount": EMAIL},
        "clusterAutoscaling": {"enabled": True, "autoProvisioningDefaults": {"serviceAccount": EMAIL}},
    },
)
HADOOP = R("dataproc.Cluster", {"clusterConfig": {"gceClusterConfig": {"serviceAccount": EMAIL}}})
AGENT = R("vertex.AiReasoningEngine", {"spec": {"serviceAccount": EMAIL}})
POOL = R(
    "vertex.AiPersistentResource",
    {"resourceRuntimeSpec": {"serviceAccountSpec": {"enableCustomServiceAccount": True}}},
)
OTHERS = [workload(each) for each in ACCOUNTS if each != JOB.type]

COPIES = [
    R(type_, {"serviceAccount": {"email": EMAIL}})
    for type_ in ("compute.InstanceFromTemplate", "compute.InstanceFromMachineImage")
]

test_stated_verdicts = stated_verdicts(CONTROL, [*OTHERS, *COPIES, JOB, CLUSTER, HADOOP, AGENT, POOL])


@pytest.mark.parametrize("type_", [each.type for each in COPIES])
def test_a_machine_takes_over_what_its_template_says(type_: str) -> None:
    template = R("compute.InstanceTemplate", {"serviceAccount": {"email": DEFAULT}}, "template")
    bare = R(type_, {"sourceInstanceTemplate": UNKNOWN}, origins={"sourceInstanceTemplate": template.urn})
    assert verdict(CONTROL, bare, template) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, template) is Verdict.FAIL
    elsewhere = outcome(CONTROL, R(type_, {"sourceInstanceTemplate": "t", "serviceAccount": []}), template)
    assert elsewhere.verdict is Verdict.INDETERMINATE
    assert [each.path for each in elsewhere.reasons] == ["serviceAccount.email"]
    read = R(template.type, {}, "template", record={"external": True, "id": "t"})
    assert verdict(CONTROL, bare, read) is Verdict.INDETERMINATE
    assert verdict(CONTROL, R(type_, {"serviceAccount": {"email": DEFAULT}}), template) is Verdict.FAIL


@pytest.mark.parametrize("request_", ["dataflowFlexTemplateRequest", "dataflowLaunchTemplateRequest"])
def test_a_pipeline_is_read_in_the_way_in_which_it_launches(request_: str) -> None:
    launch = "launchParameter" if "Flex" in request_ else "launchParameters"

    def pipeline(account: str, scheduler: str = EMAIL) -> R:
        workload_ = {request_: {launch: {"environment": {"serviceAccountEmail": account}}}}
        return R("dataflow.Pipeline", {"workload": workload_, "schedulerServiceAccountEmail": scheduler})

    assert verdict(CONTROL, pipeline(EMAIL)) is Verdict.PASS
    assert verdict(CONTROL, pipeline(DEFAULT)) is Verdict.FAIL
    assert verdict(CONTROL, pipeline(EMAIL, DEFAULT)) is Verdict.FAIL
    assert verdict(CONTROL, R("dataflow.Pipeline", {"schedulerServiceAccountEmail": EMAIL})) is Verdict.FAIL


def test_a_workflow_on_a_cluster_that_is_there_makes_none() -> None:
    selected: dict[str, Any] = {"placement": {"clusterSelector": {"clusterLabels": {"a": "b"}}}}
    assert verdict(CONTROL, R("dataproc.WorkflowTemplate", selected)) is Verdict.NOT_APPLICABLE
    both = {"placement": {**selected["placement"], "managedCluster": {}}}
    assert verdict(CONTROL, R("dataproc.WorkflowTemplate", both)) is Verdict.FAIL


@pytest.mark.parametrize(
    "account",
    [
        "123-compute@developer.gserviceaccount.com",
        "123-COMPUTE@Developer.gserviceaccount.com",
        "projects/acme-ml/serviceAccounts/123-compute@developer.gserviceaccount.com",
        "acme-ml@appspot.gserviceaccount.com",
        "123@cloudbuild.gserviceaccount.com",
        "default",
        "service-123@gcp-sa-aiplatform.iam.gserviceaccount.com",
        "123@cloudservices.gserviceaccount.com",
        f"{UNKNOWN}-compute@developer.gserviceaccount.com",
        f"projects/acme-ml/serviceAccounts/{UNKNOWN}@cloudbuild.gserviceaccount.com",
        f"service-{UNKNOWN}@gcp-sa-aiplatform.iam.gserviceaccount.com",
    ],
)
@pytest.mark.parametrize("type_", ["cloudbuild.Trigger", "compute.Instance"])
def test_a_default_account_or_a_service_agent_fails(type_: str, account: str) -> None:
    found = outcome(CONTROL, workload(type_, account))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [ACCOUNTS[type_][0].path.text]
    assert all(account not in f"{each.message}{each.shown}" for each in found.reasons)


@pytest.mark.parametrize(
    "account",
    [
        "alice@acme.test",
        "serviceAccount:trainer@acme-ml.iam.gserviceaccount.com",
        "trainer",
        "112233445566778899001",
        "trainer@acme-ml.iam.gserviceaccount.com.evil.test",
        "$_ACCOUNT@acme-ml.iam.gserviceaccount.com",
        "trainer@.gserviceaccount.com",
        UNKNOWN,
        f"{UNKNOWN}@acme-ml.iam.gserviceaccount.com",
    ],
)
def test_what_names_no_account_for_certain_is_indeterminate(account: str) -> None:
    assert verdict(CONTROL, workload("cloudbuild.Trigger", account)) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    "account",
    [
        "Trainer@acme-ml.iam.gserviceaccount.com",
        "trainer@ml.acme.test.iam.gserviceaccount.com",
        "projects/-/serviceAccounts/trainer@acme-ml.iam.gserviceaccount.com",
    ],
)
def test_every_form_of_an_address_passes(account: str) -> None:
    assert verdict(CONTROL, workload("cloudbuild.Trigger", account)) is Verdict.PASS


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (UNKNOWN, Verdict.PASS),
        (f"projects/acme-ml/serviceAccounts/{UNKNOWN}", Verdict.PASS),
        (f"{UNKNOWN}@acme-ml.iam.gserviceaccount.com", Verdict.PASS),
        (f"{UNKNOWN}-compute@developer.gserviceaccount.com", Verdict.FAIL),
        (f"other-{UNKNOWN}", Verdict.INDETERMINATE),
        (f"{UNKNOWN}@evil.test", Verdict.INDETERMINATE),
    ],
)
def test_an_unknown_account_is_judged_by_where_it_comes_from(account: str, expected: Verdict) -> None:
    trigger = R("cloudbuild.Trigger", {"serviceAccount": account}, origins={"serviceAccount": MADE.urn})
    assert verdict(CONTROL, trigger, MADE) is expected


def test_an_unknown_account_of_another_kind_of_resource_is_indeterminate() -> None:
    other = R("projects.ServiceIdentity", {"service": "x.googleapis.com"}, "agent")
    trigger = R("cloudbuild.Trigger", {"serviceAccount": UNKNOWN}, origins={"serviceAccount": other.urn})
    assert verdict(CONTROL, trigger, other) is Verdict.INDETERMINATE


def test_the_second_of_two_accounts_counts() -> None:
    notebook = R("workbench.Instance", {"gceSetup": {"serviceAccounts": [{"email": EMAIL}, {"email": DEFAULT}]}})
    found = outcome(CONTROL, notebook)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["gceSetup.serviceAccounts[1].email"]


def test_a_function_is_built_by_its_own_account_too() -> None:
    inputs = {"serviceConfig": {"serviceAccountEmail": EMAIL}, "buildConfig": {"serviceAccount": DEFAULT}}
    assert verdict(CONTROL, R("cloudfunctionsv2.Function", inputs)) is Verdict.FAIL


def test_an_agent_may_have_an_identity_of_its_own() -> None:
    assert verdict(CONTROL, R("vertex.AiReasoningEngine", {"spec": {"identityType": "AGENT_IDENTITY"}})) is Verdict.PASS
    assert (
        verdict(CONTROL, R("vertex.AiReasoningEngine", {"spec": {"identityType": "SERVICE_ACCOUNT"}})) is Verdict.FAIL
    )
    assert verdict(CONTROL, R("vertex.AiReasoningEngine", {"spec": {}})) is Verdict.FAIL


def test_a_persistent_resource_has_to_ask_jobs_for_an_account() -> None:
    inputs = {"resourceRuntimeSpec": {"serviceAccountSpec": {"enableCustomServiceAccount": False}}}
    assert verdict(CONTROL, R("vertex.AiPersistentResource", inputs)) is Verdict.FAIL


def test_machines_of_hadoop_on_kubernetes_are_not_seen() -> None:
    assert (
        verdict(CONTROL, R("dataproc.Cluster", {"virtualClusterConfig": {"stagingBucket": "b"}}))
        is Verdict.INDETERMINATE
    )


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, Verdict.FAIL),
        ({"removeDefaultNodePool": True}, Verdict.NOT_APPLICABLE),
        ({"removeDefaultNodePool": False}, Verdict.FAIL),
        ({"removeDefaultNodePool": True, "clusterAutoscaling": {"enabled": True}}, Verdict.FAIL),
        ({"removeDefaultNodePool": True, "clusterAutoscaling": {"enabled": False}}, Verdict.NOT_APPLICABLE),
        ({"enableAutopilot": True}, Verdict.FAIL),
        (
            {
                "enableAutopilot": True,
                "clusterAutoscaling": {"autoProvisioningDefaults": {"serviceAccount": EMAIL}},
            },
            Verdict.PASS,
        ),
        ({"nodePools": [{"nodeConfig": {"serviceAccount": EMAIL}}]}, Verdict.PASS),
        ({"nodePools": [{"nodeConfig": {"serviceAccount": EMAIL}}, {"nodeConfig": {}}]}, Verdict.FAIL),
        ({"removeDefaultNodePool": True, "nodePools": [{"nodeConfig": {"serviceAccount": DEFAULT}}]}, Verdict.FAIL),
        ({"removeDefaultNodePool": UNKNOWN, "nodeConfig": {"serviceAccount": DEFAULT}}, Verdict.FAIL),
        ({"nodePools": UNKNOWN, "nodeConfig": {"serviceAccount": EMAIL}}, Verdict.INDETERMINATE),
    ],
)
def test_a_cluster_is_judged_by_the_nodes_that_it_makes(inputs: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R("container.Cluster", inputs)) is expected


@pytest.mark.parametrize("name", ["serviceAccount", "service_account_email", "--service-account"])
@pytest.mark.parametrize(
    ("account", "expected"),
    [(EMAIL, Verdict.PASS), (DEFAULT, Verdict.FAIL), (UNKNOWN, Verdict.INDETERMINATE)],
)
def test_options_can_name_another_account(name: str, account: str, expected: Verdict) -> None:
    parameters = workload("dataflow.Job", parameters={name: account})
    options = workload("dataflow.FlexTemplateJob", additionalPipelineOptions=["x=1", f"{name}={account}"])
    assert verdict(CONTROL, parameters) is expected
    assert verdict(CONTROL, options) is expected


def test_an_option_without_a_value_fails_and_one_without_a_name_is_unclear() -> None:
    nothing = workload("dataflow.FlexTemplateJob", additionalPipelineOptions=["serviceAccount="])
    unclear = workload("dataflow.FlexTemplateJob", additionalPipelineOptions=[UNKNOWN])
    found = outcome(CONTROL, nothing)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["additionalPipelineOptions[0]"]
    assert verdict(CONTROL, unclear) is Verdict.INDETERMINATE


def test_an_option_may_name_an_account_of_this_document() -> None:
    job = R(
        "dataflow.FlexTemplateJob",
        {"serviceAccountEmail": EMAIL, "additionalPipelineOptions": [f"serviceAccount={UNKNOWN}"]},
        origins={"additionalPipelineOptions[0]": urn("serviceaccount.Account", "trainer")},
    )
    assert verdict(CONTROL, job, MADE) is Verdict.PASS
