"""DAT-24: transfers beyond this document are allow-listed."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_24 import CONTROL
from tests.policies.rules.harness import PARAMETERS, R, outcome, put, secret, stated_verdicts, urn, verdict

SETTINGS = replace(
    PARAMETERS,
    transfer_partners=(
        "gs://partner",
        "s3://partner",
        "https://partner.test/lists/",
        "https://s3.partner.test",
        "azure://partner",
        "hdfs:///shared",
        "posix:///shared",
        "arn:aws:iam::1:role/exact",
        "123456789012",
        "tenant",
        "db.partner.test:5432",
        "projects/partner",
        "bq://here.landing",
        "google_ads",
    ),
)
BUCKET = R("storage.Bucket", {"name": "ours", "project": "here"}, "bucket")
OWN = R("Provider", {"project": "here"}, "own")
ACCOUNT = R("serviceaccount.Account", {"accountId": "mover", "project": "here"}, "account")
JOB = R(
    "storage.TransferJob",
    {
        "transferSpec": {
            "httpDataSource": {"listUrl": "https://partner.test/lists/today"},
            "awsS3DataSource": {"bucketName": "partner", "cloudfrontDomain": "https://partner.test/lists"},
            "awsS3CompatibleDataSource": {"endpoint": "s3.partner.test", "bucketName": "b"},
            "azureBlobStorageDataSource": {"storageAccount": "partner", "container": "c"},
            "hdfsDataSource": {"path": "/shared/x"},
            "posixDataSource": {"rootDirectory": "/shared"},
            "posixDataSink": {"rootDirectory": "/shared/y"},
            "gcsDataSource": {"bucketName": "partner"},
            "gcsDataSink": {"bucketName": "ours"},
        },
        "replicationSpec": {"gcsDataSource": {"bucketName": "ours"}, "gcsDataSink": {"bucketName": "partner"}},
        "serviceAccount": "mover@here.iam.gserviceaccount.com",
    },
)
CONNECTION = R(
    "bigquery.Connection",
    {
        "aws": {"accessRole": {"iamRoleId": "arn:aws:iam::123456789012:role/reader"}},
        "azure": {"customerTenantId": "tenant"},
        "cloudSql": {"instanceId": "here:europe-west4:db"},
        "cloudSpanner": {"database": "projects/partner/instances/i/databases/d"},
        "configuration": {
            "endpoint": {"hostPort": "db.partner.test:5432"},
            "asset": {"googleCloudResource": "//alloydb.googleapis.com/projects/here/locations/l"},
        },
    },
)
QUERY = R(
    "bigquery.Job",
    {
        "extract": {"destinationUris": ["gs://ours/x", "gs://partner/in/*.csv"]},
        "load": {"sourceUris": ["gs://partner/x"], "destinationTable": {"projectId": "here"}},
        "query": {"destinationTable": {"projectId": "partner"}},
        "copy": {"destinationTable": {"projectId": "here"}, "sourceTables": [{"projectId": "partner"}]},
    },
)
TABLE = R("bigquery.Table", {"externalDataConfiguration": {"sourceUris": ["gs://ours/*"]}})
PUSH = R(
    "pubsub.Subscription",
    {
        "pushConfig": {"pushEndpoint": "https://partner.test/lists/push"},
        "cloudStorageConfig": {"bucket": "ours"},
        "bigqueryConfig": {"table": "here.landing.events"},
    },
)
TRANSFER = R(
    "bigquery.DataTransferConfig",
    {
        "dataSourceId": "google_cloud_storage",
        "params": {"data_path_template": "gs://partner/*.csv"},
        "destinationDatasetId": "landing",
        "project": "here",
        "serviceAccountName": "mover@here.iam.gserviceaccount.com",
    },
)

test_stated_verdicts = stated_verdicts(
    CONTROL, [JOB, CONNECTION, QUERY, TABLE, PUSH, TRANSFER], BUCKET, OWN, ACCOUNT, parameters=SETTINGS
)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("here.any.events", Verdict.PASS),
        ("partner.in.events", Verdict.PASS),
        ("partner.in2.events", Verdict.FAIL),
        ("here.events", Verdict.FAIL),
        ("here", Verdict.FAIL),
    ],
)
def test_a_subscription_writes_to_a_table_of_ours_or_a_partners(table: str, expected: Verdict) -> None:
    settings = replace(SETTINGS, transfer_partners=("bq://partner.in",))
    writes = R("pubsub.Subscription", {"bigqueryConfig": {"table": table}})
    assert verdict(CONTROL, writes, OWN, parameters=settings) is expected


def judged(resource: R, path: str, value: object) -> Verdict:
    return verdict(
        CONTROL, replace(resource, inputs=put(resource.inputs, path, value)), BUCKET, OWN, parameters=SETTINGS
    )


@pytest.mark.parametrize(
    ("sample", "path", "value"),
    [
        (JOB, "transferSpec.httpDataSource.listUrl", "https://partner.test/listsother"),
        (JOB, "transferSpec.httpDataSource.listUrl", "http://partner.test/lists/today"),
        (JOB, "transferSpec.awsS3DataSource.bucketName", "partner2"),
        (JOB, "transferSpec.awsS3DataSource.bucketName", "ours"),
        (JOB, "transferSpec.awsS3DataSource.cloudfrontDomain", "https://evil.test"),
        (JOB, "transferSpec.awsS3CompatibleDataSource.endpoint", "s3.partner.test.evil.test"),
        (JOB, "transferSpec.azureBlobStorageDataSource.storageAccount", "partner2"),
        (JOB, "transferSpec.hdfsDataSource.path", "/private"),
        (JOB, "transferSpec.posixDataSource.rootDirectory", "/shared2"),
        (JOB, "transferSpec.posixDataSink.rootDirectory", "/"),
        (JOB, "transferSpec.gcsDataSource.bucketName", "foreign"),
        (JOB, "transferSpec.gcsDataSink.bucketName", "foreign"),
        (JOB, "replicationSpec.gcsDataSource.bucketName", "foreign"),
        (JOB, "replicationSpec.gcsDataSink.bucketName", "foreign"),
        (CONNECTION, "aws.accessRole.iamRoleId", "arn:aws:iam::1:role/exacter"),
        (CONNECTION, "aws.accessRole.iamRoleId", "arn:aws:iam::999999999999:role/123456789012"),
        (CONNECTION, "azure.customerTenantId", "other"),
        (CONNECTION, "cloudSql.instanceId", "foreign:europe-west4:db"),
        (CONNECTION, "cloudSpanner.database", "projects/foreign/instances/i/databases/d"),
        (CONNECTION, "configuration.endpoint.hostPort", "db.partner.test:5433"),
        (
            CONNECTION,
            "configuration.asset.googleCloudResource",
            "//alloydb.googleapis.com/projects/foreign/locations/l",
        ),
        (PUSH, "pushConfig.pushEndpoint", "https://evil.test/push"),
        (PUSH, "cloudStorageConfig.bucket", "foreign"),
        (PUSH, "bigqueryConfig.table", "foreign.landing.events"),
        (QUERY, "load.destinationTable.projectId", "foreign"),
        (QUERY, "query.destinationTable.projectId", "foreign"),
        (QUERY, "copy.destinationTable.projectId", "foreign"),
        (QUERY, "copy.sourceTables.projectId", "foreign"),
        (TRANSFER, "dataSourceId", "youtube_channel"),
        (TRANSFER, "destinationDatasetId", "elsewhere"),
    ],
)
def test_a_place_that_is_nobodys_partner_fails(sample: R, path: str, value: str) -> None:
    bad = replace(sample, inputs=put(sample.inputs, path, value))
    found = outcome(CONTROL, bad, BUCKET, OWN, ACCOUNT, parameters=SETTINGS)
    assert found.verdict is Verdict.FAIL
    assert [each.path.replace("[0]", "") for each in found.reasons] == [path]
    assert not any(each.shown for each in found.reasons)


def test_each_entry_of_a_list_is_judged() -> None:
    for sample, path in (
        (QUERY, "extract.destinationUris"),
        (QUERY, "load.sourceUris"),
        (TABLE, "externalDataConfiguration.sourceUris"),
    ):
        bad = replace(sample, inputs=put(sample.inputs, path, ["gs://ours/x", "gs://foreign/x"]))
        found = outcome(CONTROL, bad, BUCKET, OWN, ACCOUNT, parameters=SETTINGS)
        assert found.verdict is Verdict.FAIL
        assert [each.path for each in found.reasons] == [f"{path}[1]"]


@pytest.mark.parametrize(
    ("sample", "path", "value", "expected"),
    [
        (JOB, "transferSpec.gcsDataSink.bucketName", f"partner-{UNKNOWN}", Verdict.INDETERMINATE),
        (TABLE, "externalDataConfiguration.sourceUris", [f"gs://partner/{UNKNOWN}"], Verdict.PASS),
        (TABLE, "externalDataConfiguration.sourceUris", [f"gs://partner{UNKNOWN}"], Verdict.INDETERMINATE),
        (TABLE, "externalDataConfiguration.sourceUris", ["https://drive.test/x"], Verdict.FAIL),
        (TABLE, "externalDataConfiguration.sourceUris", [7], Verdict.INDETERMINATE),
        (JOB, "transferSpec.azureBlobStorageDataSource.container", UNKNOWN, Verdict.PASS),
        (CONNECTION, "aws.accessRole.iamRoleId", "arn:aws:iam::1:role/exact", Verdict.PASS),
        (CONNECTION, "aws.accessRole.iamRoleId", f"arn:aws:iam::1:role/exact{UNKNOWN}", Verdict.INDETERMINATE),
        (CONNECTION, "cloudSpanner.database", "here/i/d", Verdict.PASS),
        (CONNECTION, "cloudSpanner.database", f"projects/partner/{UNKNOWN}", Verdict.PASS),
        (CONNECTION, "cloudSpanner.database", f"projects/partner{UNKNOWN}", Verdict.INDETERMINATE),
    ],
)
def test_what_is_partly_known_is_judged_by_its_beginning(
    sample: R, path: str, value: object, expected: Verdict
) -> None:
    assert judged(sample, path, value) is expected


@pytest.mark.parametrize(
    ("inputs", "path", "origin", "expected"),
    [
        ({"transferSpec": {"gcsDataSink": {"bucketName": UNKNOWN}}}, "bucketName", BUCKET, Verdict.PASS),
        ({"transferSpec": {"gcsDataSink": {"bucketName": UNKNOWN}}}, "bucketName", ACCOUNT, Verdict.INDETERMINATE),
    ],
)
def test_a_bucket_that_is_made_in_this_run_is_ours(
    inputs: dict[str, Any], path: str, origin: R, expected: Verdict
) -> None:
    job = R("storage.TransferJob", inputs, origins={f"transferSpec.gcsDataSink.{path}": origin.urn})
    assert verdict(CONTROL, job, BUCKET, OWN, ACCOUNT, parameters=SETTINGS) is expected


@pytest.mark.parametrize(
    ("value", "origin", "expected"),
    [
        (UNKNOWN, urn("sql.DatabaseInstance", "db"), Verdict.PASS),
        (UNKNOWN, urn("storage.Bucket", "bucket"), Verdict.INDETERMINATE),
        (f"foreign:{UNKNOWN}", urn("sql.DatabaseInstance", "db"), Verdict.INDETERMINATE),
    ],
)
def test_a_database_that_is_made_in_this_run_is_ours(value: str, origin: str, expected: Verdict) -> None:
    database = R("sql.DatabaseInstance", {}, "db")
    connection = R("bigquery.Connection", {"cloudSql": {"instanceId": value}}, origins={"cloudSql.instanceId": origin})
    assert verdict(CONTROL, connection, database, BUCKET, OWN, parameters=SETTINGS) is expected


@pytest.mark.parametrize(
    "nothing",
    [
        R("bigquery.Table", {"tableId": "t"}),
        R("bigquery.Connection", {"cloudResource": {}}),
        R("bigquery.Job", {"query": {"query": "SELECT 1"}}),
        R("storage.TransferJob", {"description": "x"}),
    ],
)
def test_what_names_no_place_is_not_judged(nothing: R) -> None:
    assert verdict(CONTROL, nothing) is Verdict.NOT_APPLICABLE


def test_without_partners_only_our_own_places_pass() -> None:
    assert verdict(CONTROL, TABLE, BUCKET, OWN) is Verdict.PASS
    foreign = R("bigquery.Table", {"externalDataConfiguration": {"sourceUris": ["gs://foreign/x"]}})
    assert verdict(CONTROL, foreign, BUCKET, OWN) is Verdict.INDETERMINATE
    none = replace(PARAMETERS, transfer_partners=())
    assert verdict(CONTROL, foreign, BUCKET, OWN, parameters=none) is Verdict.FAIL


@pytest.mark.parametrize(
    ("source", "params", "expected"),
    [
        ("google_cloud_storage", {"data_path_template": "gs://ours/*"}, Verdict.PASS),
        ("google_cloud_storage", {"data_path_template": "gs://foreign/*"}, Verdict.FAIL),
        ("google_cloud_storage", {"write_disposition": "APPEND"}, Verdict.INDETERMINATE),
        ("amazon_s3", {"data_path": "s3://partner/*"}, Verdict.PASS),
        ("amazon_s3", {"data_path": "s3://foreign/*"}, Verdict.FAIL),
        ("azure_blob_storage", {"storage_account": "partner", "container": "c"}, Verdict.PASS),
        ("azure_blob_storage", {"storage_account": "foreign", "container": "c"}, Verdict.FAIL),
        ("cross_region_copy", {"source_project_id": "here"}, Verdict.PASS),
        ("cross_region_copy", {"source_project_id": "partner"}, Verdict.PASS),
        ("cross_region_copy", {"source_project_id": "foreign"}, Verdict.FAIL),
        ("scheduled_query", {"query": "SELECT 1"}, Verdict.PASS),
        ("google_ads", {"customer_id": "1"}, Verdict.PASS),
        ("youtube_channel", {}, Verdict.FAIL),
    ],
)
def test_each_data_source_names_its_place(source: str, params: dict[str, Any], expected: Verdict) -> None:
    transfer = replace(TRANSFER, inputs={**TRANSFER.inputs, "dataSourceId": source, "params": params})
    assert verdict(CONTROL, transfer, BUCKET, OWN, parameters=SETTINGS) is expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("secret_access_key", "abc", Verdict.FAIL),
        ("connector.authentication.clientSecret", "abc", Verdict.FAIL),
        ("Password", UNKNOWN, Verdict.FAIL),
        ("refresh_token", "abc", Verdict.FAIL),
        ("note", secret(), Verdict.FAIL),
        ("secret_access_key", "", Verdict.PASS),
        ("access_key_id", "abc", Verdict.PASS),
    ],
)
def test_parameters_hold_no_secret(name: str, value: object, expected: Verdict) -> None:
    params = {"data_path_template": "gs://partner/*.csv", name: value}
    found = outcome(
        CONTROL, replace(TRANSFER, inputs={**TRANSFER.inputs, "params": params}), BUCKET, OWN, parameters=SETTINGS
    )
    assert found.verdict is expected
    if expected is Verdict.FAIL:
        path = f'params["{name}"]' if "." in name else f"params.{name}"
        assert [(each.path, each.shown) for each in found.reasons] == [(path, "")]


@pytest.mark.parametrize(
    "email",
    [
        "alice@acme.test",
        "12345-compute@developer.gserviceaccount.com",
        "acme@appspot.gserviceaccount.com",
        "service-12345@gcp-sa-bigquerydatatransfer.iam.gserviceaccount.com",
    ],
)
def test_an_account_that_is_shared_or_a_person_fails(email: str) -> None:
    assert judged(TRANSFER, "serviceAccountName", email) is Verdict.FAIL
    assert judged(JOB, "serviceAccount", email) is Verdict.FAIL


def test_an_account_that_is_made_in_this_run_is_its_own() -> None:
    inputs = {**TRANSFER.inputs, "serviceAccountName": UNKNOWN}
    made = replace(TRANSFER, inputs=inputs, origins={"serviceAccountName": ACCOUNT.urn})
    assert verdict(CONTROL, made, ACCOUNT, parameters=SETTINGS) is Verdict.PASS


def test_the_dataset_may_be_of_this_document() -> None:
    dataset = R("bigquery.Dataset", {"datasetId": "own", "project": "here"}, "dataset")
    own = replace(TRANSFER, inputs={**TRANSFER.inputs, "destinationDatasetId": "own"})
    assert verdict(CONTROL, own, dataset, parameters=SETTINGS) is Verdict.PASS
    nowhere = {key: value for key, value in own.inputs.items() if key != "project"}
    assert verdict(CONTROL, replace(own, inputs=nowhere), parameters=SETTINGS) is Verdict.INDETERMINATE
