"""Random requests over gRPC: whatever is sent, what comes back is an answer or a refusal, never a fault."""

import random
import re
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.grpc.channel import MockChannel
from mockcloud.doors.grpc.rpcs import Rpc, methods_of
from mockcloud.simulator import new_cloud

SERVICES = (
    "google.cloud.aiplatform.v1.DatasetService",
    "google.cloud.aiplatform.v1.EndpointService",
    "google.cloud.aiplatform.v1.JobService",
    "google.cloud.aiplatform.v1.ModelService",
    "google.cloud.kms.v1.KeyManagementService",
    "google.cloud.location.Locations",
    "google.cloud.secretmanager.v1.SecretManagerService",
    "google.iam.admin.v1.IAM",
    "google.iam.v1.IAMPolicy",
    "google.logging.v2.ConfigServiceV2",
    "google.longrunning.Operations",
    "google.monitoring.v3.AlertPolicyService",
    "google.pubsub.v1.Publisher",
)
TEXTS = (
    "",
    "a",
    "projects/acme",
    "projects/acme/locations/l",
    "ü",
    "-",
    "a/b",
    "2026-01-01T00:00:00Z",
    "\0",
    "x" * 300,
)
FAULTS = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.DATA_LOSS}
DEEPEST = 3


def scalar(field: Any, chance: random.Random) -> Any:
    if field.cpp_type == field.CPPTYPE_STRING:
        text = chance.choice(TEXTS)
        return text.encode() if field.type == field.TYPE_BYTES else text
    if field.cpp_type == field.CPPTYPE_BOOL:
        return chance.random() < 0.5
    if field.cpp_type in {field.CPPTYPE_FLOAT, field.CPPTYPE_DOUBLE}:
        return chance.choice([0.0, 1.5, -3.0, float("nan"), float("inf")])
    return chance.choice([0, 1, 2, 7, 2**31 - 1])


def fill(message: Any, chance: random.Random, depth: int = 0) -> None:
    """Set about half of the fields."""
    for field in message.DESCRIPTOR.fields:
        if chance.random() < 0.5:
            continue
        held = getattr(message, field.name)
        entry = field.message_type
        if entry is not None and entry.GetOptions().map_entry:
            kind = entry.fields_by_name["value"]
            if kind.message_type is None and entry.fields_by_name["key"].type == field.TYPE_STRING:
                held[chance.choice(TEXTS)] = scalar(kind, chance)
        elif entry is not None and depth < DEEPEST:
            one = held.add() if hasattr(held, "add") else held
            if one is held:
                held.SetInParent()
            fill(one, chance, depth + 1)
        elif entry is None and hasattr(held, "append"):
            held.append(scalar(field, chance))
        elif entry is None:
            setattr(message, field.name, scalar(field, chance))


def name(message: Any, rpc: Rpc, chance: random.Random) -> None:
    """Name something, as a form of the method asks for it."""
    if not rpc.bindings:
        return
    for match in re.finditer(r"\{([^=}]+)=?([^}]*)\}", chance.choice(rpc.bindings).uri):
        *parents, last = match[1].split(".")
        holder = message
        for each in parents:
            holder = getattr(holder, each)
        if isinstance(getattr(holder, last), str):
            pattern = (match[2] or "*").replace("**", "*")
            setattr(holder, last, pattern.replace("*", chance.choice(["acme", "one", "l"])))


@pytest.fixture(scope="module")
def cloud() -> Cloud:
    return new_cloud(waits="poll")


@pytest.fixture(scope="module")
def methods() -> list[Rpc]:
    return [rpc for service in SERVICES for rpc in methods_of(service).values()]


@settings(max_examples=250, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_no_request_is_answered_by_a_fault(cloud: Cloud, methods: list[Rpc], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - it chooses what is sent, and protects nothing
    rpc = chance.choice(methods)
    request: Message = rpc.request()
    fill(request, chance)
    if chance.random() < 0.7:
        name(request, rpc, chance)
    host = rpc.api or chance.choice(["aiplatform", "cloudkms", "pubsub", "localhost"])
    method = MockChannel(f"{host}.googleapis.com:443", lambda _: cloud).unary_unary(rpc.path)
    written = request.SerializeToString()
    if chance.random() < 0.03:
        written = written[: len(written) // 2] + b"\xff"
    refused = method.future(written)
    assert refused.code() not in FAULTS, f"{rpc.path}: {refused.details()}"
