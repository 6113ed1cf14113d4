"""What a deployment on the mock cloud costs in this process, beside the preview of the same stack."""

import base64
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.registry import Benchmark, Measurement

if TYPE_CHECKING:
    from mockcloud.doors.process.cloud import MockCloud

ROOT: Final = Path(__file__).resolve().parent.parent
STACK: Final = "regulated"
ROUNDS: Final = 3
LIMIT: Final = 2.0
"""A machine on which the embedded engine previews 450 resources a second then deploys 225; asked are 100."""

_PROJECTS: Final = ("acme-ml-prod", "acme-build-prod")
_SECRETS: Final = ("github-token", "gitlab-api", "gitlab-read", "gitlab-webhook")
_POLICY: Final = "accessPolicies/123456789"


@contextmanager
def _cloud() -> "Iterator[MockCloud]":
    """Give a mock cloud with what the stack takes for granted: secrets of its source hosts, and an access policy."""
    from mockcloud import mock_gcp
    from mockcloud.cloud.store import Record
    from mockcloud.doors.pulumi.transport import InProcess
    from mockcloud.pulumi.api import Api

    with mock_gcp() as cloud:
        api = Api(InProcess(cloud))
        payload = {"payload": {"data": base64.b64encode(b"none").decode()}}
        for project in _PROJECTS:
            for name in _SECRETS:
                path = f"v1/projects/{project}/secrets"
                body: dict[str, Any] = {"replication": {"automatic": {}}}
                api.call("POST", "secretmanager.googleapis.com", f"{path}?secretId={name}", body)
                api.call("POST", "secretmanager.googleapis.com", f"{path}/{name}:addVersion", payload)
        level = f"{_POLICY}/accessLevels/company"
        beforehand: dict[str, dict[str, Any]] = {
            _POLICY: {"parent": "organizations/123456789012"},
            level: {"basic": {"conditions": [{"ipSubnetworks": ["203.0.113.0/24"]}]}},
        }
        for name, found in beforehand.items():
            cloud.create(Record("accesscontextmanager", name, {"name": name, **found}))
        yield cloud


def measure() -> Measurement:
    """Deploy the stack on fresh clouds, preview it in between, and take the best of each.

    The first round imports what the program needs, and is not counted.
    """
    from mockcloud.doors.embedded.directory import preview_directory

    deployed, previewed, resources = [], [], 0
    for _ in range(ROUNDS + 1):
        with _cloud() as cloud:
            gc.collect()
            start = time.perf_counter()
            resources = len(cloud.deploy(ROOT, stack=STACK).resources)
            deployed.append(time.perf_counter() - start)
        gc.collect()
        start = time.perf_counter()
        preview_directory(ROOT, STACK)
        previewed.append(time.perf_counter() - start)
    best, preview = min(deployed[1:]), min(previewed[1:])
    return Measurement(
        seconds=best,
        baseline_seconds=preview,
        details={"resources": resources, "resources/s": resources / best, "s": best, "s of the preview": preview},
    )


BENCHMARK = Benchmark(
    name="mock-deploy",
    judged=f"a deployment of {STACK} on the mock cloud, in process",
    baseline="its preview",
    limit=LIMIT,
    measure=measure,
)
