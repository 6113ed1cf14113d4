"""Queues that are paused, functions of the first generation, jobs of templates: through HTTP, as clients ask."""

from collections.abc import Callable

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

PLACE = "projects/acme/locations/europe-west4"


@pytest.fixture
def asking() -> Callable[[str, str], Asking]:
    cloud = new_cloud()
    return lambda api, version: Asking(cloud, f"{api}.googleapis.com", f"/{version}")


def test_a_queue_is_paused_resumed_and_emptied(asking: Callable[[str, str], Asking]) -> None:
    api = asking("cloudtasks", "v2")
    queue = f"{PLACE}/queues/scoring"
    made = api.ask("POST", f"{PLACE}/queues", {"name": queue, "rateLimits": {"maxConcurrentDispatches": 3}})[1]
    api.ask("POST", f"{queue}/tasks", {"task": {"httpRequest": {"url": "https://acme.test"}}})

    assert made["state"] == "RUNNING"
    assert made["rateLimits"] == {"maxDispatchesPerSecond": 500, "maxBurstSize": 100, "maxConcurrentDispatches": 3}
    assert made["retryConfig"]["maxAttempts"] == 100
    assert api.ask("POST", f"{queue}:pause", {})[1]["state"] == "PAUSED"
    assert api.get(queue)["state"] == "PAUSED"
    assert api.ask("POST", f"{queue}:resume", {})[1]["state"] == "RUNNING"
    assert len(api.get(f"{queue}/tasks")["tasks"]) == 1
    assert "purgeTime" in api.ask("POST", f"{queue}:purge", {})[1]
    assert api.get(f"{queue}/tasks").get("tasks", []) == []


def test_a_function_of_the_first_generation_has_an_address_and_versions(asking: Callable[[str, str], Asking]) -> None:
    api = asking("cloudfunctions", "v1")
    name = f"{PLACE}/functions/older"
    body = {"name": name, "runtime": "python312", "entryPoint": "main", "httpsTrigger": {}}
    api.done("POST", f"{PLACE}/functions", body)

    made = api.get(name)
    assert made["httpsTrigger"]["url"] == "https://europe-west4-acme.cloudfunctions.net/older"
    assert (made["status"], made["versionId"], made["timeout"]) == ("ACTIVE", "1", "60s")
    api.done("PATCH", name, {"timeout": "90s"}, "updateMask=timeout")
    assert (api.get(name)["timeout"], api.get(name)["versionId"]) == ("90s", "2")
    assert api.refused("POST", f"{PLACE}/functions", {"name": f"{PLACE}/functions/none"}) == 400


def test_a_job_of_a_classic_template_is_given_itself(asking: Callable[[str, str], Asking]) -> None:
    api = asking("dataflow", "v1b3")
    body = {"jobName": "words", "gcsPath": "gs://templates/words", "environment": {"additionalUserLabels": {"a": "b"}}}

    job = api.ask("POST", f"{PLACE}/templates", body)[1]

    assert job["name"] == "words"
    assert api.get(f"{PLACE}/jobs/{job['id']}")["labels"] == {"a": "b"}
    assert api.refused("POST", f"{PLACE}/templates", {"jobName": "words", "gcsPath": "words"}) == 400


class TestFunctionsOfTheSecondGeneration:
    """Each runs on a service of Cloud Run, which others may be let call."""

    FUNCTION = f"{PLACE}/functions/newer"
    SERVICE = f"{PLACE}/services/newer"

    def made(self, asking: Callable[[str, str], Asking]) -> tuple[Asking, Asking]:
        functions, run = asking("cloudfunctions", "v2"), asking("run", "v2")
        body = {
            "buildConfig": {"runtime": "python312", "entryPoint": "main"},
            "serviceConfig": {"availableMemory": "512M", "environmentVariables": {"A": "1"}},
        }
        functions.done("POST", f"{PLACE}/functions", body, "functionId=newer")
        return functions, run

    def test_its_service_is_there(self, asking: Callable[[str, str], Asking]) -> None:
        functions, run = self.made(asking)

        assert functions.get(self.FUNCTION)["serviceConfig"]["service"] == self.SERVICE
        service = run.get(self.SERVICE)
        container = service["template"]["containers"][0]
        assert container["env"] == [{"name": "A", "value": "1"}]
        assert container["resources"]["limits"]["memory"] == "512M"
        assert service["labels"]["goog-managed-by"] == "cloudfunctions"
        policy = {"policy": {"bindings": [{"role": "roles/run.invoker", "members": ["allUsers"]}]}}
        assert run.ask("POST", f"{self.SERVICE}:setIamPolicy", policy)[0] == 200

    def test_a_change_of_the_function_makes_a_revision(self, asking: Callable[[str, str], Asking]) -> None:
        functions, run = self.made(asking)
        before = run.get(self.SERVICE)["latestReadyRevision"]

        change = {"serviceConfig": {"availableMemory": "1Gi", "ingressSettings": "ALLOW_INTERNAL_ONLY"}}
        functions.done("PATCH", self.FUNCTION, change, "updateMask=serviceConfig")

        after = run.get(self.SERVICE)
        assert after["latestReadyRevision"] != before
        assert after["template"]["containers"][0]["resources"]["limits"]["memory"] == "1Gi"
        assert after["ingress"] == "INGRESS_TRAFFIC_INTERNAL_ONLY"

    def test_it_goes_with_the_function(self, asking: Callable[[str, str], Asking]) -> None:
        functions, run = self.made(asking)

        functions.done("DELETE", self.FUNCTION)

        assert run.refused("GET", self.SERVICE) == 404
