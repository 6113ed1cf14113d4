"""Requests over the whole surface, right and broken ones, through every door: each is answered, in Google's form."""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import product

import grpc
import pytest
from google.cloud.logging_v2.types import TailLogEntriesRequest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockcloud.cloud.cloud import Cloud
from mockcloud.discovery.documents import apis
from mockcloud.doors.grpc.rpcs import find_rpc
from mockcloud.doors.wire import HttpRequest, HttpResponse
from mockcloud.simulator import new_cloud
from tools.fuzz.__main__ import PROFILES, main
from tools.fuzz.doors import DOORS, GRPC, ROUND, OpenSurface
from tools.fuzz.elsewhere import elsewhere
from tools.fuzz.grpc_doors import channel
from tools.fuzz.http_requests import is_http
from tools.fuzz.rpc_requests import rpcs
from tools.fuzz.verdicts import wrong

REQUESTS = 3_000
WAYS = list(product(DOORS, PROFILES))
ROUNDS = -(-REQUESTS // (ROUND * len(WAYS)))
CALM = settings(
    max_examples=ROUNDS, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
APIS = sorted(apis())
OF_CLIENTS = ["aiplatform", "cloudkms", "iam", "logging", "monitoring", "pubsub", "secretmanager"]
"""APIs that are called by gRPC. Reading the messages of all of them takes a minute."""


@pytest.fixture(scope="module")
def surfaces() -> Iterator[dict[str, OpenSurface]]:
    with ExitStack() as stack:
        yield {profile: stack.enter_context(OpenSurface(profile)) for profile in PROFILES}


@CALM
@given(seed=st.integers(0, 2**32), turn=st.integers(0, len(APIS) - 1))
@pytest.mark.parametrize(("door", "profile"), WAYS)
def test_every_request_is_answered_in_googles_form(
    surfaces: dict[str, OpenSurface], door: str, profile: str, seed: int, turn: int
) -> None:
    # Each way is given the same examples; so that it sends others, it begins elsewhere.
    every = OF_CLIENTS if door in GRPC else APIS
    api = every[(turn + WAYS.index((door, profile))) % len(every)]
    sent = surfaces[profile].send(door, api, seed)
    assert not sent.findings, "\n".join(map(str, sent.findings))
    assert sent.statuses.total() == ROUND


@pytest.mark.parametrize("door", ["wire", "rest", "channel"])
def test_the_same_seed_sends_the_same(surfaces: dict[str, OpenSurface], door: str) -> None:
    once, again, other = (surfaces["lenient"].send(door, "secretmanager", seed).statuses for seed in (7, 7, 8))
    assert once == again != other


@pytest.mark.parametrize("door", DOORS)
def test_a_fault_is_found_through_every_door(
    surfaces: dict[str, OpenSurface], door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(Cloud, "dispatch", fail)
    findings = surfaces["lenient"].send(door, "secretmanager", 1).findings
    answered = [each for each in findings if not each.why.startswith("in the log")]
    assert answered
    assert len(findings) > len(answered), "the log told of it too"


def test_a_bad_answer_is_told() -> None:
    json = {"Content-Type": "application/json; charset=UTF-8"}
    assert wrong(HttpResponse(500, json, b"{}")).startswith("status 500")
    assert wrong(HttpResponse(200, json, b"{")).startswith("no JSON")
    assert wrong(HttpResponse(404, json, b"{}")).startswith("no error of Google's form")
    assert wrong(HttpResponse(404, json, b'{"error": {"code": 400, "message": "x"}}')).startswith("no error")
    assert wrong(HttpResponse(200, {}, b"x"), empty=True) == "a body in the answer to HEAD"
    assert wrong(HttpResponse(404, json, b'{"error": {"code": 404, "message": "x"}}')) == ""
    assert wrong(HttpResponse(400, json, b'{"error": "invalid_grant"}')) == ""
    assert wrong(HttpResponse(200, {"Content-Type": "image/png"}, b"\x00")) == ""
    assert wrong(HttpResponse(204, {}, b""), empty=True) == ""
    assert wrong(HttpResponse(404, json, b"<Error/>"), json=False) == ""
    assert wrong(HttpResponse(503, json, b"<Error/>"), json=False).startswith("status 503")


def test_what_is_no_http_is_told_apart() -> None:
    assert is_http(HttpRequest("OPTIONS", "", "/v1/%C3%A9"))
    assert not is_http(HttpRequest("BREW", "", "/v1/a"))
    assert not is_http(HttpRequest("GET", "", "/v1/é"))


def test_what_is_no_method_is_asked_for_too() -> None:
    chance = random.Random(1)  # noqa: S311 - it chooses what is sent, and protects nothing
    made = [elsewhere(chance) for _ in range(300)]
    for path in ("/upload/", "/batch", "/computeMetadata/v1", "/token", "/download/", "/$discovery/rest"):
        assert any(each.path.startswith(path) for each in made), path


def test_methods_of_grpc_are_found_in_the_client_packages() -> None:
    paths = {each.path for each in rpcs("secretmanager")}
    assert "/google.cloud.secretmanager.v1.SecretManagerService/GetSecret" in paths
    assert "/google.longrunning.Operations/GetOperation" in paths
    assert rpcs("bigquery") == (), "whose client speaks HTTP only"


def test_a_call_that_stays_open_is_left() -> None:
    rpc = find_rpc("/google.logging.v2.LoggingServiceV2/TailLogEntries")
    request = TailLogEntriesRequest.serialize(TailLogEntriesRequest(resource_names=["projects/acme"]))
    cloud = new_cloud()
    cloud.projects.ensure("acme")
    assert channel(cloud)("logging.googleapis.com", rpc, request, ())[0] is grpc.StatusCode.DEADLINE_EXCEEDED


def test_the_command_counts_what_it_sent(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--requests", str(2 * ROUND), "--api", "pubsub", "--door", "wire", "--profile", "strict"]) == 0
    out = capsys.readouterr().out
    assert f"wire, strict: {2 * ROUND} requests" in out
    assert "0 not answered well" in out
