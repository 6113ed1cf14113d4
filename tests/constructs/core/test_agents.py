"""Service agents as identities: made on request with their role, looked up, or known by their address."""

from __future__ import annotations

import pulumi
import pytest

import groundplan as gp
from groundplan.core.agents import service_agent
from tests.constructs.plan import plan

OURS = gp.Project(id="acme-ml-dev", number="123456789012")
UNNUMBERED = gp.Project(id="acme-ml-dev")
NUMBER = {"gcp:organizations/getProject:getProject": {"number": "123456789012", "id": "x"}}


def test_an_agent_that_is_made_on_request_is_made_once_with_its_role() -> None:
    def program() -> None:
        agent = service_agent(OURS, "aiplatform.googleapis.com")
        assert service_agent(OURS, "aiplatform.googleapis.com") is agent
        assert len(agent.resources) == 2

    planned = plan(program)
    assert planned.inventory() == {
        "gcp:projects/iAMMember:IAMMember": 1,
        "gcp:projects/serviceIdentity:ServiceIdentity": 1,
    }
    assert planned.one("gcp:projects/iAMMember:IAMMember").inputs["role"] == "roles/aiplatform.serviceAgent"


def test_an_agent_without_a_role_is_only_made() -> None:
    planned = plan(lambda: service_agent(OURS, "secretmanager.googleapis.com"))
    assert planned.inventory() == {"gcp:projects/serviceIdentity:ServiceIdentity": 1}


@pytest.mark.parametrize("project", [OURS, UNNUMBERED], ids=["number given", "number looked up"])
def test_an_agent_that_google_makes_is_known_by_its_address(project: gp.Project) -> None:
    def program() -> None:
        pulumi.export("member", service_agent(project, "compute.googleapis.com").member)

    planned = plan(program, invokes=NUMBER)
    assert planned.inventory() == {}
    assert planned.outputs["member"] == "serviceAccount:service-123456789012@compute-system.iam.gserviceaccount.com"


def test_an_agent_whose_address_nobody_can_compute_is_looked_up() -> None:
    def program() -> None:
        pulumi.export("member", service_agent(OURS, "logging.googleapis.com", "keys").member)

    token = "gcp:logging/getProjectCmekSettings:getProjectCmekSettings"
    answer = {token: {"serviceAccountId": "cmek-p1@gcp-sa-logging.iam.gserviceaccount.com"}}
    assert plan(program, invokes=answer).outputs["member"] == (
        "serviceAccount:cmek-p1@gcp-sa-logging.iam.gserviceaccount.com"
    )


def test_an_unknown_service_names_the_nearest() -> None:
    with pytest.raises(gp.Error, match=r"named 'aiplatfrm\.googleapis\.com'; nearest: aiplatform\.googleapis\.com"):
        plan(lambda: service_agent(OURS, "aiplatfrm.googleapis.com"))
