"""Several calls in one request."""

import email
import json
from email.message import Message

import pytest

from mockcloud.doors.wire import HttpRequest, HttpResponse, answer
from mockcloud.simulator import new_cloud
from tests.mockcloud.calls import SECRETS

CREATE = b"""POST /v1/projects/acme/secrets?secretId=%s HTTP/1.1\r
Content-Type: application/json\r
Content-Length: 31\r
\r
{"replication":{"automatic":{}}}"""
HEADERS = {"content-type": 'multipart/mixed; boundary="edge"', "authorization": "Bearer mock.user:a@acme.test"}


def batch(
    *parts: bytes, host: str = SECRETS, path: str = "/batch", headers: dict[str, str] | None = None
) -> HttpResponse:
    body = b"".join(
        b"--edge\r\nContent-Type: application/http\r\nContent-ID: <it + %d>\r\n\r\n%s\r\n" % (number, part)
        for number, part in enumerate(parts)
    )
    return answer(new_cloud(), HttpRequest("POST", host, path, headers=headers or HEADERS, body=body + b"--edge--\r\n"))


def answers(response: HttpResponse) -> list[tuple[str, int, object]]:
    """Give id, status and JSON of each part."""
    head = f"Content-Type: {response.headers['Content-Type']}\r\n\r\n".encode()
    found = []
    for part in email.message_from_bytes(head + response.body).get_payload():
        assert isinstance(part, Message)
        line, _, rest = part.get_payload(decode=True).partition(b"\r\n")  # type: ignore[union-attr] # bytes, as asked
        body = rest.partition(b"\r\n\r\n")[2]
        found.append((part["Content-ID"], int(line.split()[1]), json.loads(body)))
    return found


def test_parts_are_answered_one_by_one_in_their_order() -> None:
    create = CREATE.replace(b"31", b"32") % b"a"
    response = batch(create, b"GET /v1/projects/acme/secrets/b HTTP/1.1\r\n\r\n", b"GET /v1/projects/acme/secrets/a")
    assert response.status == 200
    found = answers(response)
    assert [(each[0], each[1]) for each in found] == [
        ("<response-it + 0>", 200),
        ("<response-it + 1>", 404),
        ("<response-it + 2>", 200),
    ]
    assert found[0][2] == found[2][2]


def test_a_part_may_name_host_and_token_of_its_own() -> None:
    cloud = new_cloud()
    line = b"GET https://pubsub.googleapis.com/v1/projects/acme/topics HTTP/1.1"
    part = line + b"\r\nAuthorization: Bearer mock.user:b@acme.test\r\n\r\n"
    body = b"--edge\r\n\r\n" + part + b"\r\n--edge\r\n\r\nGET //v1/projects/acme/secrets\r\n\r\n--edge--"
    response = answer(cloud, HttpRequest("POST", SECRETS, "/batch", headers=HEADERS, body=body))
    assert [status for _, status, _ in answers(response)] == [200, 200]
    assert [(each.caller, each.method) for each in cloud.journal.calls] == [
        ("user:b@acme.test", "pubsub.projects.topics.list"),
        ("user:a@acme.test", "secretmanager.projects.secrets.list"),
    ]


@pytest.mark.parametrize(("host", "path"), [("storage.googleapis.com", "/batch/storage/v1"), ("", "/batch/storage/v1")])
def test_storage_takes_a_hundred(host: str, path: str) -> None:
    get = b"GET /storage/v1/b/none HTTP/1.1\r\n\r\n"
    assert batch(*[get] * 100, host=host, path=path).status == 200
    assert batch(*[get] * 101, host=host, path=path).status == 400


def test_a_batch_takes_a_thousand() -> None:
    assert batch(*[b"GET /v1/none HTTP/1.1\r\n\r\n"] * 1001).status == 400


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "application/json"}, b"{}"),
        ({}, b""),
        (HEADERS, b""),
        (HEADERS, b"--edge--"),
        (HEADERS, b"--edge\r\n\r\nGET / HTTP/1.1"),
        (HEADERS, b"--edge\r\n\r\nnonsense\r\n--edge--"),
        (HEADERS, b"--edge\r\n\r\nGET http://[ HTTP/1.1\r\n--edge--"),
        (HEADERS, b"--edge\r\n\r\nPOST /batch HTTP/1.1\r\n\r\n\r\n--edge--"),
    ],
    ids=["json", "nothing", "empty", "no-part", "half", "no-request", "no-host", "batch"],
)
def test_what_is_no_batch_is_refused(headers: dict[str, str], body: bytes) -> None:
    response = answer(new_cloud(), HttpRequest("POST", SECRETS, "/batch", headers=headers, body=body))
    assert response.status == 400
    assert json.loads(response.body)["error"]["message"]


def test_an_unusual_status_has_a_phrase() -> None:
    from mockcloud.doors.wire.batch import _phrase

    assert (_phrase(412), _phrase(799)) == ("Precondition Failed", "Unknown")


def test_a_path_that_only_begins_like_it_is_none() -> None:
    response = answer(new_cloud(), HttpRequest("POST", SECRETS, "/batches/of/things", headers=HEADERS))
    assert response.status == 404
    assert answer(new_cloud(), HttpRequest("GET", SECRETS, "/batch")).status == 404
