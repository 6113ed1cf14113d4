"""NET-06: Private Service Connect lets in listed projects only."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_06 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, urn, verdict

ON = {"privateServiceConnectConfig": {"enablePrivateServiceConnect": True, "projectAllowlists": ["acme-ml", "12345"]}}
GOOD = [
    R("vertex.AiEndpoint", ON),
    R("vertex.AiIndexEndpoint", ON),
    R("vertex.AiFeatureOnlineStore", {"dedicatedServingEndpoint": ON}),
    R("vertex.AiEndpointWithModelGardenDeployment", {"endpointConfig": ON}),
]

test_stated_verdicts = stated_verdicts(CONTROL, GOOD)


def listed(projects: object, **more: str) -> R:
    config = {"enablePrivateServiceConnect": True, "projectAllowlists": projects}
    place = "privateServiceConnectConfig.projectAllowlists[0]"
    return R("vertex.AiEndpoint", {"privateServiceConnectConfig": config}, origins={place: more["of"]} if more else {})


@pytest.mark.parametrize("entry", ["*", "acme-*", "folders/1234", "organizations/1234", "", " "])
def test_an_entry_that_is_no_single_project_fails_in_its_place(entry: str) -> None:
    found = outcome(CONTROL, listed(["acme-ml", entry]))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [
        ("privateServiceConnectConfig.projectAllowlists[1]", "")
    ]


@pytest.mark.parametrize("projects", [["acme-ml", 7], ["acme-ml", UNKNOWN], ["acme-ml", secret()], "acme-ml", {"a": 1}])
def test_what_cannot_be_read_is_indeterminate(projects: object) -> None:
    assert verdict(CONTROL, listed(projects)) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    "config",
    [
        ...,
        {},
        {"enablePrivateServiceConnect": False, "projectAllowlists": ["*"]},
        {"projectAllowlists": ["*"]},
    ],
)
def test_without_private_service_connect_there_is_nothing_to_list(config: object) -> None:
    inputs = {} if config is ... else {"privateServiceConnectConfig": config}
    assert verdict(CONTROL, R("vertex.AiEndpoint", inputs)) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("config", [UNKNOWN, secret(), "on"])
def test_a_block_that_cannot_be_read_is_indeterminate(config: object) -> None:
    assert verdict(CONTROL, R("vertex.AiEndpoint", {"privateServiceConnectConfig": config})) is Verdict.INDETERMINATE


def test_every_block_counts() -> None:
    blocks = [ON["privateServiceConnectConfig"], {"enablePrivateServiceConnect": True}]
    assert verdict(CONTROL, R("vertex.AiEndpoint", {"privateServiceConnectConfig": blocks})) is Verdict.FAIL


def test_a_project_of_this_document_may_be_unknown_yet() -> None:
    project = R("organizations.Project", {}, "p")
    assert verdict(CONTROL, listed([UNKNOWN], of=urn("organizations.Project", "p")), project) is Verdict.PASS
    network = R("compute.Network", {}, "n")
    assert verdict(CONTROL, listed([UNKNOWN], of=urn("compute.Network", "n")), network) is Verdict.INDETERMINATE
