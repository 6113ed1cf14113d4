"""What every method takes: partial answers, enumerations as numbers, forms, overridden verbs, tokens."""

import gzip
import json

import pytest

from mockcloud.doors.wire import HttpRequest, answer
from mockcloud.simulator import new_cloud
from tests.mockcloud.calls import PROJECT, Caller

NAME = "projects/928330706207/secrets/a"
SECRET = {"replication": {"automatic": {}}, "labels": {"team": "ml", "tier": "one"}}


@pytest.fixture
def call() -> Caller:
    caller = Caller(new_cloud())
    assert caller("POST", f"{PROJECT}/secrets", SECRET, secretId="a").status == 200
    return caller


# Partial answers
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ("name", {"name": NAME}),
        ("replication/automatic", {"replication": {"automatic": {}}}),
        ("replication.automatic", {"replication": {"automatic": {}}}),
        ("labels/team", {"labels": {"team": "ml"}}),
        ("labels(team)", {"labels": {"team": "ml"}}),
        ("labels(team,tier),name", {"labels": {"team": "ml", "tier": "one"}, "name": NAME}),
        ("labels/*", {"labels": {"team": "ml", "tier": "one"}}),
        ("version_aliases,name", {"name": NAME}),
        (" name , labels ( team ) ", {"name": NAME, "labels": {"team": "ml"}}),
    ],
)
def test_only_the_wanted_fields_come(call: Caller, fields: str, wanted: object) -> None:
    assert call("GET", f"{PROJECT}/secrets/a", fields=fields).json == wanted


def test_all_fields_come_for_a_star(call: Caller) -> None:
    assert call("GET", f"{PROJECT}/secrets/a", fields="*").json == call("GET", f"{PROJECT}/secrets/a").json


def test_fields_of_a_list_are_those_of_each_entry(call: Caller) -> None:
    assert call("GET", f"{PROJECT}/secrets", fields="secrets(name),nextPageToken").json == {"secrets": [{"name": NAME}]}


def test_fields_may_come_as_a_header(call: Caller) -> None:
    found = call("GET", f"{PROJECT}/secrets/a", headers={"x-goog-fieldmask": "name"})
    assert found.json == {"name": NAME}


@pytest.mark.parametrize(
    "fields", ["foo", "labels(", "a)", "name/x", "(", "/", "replication/foo", "labels()", "a,,b", "x" * 300]
)
def test_a_field_that_there_is_not_is_refused(call: Caller, fields: str) -> None:
    found = call("GET", f"{PROJECT}/secrets/a", fields=fields)
    assert found.status == 400
    assert "Cannot find matching fields for path" in found.violations[0]["description"]


def test_more_fields_than_an_address_can_name_are_refused(call: Caller) -> None:
    for names, status in ((1600, 200), (1700, 400)):  # 5 characters each
        found = call("GET", f"{PROJECT}/secrets/a", headers={"x-goog-fieldmask": ",".join(["name"] * names)})
        assert found.status == status


def test_fields_are_held_before_anything_happens(call: Caller) -> None:
    assert call("POST", f"{PROJECT}/secrets", SECRET, secretId="b", fields="foo").status == 400
    assert call("GET", f"{PROJECT}/secrets/b").status == 404


def test_older_apis_word_it_their_way(call: Caller) -> None:
    storage = Caller(call.cloud, "storage.googleapis.com")
    found = storage("GET", "/storage/v1/b", project="acme", fields="foo")
    assert found.error["errors"][0]["reason"] == "invalidParameter"
    assert found.error["message"] == "Invalid field selection foo"


# Enumerations as numbers
# ---------------------------------------------------------------------------------------------------------------------


def test_enumerations_come_as_numbers_where_they_are_asked_for(call: Caller) -> None:
    call("POST", f"{PROJECT}/secrets/a:addVersion", {"payload": {"data": "aGk="}})
    assert call("GET", f"{PROJECT}/secrets/a/versions/1").json["state"] == "ENABLED"
    found = call("GET", f"{PROJECT}/secrets/a/versions/1", query="$alt=json;enum-encoding=int")
    assert found.json["state"] == 1
    listed = call("GET", f"{PROJECT}/secrets/a/versions", query="%24alt=json%3Benum-encoding%3Dint").json
    assert [each["state"] for each in listed["versions"]] == [1]


def test_what_an_operation_ends_with_has_numbers_too(call: Caller) -> None:
    from mockcloud.discovery.catalogue import description
    from mockcloud.doors.wire.enums import numbered

    schemas = description("notebooks", "v2").schemas
    body = {
        "name": "operations/1",
        "done": True,
        "response": {"@type": "type.googleapis.com/google.cloud.notebooks.v2.Instance", "state": "ACTIVE"},
        "metadata": {"@type": "type.googleapis.com/google.cloud.notebooks.v2.OperationMetadata", "target": "x"},
    }
    state = numbered(body, schemas, "Operation")["response"]["state"]
    assert isinstance(state, int)
    assert numbered({"x": ["y"]}, schemas, "") == {"x": ["y"]}
    assert numbered("text", schemas, "Instance") == "text"


def test_numbers_of_lists_and_maps_are_told(call: Caller) -> None:
    from mockcloud.discovery.schemas import Schemas
    from mockcloud.doors.wire.enums import numbered

    enum = {"type": "string", "enum": ["A", "B"]}
    properties = {"many": {"type": "array", "items": enum}, "by": {"type": "object", "additionalProperties": enum}}
    schemas = Schemas({"name": "x", "schemas": {"T": {"properties": properties}}})
    assert numbered({"many": ["B", "C", 7], "by": {"k": "B"}}, schemas, "T") == {"many": [1, "C", 7], "by": {"k": 1}}


# Forms
# ---------------------------------------------------------------------------------------------------------------------


def test_answers_are_indented_where_that_is_asked_for(call: Caller) -> None:
    plain = call("GET", f"{PROJECT}/secrets/a").response.body
    pretty = call("GET", f"{PROJECT}/secrets/a", prettyPrint="true").response.body
    assert b"\n" not in plain
    assert pretty.startswith(b'{\n  "')
    assert json.loads(plain) == json.loads(pretty)


@pytest.mark.parametrize("alt", ["proto", "atom", "json-in-script"])
def test_other_forms_are_refused(call: Caller, alt: str) -> None:
    assert call("GET", f"{PROJECT}/secrets/a", alt=alt).status == 400


def test_the_older_list_of_errors_can_be_asked_for(call: Caller) -> None:
    assert "errors" not in call("GET", f"{PROJECT}/secrets/none").error
    asked = call("GET", f"{PROJECT}/secrets/none", query="$.xgafv=1").error
    assert asked["errors"][0]["reason"] == "notFound"
    assert "errors" not in call("GET", f"{PROJECT}/secrets/none", query="$.xgafv=2").error


def test_a_token_may_come_as_a_parameter() -> None:
    cloud = new_cloud()
    for name in ("access_token", "oauth_token"):
        Caller(cloud)("GET", f"{PROJECT}/secrets", query=f"{name}=mock.user:alice@acme.test")
    Caller(cloud)(
        "GET", f"{PROJECT}/secrets", headers={"authorization": "Bearer mock.user:bob@acme.test"}, access_token="x"
    )
    callers = [each.caller for each in cloud.journal.calls]
    assert callers == ["user:alice@acme.test", "user:alice@acme.test", "user:bob@acme.test"]


def test_what_a_method_does_not_take_is_refused(call: Caller) -> None:
    found = call("GET", f"{PROJECT}/secrets", page_size="many", colour="red")
    assert found.error["status"] == "INVALID_ARGUMENT"
    assert [each.get("field") for each in found.violations] == ["page_size", None]
    assert "Cannot bind query parameter" in found.violations[1]["description"]


def test_what_a_method_asks_for_must_be_there(call: Caller) -> None:
    found = Caller(call.cloud, "storage.googleapis.com")("GET", "/storage/v1/b").error
    assert (found["message"], found["errors"][0]["reason"]) == ("Required parameter: project", "required")


# Verbs
# ---------------------------------------------------------------------------------------------------------------------


def test_a_verb_can_be_overridden_in_a_post(call: Caller) -> None:
    headers = {"x-http-method-override": "PATCH"}
    body = {"labels": {"team": "web"}}
    found = call("POST", f"{PROJECT}/secrets/a", body, headers=headers, updateMask="labels")
    assert found.json["labels"] == {"team": "web"}
    assert call("GET", f"{PROJECT}/secrets/a", headers={"x-http-method-override": "DELETE"}).status == 200


def test_a_get_that_is_too_long_brings_its_query_as_a_form(call: Caller) -> None:
    headers = {"x-http-method-override": "GET", "content-type": "application/x-www-form-urlencoded"}
    found = call("POST", f"{PROJECT}/secrets", b"pageSize=1&fields=secrets%2Fname", headers=headers)
    assert found.json == {"secrets": [{"name": NAME}]}


def test_head_is_get_without_a_body(call: Caller) -> None:
    found = call("HEAD", f"{PROJECT}/secrets/a")
    assert (found.status, found.response.body) == (200, b"")
    assert call("HEAD", f"{PROJECT}/secrets/none").status == 404


def test_options_say_what_a_path_takes(call: Caller) -> None:
    found = call("OPTIONS", f"{PROJECT}/secrets/a")
    assert (found.status, found.response.headers["Allow"]) == (204, "DELETE, GET, OPTIONS, PATCH")


def test_a_verb_that_a_path_does_not_take_is_not_found_as_with_google(call: Caller) -> None:
    found = call("PUT", f"{PROJECT}/secrets/a")
    assert (found.status, found.error["status"]) == (404, "NOT_FOUND")


# Bodies
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "Invalid JSON payload received."),
        (b'{"labels": {"a": NaN}}', "NaN is no value of JSON"),
        (b'{"labels": 1e999}', "Number out of range"),
        (b"\xff\xfe\xfd", "Invalid JSON payload received."),
        (b'{"labels": {"a": "\\ud800"}}', "Invalid JSON payload received."),
        (b"[" * 50_000, "Invalid JSON payload received."),
        (b'{"a":' * 150 + b"1" + b"}" * 150, "Message too deep"),
        (b'{"a":[' * 60 + b"1" + b"]}" * 60, "Message too deep"),
        (b"1" * 10_000, "Invalid JSON payload received."),
        (b"[]", "Root element must be a message."),
        (b'"text"', "Root element must be a message."),
    ],
    ids=["half", "nan", "huge", "bytes", "surrogate", "brackets", "deep", "mixed", "digits", "list", "text"],
)
def test_what_is_no_json_is_refused(call: Caller, body: bytes, words: str) -> None:
    found = call("POST", f"{PROJECT}/secrets", body, secretId="b")
    assert found.status == 400
    assert words in found.error["message"]
    assert len(found.response.body) < 2000


def test_many_brackets_beside_one_another_are_not_deep(call: Caller) -> None:
    labels = {f"k{number}": "v" for number in range(60)}
    topics = [{"name": f"projects/acme/topics/t{number}"} for number in range(120)]
    found = call("POST", f"{PROJECT}/secrets", {**SECRET, "labels": labels, "topics": topics}, secretId="b")
    assert "deep" not in found.response.body.decode()


def test_a_pair_of_surrogates_is_a_character(call: Caller) -> None:
    body = b'{"replication": {"automatic": {}}, "annotations": {"a": "\\ud83d\\ude00"}}'
    assert call("POST", f"{PROJECT}/secrets", body, secretId="b").json["annotations"] == {"a": "😀"}


def test_a_body_may_be_packed(call: Caller) -> None:
    packed = gzip.compress(json.dumps(SECRET).encode())
    headers = {"content-encoding": "gzip"}
    assert call("POST", f"{PROJECT}/secrets", packed, secretId="b", headers=headers).status == 200
    assert call("GET", f"{PROJECT}/secrets/b", headers=headers).status == 200
    assert call("POST", f"{PROJECT}/secrets", b"plain", secretId="c", headers=headers).status == 400
    assert call("POST", f"{PROJECT}/secrets", packed[:-12], secretId="c", headers=headers).status == 400


def test_a_packed_body_has_an_end(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockcloud.doors.wire.reading.LARGEST", 1000)
    bomb = gzip.compress(b" " * 100_000)
    found = call("POST", f"{PROJECT}/secrets", bomb, secretId="b", headers={"content-encoding": "gzip"})
    assert (found.status, found.error["code"]) == (413, 413)


# Paths and hosts
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/v1/projects/acme/secrets/..",
        "/v1/projects/acme/secrets/%2e%2e%2fb",
        "/v1/projects/acme%2fsecrets/secrets/a",
        "//v1/projects/acme/secrets/a",
        "/v1/projects/acme/secrets/%00",
        "/v1/projects/acme/secrets/%ff%fe",
        "/v1/projects/acme/secrets/a/",
        "",
        "/",
    ],
)
def test_odd_paths_name_nothing(call: Caller, path: str) -> None:
    found = call("GET", path)
    assert found.status == 404
    assert found.error["message"]


def test_an_odd_id_is_refused(call: Caller) -> None:
    for odd in ("..", ".", "a/b", "\x00", "x" * 300):
        assert call("POST", f"{PROJECT}/secrets", SECRET, secretId=odd).status == 400


def test_a_long_path_is_cut_in_the_answer(call: Caller) -> None:
    assert len(call("GET", "/" + "x" * 50_000).response.body) < 1000


@pytest.mark.parametrize(
    "host",
    [
        "made-up.googleapis.com",
        "europe-docker.pkg.dev",
        "service-997.europe-west4.run.app",
        "x.cloudfunctions.net",
        "gcr.io",
    ],
)
def test_a_host_that_is_not_served_says_so_by_name(host: str) -> None:
    found = Caller(new_cloud(), host)("GET", "/v1/projects/acme/secrets")
    assert (found.status, found.error["status"]) == (501, "UNIMPLEMENTED")
    assert host in found.error["message"]


@pytest.mark.parametrize("host", ["", "cloud", "www.googleapis.com"])
def test_a_host_that_says_nothing_leaves_it_to_the_path(host: str) -> None:
    assert Caller(new_cloud(), host)("GET", f"{PROJECT}/secrets").status == 200


def test_a_dedicated_endpoint_is_served() -> None:
    host = "7.europe-west4-997.prediction.vertexai.goog"
    found = Caller(new_cloud(), host)("GET", "/v1/projects/acme/locations/europe-west4/endpoints/7")
    assert (found.status, found.error["status"]) == (404, "NOT_FOUND")


def test_a_fault_of_ours_has_googles_form_and_is_logged(
    call: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(call.cloud, "dispatch", break_down)
    response = answer(call.cloud, HttpRequest("GET", call.host, f"{PROJECT}/secrets/a"))
    assert json.loads(response.body)["error"] == {
        "code": 500,
        "message": "Internal error encountered.",
        "status": "INTERNAL",
    }
    assert "ZeroDivisionError" in caplog.text
