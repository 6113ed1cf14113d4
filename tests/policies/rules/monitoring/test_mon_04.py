"""MON-04: critical changes raise alerts."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.monitoring.mon_04 import CONTROL
from groundplan_policies.rules.monitoring.watching import METRIC
from tests.policies.rules.harness import PARAMETERS, PROJECT, R, outcome, outcomes, put, stated_verdicts

HERE = replace(PARAMETERS, monitoring_elsewhere=False)
CHANGES = ("2.5", "2.6", "2.7", "2.8", "2.9", "2.10", "2.11", "2.12")
NETWORK = R("compute.Network", {"project": PROJECT}, "core")
DELTA = "protoPayload.serviceData.policyDelta"
FIREWALL = 'resource.type="gce_firewall_rule" AND ('
# As the benchmark has them, but for quotes.
BENCHMARK = {
    "owners": '(protoPayload.serviceName="cloudresourcemanager.googleapis.com") AND (ProjectOwnership OR '
    f'projectOwnerInvitee) OR ({DELTA}.bindingDeltas.action="REMOVE" AND {DELTA}.bindingDeltas.role="roles/owner") OR '
    f'({DELTA}.bindingDeltas.action="ADD" AND {DELTA}.bindingDeltas.role="roles/owner")',
    "audit": f'protoPayload.methodName="SetIamPolicy" AND {DELTA}.auditConfigDeltas:*',
    "roles": 'resource.type="iam_role" AND (protoPayload.methodName="google.iam.admin.v1.CreateRole" OR '
    'protoPayload.methodName="google.iam.admin.v1.DeleteRole" OR '
    'protoPayload.methodName="google.iam.admin.v1.UpdateRole")',
    "firewalls": FIREWALL
    + 'protoPayload.methodName:"compute.firewalls.patch" OR protoPayload.methodName:"compute.firewalls.insert" OR '
    'protoPayload.methodName:"compute.firewalls.delete")',
    "routes": 'resource.type="gce_route" AND (protoPayload.methodName:"compute.routes.delete" OR '
    'protoPayload.methodName:"compute.routes.insert")',
    "networks": 'resource.type="gce_network" AND (protoPayload.methodName:"compute.networks.insert" OR '
    'protoPayload.methodName:"compute.networks.patch" OR protoPayload.methodName:"compute.networks.delete" OR '
    'protoPayload.methodName:"compute.networks.removePeering" OR '
    'protoPayload.methodName:"compute.networks.addPeering")',
    "buckets": 'resource.type="gcs_bucket" AND protoPayload.methodName="storage.setIamPermissions"',
    "databases": 'protoPayload.methodName="cloudsql.instances.update"',
}


def counted(name: str, **more: Any) -> dict[str, Any]:
    threshold = {
        "filter": f'metric.type="logging.googleapis.com/user/{name}" AND resource.type="global"',
        "comparison": "COMPARISON_GT",
        "thresholdValue": 0,
        "duration": "0s",
        **more,
    }
    return {"displayName": name, "conditionThreshold": threshold}


def policy(*conditions: dict[str, Any], name: str = "policy", **more: Any) -> R:
    inputs = {"project": PROJECT, "combiner": "OR", "enabled": True, "conditions": list(conditions), **more}
    return R("monitoring.AlertPolicy", inputs, name)


def metrics(filters: dict[str, str] = BENCHMARK, **more: Any) -> list[R]:
    return [
        R(METRIC, {"project": PROJECT, "name": name, "filter": text, **more}, name) for name, text in filters.items()
    ]


MATCHED = [{"displayName": name, "conditionMatchedLog": {"filter": text}} for name, text in BENCHMARK.items()]
GOOD = policy(
    {**counted("owners"), "conditionMatchedLog": {"filter": BENCHMARK["owners"]}}, counted("audit"), name="it"
)

test_stated_verdicts = stated_verdicts(
    replace(
        CONTROL,
        reads=tuple(each for each in CONTROL.reads if each.path in {"enabled", "combiner"}),
    ),
    [GOOD],
    *metrics(),
    NETWORK,
    parameters=HERE,
)


def stack(*resources: R, **more: Any) -> Outcome:
    return outcomes(CONTROL, NETWORK, *resources, **{"parameters": HERE, **more})[""]


def left(found: Outcome) -> list[str]:
    return [each.message.rpartition("(")[2].rstrip(")") for each in found.reasons if each.shown in {"", PROJECT}]


def test_the_filters_of_the_benchmark_count_whether_they_are_matched_or_counted() -> None:
    assert stack(policy(*MATCHED)).verdict is Verdict.PASS
    assert stack(policy(*map(counted, BENCHMARK)), *metrics()).verdict is Verdict.PASS
    apart = [policy(counted(each), name=f"p-{each}") for each in BENCHMARK]
    assert stack(*apart, *metrics()).verdict is Verdict.PASS


@pytest.mark.parametrize(("clause", "name"), list(zip(CHANGES, BENCHMARK, strict=True)))
def test_each_change_is_asked_for(clause: str, name: str) -> None:
    some = [counted(each) for each in BENCHMARK if each != name]
    found = stack(policy(*some), *metrics())
    # What the benchmark has for owners looks for words, which may be anywhere in the entry of another change too.
    expected = Verdict.INDETERMINATE if name == "audit" else Verdict.FAIL
    assert (found.verdict, left(found), found.reasons[0].shown) == (expected, [clause], PROJECT)


def test_without_alerts_all_are_left() -> None:
    assert left(stack()) == list(CHANGES)
    assert left(stack(*metrics())) == list(CHANGES)
    assert stack(parameters=replace(HERE, monitoring_elsewhere=True)).verdict is Verdict.DECLARED
    assert stack(parameters=PARAMETERS).verdict is Verdict.INDETERMINATE
    assert outcomes(CONTROL, parameters=HERE) == {}


@pytest.mark.parametrize(
    "more",
    [
        {"enabled": False},
        {"combiner": "AND"},
        {"project": "acme-other"},
    ],
)
def test_a_policy_that_does_not_go_off_here_is_none(more: dict[str, Any]) -> None:
    assert left(stack(policy(*map(counted, BENCHMARK), **more), *metrics())) == list(CHANGES)


@pytest.mark.parametrize(
    "more",
    [
        {"comparison": "COMPARISON_LT"},
        {"comparison": None},
        {"thresholdValue": 1},
        {"thresholdValue": -1},
        {"thresholdValue": "many"},
        {"duration": "60s"},
        {"trigger": {"count": 2}},
        {"trigger": {"percent": 50}},
        {"filter": 'metric.type="logging.googleapis.com/user/routes" AND metric.labels.who="a"'},
        {"filter": 'metric.type="logging.googleapis.com/user/routes" AND NOT resource.type="gce_route"'},
        {"filter": 'metric.type="logging.googleapis.com/user/routes" OR resource.type="gce_route"'},
        {"duration": None},
        {"filter": 'metric.type="logging.googleapis.com/user/other"'},
        {"filter": 'metric.type="logging.googleapis.com/log_entry_count"'},
        {"filter": 'metric.type="logging.googleapis.com/user/routes" AND resource.type="gce_network"'},
        {"filter": 'metric.type="logging.googleapis.com/user/routes" AND resource.type="logging_bucket"'},
        {"denominatorFilter": 'metric.type="logging.googleapis.com/user/audit"'},
        {"forecastOptions": {"forecastHorizon": "3600s"}},
        {"aggregations": [{"perSeriesAligner": "ALIGN_RATE"}], "thresholdValue": 0.5},
        {"aggregations": [{"perSeriesAligner": "ALIGN_MEAN"}], "thresholdValue": 0.01},
        {"aggregations": [{"crossSeriesReducer": "REDUCE_MEAN"}], "thresholdValue": 0.01},
        {"aggregations": [{"perSeriesAligner": "ALIGN_PERCENT_CHANGE"}]},
        {"aggregations": [{"perSeriesAligner": "ALIGN_SUM", "crossSeriesReducer": "REDUCE_MIN"}]},
        {"aggregations": [{"perSeriesAligner": "ALIGN_SUM"}, {"perSeriesAligner": "ALIGN_MIN"}]},
        {"aggregations": [7]},
        {"aggregations": [{"perSeriesAligner": UNKNOWN}]},
    ],
)
def test_a_condition_that_may_stay_silent_is_none(more: dict[str, Any]) -> None:
    conditions = [counted(each, **(more if each == "routes" else {})) for each in BENCHMARK]
    assert left(stack(policy(*conditions), *metrics())) == ["2.9"]


@pytest.mark.parametrize(
    "more",
    [
        {"filter": 'metric.type="logging.googleapis.com/user/routes" AND resource.type="gce_route"'},
        {"aggregations": [{"perSeriesAligner": "ALIGN_RATE", "crossSeriesReducer": "REDUCE_MEAN"}]},
        {"aggregations": [{"perSeriesAligner": "ALIGN_DELTA", "crossSeriesReducer": "REDUCE_SUM"}]},
        {"aggregations": [{"perSeriesAligner": "ALIGN_COUNT"}], "thresholdValue": 0.5},
        {"aggregations": []},
        {"thresholdValue": 0.5},
    ],
)
def test_a_condition_that_one_entry_meets_counts(more: dict[str, Any]) -> None:
    conditions = [counted(each, **(more if each == "routes" else {})) for each in BENCHMARK]
    assert stack(policy(*conditions), *metrics()).verdict is Verdict.PASS


def test_one_time_series_is_enough() -> None:
    conditions = [counted(each, trigger={"count": 1}) for each in BENCHMARK]
    assert stack(policy(*conditions), *metrics()).verdict is Verdict.PASS
    bare = [counted(each, filter=f'metric.type="logging.googleapis.com/user/{each}"') for each in BENCHMARK]
    assert stack(policy(*bare), *metrics()).verdict is Verdict.PASS


def test_a_threshold_that_is_absent_is_none_at_all() -> None:
    conditions = [counted(each, thresholdValue=None) for each in BENCHMARK]
    assert stack(policy(*conditions), *metrics()).verdict is Verdict.PASS


@pytest.mark.parametrize("more", [{"disabled": True}, {"project": "acme-other"}])
def test_a_metric_that_does_not_count_here_is_none(more: dict[str, Any]) -> None:
    assert left(stack(policy(*map(counted, BENCHMARK)), *metrics(**more))) == list(CHANGES)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ('protoPayload.methodName:"compute.routes.insert"', Verdict.FAIL),
        ('resource.type="gce_firewall_rule"', Verdict.FAIL),
        (
            'protoPayload.methodName="v1.compute.routes.insert" OR protoPayload.methodName="v1.compute.routes.delete"',
            Verdict.FAIL,
        ),
        (
            'resource.type="gce_route" AND protoPayload.authenticationInfo.principalEmail!="a@b.test"',
            Verdict.INDETERMINATE,
        ),
        ('resource.type="gce_route" AND severity>=ERROR', Verdict.FAIL),
        ('resource.type="gce_route" AND severity>=NOTICE', Verdict.PASS),
        ('log_id("cloudaudit.googleapis.com/activity") AND protoPayload.methodName:"compute.routes."', Verdict.PASS),
        (f'logName="projects/{PROJECT}/logs/cloudaudit.googleapis.com%2Factivity" AND "routes"', Verdict.PASS),
        ('logName="projects/acme-other/logs/cloudaudit.googleapis.com%2Factivity" AND "routes"', Verdict.FAIL),
    ],
)
def test_a_filter_is_held_to_every_entry(text: str, verdict: Verdict) -> None:
    found = stack(policy(*map(counted, BENCHMARK)), *metrics({**BENCHMARK, "routes": text}))
    assert found.verdict is verdict
    assert len(found.reasons) == (verdict is not Verdict.PASS)


def test_two_filters_may_share_a_change() -> None:
    halves = {
        **{key: text for key, text in BENCHMARK.items() if key != "routes"},
        "made": 'protoPayload.methodName:"compute.routes.insert"',
        "gone": 'protoPayload.methodName:"compute.routes.delete"',
    }
    assert stack(policy(*map(counted, halves)), *metrics(halves)).verdict is Verdict.PASS


def test_firewall_policies_count_where_there_are_some() -> None:
    rule = R("compute.NetworkFirewallPolicyRule", {"project": PROJECT}, "rule")
    found = stack(policy(*MATCHED), rule)
    assert (found.verdict, left(found)) == (Verdict.FAIL, ["2.8"])
    wide = {**BENCHMARK, "firewalls": 'protoPayload.methodName:("compute.firewalls." OR "FirewallPolicies.")'}
    assert stack(policy(*map(counted, wide)), *metrics(wide), rule).verdict is Verdict.PASS


LOGS = R("logging.ProjectBucketConfig", {"project": "acme-logs", "location": "eu", "bucketId": "all"}, "logs")
BUCKET = "projects/acme-logs/locations/eu/buckets/all"


def sink(project: str, **more: Any) -> R:
    destination = f"logging.googleapis.com/{BUCKET}"
    return R("logging.ProjectSink", {"project": project, "destination": destination, **more}, f"sink-{project}")


def central(**more: Any) -> list[R]:
    return [
        policy(*map(counted, BENCHMARK), project="acme-logs"),
        *metrics(project="acme-logs", bucketName=BUCKET, **more),
    ]


def test_a_metric_of_a_log_bucket_is_about_all_that_send_there() -> None:
    assert stack(*central(), LOGS, sink(PROJECT), sink("acme-logs")).verdict is Verdict.PASS
    found = stack(*central(), LOGS, sink("acme-logs"))
    assert {each.shown for each in found.reasons} == {PROJECT}
    partial = stack(*central(), LOGS, sink("acme-logs"), sink(PROJECT, filter="severity>=ERROR"))
    assert {each.shown for each in partial.reasons} == {PROJECT}


def test_a_log_bucket_of_another_document_is_known_by_its_name() -> None:
    here = [sink(PROJECT), sink("acme-logs")]
    assert stack(*central(), *here).verdict is Verdict.PASS
    elsewhere = [replace(each, inputs={**each.inputs, "destination": "logging.googleapis.com/x"}) for each in here]
    assert stack(*central(), *elsewhere).verdict is Verdict.FAIL


def test_a_metric_that_a_program_names_by_its_output_is_found() -> None:
    late = policy(counted(UNKNOWN))
    (metric,) = metrics({"all": "resource:*"})
    told = replace(late, origins={"conditions[0].conditionThreshold.filter": metric.urn})
    assert outcome(CONTROL, told, metric, NETWORK, parameters=HERE).verdict is Verdict.PASS
    assert outcome(CONTROL, late, metric, NETWORK, parameters=HERE).verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    "condition",
    [
        "wrong",
        {"conditionThreshold": "wrong"},
        {"conditionThreshold": {"filter": 7}},
        {"conditionThreshold": {"filter": "metric.type="}},
        {"conditionMatchedLog": {"filter": 7}},
        {"conditionMatchedLog": {"filter": "a="}},
        {"conditionMatchedLog": {"filter": UNKNOWN}},
    ],
)
def test_what_cannot_be_read_is_said_of_the_policy(condition: Any) -> None:
    assert outcome(CONTROL, policy(condition), NETWORK, parameters=HERE).verdict is Verdict.INDETERMINATE


def test_policies_about_other_things_are_passed_over() -> None:
    other = policy(
        {"conditionThreshold": {"filter": 'metric.type="compute.googleapis.com/x"'}}, {"conditionAbsent": {}}
    )
    assert outcome(CONTROL, other, NETWORK, parameters=HERE).verdict is Verdict.NOT_APPLICABLE
    unsure = replace(other, inputs=put(other.inputs, "enabled", UNKNOWN))
    assert outcome(CONTROL, unsure, NETWORK, parameters=HERE).verdict is Verdict.NOT_APPLICABLE


def test_it_says_what_it_reads_and_which_recommendations_it_meets() -> None:
    assert [each.clause for each in CONTROL.clauses if each.framework == "cis-gcp-5.0"] == list(CHANGES)
    read = {(each.type, each.path): each for each in CONTROL.reads}
    conditions = ("conditionMatchedLog.filter", *(f"conditionThreshold.{each}" for each in THRESHOLD))
    aside = {
        *(("monitoring.AlertPolicy", f"conditions.{each}") for each in conditions),
        *((METRIC, each) for each in ("filter", "disabled", "bucketName")),
    }
    assert set(read) == aside | {("monitoring.AlertPolicy", each) for each in ("enabled", "combiner")}
    for each in aside:
        stated = (read[each].absent, read[each].empty, read[each].wrong, read[each].secret, read[each].unknown)
        assert set(stated) == {Verdict.NOT_APPLICABLE}


THRESHOLD = ("filter", "comparison", "thresholdValue", "duration", "trigger")


def test_a_policy_with_one_condition_that_cannot_be_read_says_so_beside_the_others() -> None:
    found = outcome(CONTROL, policy(MATCHED[0], {"conditionMatchedLog": {"filter": "a="}}), NETWORK, parameters=HERE)
    assert (found.verdict, [each.path for each in found.reasons]) == (
        Verdict.INDETERMINATE,
        ["conditions[1].conditionMatchedLog.filter"],
    )


def test_a_metric_with_an_empty_bucket_is_of_its_project() -> None:
    assert stack(policy(*map(counted, BENCHMARK)), *metrics(bucketName="")).verdict is Verdict.PASS
    assert left(stack(policy(*map(counted, BENCHMARK)), *metrics(bucketName=UNKNOWN))) == list(CHANGES)


def test_a_log_bucket_by_provenance() -> None:
    origins = {"bucketName": LOGS.urn}
    counting = [replace(each, origins=origins) for each in metrics(project="acme-logs", bucketName=UNKNOWN)]
    alert = policy(*map(counted, BENCHMARK), project="acme-logs")
    assert stack(alert, *counting, LOGS, sink(PROJECT), sink("acme-logs")).verdict is Verdict.PASS
    assert stack(alert, *counting, LOGS, sink("acme-logs")).verdict is Verdict.FAIL


def test_conditions_of_a_policy_that_may_be_off_count_for_nothing() -> None:
    unsure = policy(*MATCHED, enabled=UNKNOWN, name="it")
    found = outcomes(CONTROL, NETWORK, unsure, parameters=HERE)
    assert (found["it"].verdict, left(found[""])) == (Verdict.INDETERMINATE, list(CHANGES))
