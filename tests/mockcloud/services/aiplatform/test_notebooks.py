"""Colab Enterprise."""

import pytest

from tests.mockcloud.services.aiplatform.rest import PLACE, Api, strict

RUNTIME = {"displayName": "r", "runtimeUser": "ada@acme.test"}


def _template(api: Api, identifier: str = "small", **fields: object) -> str:
    body = {"displayName": identifier, **fields}
    path = f"notebookRuntimeTemplates?notebookRuntimeTemplateId={identifier}"
    return str(api.done("POST", path, body)["name"])


def _assigned(api: Api, template: str, **fields: object) -> str:
    body = {"notebookRuntimeTemplate": template, "notebookRuntime": RUNTIME, **fields}
    return str(api.done("POST", "notebookRuntimes:assign", body)["name"])


def test_one_template_is_the_default_one() -> None:
    api = Api()
    first, second = _template(api), _template(api, "large")
    for each in (first, second):
        assert api.ok("POST", "notebookRuntimeTemplates:setDefault", {"name": each})["isDefault"]
    assert "isDefault" not in api.ok("GET", first)


def test_a_runtime_is_like_its_template() -> None:
    api = Api()
    template = _template(api, machineSpec={"machineType": "n1-standard-8"}, idleShutdownConfig={"idleTimeout": "600s"})
    name = _assigned(api, template, notebookRuntimeId="mine")
    runtime = api.ok("GET", name)
    assert runtime["machineSpec"] == {"machineType": "n1-standard-8"}
    assert runtime["idleShutdownConfig"] == {"idleTimeout": "600s"}
    assert runtime["expirationTime"].startswith("2026-06-30")
    assert runtime["proxyUri"] == "https://mine-dot-europe-west4.aiplatform-notebook.googleusercontent.com"
    again = {"notebookRuntimeTemplate": template, "notebookRuntime": RUNTIME, "notebookRuntimeId": "mine"}
    assert api.refused("POST", "notebookRuntimes:assign", again) == "ALREADY_EXISTS"


@pytest.mark.parametrize("missing", ["displayName", "runtimeUser"])
def test_a_runtime_needs_a_name_and_a_user(missing: str) -> None:
    api = Api()
    given = {key: value for key, value in RUNTIME.items() if key != missing}
    body = {"notebookRuntimeTemplate": _template(api), "notebookRuntime": given}
    assert api.refused("POST", "notebookRuntimes:assign", body) == "INVALID_ARGUMENT"


def test_what_runs_is_not_started_in_a_strict_cloud() -> None:
    api = strict()
    template = _template(api)
    name = _assigned(api, template)
    assert api.refused("POST", f"{name}:start") == "FAILED_PRECONDITION"
    assert api.refused("DELETE", template) == "FAILED_PRECONDITION"
    api.done("POST", f"{name}:stop")
    stopped = api.ok("GET", name)
    assert stopped["runtimeState"] == "STOPPED"
    assert "healthState" not in stopped
    assert api.refused("POST", f"{name}:upgrade") == "FAILED_PRECONDITION"
    api.done("DELETE", name)
    api.done("DELETE", template)


def test_an_execution_needs_its_template() -> None:
    api = Api()
    job = {"displayName": "x", "gcsOutputUri": "gs://b/out"}
    missing = {**job, "notebookRuntimeTemplateResourceName": f"{PLACE}/notebookRuntimeTemplates/none"}
    assert api.refused("POST", "notebookExecutionJobs", missing) == "NOT_FOUND"
    made = api.done("POST", "notebookExecutionJobs", {**job, "notebookRuntimeTemplateResourceName": _template(api)})
    assert made["jobState"] == "JOB_STATE_QUEUED"
    api.cloud.advance(3600)
    assert api.ok("GET", made["name"])["jobState"] == "JOB_STATE_SUCCEEDED"
