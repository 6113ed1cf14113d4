"""A plan, and a cloud that it is to go to, in this process."""

from typing import Any

import pytest

from groundplan_cli.preflight.checking import check
from groundplan_cli.preflight.model import Finding, Kind, Report, Target
from groundplan_cli.preflight.own import Own
from groundplan_policies.engine import Document
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.tokens import TOKEN_PREFIX
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.api import Api
from mockcloud.simulator import new_cloud
from tests.cli.documents import Builder

PROJECT = "acme-dev"
ALICE = "user:alice@acme.test"


class Plan(Builder):
    """A plan whose resources are all in one project and region."""

    def put(self, token: str, name: str, /, **inputs: Any) -> str:
        """Add a resource and give its URN."""
        return self.add(f"gcp:{token}", name, inputs={"project": PROJECT, **inputs}, provider=f"{self._provider()}::id")

    def _provider(self) -> str:
        urn = "urn:pulumi:dev::shop::pulumi:providers:gcp::default"
        if all(each["urn"] != urn for each in self.resources):
            self.add("pulumi:providers:gcp", "default", inputs={"project": PROJECT, "region": "europe-west4"}, id="id")
        return self.resources[1]["urn"]  # type: ignore[return-value] # a text

    def read(self) -> Document:
        """Give the document."""
        raw: dict[str, Any] = self.document()
        raw["groundplan"]["profile"] = "state"
        return Document.read(raw)


@pytest.fixture
def plan() -> Plan:
    return Plan()


@pytest.fixture
def strict() -> Cloud:
    """A cloud with an organisation in which everything is asked; the project is there."""
    cloud = new_cloud("strict", waits="poll")
    cloud.projects.ensure(PROJECT)
    return cloud


def target(cloud: Cloud, caller: str = "") -> Target:
    """Give a cloud as a preflight asks it."""
    rules = frozenset(each.value for each in Rule if cloud.rules.on(each))
    return Target(
        InProcess(cloud, TOKEN_PREFIX + caller if caller else "", door="rest"), "the mock cloud", caller, rules
    )


def owner(cloud: Cloud) -> Api:
    """Give a cloud's APIs, as its owner calls them."""
    return Api(InProcess(cloud, door="rest"))


def report(plan: Plan, cloud: Cloud, caller: str = "", own: frozenset[str] = frozenset()) -> Report:
    """Do the preflight."""
    return check(plan.read(), target(cloud, caller), stack="dev", own=Own(own))


def found(report: Report, kind: Kind) -> list[Finding]:
    """Give the findings of a kind."""
    return [each for each in report.findings if each.kind is kind]
