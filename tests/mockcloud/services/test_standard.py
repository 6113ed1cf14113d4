"""Standard methods of APIs that nobody modelled: what descriptions alone give.

Two APIs stand for all: one whose changes are long-running, and one whose are not.
"""

from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.simulator import new_cloud
from tests.mockcloud.calls import Answered, Caller

PLACE = "/v1/projects/acme/locations/europe-west4"
CLUSTERS, SPACES = f"{PLACE}/workstationClusters", f"{PLACE}/namespaces"
CLUSTER = {"displayName": "one", "labels": {"team": "ml"}, "network": "projects/acme/global/networks/default"}
NAME = "projects/acme/locations/europe-west4"


@pytest.fixture
def cloud() -> Cloud:
    return new_cloud()


@pytest.fixture
def long(cloud: Cloud) -> Caller:
    return Caller(cloud, "workstations.googleapis.com")


@pytest.fixture
def short(cloud: Cloud) -> Caller:
    return Caller(cloud, "servicedirectory.googleapis.com")


def done(call: Caller, started: Answered) -> dict[str, Any]:
    """Give what an operation ends with."""
    assert started.status == 200, started.json
    call.cloud.advance(60)
    found: dict[str, Any] = call("GET", f"/v1/{started.json['name']}").json
    assert found["done"], found
    return found


# Create
# ---------------------------------------------------------------------------------------------------------------------


def test_what_is_made_comes_back_with_what_the_server_sets(short: Caller) -> None:
    made = short("POST", SPACES, {"labels": {"team": "ml"}, "uid": "mine"}, namespaceId="a").json
    assert made["name"] == f"{NAME}/namespaces/a"
    assert made["labels"] == {"team": "ml"}
    assert made["uid"] not in {"", "mine"}
    assert short("GET", f"{SPACES}/a").json == made


def test_a_long_creation_ends_with_the_resource(long: Caller) -> None:
    started = long("POST", CLUSTERS, CLUSTER, workstationClusterId="a")
    assert not started.json.get("done")
    ended = done(long, started)["response"]
    assert ended["@type"] == "type.googleapis.com/google.cloud.workstations.v1.WorkstationCluster"
    assert ended["displayName"] == "one"
    assert long("GET", f"{CLUSTERS}/a").json["createTime"]


def test_a_name_is_taken_once(short: Caller) -> None:
    short("POST", SPACES, {}, namespaceId="a")
    found = short("POST", SPACES, {}, namespaceId="a")
    assert (found.status, found.error["status"]) == (409, "ALREADY_EXISTS")


def test_an_id_that_nobody_chose_is_asked_for_or_the_last_part_of_the_name(short: Caller) -> None:
    assert short("POST", SPACES, {}).status == 400
    named = short("POST", SPACES, {"name": f"{NAME}/namespaces/mine"}).json
    assert named["name"] == f"{NAME}/namespaces/mine"


def test_what_only_asks_changes_nothing(long: Caller) -> None:
    asked = long("POST", CLUSTERS, CLUSTER, workstationClusterId="a", validateOnly="true").json
    assert asked["done"]
    assert asked["response"]["displayName"] == "one"
    assert long("GET", f"{CLUSTERS}/a").status == 404
    done(long, long("POST", CLUSTERS, CLUSTER, workstationClusterId="a"))
    assert (
        long("PATCH", f"{CLUSTERS}/a", {"displayName": "two"}, updateMask="displayName", validateOnly="true").status
        == 200
    )
    assert long("DELETE", f"{CLUSTERS}/a", validateOnly="true").json["done"]
    assert long("GET", f"{CLUSTERS}/a").json["displayName"] == "one"


def test_what_lies_below_something_needs_it(short: Caller) -> None:
    found = short("POST", f"{SPACES}/none/services", {}, serviceId="a")
    assert (found.status, found.error["status"]) == (404, "NOT_FOUND")
    assert "namespaces/none" in found.error["message"]
    assert short("GET", f"{SPACES}/none/services").status == 404
    short("POST", SPACES, {}, namespaceId="a")
    assert short("POST", f"{SPACES}/a/services", {}, serviceId="b").status == 200
    assert [each["name"] for each in short("GET", f"{SPACES}/a/services").json["services"]] == [
        f"{NAME}/namespaces/a/services/b"
    ]


def test_that_rule_can_be_switched_off() -> None:
    short = Caller(new_cloud(off=["references"]), "servicedirectory.googleapis.com")
    assert short("POST", f"{SPACES}/none/services", {}, serviceId="a").status == 200
    assert short("GET", f"{SPACES}/other/services").json == {}


# Update
# ---------------------------------------------------------------------------------------------------------------------


def test_a_mask_says_what_changes(short: Caller) -> None:
    before = short("POST", SPACES, {"labels": {"team": "ml", "tier": "one"}}, namespaceId="a").json
    after = short("PATCH", f"{SPACES}/a", {"labels": {"team": "web"}}, updateMask="labels").json
    assert after["labels"] == {"team": "web"}
    assert {key: after[key] for key in ("name", "uid")} == {key: before[key] for key in ("name", "uid")}
    found = short("PATCH", f"{SPACES}/a", {"labels": {}}, updateMask="colour")
    assert (found.status, found.violations[0]["field"]) == (400, "update_mask")


def test_without_a_mask_what_is_sent_changes(long: Caller) -> None:
    done(long, long("POST", CLUSTERS, CLUSTER, workstationClusterId="a"))
    first = long("GET", f"{CLUSTERS}/a").json
    ended = done(long, long("PATCH", f"{CLUSTERS}/a", {"displayName": "two"}))["response"]
    assert (ended["displayName"], ended["labels"]) == ("two", {"team": "ml"})
    second = long("GET", f"{CLUSTERS}/a").json
    assert second["updateTime"] > first["updateTime"]
    assert second["createTime"] == first["createTime"]
    assert second["etag"] != first["etag"]


def test_a_stale_etag_is_refused(long: Caller) -> None:
    done(long, long("POST", CLUSTERS, CLUSTER, workstationClusterId="a"))
    etag = long("GET", f"{CLUSTERS}/a").json["etag"]
    assert long("PATCH", f"{CLUSTERS}/a", {"displayName": "two", "etag": etag}, updateMask="displayName").status == 200
    stale = long("PATCH", f"{CLUSTERS}/a", {"displayName": "three", "etag": etag}, updateMask="displayName")
    assert (stale.status, stale.error["status"]) == (409, "ABORTED")
    assert long("DELETE", f"{CLUSTERS}/a", etag=etag).status == 409
    assert long("DELETE", f"{CLUSTERS}/a", etag=long("GET", f"{CLUSTERS}/a").json["etag"]).status == 200


def test_what_is_missing_is_made_where_that_is_allowed(long: Caller) -> None:
    assert long("PATCH", f"{CLUSTERS}/a", CLUSTER, updateMask="*").status == 404
    done(long, long("PATCH", f"{CLUSTERS}/a", CLUSTER, updateMask="*", allowMissing="true"))
    assert long("GET", f"{CLUSTERS}/a").json["displayName"] == "one"


# Delete
# ---------------------------------------------------------------------------------------------------------------------


def test_what_is_deleted_is_gone(short: Caller) -> None:
    short("POST", SPACES, {}, namespaceId="a")
    assert short("DELETE", f"{SPACES}/a").json == {}
    assert short("DELETE", f"{SPACES}/a").status == 404
    assert short("GET", SPACES).json == {}


def test_force_takes_what_is_below(long: Caller) -> None:
    done(long, long("POST", CLUSTERS, CLUSTER, workstationClusterId="a"))
    done(long, long("POST", f"{CLUSTERS}/a/workstationConfigs", {}, workstationConfigId="b"))
    found = long("DELETE", f"{CLUSTERS}/a")
    assert (found.status, found.error["status"]) == (400, "FAILED_PRECONDITION")
    done(long, long("DELETE", f"{CLUSTERS}/a", force="true"))
    assert long("GET", f"{CLUSTERS}/a/workstationConfigs/b").status == 404


def test_without_such_a_parameter_all_goes(short: Caller) -> None:
    short("POST", SPACES, {}, namespaceId="a")
    short("POST", f"{SPACES}/a/services", {}, serviceId="b")
    assert short("DELETE", f"{SPACES}/a").status == 200
    short("POST", SPACES, {}, namespaceId="a")
    assert short("GET", f"{SPACES}/a/services").json == {}


# Policies, operations, and what is not modelled
# ---------------------------------------------------------------------------------------------------------------------


def test_policies_are_kept(short: Caller) -> None:
    short("POST", SPACES, {}, namespaceId="a")
    policy = {"bindings": [{"role": "roles/viewer", "members": ["user:a@acme.test"]}]}
    written = short("POST", f"{SPACES}/a:setIamPolicy", {"policy": policy}).json
    assert short("POST", f"{SPACES}/a:getIamPolicy", {}).json == written
    assert short("POST", f"{SPACES}/none:getIamPolicy", {}).status == 404
    asked = {"permissions": ["servicedirectory.namespaces.get"]}
    assert short("POST", f"{SPACES}/a:testIamPermissions", asked).json == asked
    assert short("POST", f"{SPACES}/a:testIamPermissions", {}).json == {}


def test_operations_are_listed_waited_for_cancelled_and_deleted(long: Caller) -> None:
    for number in range(3):
        long("POST", CLUSTERS, CLUSTER, workstationClusterId=f"c{number}")
    listed = long("GET", f"{PLACE}/operations", pageSize="2").json
    assert len(listed["operations"]) == 2
    assert (
        len(long("GET", f"{PLACE}/operations", pageSize="2", pageToken=listed["nextPageToken"]).json["operations"]) == 1
    )
    name = listed["operations"][0]["name"]
    assert long("DELETE", f"/v1/{name}").error["status"] == "FAILED_PRECONDITION"
    assert long("POST", f"/v1/{name}:cancel", {}).json == {}
    assert long("GET", f"/v1/{name}").json["error"]["code"] == 1
    assert long("DELETE", f"/v1/{name}").json == {}
    assert long("GET", f"/v1/{name}").status == 404
    assert len(long("GET", f"{PLACE}/operations", filter="done=true").json["operations"]) == 0


def test_a_poll_may_be_what_ends_it() -> None:
    long = Caller(new_cloud(waits="poll"), "workstations.googleapis.com")
    started = long("POST", CLUSTERS, CLUSTER, workstationClusterId="a").json
    assert long("GET", f"/v1/{started['name']}").json["done"]


def test_a_method_that_is_not_modelled_names_itself(long: Caller) -> None:
    done(long, long("POST", CLUSTERS, CLUSTER, workstationClusterId="a"))
    done(long, long("POST", f"{CLUSTERS}/a/workstationConfigs", {}, workstationConfigId="b"))
    found = long("GET", f"{CLUSTERS}/a/workstationConfigs/b/workstations:listUsable")
    assert (found.status, found.error["status"]) == (501, "UNIMPLEMENTED")
    assert "workstations.projects.locations.workstationClusters" in found.error["message"]


def test_what_an_operation_tells_of_itself_and_ends_with_is_as_the_client_expects() -> None:
    from mockcloud.discovery.catalogue import description
    from mockcloud.services.presentation import operation_parent, operation_types

    run = description("run", "v2").routes.by_id["projects.locations.jobs.delete"]
    assert operation_types(run) == ("google.cloud.run.v2.Job", "google.cloud.run.v2.Job")
    beta = description("aiplatform", "v1beta1").routes.by_id["projects.locations.endpoints.create"]
    assert operation_types(beta)[0] == "google.cloud.aiplatform.v1beta1.Endpoint"
    unknown = description("workstations", "v1").routes.by_id["projects.locations.workstationClusters.create"]
    assert operation_types(unknown) == ("", "google.cloud.workstations.v1.OperationMetadata")
    assert operation_parent("projects/p/locations/l/x/1") == "projects/p/locations/l"
    assert operation_parent("projects/p/x/1") == "projects/p"
    assert operation_parent("tagKeys/1") == "tagKeys"


def test_resources_are_found_by_any_form_of_their_name(cloud: Cloud, short: Caller) -> None:
    from mockcloud.services.references import resolve, values

    short("POST", SPACES, {}, namespaceId="a")
    name = f"{NAME}/namespaces/a"
    number = cloud.projects.number_of("acme")
    for form in (
        name,
        name.replace("acme", number),
        f"//servicedirectory.googleapis.com/{name}",
        f"https://servicedirectory.googleapis.com/v1/{name}",
    ):
        found = resolve(cloud, form, "servicedirectory")
        assert found is not None, form
        assert found.name == name
    assert resolve(cloud, f"https://www.googleapis.com/servicedirectory/v1/{name}", "x") is not None
    assert resolve(cloud, "projects/acme/none/x", "servicedirectory") is None
    body = {"a": [{"b": "x"}, {"b": ["y"]}], "m": {"k": {"b": "z"}}, "n": 5}
    assert list(values(body, ["a", "b"])) == ["x", "y"]
    assert list(values(body, ["m", "*", "b"])) == ["z"]
    assert list(values(body, ["n"])) == list(values(body, ["none"])) == []


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("translate", "/v3/projects/acme/supportedLanguages", 501),
        ("redis", f"{PLACE}/instances/i/authString", 404),  # a service tells it, of what there is
        ("apikeys", "/v2/projects/acme/locations/global/keys/k/keyString", 404),
        ("cloudkms", f"{PLACE}/ekmConfig", 200),  # it has a name
        ("retail", "/v2/projects/acme/locations/global/catalogs/c/generativeQuestionFeature", 200),  # it can be changed
    ],
)
def test_what_is_no_setting_is_not_pretended_to_be_there(cloud: Cloud, host: str, path: str, status: int) -> None:
    assert Caller(cloud, f"{host}.googleapis.com")("GET", path).status == status
