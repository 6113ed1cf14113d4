import json

import pytest

from mockcloud.cloud.faults import Fault
from mockcloud.cloud.store import Record
from tests.mockcloud.cloud.calls import call, get_secret, make_secret
from tests.mockcloud.doors.console.conftest import Browser

PARTS = ("what", "given", "allowed", "remedy")
READER = "roles/secretmanager.secretAccessor"


def grant(browser: Browser, *members: str, name: str = "key") -> None:
    policy = {"bindings": [{"role": READER, "members": list(members)}]}
    call(browser.cloud, "POST", f"/v1/projects/acme/secrets/{name}:setIamPolicy", {"policy": policy})


def test_it_says_which_cloud_it_is(browser: Browser) -> None:
    make_secret(browser.cloud, "key")

    found = browser.ask("about")

    assert (found["profile"], found["waits"], found["seed"]) == ("lenient", "clock", 0)
    assert found["rules"]["references"] is True
    assert found["rules"]["quota"] is False
    assert found["resources"] == 2
    assert found["changes"] == 1


def test_it_counts_by_service_and_project(browser: Browser) -> None:
    for name in ("a", "b"):
        make_secret(browser.cloud, name)
    make_secret(browser.cloud, "c", project="other")

    found = browser.ask("state")

    assert {each["api"]: each["collections"] for each in found["services"]} == {
        "cloudresourcemanager": {"projects": 2},
        "secretmanager": {"projects.secrets": 3},
    }
    assert {each["project"]: each["resources"] for each in found["projects"]} == {"acme": 3, "other": 2}


def test_what_a_whole_project_has_is_counted_by_its_collection(browser: Browser) -> None:
    for name in ("a", "b"):
        browser.cloud.create(Record("compute", f"projects/acme/global/networks/{name}", {"name": name}))

    assert browser.ask("state")["services"][0]["collections"] == {"projects.global.networks": 2}
    assert len(browser.ask("resources?api=compute&kind=projects.global.networks")["resources"]) == 2


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("api=secretmanager", ["a", "b", "c"]),
        ("api=secretmanager&project=other", ["c"]),
        ("kind=projects.secrets&q=ACME+b", ["b"]),
        ("api=pubsub", []),
        ("api=secretmanager&after=secretmanager/projects/acme/secrets/a&size=1", ["b"]),
        ("api=secretmanager&size=nonsense", ["a", "b", "c"]),
    ],
)
def test_it_finds_resources(browser: Browser, query: str, names: list[str]) -> None:
    for name, project in (("a", "acme"), ("b", "acme"), ("c", "other")):
        make_secret(browser.cloud, name, project=project)

    found = browser.ask(f"resources?{query}")

    assert [each["name"].rpartition("/")[2] for each in found["resources"]] == names
    assert found["more"] is (query.endswith("size=1"))


def test_it_shows_a_resource_with_its_policy_and_its_past(browser: Browser) -> None:
    make_secret(browser.cloud, "key")
    grant(browser, "user:alice@acme.test")

    found = browser.ask("resource?api=secretmanager&name=projects/acme/secrets/key")

    assert found["body"] == json.loads(get_secret(browser.cloud, "key").body)
    assert found["policy"]["bindings"][0]["members"] == ["user:alice@acme.test"]
    assert [each["what"] for each in found["changes"]] == ["create", "policy"]
    assert browser.refused("resource?api=secretmanager&name=projects/acme/secrets/no").status == 404


def test_operations_are_a_list_of_their_own(browser: Browser) -> None:
    path, body = "/v1/projects/acme/locations/l/workflows", {"sourceContents": "main: {steps: []}"}
    for name in ("a", "b"):
        call(browser.cloud, "POST", path, body, query=f"workflowId={name}", host="workflows.googleapis.com")
        browser.cloud.advance(0.6)

    found = browser.ask("operations")["operations"]

    assert [each["done"] for each in found] == [False, True], "the youngest first"
    assert found[0]["due"]
    assert all("operations" not in each["name"] for each in browser.ask("resources")["resources"])


def test_calls_and_changes_come_behind_a_number(browser: Browser) -> None:
    for name in ("a", "b", "c"):
        make_secret(browser.cloud, name)
    get_secret(browser.cloud, "no")

    assert [each["status"] for each in browser.ask("calls")["calls"]] == [200, 200, 200, 404]
    assert [each["number"] for each in browser.ask("calls?since=2")["calls"]] == [3, 4]
    assert [each["number"] for each in browser.ask("calls?size=1")["calls"]] == [4], "the last ones"
    assert [each["number"] for each in browser.ask("changes?since=0&size=2")["changes"]] == [1, 2]
    assert browser.ask("changes?since=99")["changes"] == []


def test_it_asks_iam_who_can(browser: Browser) -> None:
    make_secret(browser.cloud, "key")
    make_secret(browser.cloud, "other")
    grant(browser, "user:alice@acme.test", "domain:acme.test")
    grant(browser, "user:bob@other.test", name="other")
    at = "at=secretmanager/projects/acme/secrets/key"

    assert browser.ask(f"who-can?permission=secretmanager.versions.access&{at}")["members"] == ["user:alice@acme.test"]
    assert browser.ask(f"who-can?permission=secretmanager.secrets.delete&{at}")["members"] == []
    assert browser.ask("who-can")["members"] == []
    assert {each["member"] for each in browser.ask("policies")["bindings"]} == {
        "user:alice@acme.test",
        "domain:acme.test",
        "user:bob@other.test",
    }


def test_who_may_in_a_project_may_in_its_buckets(browser: Browser) -> None:
    call(
        browser.cloud,
        "POST",
        "/storage/v1/b",
        {"name": "acme-data"},
        query="project=acme",
        host="storage.googleapis.com",
    )
    policy = {"bindings": [{"role": "roles/storage.objectViewer", "members": ["user:alice@acme.test"]}]}
    path, host = "/v1/projects/acme:setIamPolicy", "cloudresourcemanager.googleapis.com"
    call(browser.cloud, "POST", path, {"policy": policy}, host=host)

    found = browser.ask("who-can?permission=storage.objects.get&at=storage/b/acme-data")

    assert found["members"] == ["user:alice@acme.test"]


def test_a_role_that_is_not_modelled_is_unknown(browser: Browser) -> None:
    make_secret(browser.cloud, "key")
    binding = {"role": "roles/nonsense.unheardOf", "members": ["user:alice@acme.test"]}
    call(browser.cloud, "POST", "/v1/projects/acme/secrets/key:setIamPolicy", {"policy": {"bindings": [binding]}})

    found = browser.ask("who-can?permission=secretmanager.versions.access&at=secretmanager/projects/acme/secrets/key")

    assert found["members"] == []
    assert "roles/nonsense.unheardOf" in found["unknown"]["user:alice@acme.test"]


def test_time_passes(browser: Browser) -> None:
    before = browser.ask("about")["now"]

    assert browser.ask("advance", {"seconds": 86400})["now"] == "2026-01-02T00:00:00Z"
    assert before == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("seconds", [-1, "60", None, True, 1e300])
def test_a_span_that_is_none_is_refused(browser: Browser, seconds: object) -> None:
    answered = browser.refused("advance", {"seconds": seconds})

    assert answered.status == 400
    assert all(answered.json()["error"][part] for part in PARTS)


def test_faults_come_and_go(browser: Browser) -> None:
    added = browser.ask("faults", {"method": "secretmanager.*", "status": 503, "count": 1})
    assert make_secret(browser.cloud, "key").status == 503

    listed = browser.ask("faults")["faults"]

    assert listed == [{**added, "happened": 1, "fitting": 1, "spent": True}]
    assert added["method"] == "secretmanager.*"
    assert "probability" not in added, "what is as usual is left out"
    assert browser.ask(f"faults/{added['number']}", verb="DELETE") == {"faults": []}
    for number in (added["number"], "x", "9" * 30):
        assert browser.refused(f"faults/{number}", verb="DELETE").status == 400


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"nonsense": 1}, "A fault has no such field"),
        ({"status": "503"}, "A field of the fault has another type"),
        ({"status": True}, "A field of the fault has another type"),
        ({"stuck": 1, "phase": "operation"}, "A field of the fault has another type"),
        ({"method": 5, "status": 500}, "A field of the fault has another type"),
        ({"status": 503.5}, "A field of the fault has another type"),
        ({"phase": "later", "status": 500}, "The fault makes no sense"),
        ({}, "The fault makes no sense"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(browser: Browser, said: dict[str, object], what: str) -> None:
    answered = browser.refused("faults", said)

    assert answered.status == 400
    assert answered.json()["error"]["what"] == what
    assert len(browser.cloud.faults) == 0


def test_a_fault_may_name_a_whole_number_where_a_fraction_is_meant(browser: Browser) -> None:
    assert browser.ask("faults", {"delay": 5, "probability": 1})["delay"] == 5


def test_rules_are_switched_all_or_none(browser: Browser) -> None:
    assert "quota" in browser.ask("rules", {"quota": True})["on"]
    for body in ({"quota": False, "nonsense": True}, {"quota": "no"}):
        answered = browser.refused("rules", body)
        assert answered.status == 400
        assert all(answered.json()["error"][part] for part in PARTS)
    assert browser.ask("about")["rules"]["quota"] is True
    assert "quota" not in browser.ask("rules", {"quota": False})["on"]


def test_changed_policies_can_be_late(browser: Browser) -> None:
    make_secret(browser.cloud, "key")
    browser.ask("late-policies", {"seconds": 420})
    grant(browser, "user:alice@acme.test")
    question = "who-can?permission=secretmanager.versions.access&at=secretmanager/projects/acme/secrets/key"

    assert browser.ask("policies")["delay"] == 420
    assert browser.ask(question)["members"] == []
    browser.ask("advance", {"seconds": 421})
    assert browser.ask(question)["members"] == ["user:alice@acme.test"]


def test_projects_have_the_numbers_that_they_have_elsewhere(browser: Browser) -> None:
    browser.cloud.projects.ensure("there-before")
    asked = {"acme-keys": "424242424242", "there-before": "7", "of-another": "424242424242"}

    made = browser.ask("projects", {"numbers": asked})["numbers"]

    steady = browser.cloud.projects.number_of("there-before")
    assert made == {"acme-keys": "424242424242", "there-before": steady}
    assert browser.cloud.projects.id_of("424242424242") == "acme-keys"
    for nonsense in ({"numbers": ["acme"]}, {"numbers": {"acme-keys": "x"}}, {"numbers": {"A": "1"}}, {}):
        assert browser.refused("projects", nonsense).status == 400


def test_where_projects_are_asked_for_none_appears(browser: Browser) -> None:
    browser.ask("rules", {"projects": True})
    made = browser.ask("projects", {"numbers": {"acme-tools": "42"}})
    browser.ask("rules", {"projects": False})
    assert made == {"numbers": {}}


def test_a_snapshot_brings_back_what_was(browser: Browser) -> None:
    make_secret(browser.cloud, "key")
    browser.ask("snapshots", {"name": "early & <late>/1"})
    browser.ask("reset", {})
    assert get_secret(browser.cloud, "key").status == 404

    browser.ask("snapshots/early%20%26%20%3Clate%3E%2F1", {})

    assert get_secret(browser.cloud, "key").status == 200
    assert "early & <late>/1" in [each["name"] for each in browser.ask("snapshots")["snapshots"]]


def test_snapshots_are_few_and_named(browser: Browser) -> None:
    assert browser.refused("snapshots/nonsense", {}).status == 400
    for name in ("", None, 5, "x" * 101):
        assert browser.refused("snapshots", {"name": name}).status == 400
    answers = [browser.refused("snapshots", {"name": str(at)}).status for at in range(25)]
    assert answers.count(200) <= 20
    assert answers[-1] == 400
    assert browser.refused("snapshots", {"name": "0"}).status == 200, "one that is there may be taken again"


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{", b"5", b"\xff", b"[" * 100_000, b'{"name": "\\ud800"}', b'{"seconds": NaN}', b" " * (2**20 + 1)],
)
def test_a_body_that_is_no_object_is_refused(browser: Browser, body: bytes) -> None:
    answered = browser.send("POST", "/_mock/advance", body, {"X-Mock-Cloud": "console"})

    assert answered.status == 400
    assert answered.json()["error"]["what"] == "The body is not understood"


def test_events_say_when_the_cloud_has_moved(browser: Browser) -> None:
    connection, response = browser.stream("/_mock/events")

    def event() -> dict[str, object]:
        line = response.readline()
        assert response.readline() == b"\n"
        return dict(json.loads(line.removeprefix(b"data: ")))

    first = event()
    browser.cloud.faults.add(Fault(status=500))
    second = event()
    connection.close()

    assert response.headers["content-type"].startswith("text/event-stream")
    assert (first["faults"], second["faults"]) == (0, 1)
