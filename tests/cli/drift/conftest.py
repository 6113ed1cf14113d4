"""A small stack that was deployed on a mock cloud, what was done past it, and a look at the two."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from groundplan_cli.drift.history import MockLog
from groundplan_cli.drift.looking import Looked, look
from groundplan_cli.drift.model import Report
from groundplan_cli.drift.reading import read_by_provider
from groundplan_cli.guardrails.rules import Guardrails
from groundplan_policies.engine import Document
from groundplan_policies.settings.read import read_settings
from mockcloud import mock_gcp
from mockcloud.cloud.tokens import TOKEN_PREFIX
from mockcloud.doors.process.cloud import MockCloud
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.api import Api

MALLORY = "user:mallory@acme.test"


def program() -> None:
    """A bucket that anonymous people cannot be let into, a topic, and a grant on it."""
    import pulumi_gcp as gcp

    gcp.storage.Bucket(
        "data", name="acme-data", location="EU", public_access_prevention="enforced", uniform_bucket_level_access=True
    )
    topic = gcp.pubsub.Topic("events", name="events", labels={"team": "ml"})
    gcp.pubsub.TopicIAMMember("reader", topic=topic.name, role="roles/pubsub.viewer", member="user:alice@acme.test")


@dataclass
class Deployed:
    """A stack on a mock cloud.

    Attributes:
        cloud: The cloud.
        state: What `pulumi stack export` would print.
        outside: The cloud's APIs, as somebody else calls them.
    """

    cloud: MockCloud
    state: dict[str, Any]
    outside: Api

    def look(self, state: Mapping[str, Any] | None = None, tier: str = "regulated") -> Report:
        """Look for drift."""
        raw = state or self.state
        journal = self.cloud.journal
        log = MockLog.read([each._asdict() for each in journal.calls], [each._asdict() for each in journal.changes])
        return look(
            Looked(
                stack="dev",
                cloud="the mock cloud",
                raw=raw,
                seen=read_by_provider(Document.read(raw), InProcess(self.cloud)),
                guardrails=Guardrails(settings=read_settings(tier), waivers=(), as_of=date(2026, 1, 1)),
                log=log,
            )
        )


@pytest.fixture
def deployed() -> Iterator[Deployed]:
    with mock_gcp() as cloud:
        stack = cloud.deploy(program, config={"gcp:project": "acme-dev"})
        outside = Api(InProcess(cloud, TOKEN_PREFIX + MALLORY, door="rest"))
        yield Deployed(cloud, json.loads(json.dumps(stack.document)), outside)
