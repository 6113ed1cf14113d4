"""The end of a resource's life comes with time, not with somebody who looks; and what is reset is forgotten."""

from datetime import timedelta

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.masks import apply_mask
from mockcloud.doors.wire import HttpRequest, answer
from mockcloud.simulator import new_cloud

SECRETS = "/v1/projects/acme/secrets"


def ask(cloud: Cloud, verb: str, path: str, query: str = "", body: bytes = b"") -> int:
    return answer(cloud, HttpRequest(verb, "secretmanager.googleapis.com", path, query, {}, body)).status


def test_looking_at_a_secret_does_not_end_it() -> None:
    cloud = new_cloud(waits="poll")
    body = b'{"replication": {"automatic": {}}, "ttl": "86400s"}'
    assert ask(cloud, "POST", SECRETS, "secretId=a", body) == 200
    before = cloud.clock.now
    assert ask(cloud, "GET", f"{SECRETS}/a") == 200
    assert cloud.clock.now - before < timedelta(minutes=1)
    cloud.advance(90_000)
    assert ask(cloud, "GET", f"{SECRETS}/a") == 404


def test_policies_that_were_to_count_later_are_forgotten_with_the_cloud() -> None:
    cloud = new_cloud()
    cloud.access.delay = timedelta(hours=1)
    assert ask(cloud, "POST", SECRETS, "secretId=a", b'{"replication": {"automatic": {}}}') == 200
    policy = b'{"policy": {"bindings": [{"role": "roles/viewer", "members": ["user:alice@acme.test"]}]}}'
    assert ask(cloud, "POST", f"{SECRETS}/a:setIamPolicy", "", policy) == 200
    assert cloud.access._late
    cloud.reset()
    assert not cloud.access._late


def test_a_mask_clears_what_is_null() -> None:
    old = {"labels": {"a": "b"}, "name": "n"}
    assert apply_mask(old, {"labels": None}, [("labels",)]) == {"name": "n"}
    assert apply_mask(old, {"labels": None, "name": "n"}, [("*",)]) == {"name": "n"}
