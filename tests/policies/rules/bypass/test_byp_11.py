"""BYP-11: nobody gives access, or takes data out, by another road."""

import json
from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_11 import CONTROL
from tests.policies.rules.bypass.worlds import MANAGED, PROVIDER, paths
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, urn

GRANT = "GRANT `roles/bigquery.dataViewer` ON SCHEMA sales TO 'allUsers'"
POLICY = json.dumps({"bindings": [{"role": "roles/viewer", "members": ["user:a@acme.test"]}]})
SERVICE = R("cloudrunv2.Service", {"name": "scorer"}, "scorer")
ENDPOINT = "remoteFunctionOptions.endpoint"
DATASET = R("bigquery.Dataset", {"datasetId": "sales"}, "sales")

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        R("*IamPolicy", {"policyData": POLICY}),
        R("bigquery.Job", {"query": {"query": "SELECT 1"}}),
        R("bigquery.Routine", {"definitionBody": "SELECT 1", "language": "SQL"}),
        R("bigquery.DataTransferConfig", {"dataSourceId": "scheduled_query", "params": {"query": "SELECT 1"}}),
    ],
)


def said(type_: str, inputs: dict[str, Any], *others: R, parameters: Parameters | None = None, **more: Any) -> Outcome:
    return outcome(CONTROL, R(type_, inputs, **more), *others, parameters=parameters or Parameters())


@pytest.mark.parametrize(
    ("type_", "inputs", "path"),
    [
        ("bigquery.Job", {"query": {"query": GRANT}}, "query.query"),
        ("bigquery.Routine", {"definitionBody": f"BEGIN {GRANT}; END"}, "definitionBody"),
        ("bigquery.Routine", {"definitionBody": GRANT, "language": "SQL"}, "definitionBody"),
        ("bigquery.Routine", {"definitionBody": GRANT, "language": ""}, "definitionBody"),
        ("bigquery.DataTransferConfig", {"params": {"query": GRANT}}, "params.query"),
        ("bigquery.DataTransferConfig", {"dataSourceId": "x", "params": {"query": GRANT}}, "params.query"),
    ],
)
def test_sql_that_grants_fails(type_: str, inputs: dict[str, Any], path: str) -> None:
    found = said(type_, inputs)
    assert found.verdict is Verdict.FAIL
    assert paths(found) == [path]
    assert "allUsers" not in str(found)


def test_jobs_without_a_query_run_none() -> None:
    assert said("bigquery.Job", {"extract": {"destinationUris": ["gs://a"]}}) is NOT_APPLICABLE
    assert said("bigquery.Job", {"query": {}}).verdict is Verdict.INDETERMINATE


def test_transfers_without_a_query_run_none() -> None:
    drive = {"dataSourceId": "google_cloud_storage", "params": {"data_path_template": "gs://a"}}
    assert said("bigquery.DataTransferConfig", drive) is NOT_APPLICABLE
    for source in ("scheduled_query", UNKNOWN, secret(), ...):
        inputs = {"params": {"x": "y"}} | ({} if source is ... else {"dataSourceId": source})
        assert said("bigquery.DataTransferConfig", inputs).verdict is Verdict.INDETERMINATE, source


def test_a_name_of_this_deployment_may_be_unknown() -> None:
    inputs = {"query": {"query": "SELECT * FROM `?.orders`".replace("?", UNKNOWN)}}
    made: dict[str, Any] = {"origins": {"query.query": DATASET.urn}}
    assert said("bigquery.Job", inputs, DATASET, **made) is PASS
    assert said("bigquery.Job", inputs, DATASET).verdict is Verdict.INDETERMINATE
    gone: dict[str, Any] = {"origins": {"query.query": urn("bigquery.Dataset", "gone")}}
    assert said("bigquery.Job", inputs, DATASET, **gone).verdict is Verdict.INDETERMINATE
    whole = {"query": {"query": UNKNOWN}}
    assert said("bigquery.Job", whole, DATASET, **made).verdict is Verdict.INDETERMINATE
    grant = {"query": {"query": f"{GRANT.replace('sales', UNKNOWN)}"}}
    assert said("bigquery.Job", grant, DATASET, **made).verdict is Verdict.FAIL
    assert said("bigquery.Job", grant).verdict is Verdict.FAIL


def routine(dataset: object, name: object, **more: Any) -> R:
    inputs = {"datasetId": dataset, "routineId": name, "definitionBody": "SELECT 1", **more}
    return R("bigquery.Routine", inputs, "routine", record=MANAGED)


def test_procedures_of_this_deployment_may_be_called() -> None:
    def call(name: str, *others: R) -> Verdict:
        return said("bigquery.Job", {"query": {"query": f"CALL {name}()"}}, *others).verdict

    mine = routine("sales", "refresh", project="acme-dw")
    assert call("sales.refresh", mine) is Verdict.PASS
    assert call("`acme-dw.sales.refresh`", mine) is Verdict.PASS
    assert call("`acme-ml.sales.refresh`", mine) is Verdict.INDETERMINATE
    assert call("`acme-ml.sales.refresh`", PROVIDER, routine("sales", "refresh")) is Verdict.PASS
    assert call("sales.refresh") is Verdict.INDETERMINATE
    assert call("sales.refresh", routine(UNKNOWN, "refresh")) is Verdict.INDETERMINATE
    assert call("sales.refresh", routine("sales", 7)) is Verdict.INDETERMINATE
    assert call("`acme-ml.sales.refresh`", routine("sales", "refresh")) is Verdict.INDETERMINATE


def test_other_languages() -> None:
    code = {"definitionBody": f"return '{GRANT}';"}
    assert said("bigquery.Routine", {**code, "language": "JAVASCRIPT"}) is PASS
    for language in ("PYTHON", "JAVA", "SCALA", "sql", "javascript"):
        found = said("bigquery.Routine", {**code, "language": language})
        assert found.verdict is Verdict.INDETERMINATE, language
        assert paths(found) == ["language"]


def test_a_remote_function_fails_unless_it_calls_what_this_deployment_makes() -> None:
    found = said("bigquery.Routine", {"remoteFunctionOptions": {"endpoint": "https://evil.test"}})
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(ENDPOINT, "")]
    inputs = {"remoteFunctionOptions": {"endpoint": UNKNOWN}}
    assert said("bigquery.Routine", inputs, SERVICE, origins={ENDPOINT: SERVICE.urn}) is PASS
    assert said("bigquery.Routine", inputs, DATASET, origins={ENDPOINT: DATASET.urn}).verdict is Verdict.INDETERMINATE
    partner = Parameters(transfer_partners=("https://partner.test",))
    listed = {"remoteFunctionOptions": {"endpoint": "https://partner.test"}}
    assert said("bigquery.Routine", listed, parameters=partner) is PASS
    assert said("bigquery.Routine", listed).verdict is Verdict.FAIL
    near = {"remoteFunctionOptions": {"endpoint": "https://partner.test.evil.test"}}
    assert said("bigquery.Routine", near, parameters=partner).verdict is Verdict.FAIL
    assert said("bigquery.Routine", {"remoteFunctionOptions": {"connection": "c"}}) is PASS


def test_both_halves_of_a_routine_are_reasons() -> None:
    found = said("bigquery.Routine", {"remoteFunctionOptions": {"endpoint": "x"}, "definitionBody": GRANT})
    assert paths(found) == [ENDPOINT, "definitionBody"]


@pytest.mark.parametrize("type_", ["projects.IAMPolicy", "storage.BucketIAMPolicy", "bigquery.DatasetIamPolicy"])
def test_a_policy_that_can_be_read_passes(type_: str) -> None:
    assert said(type_, {"policyData": POLICY}) is PASS
    assert said(type_, {"policyData": "{}"}) is PASS
    known_role = POLICY.replace("user:a@acme.test", f"serviceAccount:{UNKNOWN}")
    assert said(type_, {"policyData": known_role}) is PASS


@pytest.mark.parametrize(
    "data",
    [
        "not JSON",
        "[]",
        '{"bindings": {}, "Bindings": []}',
        '{"bindings": 7}',
        '{"bindings": ["x"]}',
        '{"bindings": [{"role": 7, "members": ["user:a@acme.test"]}]}',
        '{"bindings": [{"role": "roles/viewer"}]}',
        '{"bindings": [{"role": "roles/viewer", "members": [7]}]}',
        json.dumps({"bindings": [{"role": "roles/viewer", "members": ["user:a@acme.test", UNKNOWN]}]}),
        UNKNOWN,
        f'{{"bindings": {UNKNOWN}}}',
    ],
)
def test_a_policy_that_cannot_be_read_is_indeterminate(data: str) -> None:
    found = said("projects.IAMPolicy", {"policyData": data})
    assert found.verdict is Verdict.INDETERMINATE
    assert paths(found) == ["policyData"]
