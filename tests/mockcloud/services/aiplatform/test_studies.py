"""Studies of Vizier."""

import pytest

from tests.mockcloud.services.aiplatform.rest import Api

SPEC = {
    "metrics": [{"metricId": "auc", "goal": "MAXIMIZE"}],
    "parameters": [{"parameterId": "rate", "doubleValueSpec": {"minValue": 0, "maxValue": 1}}],
}
ASKED = {"suggestionCount": 1, "clientId": "one"}


def _study(api: Api) -> str:
    return str(api.ok("POST", "studies", {"displayName": "s", "studySpec": SPEC})["name"])


@pytest.mark.parametrize("spec", [{"metrics": SPEC["metrics"]}, {"parameters": SPEC["parameters"]}])
def test_a_study_needs_metrics_and_parameters(spec: dict[str, object]) -> None:
    assert Api().refused("POST", "studies", {"displayName": "s", "studySpec": spec}) == "INVALID_ARGUMENT"


def test_a_study_is_looked_up() -> None:
    api = Api()
    name = _study(api)
    assert api.ok("POST", "studies:lookup", {"displayName": "s"})["name"] == name
    assert api.refused("POST", "studies:lookup", {"displayName": "other"}) == "NOT_FOUND"
    assert api.ok("POST", f"{name}/trials:listOptimalTrials", {}) == {}


def test_each_client_gets_its_own_trials() -> None:
    api = Api()
    study = _study(api)
    requested = api.ok("POST", f"{study}/trials", {"parameters": [{"parameterId": "rate", "value": 0.25}]})
    assert requested["state"] == "REQUESTED"
    first = api.done("POST", f"{study}/trials:suggest", ASKED)["trials"][0]
    assert first["name"] == requested["name"]
    assert first["parameters"][0]["value"] == 0.25
    second = api.done("POST", f"{study}/trials:suggest", {**ASKED, "clientId": "two"})["trials"][0]
    assert second["name"] != first["name"]
    assert api.done("POST", f"{study}/trials:suggest", ASKED)["trials"][0]["name"] == first["name"]
    api.ok("DELETE", second["name"])
    third = api.done("POST", f"{study}/trials:suggest", {**ASKED, "clientId": "two"})["trials"][0]
    assert third["id"] == "3"
    assert api.refused("POST", f"{study}/trials:suggest", {"suggestionCount": 1}) == "INVALID_ARGUMENT"
    assert api.refused("POST", f"{study}/trials:suggest", {"clientId": "x"}) == "INVALID_ARGUMENT"
    assert api.refused("POST", f"{study}0/trials:suggest", ASKED) == "NOT_FOUND"


def test_a_trial_ends_once() -> None:
    api = Api()
    study = _study(api)
    trial = api.done("POST", f"{study}/trials:suggest", ASKED)["trials"][0]["name"]
    assert api.refused("POST", f"{trial}:complete", {}) == "FAILED_PRECONDITION"
    measurement = {"metrics": [{"metricId": "auc", "value": 0.5}]}
    added = api.ok("POST", f"{trial}:addTrialMeasurement", {"measurement": measurement})
    assert added["measurements"] == [measurement]
    final = {"metrics": [{"metricId": "auc", "value": 0.75}]}
    done = api.ok("POST", f"{trial}:complete", {"finalMeasurement": final})
    assert (done["state"], done["finalMeasurement"]) == ("SUCCEEDED", final)
    for verb, body in (("complete", {}), ("addTrialMeasurement", {"measurement": final}), ("stop", {})):
        assert api.refused("POST", f"{trial}:{verb}", body) == "FAILED_PRECONDITION"
    best = api.ok("POST", f"{study}/trials:listOptimalTrials", {})["optimalTrials"]
    assert [each["name"] for each in best] == [trial]
    assert api.done("POST", f"{trial}:checkTrialEarlyStoppingState", {})["shouldStop"] is False
