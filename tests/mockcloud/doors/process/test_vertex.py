"""What google-cloud-aiplatform keeps a process belongs to the cloud that is open."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import aiplatform
from google.cloud.aiplatform import initializer
from google.cloud.aiplatform.metadata import metadata

from mockcloud import mock_gcp

SETTINGS: Any = initializer.global_config


@pytest.fixture(autouse=True)
def settings_of_the_process() -> Iterator[None]:
    """Settings that a user made before any cloud was open."""
    before = dict(vars(SETTINGS))
    aiplatform.init(project="outside", location="europe-west1", credentials=AnonymousCredentials())
    yield
    vars(SETTINGS).update(before)


def test_a_cloud_begins_with_the_settings_but_with_its_own_credentials() -> None:
    with mock_gcp():
        assert (SETTINGS.project, SETTINGS.location) == ("outside", "europe-west1")
        assert SETTINGS.credentials.token.startswith("mock.")


def test_what_is_set_inside_stays_inside() -> None:
    with mock_gcp():
        aiplatform.init(project="inside", location="europe-west4", staging_bucket="gs://inside")
        with mock_gcp():
            assert SETTINGS.project == "outside"
            aiplatform.init(project="innermost")
        assert (SETTINGS.project, SETTINGS.staging_bucket) == ("inside", "gs://inside")
    assert (SETTINGS.project, SETTINGS.location, SETTINGS.staging_bucket) == ("outside", "europe-west1", None)
    assert isinstance(SETTINGS.credentials, AnonymousCredentials)


def test_credentials_do_not_leak_from_one_cloud_into_the_next() -> None:
    tokens = set()
    for _ in range(2):
        with mock_gcp():
            tokens.add(SETTINGS.credentials.token)
    assert len(tokens) == 2


def test_threads_have_settings_of_their_own() -> None:
    barrier = threading.Barrier(2)
    found = {}

    def one(name: str) -> None:
        with mock_gcp():
            barrier.wait(timeout=10)
            aiplatform.init(project=name)
            barrier.wait(timeout=10)
            found[name] = SETTINGS.project

    threads = [threading.Thread(target=one, args=(name,)) for name in ("a", "b")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == {"a": "a", "b": "b"}


def test_an_experiment_ends_with_its_cloud() -> None:
    tracker: Any = metadata._experiment_tracker
    with mock_gcp():
        tracker._experiment_run = "run"
        assert tracker._experiment_run == "run"
    assert tracker._experiment_run is None
    with mock_gcp():
        assert tracker._experiment_run is None
