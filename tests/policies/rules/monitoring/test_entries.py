"""Log entries that nothing may hide."""

from groundplan_policies.rules.monitoring.entries import protected

AUDIT, MODELS = "cloudaudit.googleapis.com", "aiplatform.googleapis.com"
LOGS = {
    "audit logs": [
        f"{AUDIT}/{each}" for each in ("activity", "data_access", "system_event", "policy", "access_transparency")
    ],
    "logs of predictions": [
        *(f"{MODELS}/{each}" for each in ("prediction_access", "prediction_container", "online_prediction")),
    ],
    "logs of firewalls": ["compute.googleapis.com/firewall"],
}


def test_every_log_of_each_kind_is_there() -> None:
    assert {what: [each["log_id"] for each in found] for what, found in protected("").items()} == LOGS
    assert all("logName" not in each for found in protected("").values() for each in found)


def test_a_project_that_is_known_tells_the_whole_name() -> None:
    names = [each["logName"] for found in protected("acme").values() for each in found]
    expected = [each.replace("/", "%2F") for logs in LOGS.values() for each in logs]
    assert names == [f"projects/acme/logs/{each}" for each in expected]
