"""Pipeline jobs and schedules."""

from datetime import timedelta
from typing import Any

import pytest

from mockcloud.services.aiplatform import outcomes, specs
from tests.mockcloud.services.aiplatform.rest import PLACE, Api, strict


def _task(name: str, **fields: object) -> dict[str, Any]:
    return {"taskInfo": {"name": name}, "componentRef": {"name": "comp"}, **fields}


def _spec(tasks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    components = {"comp": {"executorLabel": "run"}, **fields.pop("components", {})}
    executors = {"run": {"container": {"image": "python"}}}
    spec = {"pipelineInfo": {"name": "pipe"}, "deploymentSpec": {"executors": executors}, "components": components}
    return {**spec, "root": {"dag": {"tasks": tasks}}, **fields}


def _states(api: Api, name: str) -> dict[str, str]:
    return {each["taskName"]: each["state"] for each in api.ok("GET", name)["jobDetail"].get("taskDetails", [])}


def _run(api: Api, spec: dict[str, Any], **fields: object) -> str:
    name = api.ok("POST", "pipelineJobs", {"pipelineSpec": spec, **fields})["name"]
    api.cloud.advance(3600)
    return str(name)


def test_pipelines_in_pipelines_run_too() -> None:
    inner = {"dag": {"tasks": {"b": _task("b", dependentTasks=["a"]), "a": _task("a")}}}
    tasks = {"outer": _task("outer", componentRef={"name": "inner"}), "last": _task("last", dependentTasks=["outer"])}
    spec = _spec(tasks, components={"inner": inner})
    assert [each.key for each in specs.tasks(spec)] == ["outer", "outer/a", "outer/b", "last"]
    api = Api()
    name = _run(api, spec)
    assert set(_states(api, name).values()) == {"SUCCEEDED"}
    details = {each["taskName"]: each for each in api.ok("GET", name)["jobDetail"]["taskDetails"]}
    assert details["a"]["parentTaskId"] == details["outer"]["taskId"]
    assert details["outer"]["execution"]["schemaTitle"] == "system.DagExecution"
    assert details["b"]["endTime"] <= details["last"]["startTime"]
    assert details["outer"]["endTime"] >= details["b"]["endTime"]
    outcomes.register(api.cloud, "pipe/a", fails="Broken.")
    failed = _states(api, _run(api, spec))
    assert failed == {
        "pipe": "FAILED", "outer": "FAILED", "a": "FAILED", "b": "NOT_TRIGGERED", "last": "NOT_TRIGGERED"
    }  # fmt: skip


def test_a_pipeline_behind_a_failure_does_not_begin() -> None:
    api = Api()
    outcomes.register(api.cloud, "pipe/first", fails="Broken.")
    inner = {"dag": {"tasks": {"a": _task("a")}}}
    tasks = {"first": _task("first"), "outer": _task("outer", componentRef={"name": "inner"}, dependentTasks=["first"])}
    states = _states(api, _run(api, _spec(tasks, components={"inner": inner})))
    assert (states["outer"], states["a"]) == ("NOT_TRIGGERED", "NOT_TRIGGERED")


def test_an_exit_task_runs_whatever_came_before() -> None:
    api = Api()
    outcomes.register(api.cloud, "pipe/work", fails="Broken.")
    always = {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}
    tasks = {"work": _task("work"), "exit": _task("exit", dependentTasks=["work"], triggerPolicy=always)}
    name = _run(api, _spec(tasks))
    assert _states(api, name) == {"pipe": "FAILED", "work": "FAILED", "exit": "SUCCEEDED"}
    job = api.ok("GET", name)
    assert "work" in job["error"]["message"]
    assert job["jobDetail"]["taskDetails"][1]["error"]["message"] == "Broken."


def test_a_job_that_fails_fast_begins_nothing_more() -> None:
    api = Api()
    outcomes.register(api.cloud, "pipe/bad", fails="Broken.", seconds=10)
    tasks = {"bad": _task("bad"), "slow": _task("slow"), "late": _task("late", dependentTasks=["slow"])}
    slow = _run(api, _spec(tasks))
    assert _states(api, slow)["late"] == "SUCCEEDED"
    fast = _run(api, _spec(tasks), runtimeConfig={"failurePolicy": "PIPELINE_FAILURE_POLICY_FAIL_FAST"})
    assert _states(api, fast)["late"] == "NOT_TRIGGERED"


def test_a_whole_job_fails_as_it_was_told() -> None:
    api = Api()
    outcomes.register(api.cloud, "pipe", fails="No quota.", seconds=600)
    name = _run(api, _spec({"a": _task("a")}))
    assert api.ok("GET", name)["error"]["message"] == "No quota."
    assert _states(api, name) == {"pipe": "FAILED", "a": "SUCCEEDED"}


def test_a_template_is_taken_by_its_name() -> None:
    api = Api()
    body = {"displayName": "t", "templateUri": "https://europe-kfp.pkg.dev/p/r/t/latest"}
    name = api.ok("POST", "pipelineJobs?pipelineJobId=mine", body)["name"]
    api.cloud.advance(60)
    assert api.ok("GET", name)["state"] == "PIPELINE_STATE_SUCCEEDED"
    assert api.refused("POST", "pipelineJobs?pipelineJobId=mine", body) == "ALREADY_EXISTS"


def test_inputs_that_are_passed_set_the_order() -> None:
    parameter = {"taskOutputParameter": {"producerTask": "make", "outputParameterKey": "n"}}
    constant = {"runtimeValue": {"constant": 1}}
    tasks = {"use": _task("use", inputs={"parameters": {"n": parameter, "c": constant}}), "make": _task("make")}
    found = specs.tasks(_spec(tasks))
    assert [each.key for each in found] == ["make", "use"]
    assert specs.parameters(
        {"root": {"inputDefinitions": {"parameters": {"a": {"defaultValue": 1}, "b": {}}}}}, {"b": 2}
    ) == {
        "a": 1,
        "b": 2,
    }


def test_a_pipeline_that_cannot_be_run_is_refused() -> None:
    api = Api()
    circle = {"a": _task("a", dependentTasks=["b"]), "b": _task("b", dependentTasks=["a"])}
    assert api.refused("POST", "pipelineJobs", {"pipelineSpec": _spec(circle)}) == "INVALID_ARGUMENT"
    endless = _spec({"a": _task("a", componentRef={"name": "self"})})
    endless["components"]["self"] = {"dag": {"tasks": {"a": _task("a", componentRef={"name": "self"})}}}
    assert api.refused("POST", "pipelineJobs", {"pipelineSpec": endless}) == "INVALID_ARGUMENT"


def test_several_jobs_are_cancelled_and_deleted() -> None:
    api = strict()
    body = {"pipelineSpec": _spec({"a": _task("a")})}
    names = [api.ok("POST", "pipelineJobs", body)["name"] for _ in range(2)]
    assert api.refused("POST", "pipelineJobs:batchDelete", {"names": names}) == "FAILED_PRECONDITION"
    cancelled = api.done("POST", "pipelineJobs:batchCancel", {"names": names})
    assert {each["state"] for each in cancelled["pipelineJobs"]} == {"PIPELINE_STATE_CANCELLING"}
    api.cloud.advance(60)
    again = api.done("POST", "pipelineJobs:batchCancel", {"names": names})
    assert {each["state"] for each in again["pipelineJobs"]} == {"PIPELINE_STATE_CANCELLED"}
    assert len(api.done("POST", "pipelineJobs:batchDelete", {"names": names})["pipelineJobs"]) == 2
    assert api.ok("GET", "pipelineJobs") == {}


# Schedules
# ---------------------------------------------------------------------------------------------------------------------


def _schedule(**fields: object) -> dict[str, object]:
    request = {"parent": PLACE, "pipelineJob": {"pipelineSpec": _spec({"a": _task("a")})}}
    return {"displayName": "s", "cron": "0 * * * *", "createPipelineJobRequest": request, **fields}


@pytest.mark.parametrize(
    "fields",
    [{"cron": "never"}, {"createPipelineJobRequest": {}}, {"createNotebookExecutionJobRequest": {"parent": PLACE}}],
)
def test_a_schedule_is_refused(fields: dict[str, object]) -> None:
    assert Api().refused("POST", "schedules", _schedule(**fields)) == "INVALID_ARGUMENT"


def test_no_more_runs_than_are_allowed_are_under_way() -> None:
    api = Api()
    outcomes.register(api.cloud, "pipe/a", seconds=7000)
    name = api.ok("POST", "schedules", _schedule(maxConcurrentRunCount="1"))["name"]
    api.cloud.advance(timedelta(hours=2, minutes=1))
    schedule = api.ok("GET", name)
    assert schedule["startedRunCount"] == "1"
    assert "skipped" in schedule["lastScheduledRunResponse"]["runResponse"]
    assert api.ok("POST", f"{name}:resume") == {}


def test_a_schedule_ends() -> None:
    api = Api()
    ending = api.ok("POST", "schedules", _schedule(endTime="2026-01-01T01:30:00Z"))["name"]
    past = api.ok("POST", "schedules", _schedule(endTime="2026-01-01T00:30:00Z"))
    assert "nextRunTime" not in past
    later = api.ok("POST", "schedules", _schedule(startTime="2026-01-02T00:00:00Z"))
    assert later["nextRunTime"] == "2026-01-02T00:00:00Z"
    api.cloud.advance(timedelta(hours=5))
    assert api.ok("GET", ending)["state"] == "COMPLETED"
    assert api.ok("GET", ending)["startedRunCount"] == "1"
    assert api.ok("GET", later["name"])["startedRunCount"] == "0"


def test_a_schedule_ends_after_so_many_runs() -> None:
    api = Api()
    name = api.ok("POST", "schedules", _schedule(maxRunCount="2"))["name"]
    api.cloud.advance(timedelta(hours=5))
    schedule = api.ok("GET", name)
    assert (schedule["state"], schedule["startedRunCount"]) == ("COMPLETED", "2")
    assert "nextRunTime" not in schedule


def test_what_was_missed_is_caught_up() -> None:
    api = strict()
    name = api.ok("POST", "schedules", _schedule())["name"]
    assert api.refused("POST", f"{name}:resume") == "FAILED_PRECONDITION"
    api.ok("POST", f"{name}:pause")
    assert api.refused("POST", f"{name}:pause") == "FAILED_PRECONDITION"
    api.ok("PATCH", name, {"displayName": "paused"})
    api.cloud.advance(timedelta(minutes=90))
    assert api.ok("GET", name)["startedRunCount"] == "0"
    api.ok("POST", f"{name}:resume", {"catchUp": True})
    api.cloud.advance(1)
    schedule = api.ok("GET", name)
    assert (schedule["startedRunCount"], schedule["catchUp"]) == ("1", True)
    assert schedule["nextRunTime"] == "2026-01-01T02:00:00Z"
    api.ok("POST", f"{name}:pause")
    api.ok("POST", f"{name}:resume", {"catchUp": True})
    assert api.ok("GET", name)["nextRunTime"] == "2026-01-01T02:00:00Z"
    api.ok("DELETE", name)
    api.cloud.advance(timedelta(hours=3))
    assert len(api.ok("GET", "pipelineJobs")["pipelineJobs"]) == 1


def test_whoever_waits_for_a_schedule_does_not_wait_for_ever() -> None:
    api = Api()
    api.cloud.waits = "poll"
    name = api.ok("POST", "schedules", _schedule())["name"]
    assert api.ok("GET", name)["startedRunCount"] == "0"
    lenient = Api()
    other = lenient.ok("POST", "schedules", _schedule())["name"]
    lenient.ok("POST", f"{other}:pause")
    assert lenient.ok("POST", f"{other}:pause") == {}
