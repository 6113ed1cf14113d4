"""What people do in the tests of their own code, through Google's clients as they are."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import gcsfs
import google.auth
import pytest
import requests
from google import genai
from google.api_core import exceptions
from google.cloud import aiplatform, secretmanager, storage
from google.genai import errors

from mockcloud import mock_gcp
from mockcloud.cloud.clock import START
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.faults import Fault
from mockcloud.services.aiplatform import generation, outcomes, predictors

IMAGE = "europe-west4-docker.pkg.dev/acme/serving/income:1"
POOLS = [
    {
        "machine_spec": {"machine_type": "n1-standard-4"},
        "replica_count": 1,
        "container_spec": {"image_uri": "europe-west4-docker.pkg.dev/acme/training/income:1"},
    }
]


def train(**settings: Any) -> aiplatform.CustomJob:
    """Train, as a user's own code does."""
    job = aiplatform.CustomJob(display_name="train", worker_pool_specs=POOLS, staging_bucket="gs://staging")
    job.run(**settings)
    return job


def deploy(name: str) -> Any:
    """Deploy, as a user's own code does."""
    model = aiplatform.Model.upload(display_name=name, serving_container_image_uri=IMAGE)
    return model.deploy(machine_type="n1-standard-4")


@pytest.mark.scenario(library="google-cloud-aiplatform")
def test_two_virtual_hours_of_a_job_take_no_real_second(transport: str) -> None:
    with mock_gcp(project="acme") as warm:
        aiplatform.init(location="europe-west4", api_transport=transport)
        train()
        assert warm.journal.calls
    with mock_gcp(project="acme") as cloud:
        aiplatform.init(location="europe-west4", api_transport=transport)
        outcomes.register(cloud, "train", seconds=2 * 3600)
        begun = time.monotonic()
        job = train()
        assert time.monotonic() - begun < 1
        assert job.state.name == "JOB_STATE_SUCCEEDED"
        assert cloud.clock.now - START >= timedelta(hours=2)
        took: Any = job.gca_resource.end_time - job.gca_resource.start_time
        assert took >= timedelta(hours=1.9)


@pytest.mark.scenario(library="google-cloud-aiplatform")
def test_jobs_that_run_beside_one_another_in_threads_of_the_client(cloud: Cloud) -> None:
    aiplatform.init(project="acme", location="europe-west4")
    outcomes.register(cloud, "train", seconds=3600)
    begun = time.monotonic()
    jobs = [train(sync=False) for _ in range(3)]
    for each in jobs:
        each.wait()
    assert time.monotonic() - begun < 5
    assert {each.state.name for each in jobs} == {"JOB_STATE_SUCCEEDED"}


@pytest.mark.scenario(library="google-cloud-aiplatform")
def test_a_job_that_fails_says_why(cloud: Cloud) -> None:
    aiplatform.init(project="acme", location="europe-west4")
    outcomes.register(cloud, "train", fails="Out of memory.", seconds=600)
    with pytest.raises(RuntimeError, match="Out of memory"):
        train()


@pytest.mark.scenario(library="google-cloud-aiplatform")
def test_eight_clouds_in_eight_threads_have_the_same_names_and_do_not_meet(transport: str) -> None:
    barrier = threading.Barrier(8)

    def one(number: int) -> tuple[str, list[str], int]:
        with mock_gcp(project="acme", seed=number) as cloud:
            aiplatform.init(project="acme", location="europe-west4", api_transport=transport)
            barrier.wait(timeout=30)
            endpoint = deploy("income")
            barrier.wait(timeout=30)
            listed = [each.resource_name for each in aiplatform.Endpoint.list()]
            return endpoint.resource_name, listed, len({call.project for call in cloud.journal.calls})

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, range(8)))
    assert all(listed == [made] for made, listed, _ in found)
    assert len({made for made, _, _ in found}) == 8
    assert {projects for _, _, projects in found} == {1}


@pytest.mark.scenario(library="google-cloud-aiplatform")
def test_private_endpoints_are_called_at_addresses_of_their_own() -> None:
    with mock_gcp(project="acme", off=["references"]) as cloud:
        aiplatform.init(project="acme", location="europe-west4")
        model = aiplatform.Model.upload(display_name="income", serving_container_image_uri=IMAGE)
        predictors.register(cloud, model.resource_name, lambda instances, _: [len(instances)] * len(instances))
        peered: Any = aiplatform.PrivateEndpoint.create(
            display_name="peered", network=f"projects/{cloud.projects.number_of('acme')}/global/networks/core"
        )
        peered.deploy(model=model, machine_type="n1-standard-4")
        assert peered.health_check()
        assert peered.predict(instances=[{"age": 39}]).predictions == [1]
        with pytest.raises(RuntimeError, match="404"):
            peered._http_request(method="POST", url=peered.predict_http_uri.replace("models/", "models/9"))
        settings = aiplatform.PrivateEndpoint.PrivateServiceConnectConfig(project_allowlist=["acme"])
        connected: Any = aiplatform.PrivateEndpoint.create(
            display_name="connected", private_service_connect_config=settings
        )
        connected.deploy(model=model, machine_type="n1-standard-4")
        assert connected.predict(instances=[{"age": 39}], endpoint_override="10.0.0.5").predictions == [1]


@pytest.mark.scenario(library="google-cloud-storage")
def test_a_signed_address_is_fetched_by_who_has_no_credentials(cloud: Cloud) -> None:
    del cloud
    blob = storage.Client(project="acme").create_bucket("data").blob("a.txt")
    blob.upload_from_string("text")
    address = blob.generate_signed_url(expiration=timedelta(hours=1), version="v4")
    assert requests.get(address, timeout=5).text == "text"


@pytest.mark.scenario(library="google-cloud-storage")
def test_a_call_that_fails_at_first_is_tried_again_without_a_wait(cloud: Cloud) -> None:
    bucket = storage.Client(project="acme").create_bucket("data")
    cloud.faults.add(Fault(method="storage.objects.*", status=503, count=3))
    begun = time.monotonic()
    bucket.blob("a").upload_from_string("text", if_generation_match=0)
    assert bucket.blob("a").download_as_text() == "text"
    assert time.monotonic() - begun < 1
    assert cloud.clock.now - START > timedelta(seconds=1)


@pytest.mark.scenario(library="google-cloud-secret-manager")
def test_asynchronous_clients_in_clouds_beside_one_another() -> None:
    async def one(name: str) -> list[str]:
        async with mock_gcp(project="acme"):
            client = secretmanager.SecretManagerServiceAsyncClient()
            secret: Any = {"replication": {"automatic": {}}}
            await client.create_secret(parent="projects/acme", secret_id=name, secret=secret)
            await asyncio.sleep(0)
            found = [each.name async for each in await client.list_secrets(parent="projects/acme")]
            with pytest.raises(exceptions.NotFound):
                await client.get_secret(name="projects/acme/secrets/missing")
            return [each.rpartition("/")[2] for each in found]

    async def all_of_them() -> list[list[str]]:
        return list(await asyncio.gather(*(one(name) for name in "abcd")))

    assert asyncio.run(all_of_them()) == [["a"], ["b"], ["c"], ["d"]]


# Libraries that take another way
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def client(cloud: Cloud) -> Iterator[genai.Client]:
    generation.register(cloud, "gemini-2.5-flash", lambda _: "Good morning.")
    with genai.Client(vertexai=True, project="acme", location="europe-west4") as made:
        yield made


@pytest.mark.scenario(library="google-genai")
def test_genai_answers_and_streams(client: genai.Client) -> None:
    answer = client.models.generate_content(model="gemini-2.5-flash", contents="Hello")
    assert answer.text
    streamed = "".join(
        each.text or "" for each in client.models.generate_content_stream(model="gemini-2.5-flash", contents="Hello")
    )
    assert streamed == answer.text
    assert client.models.count_tokens(model="gemini-2.5-flash", contents="Hello").total_tokens


@pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")
@pytest.mark.scenario(library="google-genai")
def test_genai_answers_tasks(client: genai.Client) -> None:
    async def ask() -> list[str | None]:
        asked = [client.aio.models.generate_content(model="gemini-2.5-flash", contents="Hello") for _ in range(3)]
        found = [each.text for each in await asyncio.gather(*asked)]
        await client.aio.aclose()
        return found

    first, *others = asyncio.run(ask())
    assert first
    assert others == [first, first]


@pytest.mark.scenario(library="google-genai")
def test_genai_tries_again_without_a_wait(cloud: Cloud) -> None:
    options = genai.types.HttpOptions(
        retry_options=genai.types.HttpRetryOptions(attempts=4, initial_delay=60, max_delay=600)
    )
    with genai.Client(vertexai=True, project="acme", location="europe-west4", http_options=options) as client:
        generation.register(cloud, "gemini-2.5-flash", lambda _: "Good morning.")
        cloud.faults.add(Fault(method="aiplatform.*", status=503, count=2))
        begun = time.monotonic()
        assert client.models.generate_content(model="gemini-2.5-flash", contents="Hello").text
        assert time.monotonic() - begun < 1
        assert cloud.clock.now - START > timedelta(seconds=60)
        cloud.faults.add(Fault(method="aiplatform.*", status=503))
        with pytest.raises(errors.ServerError):
            client.models.generate_content(model="gemini-2.5-flash", contents="Hello")


@pytest.mark.scenario(library="gcsfs")
def test_gcsfs_reads_and_writes(cloud: Cloud) -> None:
    storage.Client(project="acme").create_bucket("data")
    files = gcsfs.GCSFileSystem(project="acme", token=google.auth.default()[0], skip_instance_cache=True)
    with files.open("data/a.txt", "w") as file:
        file.write("text")
    assert files.ls("data") == ["data/a.txt"]
    assert files.cat("data/a.txt") == b"text"
    files.rm("data/a.txt")
    assert files.ls("data", refresh=True) == []
    assert {call.door for call in cloud.journal.calls} == {"process"}
