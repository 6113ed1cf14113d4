"""Which cloud a call belongs to: its credentials', else its context's, else the only open one, else none."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import google.auth
import httplib2
import httpx
import pytest
import requests
import urllib3
from google.auth.transport.requests import AuthorizedSession

from mockcloud import NoCloud, current_cloud, mock_gcp
from mockcloud.cloud.cloud import Cloud
from mockcloud.doors.process import sessions

SECRETS = "https://secretmanager.googleapis.com/v1/projects/acme/secrets"


def names() -> list[str]:
    """List the secrets by a client without credentials."""
    found = requests.get(SECRETS, timeout=5).json().get("secrets", [])
    return [each["name"].rpartition("/")[2] for each in found]


def create(name: str, client: requests.Session | None = None) -> int:
    url = f"{SECRETS}?secretId={name}"
    return (client or requests.Session()).post(url, json={"replication": {"automatic": {}}}, timeout=5).status_code


def client() -> AuthorizedSession:
    return AuthorizedSession(google.auth.default()[0])


def in_a_new_context(function: Callable[[], object]) -> object:
    """Run a function in a thread that no hook knows of."""
    found: list[object] = []

    def run() -> None:
        try:
            found.append(function())
        except NoCloud as error:
            found.append(error)

    session = sessions.CURRENT.get()
    sessions.CURRENT.set(None)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    sessions.CURRENT.set(session)
    return found[0]


# Credentials
# ---------------------------------------------------------------------------------------------------------------------


def test_credentials_come_before_the_context() -> None:
    with mock_gcp() as outer:
        of_outer = client()
        with mock_gcp() as inner:
            create("a", of_outer)
            create("b", client())
        assert [each.name for each in outer.store.page("secretmanager", "projects/acme/secrets")] == [
            "projects/acme/secrets/a"
        ]
        assert len(list(inner.store.page("secretmanager", "projects/acme/secrets"))) == 1


def test_credentials_are_enough_in_a_thread_of_nobody() -> None:
    with mock_gcp(), mock_gcp():
        own = client()
        assert in_a_new_context(lambda: create("a", own)) == 200
        assert names() == ["a"]


def test_the_caller_is_named_without_the_mark_of_the_session() -> None:
    with mock_gcp() as cloud:
        create("a", client())
        assert cloud.journal.calls[-1].caller == "user:owner@mock.test"


def test_a_client_that_has_outlived_its_cloud_calls_the_one_of_its_context() -> None:
    with mock_gcp():
        kept = client()
    with mock_gcp():
        assert create("a", kept) == 200
        assert names() == ["a"]


def test_a_thread_that_has_outlived_its_cloud_is_refused_even_if_another_is_open() -> None:
    with mock_gcp():
        kept = client()
        context = copy_context()
    with mock_gcp():
        with pytest.raises(NoCloud, match="a mock cloud that is closed"):
            context.run(create, "a", kept)
        assert names() == []


def by_requests(token: str) -> object:
    return requests.get(SECRETS, headers={"authorization": f"Bearer {token}"}, timeout=5)


def by_urllib3(token: str) -> object:
    return urllib3.PoolManager().request("GET", SECRETS, headers={"authorization": f"Bearer {token}"})


def by_httplib2(token: str) -> object:
    return httplib2.Http().request(SECRETS, headers={"authorization": f"Bearer {token}"})


def by_httpx(token: str) -> object:
    return httpx.get(SECRETS, headers={"authorization": f"Bearer {token}"})


def by_httpx_async(token: str) -> object:
    async def call() -> object:
        async with httpx.AsyncClient() as found:
            return await found.get(SECRETS, headers={"authorization": f"Bearer {token}"})

    return asyncio.run(call())


@pytest.mark.parametrize("call", [by_requests, by_urllib3, by_httplib2, by_httpx, by_httpx_async])
def test_a_token_that_has_outlived_every_cloud_stays_here(call: Callable[[str], object]) -> None:
    with mock_gcp():
        token = google.auth.default()[0].token
    with pytest.raises(NoCloud, match="a mock cloud that is closed"):
        call(token)


def test_credentials_that_have_outlived_every_cloud_are_given_to_no_transport() -> None:
    with mock_gcp():
        kept = google.auth.default()[0]
        kept.apply({})
    with pytest.raises(NoCloud, match="a mock cloud that is closed"):
        kept.apply({})


# Context
# ---------------------------------------------------------------------------------------------------------------------


def test_eight_clouds_in_eight_threads_do_not_see_one_another() -> None:
    barrier = threading.Barrier(8)

    def one(number: int) -> tuple[list[int], list[str]]:
        with mock_gcp(seed=number):
            barrier.wait(timeout=10)
            statuses = [create("same"), create(f"own-{number}", client())]
            barrier.wait(timeout=10)
            return statuses, names()

    with ThreadPoolExecutor(8) as pool:
        for number, found in enumerate(pool.map(one, range(8))):
            assert found == ([200, 200], [f"own-{number}", "same"])


def test_a_thread_is_in_the_cloud_in_which_it_was_started() -> None:
    found: list[Cloud] = []

    class Own(threading.Thread):
        def run(self) -> None:
            found.append(current_cloud())

    with mock_gcp() as outer, mock_gcp():
        pass
    with mock_gcp() as outer, mock_gcp() as inner:
        threads = [Own(), threading.Thread(target=lambda: found.append(current_cloud()))]
        timer = threading.Timer(0, lambda: found.append(current_cloud()))
        for each in (*threads, timer):
            each.start()
            each.join()
    assert found == [inner] * 3
    assert outer is not inner


def test_a_pool_works_in_the_cloud_of_whoever_submits() -> None:
    with ThreadPoolExecutor(1) as pool:
        for _ in range(2):
            with mock_gcp(), mock_gcp() as inner:
                assert pool.submit(current_cloud).result() is inner
                assert list(pool.map(lambda _: current_cloud(), range(2))) == [inner, inner]
        with pytest.raises(NoCloud):
            pool.submit(current_cloud).result()


def test_a_task_is_in_the_cloud_in_which_it_was_made() -> None:
    async def one() -> tuple[Cloud, Cloud, Cloud]:
        async with mock_gcp() as cloud:
            await asyncio.sleep(0)
            inside = await asyncio.create_task(asyncio.to_thread(current_cloud))
            in_pool = await asyncio.get_running_loop().run_in_executor(None, current_cloud)
            return cloud, inside, in_pool

    async def many() -> list[tuple[Cloud, Cloud, Cloud]]:
        return list(await asyncio.gather(*(one() for _ in range(4))))

    found = asyncio.run(many())
    assert len({id(cloud) for cloud, _, _ in found}) == 4
    assert all(cloud is inside is in_pool for cloud, inside, in_pool in found)


def test_a_cloud_that_is_closed_in_another_context_is_closed() -> None:
    door = mock_gcp()
    context = copy_context()
    context.run(door.__enter__)
    assert len(sessions.OPEN) == 1
    door.__exit__(None, None, None)
    assert not sessions.OPEN


# The only one, or none
# ---------------------------------------------------------------------------------------------------------------------


def test_the_only_open_cloud_is_everybodys() -> None:
    with mock_gcp() as cloud:
        assert in_a_new_context(current_cloud) is cloud


def test_of_several_none_is_guessed() -> None:
    with mock_gcp(), mock_gcp():
        refused = in_a_new_context(current_cloud)
    assert isinstance(refused, NoCloud)
    assert "2 open clouds" in str(refused)
    assert not isinstance(refused, OSError)
