"""SRV-10: callers of private endpoints are authorised."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.serving.srv_10 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, put, stated_verdicts, verdict

BLOCK = "privateServiceConnectConfig"
SECURE = f"{BLOCK}.enableSecurePrivateServiceConnect"
INPUTS: dict[str, Any] = {
    "project": PROJECT,
    BLOCK: {"enablePrivateServiceConnect": True, "enableSecurePrivateServiceConnect": True},
}
GOOD = R("vertex.AiEndpoint", INPUTS)
CALLER = "serviceAccount:caller@acme-ml.iam.gserviceaccount.com"
CUSTOM = R(
    "projects.IAMCustomRole",
    {"project": PROJECT, "roleId": "asker", "permissions": ["aiplatform.endpoints.predict"]},
    "role",
)
HARMLESS = R(
    "projects.IAMCustomRole",
    {"project": PROJECT, "roleId": "looker", "permissions": ["aiplatform.endpoints.get"]},
    "looker",
)

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


def granted(role: str, member: str = CALLER, project: str = PROJECT) -> R:
    return R("projects.IAMMember", {"project": project, "role": role, "member": member}, "grant")


def schedule(account: str = "caller@acme-ml.iam.gserviceaccount.com") -> R:
    job = {"pipelineJob": {"serviceAccount": account}}
    return R("colab.Schedule", {"createPipelineJobRequest": job}, "weekly")


def test_without_the_secure_form_nobody_is_asked_who_they_are() -> None:
    found = outcome(CONTROL, R(GOOD.type, put(INPUTS, SECURE, value=False)))
    assert [(each.path, each.shown) for each in found.reasons] == [(SECURE, "false")]
    assert verdict(CONTROL, R(GOOD.type, {BLOCK: {"enablePrivateServiceConnect": True}})) is Verdict.FAIL


def test_a_public_endpoint_is_another_matter() -> None:
    assert verdict(CONTROL, R(GOOD.type, {}), granted("roles/aiplatform.user")) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("network", "expected"),
    [("projects/1/global/networks/core", Verdict.FAIL), (UNKNOWN, Verdict.INDETERMINATE), ("", Verdict.NOT_APPLICABLE)],
)
def test_a_peered_network_asks_nobody(network: str, expected: Verdict) -> None:
    found = outcome(CONTROL, R(GOOD.type, {"network": network}))
    assert found.verdict is expected
    assert {each.path for each in found.reasons} <= {"network"}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, Verdict.NOT_APPLICABLE),
        ({"privateServiceConnectConfig": {"enablePrivateServiceConnect": True}}, Verdict.FAIL),
        ({"privateServiceConnectConfig": UNKNOWN}, Verdict.INDETERMINATE),
    ],
)
def test_an_endpoint_of_the_garden_has_no_secure_form(config: dict[str, Any], expected: Verdict) -> None:
    made = R("vertex.AiEndpointWithModelGardenDeployment", {"endpointConfig": config})
    assert verdict(CONTROL, made) is expected


@pytest.mark.parametrize(
    "above",
    [
        R("folder.IAMMember", {"folder": "folders/1", "role": "roles/aiplatform.user", "member": CALLER}, "grant"),
        R("organizations.IAMMember", {"orgId": "1", "role": "roles/aiplatform.user", "member": CALLER}, "grant"),
    ],
    ids=["folder", "organisation"],
)
def test_a_role_above_the_project_is_one_on_it(above: R) -> None:
    assert verdict(CONTROL, GOOD, above) is Verdict.FAIL


@pytest.mark.parametrize(
    "role",
    [
        *("roles/aiplatform.user", "roles/aiplatform.admin", "roles/aiplatform.expressUser"),
        *("roles/aiplatform.serviceAgent", "roles/aiplatform.customCodeServiceAgent"),
    ],
)
def test_a_machine_may_not_ask_every_endpoint_of_the_project(role: str) -> None:
    found = outcome(CONTROL, GOOD, granted(role))
    assert found.verdict is Verdict.FAIL
    assert [each.shown for each in found.reasons] == [role.lower()]


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        (granted("roles/aiplatform.viewer"), Verdict.PASS),
        (granted("roles/logging.logWriter"), Verdict.PASS),
        (granted("roles/aiplatform.user", "group:ml@acme.test"), Verdict.PASS),
        (granted("roles/aiplatform.user", project="acme-other"), Verdict.PASS),
        (granted("roles/aiplatform.user", project=UNKNOWN), Verdict.FAIL),
        (granted("roles/aiplatform.user", project=f"projects/{PROJECT}"), Verdict.FAIL),
        (granted("roles/aiplatform.user", f"serviceAccount:{UNKNOWN}"), Verdict.FAIL),
        (
            granted("roles/aiplatform.user", "serviceAccount:service-7@gcp-sa-aiplatform.iam.gserviceaccount.com"),
            Verdict.PASS,
        ),
        (granted(f"projects/{PROJECT}/roles/asker"), Verdict.FAIL),
        (granted(f"projects/{PROJECT}/roles/looker"), Verdict.PASS),
        (granted(f"projects/{PROJECT}/roles/elsewhere"), Verdict.INDETERMINATE),
    ],
)
def test_what_counts_is_who_may_ask_by_a_role_on_the_project(grant: R, expected: Verdict) -> None:
    assert verdict(CONTROL, GOOD, grant, CUSTOM, HARMLESS) is expected


def test_a_role_on_the_endpoint_itself_is_as_it_should_be() -> None:
    own = R("vertex.AiEndpointIamMember", {"role": "roles/aiplatform.user", "member": CALLER, "endpoint": "1"}, "own")
    assert verdict(CONTROL, GOOD, own) is Verdict.PASS


def test_what_only_trains_needs_such_a_role() -> None:
    assert verdict(CONTROL, GOOD, granted("roles/aiplatform.user"), schedule()) is Verdict.PASS
    assert verdict(CONTROL, GOOD, granted("roles/aiplatform.user"), schedule("other@acme-ml.test")) is Verdict.FAIL


def test_what_trains_and_serves_does_not() -> None:
    service = R(
        "cloudrunv2.Service",
        {"template": {"serviceAccount": "caller@acme-ml.iam.gserviceaccount.com"}},
        "service",
    )
    assert verdict(CONTROL, GOOD, granted("roles/aiplatform.user"), schedule(), service) is Verdict.FAIL
