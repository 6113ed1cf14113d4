"""Model monitoring, both forms."""

from tests.mockcloud.services.aiplatform.rest import PLACE, Api, strict


def _endpoint(api: Api) -> None:
    api.done("POST", "models:upload", {"model": {"displayName": "churn"}, "modelId": "churn"})
    api.done("POST", "endpoints?endpointId=1", {"displayName": "e"})
    deployed = {"model": f"{PLACE}/models/churn", "automaticResources": {}, "id": "5"}
    api.done("POST", "endpoints/1:deployModel", {"deployedModel": deployed})


def _job(deployed: str = "5", **fields: object) -> dict[str, object]:
    return {
        "displayName": "drift",
        "endpoint": f"{PLACE}/endpoints/1",
        "modelDeploymentMonitoringObjectiveConfigs": [{"deployedModelId": deployed}],
        **fields,
    }


def test_monitoring_goes_on_until_it_is_paused() -> None:
    api = strict()
    _endpoint(api)
    path = "modelDeploymentMonitoringJobs"
    assert api.refused("POST", path, _job("9")) == "INVALID_ARGUMENT"
    assert api.refused("POST", path, _job(endpoint=f"{PLACE}/endpoints/2")) == "NOT_FOUND"
    made = api.ok("POST", path, _job(modelDeploymentMonitoringScheduleConfig={"monitorInterval": "7200s"}))
    name = made["name"]
    assert made["state"] == "JOB_STATE_PENDING"
    api.cloud.advance(61)
    assert api.ok("GET", name)["scheduleState"] == "RUNNING"
    api.cloud.advance(7200)
    first = api.ok("GET", name)["latestMonitoringPipelineMetadata"]["runTime"]
    assert api.refused("POST", f"{name}:resume") == "FAILED_PRECONDITION"
    api.ok("POST", f"{name}:pause")
    assert api.refused("POST", f"{name}:pause") == "FAILED_PRECONDITION"
    api.cloud.advance(36_000)
    assert api.ok("GET", name)["latestMonitoringPipelineMetadata"]["runTime"] == first
    api.ok("POST", f"{name}:resume")
    api.cloud.advance(7201)
    assert api.ok("GET", name)["latestMonitoringPipelineMetadata"]["runTime"] > first
    assert api.ok("POST", f"{name}:searchModelDeploymentMonitoringStatsAnomalies", {"deployedModelId": "5"}) == {}
    api.done("DELETE", name)
    assert "modelDeploymentMonitoringJob" not in api.ok("GET", "endpoints/1")


def test_an_endpoint_may_go_before_its_monitoring() -> None:
    api = Api()
    _endpoint(api)
    name = api.ok("POST", "modelDeploymentMonitoringJobs", _job())["name"]
    api.cloud.advance(4000)
    api.done("DELETE", "endpoints/1")
    assert api.ok("POST", f"{name}:resume") == {}
    api.done("DELETE", name)


def test_a_monitor_knows_its_model() -> None:
    api = Api(version="v1beta1")
    _endpoint(api)
    target = {"vertexModel": {"model": f"{PLACE}/models/churn"}}
    made = api.done("POST", "modelMonitors?modelMonitorId=mine", {"displayName": "m", "modelMonitoringTarget": target})
    assert made["modelMonitoringTarget"]["vertexModel"]["modelVersionId"] == "1"
    plain = api.done("POST", "modelMonitors", {"displayName": "m"})
    assert plain["name"].rpartition("/")[2].isdigit()
    bad = {"vertexModel": {"model": f"{PLACE}/models/churn", "modelVersionId": "9"}}
    assert api.refused("POST", "modelMonitors", {"displayName": "m", "modelMonitoringTarget": bad}) == "NOT_FOUND"
    assert api.ok("POST", f"{made['name']}:searchModelMonitoringStats", {}) == {}
    assert api.ok("POST", f"{made['name']}:searchModelMonitoringAlerts", {}) == {"totalNumberAlerts": "0"}
    job = api.ok("POST", f"{made['name']}/modelMonitoringJobs", {"displayName": "j"})
    api.cloud.advance(3600)
    assert api.ok("GET", job["name"])["state"] == "JOB_STATE_SUCCEEDED"
    request = {"parent": made["name"], "modelMonitoringJob": {"displayName": "again"}}
    schedule = {"displayName": "s", "cron": "0 * * * *", "createModelMonitoringJobRequest": request}
    api.ok("POST", "schedules", schedule)
    api.cloud.advance(3 * 3600)
    jobs = api.ok("GET", f"{made['name']}/modelMonitoringJobs")["modelMonitoringJobs"]
    assert len([each for each in jobs if each.get("schedule")]) >= 2
