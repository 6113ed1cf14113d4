"""Resource Manager over REST: the older version's forms, liens, tags, folders."""

from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.organisations import ORGANISATION, found
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import ALICE, BOB, PROJECT, ask, grant, status

V1 = "cloudresourcemanager.googleapis.com/v1"
V3 = "cloudresourcemanager.googleapis.com/v3"
NUMBER = ORGANISATION.partition("/")[2]


@pytest.fixture
def cloud() -> Cloud:
    made = new_cloud("strict", off=["enablement"], waits="poll")
    found(made)
    made.projects.ensure("acme")
    return made


def done(cloud: Cloud, answered: tuple[int, Any]) -> Any:
    """Give what an operation ends with."""
    assert answered[0] == 200, answered
    code, operation = ask(cloud, "GET", f"{V3}/{answered[1]['name']}")
    assert (code, operation["done"]) == (200, True), operation
    return {key: value for key, value in operation["response"].items() if key != "@type"}


def test_a_project_is_one_in_both_versions(cloud: Cloud) -> None:
    body = {
        "projectId": "acme-old",
        "name": "Old",
        "labels": {"a": "b"},
        "parent": {"type": "organization", "id": NUMBER},
    }
    made = done(cloud, ask(cloud, "POST", f"{V1}/projects", body))
    assert (made["lifecycleState"], made["parent"]) == ("ACTIVE", body["parent"])
    newer = ask(cloud, "GET", f"{V3}/projects/{made['projectNumber']}")[1]
    assert (newer["displayName"], newer["parent"], newer["labels"]) == ("Old", ORGANISATION, {"a": "b"})
    changed = ask(cloud, "PUT", f"{V1}/projects/acme-old", {**body, "name": "New", "labels": {}})[1]
    assert changed["name"] == "New"
    assert "labels" not in changed
    labelled = done(cloud, ask(cloud, "PATCH", f"{V3}/projects/acme-old?updateMask=labels", {"labels": {"c": "d"}}))
    assert labelled["labels"] == {"c": "d"}
    assert ask(cloud, "PATCH", f"{V3}/projects/acme-old", {"displayName": "Newest"})[0] == 200
    listed = ask(cloud, "GET", f"{V1}/projects?filter=name:Newest")[1]["projects"]
    assert [each["projectId"] for each in listed] == ["acme-old"]
    ancestry = ask(cloud, "POST", f"{V1}/projects/acme-old:getAncestry", {})[1]["ancestor"]
    assert [each["resourceId"]["type"] for each in ancestry] == ["project", "organization"]
    folder = done(cloud, ask(cloud, "POST", f"{V3}/folders", {"parent": ORGANISATION, "displayName": "f"}))["name"]
    moved = ask(cloud, "PUT", f"{V1}/projects/acme-old", {"parent": {"type": "folder", "id": folder.partition("/")[2]}})
    assert moved[1]["parent"]["type"] == "folder"
    assert ask(cloud, "DELETE", f"{V1}/projects/acme-old") == (200, {})
    for verb, path, given in (
        ("DELETE", "", None),
        ("PUT", "", {"name": "x"}),
    ):
        assert ask(cloud, verb, f"{V1}/projects/acme-old{path}", given)[0] == 400
    assert ask(cloud, "POST", f"{V1}/projects/acme-old:undelete", {}) == (200, {})
    assert ask(cloud, "POST", f"{V1}/projects/acme-old:undelete", {})[0] == 400


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"projectId": "x"}, 400),
        ({"projectId": "acme-new", "parent": "folders/404"}, 403),
        ({"projectId": "acme-new", "parent": "nonsense"}, 400),
        ({"projectId": "acme-new"}, 200),
    ],
)
def test_a_project_is_made_as_google_has_it(cloud: Cloud, body: dict[str, str], code: int) -> None:
    assert ask(cloud, "POST", f"{V3}/projects", body)[0] == code


def test_the_id_of_a_project_is_given_once(cloud: Cloud) -> None:
    assert ask(cloud, "POST", f"{V3}/projects", {"projectId": "acme-new"})[0] == 200
    assert ask(cloud, "POST", f"{V3}/projects", {"projectId": "acme-new"})[0] == 409


def test_an_account_makes_no_project_without_a_parent(cloud: Cloud) -> None:
    robot = "serviceAccount:a@acme.iam.gserviceaccount.com"
    assert status(cloud, robot, "POST", f"{V3}/projects", {"projectId": "acme-robot"}) == 403


def test_a_lien_keeps_a_project(cloud: Cloud) -> None:
    number = f"projects/{cloud.projects.number_of('acme')}"
    body = {"parent": number, "restrictions": ["resourcemanager.projects.delete"], "reason": "prod", "origin": "me"}
    code, lien = ask(cloud, "POST", f"{V3}/liens", body)
    assert code == 200
    assert ask(cloud, "GET", f"{V3}/liens?parent={number}")[1]["liens"] == [lien]
    assert ask(cloud, "GET", f"{V3}/{lien['name']}")[1] == lien
    refused = ask(cloud, "DELETE", f"{V3}/{PROJECT}")
    assert (refused[0], "prod" in refused[1]["error"]["message"]) == (400, True)
    assert status(cloud, ALICE, "DELETE", f"{V3}/{lien['name']}") == 403
    assert ask(cloud, "DELETE", f"{V3}/{lien['name']}")[0] == 200
    assert ask(cloud, "DELETE", f"{V3}/{PROJECT}")[0] == 200
    assert ask(cloud, "POST", f"{V3}/liens", {"parent": ORGANISATION})[0] == 400


def test_folders_are_moved_renamed_and_found(cloud: Cloud) -> None:
    def make(parent: str, display: str) -> str:
        return str(done(cloud, ask(cloud, "POST", f"{V3}/folders", {"parent": parent, "displayName": display}))["name"])

    outer, other = make(ORGANISATION, "outer"), make(ORGANISATION, "other")
    inner = make(outer, "inner")
    assert [each["name"] for each in ask(cloud, "GET", f"{V3}/folders?parent={outer}")[1]["folders"]] == [inner]
    assert ask(cloud, "GET", f"{V3}/folders")[0] == 400
    assert ask(cloud, "POST", f"{V3}/folders", {"parent": outer})[0] == 400
    assert done(cloud, ask(cloud, "PATCH", f"{V3}/{inner}", {"displayName": "new"}))["displayName"] == "new"
    assert ask(cloud, "POST", f"{V3}/{outer}:move", {"destinationParent": inner})[0] == 400
    assert done(cloud, ask(cloud, "POST", f"{V3}/{inner}:move", {"destinationParent": other}))["parent"] == other
    query = ask(cloud, "GET", f"{V3}/folders:search?query=displayName=new AND parent={other} AND state=ACTIVE")
    assert [each["name"] for each in query[1]["folders"]] == [inner]
    assert ask(cloud, "DELETE", f"{V3}/{other}")[0] == 400
    assert ask(cloud, "DELETE", f"{V3}/{inner}")[0] == 200
    assert ask(cloud, "DELETE", f"{V3}/{inner}")[0] == 400
    assert ask(cloud, "GET", f"{V3}/folders?parent={other}")[1] == {}
    assert done(cloud, ask(cloud, "POST", f"{V3}/{inner}:undelete", {}))["state"] == "ACTIVE"
    assert ask(cloud, "POST", f"{V3}/{inner}:undelete", {})[0] == 400
    deep = outer
    for at in range(9):
        deep = make(deep, f"f{at}")
    assert ask(cloud, "POST", f"{V3}/folders", {"parent": deep, "displayName": "too deep"})[0] == 400


def test_organisations_are_found_by_domain(cloud: Cloud) -> None:
    assert ask(cloud, "GET", f"{V1}/{ORGANISATION}")[1]["owner"] == {"directoryCustomerId": "C0mockcus"}
    for query in ("domain:mock.test", "directoryCustomerId:C0mockcus"):
        assert (
            ask(cloud, "GET", f"{V3}/organizations:search?query={query}")[1]["organizations"][0]["name"] == ORGANISATION
        )
    assert ask(cloud, "POST", f"{V1}/organizations:search", {"filter": "domain:evil.test"})[1] == {}


def test_projects_are_searched_by_words_of_either_version(cloud: Cloud) -> None:
    for query in ("projectId=acme", f"parent:{ORGANISATION}", "lifecycleState:ACTIVE", "name:acme", "displayName:ac*"):
        found_ = ask(cloud, "GET", f"{V3}/projects:search?query={query}")[1].get("projects", [])
        assert [each["projectId"] for each in found_] == ["acme"], query
    assert ask(cloud, "GET", f"{V3}/projects")[0] == 400


def test_tags_are_kept_while_they_are_in_use(cloud: Cloud) -> None:
    key = done(cloud, ask(cloud, "POST", f"{V3}/tagKeys", {"parent": PROJECT, "shortName": "env"}))
    assert key["namespacedName"] == "acme/env"
    assert ask(cloud, "POST", f"{V3}/tagKeys", {"parent": PROJECT, "shortName": "env"})[0] == 409
    for bad in ({"parent": PROJECT, "shortName": "-"}, {"parent": key["name"], "shortName": "x"}, {"shortName": "x"}):
        assert ask(cloud, "POST", f"{V3}/tagKeys", bad)[0] == 400
    value = done(cloud, ask(cloud, "POST", f"{V3}/tagValues", {"parent": key["name"], "shortName": "prod"}))
    assert ask(cloud, "GET", f"{V3}/tagValues:namespaced?name=acme/env/prod".replace(":", "/", 1))[1] == value
    assert ask(cloud, "GET", f"{V3}/tagKeys/namespaced?name=acme/none")[0] == 403
    assert ask(cloud, "GET", f"{V3}/tagKeys?parent={PROJECT}")[1]["tagKeys"] == [key]
    assert ask(cloud, "GET", f"{V3}/tagValues?parent={key['name']}")[1]["tagValues"] == [value]
    assert ask(cloud, "GET", f"{V3}/tagValues")[0] == 400
    assert ask(cloud, "GET", f"{V3}/{value['name']}")[1] == value
    changed = done(cloud, ask(cloud, "PATCH", f"{V3}/{key['name']}", {"description": "d", "etag": key["etag"]}))
    assert changed["description"] == "d"
    assert ask(cloud, "PATCH", f"{V3}/{key['name']}", {"description": "e", "etag": key["etag"]})[0] == 409
    assert ask(cloud, "DELETE", f"{V3}/{key['name']}")[0] == 400
    parent = f"//cloudresourcemanager.googleapis.com/{PROJECT}"
    bind = {"parent": parent, "tagValueNamespacedName": "acme/env/prod"}
    bound = done(cloud, ask(cloud, "POST", f"{V3}/tagBindings", bind))
    assert ask(cloud, "POST", f"{V3}/tagBindings", bind)[0] == 409
    assert ask(cloud, "POST", f"{V3}/tagBindings", {**bind, "parent": "nonsense"})[0] == 400
    assert ask(cloud, "POST", f"{V3}/tagBindings", {"parent": parent, "tagValue": "tagValues/404"})[0] == 403
    assert ask(cloud, "GET", f"{V3}/tagBindings?parent={parent}")[1]["tagBindings"] == [bound]
    hold = done(cloud, ask(cloud, "POST", f"{V3}/{value['name']}/tagHolds", {"holder": "me"}))
    assert ask(cloud, "GET", f"{V3}/{value['name']}/tagHolds")[1]["tagHolds"] == [hold]
    assert ask(cloud, "DELETE", f"{V3}/{hold['name']}")[0] == 200
    assert ask(cloud, "DELETE", f"{V3}/{value['name']}")[0] == 400


def test_policies_are_set_by_the_older_methods_too(cloud: Cloud) -> None:
    base = f"{V1}/{ORGANISATION}"
    listed = {"constraint": "constraints/gcp.resourceLocations"}
    assert ask(cloud, "POST", f"{base}:getOrgPolicy", listed)[1]["listPolicy"] == {"inheritFromParent": True}
    body = {"policy": {**listed, "listPolicy": {"allowedValues": ["in:eu-locations"], "inheritFromParent": True}}}
    code, policy = ask(cloud, "POST", f"{base}:setOrgPolicy", body)
    assert (code, policy["listPolicy"]["allowedValues"]) == (200, ["in:eu-locations"])
    newer = ask(cloud, "GET", f"orgpolicy.googleapis.com/v2/{ORGANISATION}/policies/gcp.resourceLocations")[1]
    assert newer["spec"]["rules"] == [{"values": {"allowedValues": ["in:eu-locations"]}}]
    effective = ask(cloud, "POST", f"{V1}/{PROJECT}:getEffectiveOrgPolicy", listed)[1]
    assert effective["listPolicy"]["allowedValues"] == ["in:eu-locations"]
    body["policy"]["listPolicy"] = {"allValues": "DENY"}
    assert ask(cloud, "POST", f"{base}:setOrgPolicy", body)[1]["listPolicy"]["allValues"] == "DENY"
    body["policy"]["etag"] = policy["etag"]
    assert ask(cloud, "POST", f"{base}:setOrgPolicy", body)[0] == 409
    enforced = {"constraint": "constraints/compute.requireOsLogin"}
    on = ask(cloud, "POST", f"{base}:setOrgPolicy", {"policy": {**enforced, "booleanPolicy": {"enforced": True}}})[1]
    assert on["booleanPolicy"] == {"enforced": True}
    reset = ask(cloud, "POST", f"{V1}/{PROJECT}:setOrgPolicy", {"policy": {**enforced, "restoreDefault": {}}})[1]
    assert reset["restoreDefault"] == {}
    assert ask(cloud, "POST", f"{V1}/{PROJECT}:getOrgPolicy", enforced)[1]["restoreDefault"] == {}
    assert len(ask(cloud, "POST", f"{base}:listOrgPolicies", {})[1]["policies"]) == 2
    assert ask(cloud, "POST", f"{base}:clearOrgPolicy", listed) == (200, {})
    assert ask(cloud, "POST", f"{base}:clearOrgPolicy", listed) == (200, {})
    assert ask(cloud, "POST", f"{base}:getOrgPolicy", {"constraint": "constraints/none"})[0] == 400
    available = ask(cloud, "POST", f"{base}:listAvailableOrgPolicyConstraints", {})[1]["constraints"]
    assert {"constraints/gcp.resourceLocations", "constraints/compute.requireOsLogin"} <= {e["name"] for e in available}


def test_only_who_may_sets_policies(cloud: Cloud) -> None:
    url, body = f"{V1}/{PROJECT}:setOrgPolicy", {"policy": {"constraint": "constraints/compute.requireOsLogin"}}
    assert status(cloud, ALICE, "POST", url, body) == 403
    grant(cloud, "roles/orgpolicy.policyAdmin", ALICE, name=ORGANISATION)
    assert status(cloud, ALICE, "POST", url, body) == 200


def test_where_nobody_asks_missing_names_are_not_found() -> None:
    cloud = new_cloud()
    assert ask(cloud, "GET", f"{V3}/tagKeys/404")[0] == 404
    assert status(cloud, BOB, "GET", f"{V1}/{ORGANISATION}") == 200
