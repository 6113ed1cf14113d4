"""Access Context Manager over REST, and levels and crossings by the case."""

from typing import Any

import pytest

from mockcloud.cloud.callers import Caller
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.organisations import ORGANISATION, found
from mockcloud.cloud.perimeters.crossing import Crossing, entry_refused, exit_refused, unreachable
from mockcloud.cloud.perimeters.levels import satisfied
from mockcloud.cloud.store import Record
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import ALICE, PROJECT, ask

ACM = "accesscontextmanager.googleapis.com/v1"
API = "accesscontextmanager"


@pytest.fixture
def cloud() -> Cloud:
    made = new_cloud("strict", off=["enablement"], waits="poll")
    found(made)
    made.projects.ensure("acme")
    return made


@pytest.fixture
def policy(cloud: Cloud) -> str:
    made = done(cloud, ask(cloud, "POST", f"{ACM}/accessPolicies", {"parent": ORGANISATION, "title": "t"}))
    return str(made["name"])


def done(cloud: Cloud, answered: tuple[int, Any]) -> Any:
    assert answered[0] == 200, answered
    return ask(cloud, "GET", f"{ACM}/{answered[1]['name']}")[1]["response"]


def test_an_organisation_has_one_policy_for_all_of_it(cloud: Cloud, policy: str) -> None:
    body = {"parent": ORGANISATION, "title": "t"}
    assert ask(cloud, "POST", f"{ACM}/accessPolicies", body)[0] == 409
    assert ask(cloud, "POST", f"{ACM}/accessPolicies", {**body, "scopes": ["projects/1"]})[0] == 200
    assert ask(cloud, "POST", f"{ACM}/accessPolicies", {"title": "t", "parent": "folders/1"})[0] in {400, 403}
    assert len(ask(cloud, "GET", f"{ACM}/accessPolicies?parent={ORGANISATION}")[1]["accessPolicies"]) == 2
    assert ask(cloud, "GET", f"{ACM}/{policy}")[1]["title"] == "t"


def test_levels_and_perimeters_are_replaced_all_at_once(cloud: Cloud, policy: str) -> None:
    level = {"name": f"{policy}/accessLevels/a", "title": "a", "basic": {"conditions": [{"members": [ALICE]}]}}
    assert ask(cloud, "POST", f"{ACM}/{policy}/accessLevels", {**level, "name": "a b"})[0] == 400
    assert ask(cloud, "POST", f"{ACM}/{policy}/accessLevels", level)[0] == 200
    number = f"projects/{cloud.projects.number_of('acme')}"
    config = {"resources": [number], "accessLevels": [level["name"]], "restrictedServices": ["run.googleapis.com"]}
    perimeter = {"name": f"{policy}/servicePerimeters/p", "title": "p", "status": config}
    assert ask(cloud, "POST", f"{ACM}/{policy}/servicePerimeters", perimeter)[0] == 200
    assert ask(cloud, "DELETE", f"{ACM}/{level['name']}")[0] == 400
    levels = f"{ACM}/{policy}/accessLevels:replaceAll"
    replaced = done(
        cloud, ask(cloud, "POST", levels, {"accessLevels": [level, {**level, "name": f"{policy}/accessLevels/b"}]})
    )
    assert len(replaced["accessLevels"]) == 2
    assert ask(cloud, "POST", levels, {"etag": "c3RhbGU="})[0] == 409
    new = {**perimeter, "name": f"{policy}/servicePerimeters/q"}
    url = f"{ACM}/{policy}/servicePerimeters:replaceAll"
    assert ask(cloud, "POST", url, {"servicePerimeters": [perimeter, new]})[0] == 400
    assert ask(cloud, "POST", url, {"servicePerimeters": [new]})[0] == 200
    assert ask(cloud, "GET", f"{ACM}/{perimeter['name']}")[0] == 404
    assert ask(cloud, "POST", f"{ACM}/accessPolicies/404/servicePerimeters:commit", {})[0] in {403, 404}
    assert done(cloud, ask(cloud, "POST", f"{ACM}/{policy}/servicePerimeters:commit", {}))["servicePerimeters"]


@pytest.mark.parametrize(
    ("config", "kind", "code"),
    [
        ({"resources": ["nonsense"]}, "PERIMETER_TYPE_REGULAR", 400),
        ({"accessLevels": ["accessPolicies/1/accessLevels/none"]}, "PERIMETER_TYPE_REGULAR", 404),
        ({"restrictedServices": ["run.googleapis.com"]}, "PERIMETER_TYPE_BRIDGE", 400),
        ({"resources": ["projects/1"]}, "PERIMETER_TYPE_REGULAR", 200),
    ],
)
def test_a_perimeter_makes_sense(cloud: Cloud, policy: str, config: dict[str, Any], kind: str, code: int) -> None:
    body = {"name": f"{policy}/servicePerimeters/p", "title": "p", "perimeterType": kind, "status": config}
    assert ask(cloud, "POST", f"{ACM}/{policy}/servicePerimeters", body)[0] == code


def test_services_and_projects_are_looked_up(cloud: Cloud, policy: str) -> None:
    assert ask(cloud, "GET", f"{ACM}/services?pageSize=1")[1]["nextPageToken"]
    assert ask(cloud, "GET", f"{ACM}/services/aiplatform.googleapis.com")[1]["title"] == "Vertex AI API"
    assert ask(cloud, "GET", f"{ACM}/services/none.googleapis.com")[0] == 404
    number = f"projects/{cloud.projects.number_of('acme')}"
    body = {"name": f"{policy}/servicePerimeters/p", "title": "p", "status": {"resources": [number]}}
    ask(cloud, "POST", f"{ACM}/{policy}/servicePerimeters", body)
    assert ask(cloud, "GET", f"{ACM}/{PROJECT}:lookupConfiguredServicePerimeter")[1] == {
        "servicePerimeter": body["name"],
        "restrictedResource": number,
    }


HERE = Caller(ALICE, origin={"ip": "10.1.2.3", "network": "projects/acme/global/networks/n"})


@pytest.mark.parametrize(
    ("conditions", "combine", "holds"),
    [
        ([{"ipSubnetworks": ["10.0.0.0/8"]}], "AND", True),
        ([{"ipSubnetworks": ["192.168.0.0/16"]}], "AND", False),
        ([{"ipSubnetworks": ["192.168.0.0/16"], "negate": True}], "AND", True),
        ([{"members": [ALICE]}, {"ipSubnetworks": ["192.168.0.0/16"]}], "AND", False),
        ([{"members": [ALICE]}, {"ipSubnetworks": ["192.168.0.0/16"]}], "OR", True),
        ([{"regions": ["DE"]}], "AND", False),
        ([{"ipSubnetworks": ["nonsense"]}], "AND", False),
        ([{"devicePolicy": {"requireScreenlock": True}}], "AND", False),
        ([{"requiredAccessLevels": ["accessPolicies/1/accessLevels/self"]}], "AND", False),
        ([{"requiredAccessLevels": ["accessPolicies/1/accessLevels/other"]}], "AND", True),
        (
            [
                {
                    "vpcNetworkSources": [
                        {"vpcSubnetwork": {"network": "//compute.googleapis.com/projects/acme/global/networks/n"}}
                    ]
                }
            ],
            "AND",
            True,
        ),
        (
            [
                {
                    "vpcNetworkSources": [
                        {"vpcSubnetwork": {"network": "//compute.googleapis.com/projects/acme/global/networks/x"}}
                    ]
                }
            ],
            "AND",
            False,
        ),
        (
            [
                {
                    "vpcNetworkSources": [
                        {
                            "vpcSubnetwork": {
                                "network": "//compute.googleapis.com/projects/acme/global/networks/n",
                                "vpcIpSubnetworks": ["10.9.0.0/16"],
                            }
                        }
                    ]
                }
            ],
            "AND",
            False,
        ),
    ],
)
def test_a_level_is_satisfied(cloud: Cloud, conditions: list[Any], combine: str, holds: bool) -> None:
    base = "accessPolicies/1/accessLevels"
    body = {"basic": {"conditions": conditions, "combiningFunction": combine}}
    cloud.store.put(Record(API, f"{base}/self", body))
    cloud.store.put(Record(API, f"{base}/other", {"custom": {"expr": {"expression": "origin.ip == '10.1.2.3'"}}}))
    assert satisfied(cloud, f"{base}/self", HERE) is holds
    assert not satisfied(cloud, f"{base}/none", HERE)
    assert not satisfied(cloud, f"{base}/self", Caller("user:nobody@x.test")) or conditions[0].get("negate")


def test_a_level_that_is_not_understood_is_named(cloud: Cloud) -> None:
    from mockcloud.cloud.errors import ApiError

    cloud.store.put(Record(API, "accessPolicies/1/accessLevels/x", {"custom": {"expr": {"expression": "frob(1)"}}}))
    with pytest.raises(ApiError, match=r"frob"):
        satisfied(cloud, "accessPolicies/1/accessLevels/x", HERE)


def crossing(cloud: Cloud, member: str = ALICE, **more: Any) -> Crossing:
    return Crossing(
        cloud=cloud,
        caller=Caller(member),
        service="aiplatform.googleapis.com",
        method="aiplatform.projects.locations.datasets.create",
        permission="aiplatform.datasets.create",
        target="projects/1",
        origin=frozenset(more.get("origin", ())),
    )


EVERYTHING = {"resources": ["*"], "operations": [{"serviceName": "*"}]}


@pytest.mark.parametrize(
    ("origin", "to", "in_"),
    [
        ({"identityType": "ANY_IDENTITY", "sources": [{"accessLevel": "*"}]}, EVERYTHING, True),
        ({"identityType": "ANY_USER_ACCOUNT", "sources": [{"accessLevel": "*"}]}, EVERYTHING, True),
        ({"identityType": "ANY_SERVICE_ACCOUNT", "sources": [{"accessLevel": "*"}]}, EVERYTHING, False),
        ({"identities": [ALICE], "sources": [{"resource": "projects/9"}]}, EVERYTHING, True),
        ({"identities": [ALICE], "sources": [{"resource": "projects/8"}]}, EVERYTHING, False),
        ({"identities": [ALICE]}, EVERYTHING, False),
        (
            {"identities": [ALICE], "sources": [{"accessLevel": "*"}]},
            {**EVERYTHING, "resources": ["projects/2"]},
            False,
        ),
        (
            {"identities": [ALICE], "sources": [{"accessLevel": "*"}]},
            {"resources": ["*"], "roles": ["roles/aiplatform.user"]},
            True,
        ),
        (
            {"identities": [ALICE], "sources": [{"accessLevel": "*"}]},
            {"resources": ["*"], "roles": ["roles/viewer"]},
            False,
        ),
    ],
)
def test_a_rule_lets_in(cloud: Cloud, origin: dict[str, Any], to: dict[str, Any], in_: bool) -> None:
    config = {"ingressPolicies": [{"ingressFrom": origin, "ingressTo": to}]}
    assert (entry_refused(crossing(cloud, origin=["projects/9"]), config) == "") is in_


@pytest.mark.parametrize(
    ("selectors", "service", "out"),
    [
        ([{"method": "*"}], "aiplatform.googleapis.com", True),
        ([{"method": "aiplatform.projects.locations.datasets.create"}], "aiplatform.googleapis.com", True),
        ([{"method": "DatasetService.CreateDataset"}], "aiplatform.googleapis.com", True),
        ([{"permission": "aiplatform.datasets.create"}], "aiplatform.googleapis.com", True),
        ([{"method": "DatasetService.DeleteDataset"}], "aiplatform.googleapis.com", False),
        ([{"method": "*"}], "storage.googleapis.com", False),
    ],
)
def test_a_rule_lets_out(cloud: Cloud, selectors: list[Any], service: str, out: bool) -> None:
    to = {"resources": ["projects/1"], "operations": [{"serviceName": service, "methodSelectors": selectors}]}
    rule = {"egressFrom": {"identities": [ALICE]}, "egressTo": to}
    assert (exit_refused(crossing(cloud), {"egressPolicies": [rule]}) == "") is out
    rule["egressFrom"] = {"identities": [ALICE], "sourceRestriction": "SOURCE_RESTRICTION_ENABLED"}
    assert exit_refused(crossing(cloud), {"egressPolicies": [rule]})


@pytest.mark.parametrize(
    ("rule", "reachable"),
    [
        ({}, True),
        ({"enableRestriction": True}, False),
        ({"enableRestriction": True, "allowedServices": ["aiplatform.googleapis.com"]}, True),
        ({"enableRestriction": True, "allowedServices": ["RESTRICTED-SERVICES"]}, True),
    ],
)
def test_a_network_reaches_services(cloud: Cloud, rule: dict[str, Any], reachable: bool) -> None:
    config = {"vpcAccessibleServices": rule, "restrictedServices": ["aiplatform.googleapis.com"]}
    assert (unreachable(crossing(cloud), config) == "") is reachable


def test_a_policy_that_is_named_appears_where_projects_do(cloud: Cloud) -> None:
    """Google gives it its number, so nobody could make it."""
    lenient = new_cloud(waits="poll")
    body = {"name": "accessPolicies/42/accessLevels/a", "title": "a", "basic": {"conditions": [{"regions": ["NL"]}]}}

    assert ask(lenient, "GET", f"{ACM}/accessPolicies/42")[0] == 404
    assert ask(lenient, "POST", f"{ACM}/accessPolicies/42/accessLevels", body)[0] == 200
    assert ask(lenient, "GET", f"{ACM}/accessPolicies/42")[1]["parent"] == ORGANISATION
    assert ask(lenient, "GET", f"{ACM}/accessPolicies/42/accessLevels/a")[1]["title"] == "a"
    assert ask(lenient, "POST", f"{ACM}/accessPolicies/nonsense/accessLevels", body)[0] == 404
    assert ask(cloud, "POST", f"{ACM}/accessPolicies/42/accessLevels", body)[0] in {403, 404}
