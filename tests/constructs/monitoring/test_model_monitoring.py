"""ModelMonitoring: the contract that it states, who hears of anomalies, what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

import groundplan as gp
from tests.constructs.governance.given import agreement, review
from tests.constructs.plan import Plan, environment, plan

KIND = "groundplan:monitoring:ModelMonitoring"
ALERT = "gcp:monitoring/alertPolicy:AlertPolicy"
CHANNEL = "gcp:monitoring/notificationChannel:NotificationChannel"
METRIC = "gcp:logging/metric:Metric"
TOPIC = "gcp:pubsub/topic:Topic"
DASHBOARD = "gcp:monitoring/dashboard:Dashboard"
KEY = "projects/acme-keys/locations/europe-west4/keyRings/ring/cryptoKeys/data"
ENDPOINT = "projects/acme-ml-dev/locations/europe-west4/endpoints/42"
TIERS = [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED]
INCIDENT = gp.IncidentContact(
    contact="oncall@acme.test", severity="critical", first_step="Send all traffic to the version before"
)


def endpoint(**more: Any) -> gp.OnlineEndpointRef:
    given: dict[str, Any] = {"project": environment().projects.workload, "data_class": gp.DataClass.PERSONAL}
    return gp.OnlineEndpoint.from_existing(ENDPOINT, label="income", **{**given, **more})


def baseline() -> gp.BaselineFiles:
    bucket = gp.DataBucket.from_existing(
        "acme-clean",
        project=environment().projects.workload,
        location="europe-west4",
        data_class=gp.DataClass.RESTRICTED,
    )
    return gp.BaselineFiles(bucket=bucket, path="census/training-*.csv")


def monitoring(tier: gp.Tier = gp.Tier.TEAM, name: str = "income", **more: Any) -> gp.ModelMonitoring:
    keys = gp.KeyRing.from_existing(dict.fromkeys(gp.DataClass, KEY), project=gp.Project(id="acme-keys"))
    given: dict[str, Any] = {
        "env": environment(tier),
        "endpoint": endpoint(),
        "baseline": baseline(),
        "skew": {"age": 0.3, "hours": 0.2},
        "drift": {"age": 0.25},
        "incident": INCIDENT,
        "keys": keys if tier.defaults.customer_managed_keys else None,
    }
    return gp.ModelMonitoring(name, gp.ModelMonitoringArgs(**{**given, **more}))


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: monitoring(tier, **more))


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("tier", TIERS, ids=lambda tier: tier.name)
def test_each_tier_tells_people_and_programs(tier: gp.Tier) -> None:
    found = planned(tier)
    keyed = tier is not gp.Tier.LEARNER
    assert found.inventory() == {
        **({"gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": 1} if keyed else {}),
        "gcp:projects/iAMMember:IAMMember": 2 if keyed else 1,
        "gcp:projects/serviceIdentity:ServiceIdentity": 2 if keyed else 1,
        METRIC: 1,
        ALERT: 1,
        DASHBOARD: 1,
        CHANNEL: 2,
        TOPIC: 1,
        "gcp:pubsub/topicIAMMember:TopicIAMMember": 1,
    }
    assert found.one(TOPIC).inputs.get("kmsKeyName") == (KEY if keyed else None)


def test_the_contract_is_what_rules_read() -> None:
    said = planned(attribution={"age": 0.1}, sampling_rate=0.5).one(KIND).inputs["monitor"]
    assert said == {
        "endpoint": ENDPOINT,
        "skew": {"age": 0.3, "hours": 0.2},
        "drift": {"age": 0.25},
        "attribution": {"age": 0.1},
        "schedule": "0 6 * * *",
        "baseline": {"uri": "gs://acme-clean/census/training-*.csv"},
        "samplingRate": 0.5,
    }


def served(*, logged: bool = True) -> None:
    env = environment(gp.Tier.LEARNER)
    columns = (gp.Column(name="day", type="DATE"), gp.Column(name="age", type="INT64"))
    people = gp.Warehouse(
        "people",
        gp.WarehouseArgs(
            env=env,
            data_class=gp.DataClass.CONFIDENTIAL,
            owner="group:data@acme.test",
            tables=(gp.Table(name="income", columns=columns),),
        ),
    )
    made = gp.OnlineEndpoint(
        "income",
        gp.OnlineEndpointArgs(
            env=env,
            access=gp.PublicDedicated(),
            account=gp.ServiceIdentity("models", gp.ServiceIdentityArgs(env=env, purpose="Answers")),
            owner="group:ml@acme.test",
            request_log=gp.RequestLog(dataset=people) if logged else None,
        ),
    )
    monitoring(gp.Tier.LEARNER, endpoint=made, baseline=gp.BaselineTable(dataset=people, table="income"))


def test_what_is_made_here_is_named_by_its_urn() -> None:
    said = plan(served).one(KIND).inputs["monitor"]
    assert said["endpoint"].endswith("groundplan:serving:OnlineEndpoint::income")
    assert said["baselineUrn"].endswith("gcp:bigquery/table:Table::people-table-income")
    assert said["baseline"] == {"table": "acme-ml-dev.gp_people.income"}


def test_an_endpoint_that_logs_nothing_cannot_be_monitored() -> None:
    with pytest.raises(gp.ArgumentError, match="endpoint: logs no requests"):
        plan(lambda: served(logged=False))


def test_an_alert_says_whom_how_grave_and_what_first_and_reaches_people() -> None:
    found = planned(contacts=("risk@acme.test",), channels=("projects/acme-ml-dev/notificationChannels/7",))
    made = found.one(ALERT).inputs
    text = made["documentation"]["content"]
    assert "- Contact: oncall@acme.test\n- Severity: critical\n- First step: Send all traffic" in text
    assert "skew: age 0.3, hours 0.2; drift: age 0.25" in text
    assert made["severity"] == "CRITICAL"
    assert made["conditions"][0]["conditionMatchedLog"]["filter"] == (
        'log_id("aiplatform.googleapis.com/model_monitoring_anomaly")'
    )
    addresses = {each.inputs["labels"].get("email_address") for each in found.of(CHANNEL)}
    assert addresses == {"oncall@acme.test", "risk@acme.test", None}
    assert len(made["notificationChannels"]) == 4


def test_alerts_are_passed_on_to_programs() -> None:
    found = planned()
    passed = found.one(CHANNEL, "income-channel-topic")
    assert passed.inputs["type"] == "pubsub"
    granted = found.one("TopicIAMMember")
    assert granted.inputs["role"] == "roles/pubsub.publisher"
    assert "monitoring" in granted.name
    assert any(urn.endswith(granted.name) for urn in passed.options["dependencies"])


def test_the_dashboard_shows_this_endpoint() -> None:
    shown = json.loads(planned().one(DASHBOARD).inputs["dashboardJson"])
    assert shown["displayName"] == "gp income: model"
    filters = [
        each["timeSeriesQuery"]["timeSeriesFilter"]["filter"]
        for tile in shown["mosaicLayout"]["tiles"]
        for each in tile["widget"]["xyChart"]["dataSets"]
    ]
    assert len(filters) == 4
    assert sum('endpoint_id="42"' in each for each in filters) == 3
    assert "user/gp-income-anomalies" in filters[0]


def test_the_workload_gets_the_contract() -> None:
    found = plan(lambda: pulumi.export("contract", monitoring().contract))
    contract = found.outputs["contract"]
    assert contract["endpoint"] == ENDPOINT
    assert contract["notification"]["enableCloudLogging"] is True
    assert contract["notification"]["emails"] == ["oncall@acme.test"]
    assert contract["schedule"] == "0 6 * * *"


def test_it_says_what_it_answers_to() -> None:
    found = plan(lambda: monitoring(review=review(), agreements=(agreement(),), purpose="credit-scoring"))
    assert set(found.one(KIND).inputs["governance"]) == {"review", "agreements", "purpose"}


def test_overrides_and_long_names() -> None:
    def program() -> None:
        monitoring(
            name="a-model-whose-name-is-longer-than-google-allows-for-anything",
            overrides={"metric": {"disabled": True}},
        )

    found = plan(program)
    assert found.one(METRIC).inputs["disabled"] is True
    assert len(found.one(METRIC).inputs["name"]) <= 100
    assert found.one(ALERT).inputs == plan(program).one(ALERT).inputs


def test_a_project_of_others_is_asked_to_let_alerts_be_published() -> None:
    theirs = gp.Project(id="acme-ml-dev", number="123456789012", managed=False)

    def program() -> None:
        env = environment(gp.Tier.LEARNER, projects=gp.Projects.single(theirs))
        monitoring(gp.Tier.LEARNER, env=env, endpoint=endpoint(project=theirs))
        pulumi.export("requests", gp.requests())

    assert "roles/pubsub.publisher" in [each["grant"] for each in plan(program).outputs["requests"]]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"endpoint": ENDPOINT}, "endpoint: is of the wrong type"),
        ({"baseline": "gs://acme-clean/x"}, "baseline: is of the wrong type"),
        ({"skew": {}}, "skew: names no feature"),
        ({"drift": {}}, "drift: names no feature"),
        ({"skew": {"age": 0}}, "skew['age']: is no threshold"),
        ({"skew": {"age": True}}, "skew['age']: is no threshold"),
        ({"skew": {"age": 1}}, "skew['age']: is no threshold"),
        ({"attribution": {"a b": 0.3}}, "attribution['a b']: is no name of a feature"),
        ({"drift": [("age", 0.3)]}, "drift: is of the wrong type"),
        ({"cron": "hourly"}, "cron: has 1 field"),
        ({"sampling_rate": 1.5}, "sampling_rate: is no share"),
        ({"incident": "oncall@acme.test"}, "incident: is of the wrong type"),
        (
            {"incident": gp.IncidentContact(contact="oncall", severity="error", first_step="Look")},
            "incident.contact: does not have the right form",
        ),
        ({"contacts": ("a@b.test", "a@b.test")}, "contacts: names a contact twice"),
        ({"contacts": ("nobody",)}, "contacts[0]: does not have the right form"),
        ({"channels": ("7",)}, "channels[0]: does not have the right form"),
        ({"keys": None}, "keys: are missing"),
        (
            {"baseline": gp.BaselineFiles(bucket=baseline().bucket, path="gs://x/y")},
            "baseline.path: does not have the right form",
        ),
        (
            {"baseline": gp.BaselineTable(dataset=None, table="a b")},  # type: ignore[arg-type] # wrong on purpose
            "baseline.table: is no name of a table",
        ),
    ],
)
def test_bad_arguments_are_refused(more: dict[str, Any], fault: str) -> None:
    assert fault in refused(**more)
