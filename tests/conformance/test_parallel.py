"""What does not depend on one another is made at the same time, each once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pulumi_gcp as gcp
import pytest

from mockcloud.doors.process.far import send
from mockcloud.simulator import new_cloud
from tests.conformance.offline import needs_pulumi, project_on

if TYPE_CHECKING:
    from pathlib import Path

    from mockcloud.cloud.cloud import Cloud
    from mockcloud.doors.wire import HttpRequest, HttpResponse

pytestmark = [needs_pulumi, pytest.mark.pulumi_cli]

TOPICS = 12
AT_ONCE = 6
PATIENCE = 30


def program() -> None:
    topics = [gcp.pubsub.Topic(f"topic{number}", name=f"topic{number}") for number in range(TOPICS)]
    for number, topic in enumerate(topics):
        gcp.pubsub.Subscription(f"readers{number}", name=f"readers{number}", topic=topic.id)


def test_independent_resources_are_made_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each topic waits for five others: one after the other, they would wait for ever."""
    cloud = new_cloud(waits="poll")
    together = threading.Barrier(AT_ONCE)

    def wait(cloud: Cloud, request: HttpRequest) -> HttpResponse:
        if request.verb == "PUT" and "/topics/" in request.path:
            together.wait(PATIENCE)
        return send(cloud, request)

    monkeypatch.setattr("mockcloud.doors.pulumi.transport.send", wait)
    with project_on(cloud, tmp_path, program) as project:
        project.up().expect()
        project.unchanged()

        made = sorted(each.name.rpartition("/")[2] for each in cloud.store if each.api == "pubsub")
        assert made == sorted(f"{kind}{number}" for kind in ("topic", "readers") for number in range(TOPICS))
        project.destroy().expect()
        assert not [each for each in cloud.store if each.api == "pubsub"]
