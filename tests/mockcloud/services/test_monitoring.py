"""Cloud Monitoring over HTTP: what its client does not show."""

from typing import Any

import pytest

from mockcloud.services.monitoring.filtering import plain
from tests.mockcloud.services.data_rest import Rest

PROJECT = "/projects/acme"
WINDOW = "interval.startTime=2026-01-01T00:00:00Z&interval.endTime=2026-01-01T01:00:00Z"
TYPE = 'filter=metric.type%3D"custom.googleapis.com/m"'


@pytest.fixture
def rest() -> Rest:
    return Rest("monitoring.googleapis.com", "/v3")


def point(minute: int, **value: object) -> dict[str, Any]:
    return {"interval": {"endTime": f"2026-01-01T00:{minute:02}:00Z"}, "value": value}


def write(rest: Rest, *points: dict[str, Any], kind: str = "custom.googleapis.com/m", **further: Any) -> None:
    for each in points:
        rest(
            "POST",
            f"{PROJECT}/timeSeries",
            "",
            {"timeSeries": [{"metric": {"type": kind}, "points": [each], **further}]},
        )


@pytest.mark.parametrize(
    "series",
    [
        {"metric": {"type": "word"}, "points": [point(1, doubleValue=1)]},
        {"metric": {"type": "custom.googleapis.com/m"}, "points": []},
        {"metric": {"type": "custom.googleapis.com/m"}, "points": [{"value": {"doubleValue": 1}}]},
        {"metric": {"type": "custom.googleapis.com/m"}, "points": [point(1)]},
    ],
)
def test_points_that_cannot_be(rest: Rest, series: dict[str, Any]) -> None:
    assert rest.refused("POST", f"{PROJECT}/timeSeries", "", {"timeSeries": [series]})[0] == 400
    assert rest.refused("POST", f"{PROJECT}/timeSeries", "", {})[0] == 400


@pytest.mark.parametrize(
    ("aligner", "value"),
    [
        ("ALIGN_MEAN", 2.5),
        ("ALIGN_MIN", 1.0),
        ("ALIGN_SUM", 10.0),
        ("ALIGN_NEXT_OLDER", 4.0),
        ("ALIGN_DELTA", 3.0),
        ("ALIGN_RATE", 3 / 3600),
        ("ALIGN_STDDEV", 1.25**0.5),
        ("ALIGN_PERCENTILE_50", 2.5),
        ("ALIGN_PERCENTILE_99", 3.97),
    ],
)
def test_ways_to_align(rest: Rest, aligner: str, value: float) -> None:
    write(rest, *(point(minute, int64Value=str(minute)) for minute in range(1, 5)))
    query = f"{TYPE}&{WINDOW}&aggregation.alignmentPeriod=3600s&aggregation.perSeriesAligner={aligner}"
    (series,) = rest("GET", f"{PROJECT}/timeSeries", query)["timeSeries"]
    assert series["points"][0]["value"]["doubleValue"] == pytest.approx(value)


@pytest.mark.parametrize(
    "further",
    [
        "&aggregation.crossSeriesReducer=REDUCE_SUM",
        "&aggregation.perSeriesAligner=ALIGN_MEAN",
        "&aggregation.perSeriesAligner=ALIGN_MEAN&aggregation.alignmentPeriod=0s",
    ],
)
def test_aggregations_that_cannot_be(rest: Rest, further: str) -> None:
    assert rest.refused("GET", f"{PROJECT}/timeSeries", f"{TYPE}&{WINDOW}{further}")[0] == 400


def test_aggregations_that_are_not_modelled(rest: Rest) -> None:
    query = f"{TYPE}&{WINDOW}&aggregation.perSeriesAligner=ALIGN_INTERPOLATE&aggregation.alignmentPeriod=60s"
    assert rest.refused("GET", f"{PROJECT}/timeSeries", query)[0] == 501
    assert rest.refused("GET", f"{PROJECT}/timeSeries", WINDOW)[0] == 400
    assert rest.refused("GET", f"{PROJECT}/timeSeries", TYPE)[0] == 400


def test_values_of_every_kind(rest: Rest) -> None:
    for kind, value in (
        ("custom.googleapis.com/b", {"boolValue": True}),
        ("custom.googleapis.com/d", {"distributionValue": {"count": "2", "mean": 4}}),
        ("custom.googleapis.com/s", {"stringValue": "x"}),
    ):
        write(rest, point(1, **value), kind=kind)
    align = "aggregation.perSeriesAligner=ALIGN_MAX&aggregation.alignmentPeriod=3600s"
    for name, number in (("b", 1.0), ("d", 4.0)):
        found = rest(
            "GET", f"{PROJECT}/timeSeries", f'filter=metric.type%3D"custom.googleapis.com/{name}"&{WINDOW}&{align}'
        )
        assert found["timeSeries"][0]["points"][0]["value"]["doubleValue"] == number
    query = f'filter=metric.type%3D"custom.googleapis.com/s"&{WINDOW}&{align}'
    assert rest.refused("GET", f"{PROJECT}/timeSeries", query)[0] == 400
    assert "timeSeries" not in rest("GET", f"{PROJECT}/timeSeries", f"{TYPE}&interval.endTime=2026-01-01T00:00:00Z")
    described = rest("GET", f"{PROJECT}/metricDescriptors/custom.googleapis.com/b")
    assert described["valueType"] == "BOOL"
    rest("DELETE", f"{PROJECT}/metricDescriptors/custom.googleapis.com/b")
    assert rest.refused("POST", f"{PROJECT}/metricDescriptors", "", {"type": "x"})[0] == 400
    again = {"type": "custom.googleapis.com/d", "metricKind": "GAUGE", "valueType": "DISTRIBUTION", "unit": "s"}
    assert rest("POST", f"{PROJECT}/metricDescriptors", "", again)["unit"] == "s"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('metric.label.x = "1"', 'metric.labels.x = "1"'),
        ('metric.type = ends_with("x")', 'metric.type = "*x"'),
        ('metric.type != has_substring("x")', 'metric.type != "*x*"'),
        ('a = monitoring.regex.full_match("x.y")', 'a =~ "^(?:x.y)$"'),
        ('a != monitoring.regex.full_match("x")', 'a !~ "^(?:x)$"'),
        ('a = one_of("x", "y")', 'a = ("x" OR "y")'),
    ],
)
def test_filters_are_made_plain(text: str, found: str) -> None:
    assert plain(text) == found


def test_channels_are_verified(rest: Rest) -> None:
    path = f"{PROJECT}/notificationChannels"
    assert rest.refused("POST", path, "", {})[0] == 400
    made = rest("POST", path, "", {"type": "email", "labels": {"email_address": "a@acme.test"}})
    one = "/" + made["name"]
    rest("POST", f"{one}:sendVerificationCode", "", {})
    code = rest("POST", f"{one}:getVerificationCode", "", {"expireTime": "2026-02-01T00:00:00Z"})
    assert code["expireTime"] == "2026-02-01T00:00:00Z"
    assert rest.refused("POST", f"{one}:verify", "", {"code": "G-0"})[0] == 400
    assert rest("POST", f"{one}:verify", "", {"code": code["code"]})["verificationStatus"] == "VERIFIED"
    changed = rest("PATCH", one, "", {"type": "email", "displayName": "x"})
    assert (changed["displayName"], len(changed["mutationRecords"])) == ("x", 2)
    assert rest("GET", f"{PROJECT}/notificationChannelDescriptors/email")["labels"] == [{"key": "email_address"}]
    assert rest.refused("GET", f"{PROJECT}/notificationChannelDescriptors/pigeon")[0] == 404
    assert rest("GET", f"{PROJECT}/alerts") == {"totalSize": 0}
    assert rest.refused("POST", f"{PROJECT}/snoozes", "", {})[0] == 400


def test_a_channel_in_use_stays(rest: Rest) -> None:
    rest.cloud.rules.switch("in-use", on=True)
    channel = rest("POST", f"{PROJECT}/notificationChannels", "", {"type": "sms"})["name"]
    conditions = [{"displayName": "c", "conditionAbsent": {"filter": "x", "duration": "60s"}}]
    body = {"displayName": "p", "combiner": "AND", "conditions": conditions, "notificationChannels": [channel]}
    policy = rest("POST", f"{PROJECT}/alertPolicies", "", body)
    assert rest.refused("DELETE", f"/{channel}")[0] == 400
    replaced = rest("PATCH", f"/{policy['name']}", "", {"displayName": "q", "conditions": policy["conditions"]})
    assert replaced["conditions"][0]["name"] == policy["conditions"][0]["name"]
    rest("DELETE", f"/{channel}")


def test_checks_groups_and_objectives(rest: Rest) -> None:
    assert rest.refused("POST", f"{PROJECT}/uptimeCheckConfigs", "", {"displayName": "x"})[0] == 400
    check = rest("POST", f"{PROJECT}/uptimeCheckConfigs", "", {"displayName": "---", "tcpCheck": {"port": 80}})
    assert check["name"].rpartition("/")[2].startswith("check-")
    changed = rest("PATCH", f"/{check['name']}", "updateMask=timeout", {"timeout": "5s"})
    assert changed["timeout"] == "5s"
    assert len(rest("GET", "/uptimeCheckIps")["uptimeCheckIps"]) == 3
    assert rest.refused("POST", f"{PROJECT}/groups", "", {"displayName": "x"})[0] == 400
    top = rest("POST", f"{PROJECT}/groups", "", {"displayName": "t", "filter": "x"})["name"]
    low = rest("POST", f"{PROJECT}/groups", "", {"displayName": "l", "filter": "x", "parentName": top})["name"]
    assert [each["name"] for each in rest("GET", f"{PROJECT}/groups", f"ancestorsOfGroup={low}")["group"]] == [top]
    assert [each["name"] for each in rest("GET", f"{PROJECT}/groups", f"descendantsOfGroup={top}")["group"]] == [low]
    assert rest("GET", f"/{top}/members") == {"totalSize": 0}
    service = rest("POST", f"{PROJECT}/services", "serviceId=s", {"displayName": "S"})
    assert service["custom"] == {}
    assert rest.refused("POST", f"/{service['name']}/serviceLevelObjectives", "", {"goal": 2})[0] == 400


def test_dashboards(rest: Rest) -> None:
    v1 = Rest("monitoring.googleapis.com", "/v1", rest.cloud)
    path = f"{PROJECT}/dashboards"
    assert v1.refused("POST", path, "", {})[0] == 400
    body = {"displayName": "ML", "gridLayout": {"columns": "2"}}
    assert "etag" in v1("POST", path, "validateOnly=true", body)
    made = v1("POST", path, "", {**body, "name": "projects/acme/dashboards/ml"})
    assert made["name"] == f"projects/{rest.cloud.projects.number_of('acme')}/dashboards/ml"
    assert v1.refused("POST", path, "", {**body, "name": "projects/acme/dashboards/ml"})[0] == 409
    changed = v1("PATCH", f"{path}/ml", "", {"displayName": "New", "etag": made["etag"]})
    assert "gridLayout" not in changed
    assert v1.refused("PATCH", f"{path}/ml", "", {"displayName": "x", "etag": made["etag"]})[0] == 409
    assert v1("PATCH", f"{path}/ml", "validateOnly=true", {"displayName": "y"})["displayName"] == "y"
    assert [each["displayName"] for each in v1("GET", path)["dashboards"]] == ["New"]
    v1("DELETE", f"{path}/ml")
    assert v1.refused("GET", f"{path}/ml")[0] == 404


def test_scopes_of_metrics(rest: Rest) -> None:
    v1 = Rest("monitoring.googleapis.com", "/v1", rest.cloud)
    for each in ("acme", "other"):
        rest.cloud.projects.ensure(each)
    path = "/locations/global/metricsScopes"
    operation = v1("POST", f"{path}/acme/projects", "", {"name": "locations/global/metricsScopes/acme/projects/other"})
    assert operation["name"]
    assert v1.refused("POST", f"{path}/acme/projects", "", {"name": f"{path[1:]}/acme/projects/other"})[0] == 409
    assert len(v1("GET", f"{path}/acme")["monitoredProjects"]) == 2
    scopes = v1("GET", f"{path}:listMetricsScopesByMonitoredProject", "monitoredResourceContainer=projects/other")
    assert len(scopes["metricsScopes"]) == 2
    v1("DELETE", f"{path}/acme/projects/other")
    assert v1.refused("DELETE", f"{path}/acme/projects/other")[0] == 404
