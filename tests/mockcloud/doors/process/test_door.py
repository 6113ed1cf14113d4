import asyncio
import unittest
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import google.auth
import pytest
import requests

import mockcloud
from mockcloud import current_cloud, mock_gcp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.rules.chain import NoSuchRule, Rule
from mockcloud.doors.process import installation, sessions
from mockcloud.doors.process.cloud import MockCloud
from mockcloud.simulator import new_cloud

SECRETS = "https://secretmanager.googleapis.com/v1/projects/acme/secrets"


def create(name: str = "a") -> int:
    made = requests.post(f"{SECRETS}?secretId={name}", json={"replication": {"automatic": {}}}, timeout=5)
    return made.status_code


def test_a_block_has_a_cloud_of_its_own() -> None:
    with mock_gcp() as first:
        assert create() == 200
        assert create() == 409
        assert current_cloud() is first
    with mock_gcp():
        assert create() == 200
    assert not sessions.OPEN


def test_a_block_that_fails_closes_its_cloud() -> None:
    with pytest.raises(ZeroDivisionError), mock_gcp():
        _ = 1 / 0
    assert not sessions.OPEN


def test_the_inner_of_two_clouds_is_called_and_then_the_outer_again() -> None:
    with mock_gcp() as outer:
        with mock_gcp() as inner:
            create("inner")
            assert current_cloud() is inner
        create("outer")
        assert current_cloud() is outer
        assert [call.name for call in outer.journal.calls] == ["projects/acme/secrets"]
        assert len(inner.journal.calls) == 1


def test_one_door_opens_many_clouds_even_inside_one_another() -> None:
    door = mock_gcp()
    with door as one, door as two:
        assert one is not two
        assert current_cloud() is two
    assert not sessions.OPEN


def test_the_arguments_are_the_clouds() -> None:
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    with mock_gcp("strict", off=["access"], seed=7, start=moment, waits="poll", project="acme") as cloud:
        assert cloud.rules.on(Rule.ENABLEMENT)
        assert not cloud.rules.on(Rule.ACCESS)
        assert (cloud.ids.seed, cloud.clock.now, cloud.waits) == (7, moment, "poll")
        assert google.auth.default()[1] == "acme"


def test_a_cloud_can_be_opened_that_there_is() -> None:
    cloud = new_cloud(kind=MockCloud)
    for expected in (200, 409):
        with mock_gcp(cloud=cloud) as opened:
            assert opened is cloud
            assert create() == expected


def test_a_profile_that_there_is_not_is_refused_when_it_is_opened() -> None:
    with pytest.raises(NoSuchRule, match="profile"), mock_gcp("lenent"):
        pass


def test_without_a_cloud_there_is_no_current_one() -> None:
    with pytest.raises(mockcloud.NoCloud, match="0 open clouds"):
        current_cloud()


def test_an_asynchronous_block() -> None:
    async def block() -> Cloud:
        async with mock_gcp() as cloud:
            assert current_cloud() is cloud
            return cloud

    assert isinstance(asyncio.run(block()), Cloud)
    assert not sessions.OPEN


# Decorators
# ---------------------------------------------------------------------------------------------------------------------


@mock_gcp
def bare(name: str) -> tuple[int, Cloud]:
    return create(name), current_cloud()


@mock_gcp(project="acme", seed=3)
def with_arguments() -> tuple[str | None, int]:
    return google.auth.default()[1], current_cloud().ids.seed


@mock_gcp
async def asynchronous() -> Cloud:
    await asyncio.sleep(0)
    return current_cloud()


@mock_gcp
def generator() -> Iterator[Cloud]:
    yield current_cloud()
    yield current_cloud()


@mock_gcp
async def asynchronous_generator() -> AsyncIterator[Cloud]:
    yield current_cloud()


def test_a_decorated_function_has_a_new_cloud_each_time() -> None:
    first, second = bare("a"), bare("a")
    assert first[0] == second[0] == 200
    assert first[1] is not second[1]
    assert bare.__name__ == "bare"
    assert not sessions.OPEN


def test_a_decorator_takes_arguments() -> None:
    assert with_arguments() == ("acme", 3)


def test_a_decorated_asynchronous_function() -> None:
    async def both() -> list[Cloud]:
        return list(await asyncio.gather(asynchronous(), asynchronous()))

    one, two = asyncio.run(both())
    assert one is not two


def test_decorated_generators() -> None:
    one, two = generator()
    assert one is two

    async def all_of_it() -> list[Cloud]:
        return [each async for each in asynchronous_generator()]

    assert len(asyncio.run(all_of_it())) == 1
    assert not sessions.OPEN


@mock_gcp
class Plain:
    def method(self) -> Cloud:
        assert self._helper() is current_cloud()
        return current_cloud()

    def _helper(self) -> Cloud:
        return current_cloud()


@mock_gcp
class Case(unittest.TestCase):
    def setUp(self) -> None:
        self.cloud = current_cloud()
        create("made-before")

    def test_it_has_what_was_set_up(self) -> None:
        assert current_cloud() is self.cloud
        assert create("made-before") == 409

    def tearDown(self) -> None:
        assert current_cloud() is self.cloud


@mock_gcp
class SetUpByPytest:
    def setup_method(self, method: object) -> None:
        self.of = method
        create("made-before")

    def test_it(self) -> int:
        return create("made-before")

    def teardown_method(self) -> None:
        create("made-after")


@mock_gcp
class SetUpFails:
    def setup_method(self) -> None:
        raise ZeroDivisionError


def test_each_public_method_of_a_class_has_a_cloud() -> None:
    thing = Plain()
    assert thing.method() is not thing.method()


def test_a_test_case_of_unittest_is_set_up_inside_its_cloud() -> None:
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
    assert (result.testsRun, result.failures, result.errors) == (1, [], [])
    assert not sessions.OPEN


def test_what_pytest_sets_up_shares_the_cloud_of_the_method() -> None:
    thing = SetUpByPytest()
    thing.setup_method(thing.test_it)
    assert thing.test_it() == 409
    thing.teardown_method()
    assert not sessions.OPEN
    failing = SetUpFails()
    with pytest.raises(ZeroDivisionError):
        failing.setup_method()
    assert not sessions.OPEN


# Installation
# ---------------------------------------------------------------------------------------------------------------------


def test_the_hooks_are_installed_once_and_never_swapped() -> None:
    with mock_gcp():
        inside = (requests.adapters.HTTPAdapter.send, google.auth.default)
    installation.install()
    with mock_gcp():
        assert (requests.adapters.HTTPAdapter.send, google.auth.default) == inside
    assert (requests.adapters.HTTPAdapter.send, google.auth.default) == inside
