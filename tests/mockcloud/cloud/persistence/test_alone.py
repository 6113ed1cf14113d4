"""What is done beside calls happens alone, and is in the file when it is over."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.persistence.keeper import Keeper, keep
from mockcloud.cloud.policies import granted
from mockcloud.cloud.quotas.table import metrics
from mockcloud.simulator import new_cloud

METRIC = next(iter(metrics()))

DONE: dict[str, Callable[[Cloud], object]] = {
    "a grant": lambda cloud: granted(
        cloud, "cloudresourcemanager", "projects/acme", "roles/viewer", "user:a@acme.test"
    ),
    "a project": lambda cloud: cloud.projects.ensure("other"),
    "a limit": lambda cloud: cloud.quotas.set("acme", METRIC, 7),
    "no limit": lambda cloud: cloud.quotas.clear("acme", METRIC),
    "a member": lambda cloud: cloud.groups.add("ml@acme.test", "user:a@acme.test"),
    "no member": lambda cloud: cloud.groups.remove("ml@acme.test", "user:b@acme.test"),
}


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    made = new_cloud()
    keeper = keep(made, tmp_path)
    made.projects.ensure("acme")
    made.quotas.set("acme", METRIC, 1)
    made.groups.add("ml@acme.test", "user:b@acme.test")
    yield made
    keeper.close()


@pytest.mark.parametrize("done", DONE.values(), ids=DONE.keys())
def test_it_is_written_at_once(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, done: Callable[[Cloud], object]) -> None:
    alone: list[bool] = []
    commit = Keeper.commit

    def watched(keeper: Keeper) -> None:
        other = threading.Thread(target=lambda: alone.append(not cloud.lock.acquire(blocking=False)))
        other.start()
        other.join()
        commit(keeper)

    monkeypatch.setattr(Keeper, "commit", watched)
    done(cloud)
    assert alone == [True], "it is written once, while nobody else does anything"
    assert cloud.keeper is not None
    assert not cloud.keeper._moved()


def test_what_is_done_inside_is_written_with_the_outermost(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    monkeypatch.setattr(Keeper, "commit", lambda _: written.append(1))
    with cloud.alone():
        cloud.projects.ensure("one")
        cloud.advance(1)
        assert not written
    assert written == [1]
