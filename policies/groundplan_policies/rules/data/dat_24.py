"""DAT-24: transfers beyond this document are allow-listed."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Evidence, Read, evidence, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, read_value
from groundplan_policies.engine.principals import is_agent, is_default
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import join_key
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.partners import BUCKET, PROJECT, TABLE, Place, judge
from groundplan_policies.rules.data.targets import dataset_of

_TRANSFER = "bigquery.DataTransferConfig"
_JOB = "storage.TransferJob"
_ACCOUNT = "serviceaccount.Account"
_PLACES: Final[Mapping[str, tuple[Place, ...]]] = {
    _JOB: (
        Place("", ("transferSpec.httpDataSource.listUrl",)),
        Place("s3://", ("transferSpec.awsS3DataSource.bucketName",)),
        Place("", ("transferSpec.awsS3DataSource.cloudfrontDomain",)),
        Place(
            "https://",
            ("transferSpec.awsS3CompatibleDataSource.endpoint", "transferSpec.awsS3CompatibleDataSource.bucketName"),
        ),
        Place(
            "azure://",
            (
                "transferSpec.azureBlobStorageDataSource.storageAccount",
                "transferSpec.azureBlobStorageDataSource.container",
            ),
        ),
        Place("hdfs://", ("transferSpec.hdfsDataSource.path",)),
        Place("posix://", ("transferSpec.posixDataSource.rootDirectory",)),
        Place("posix://", ("transferSpec.posixDataSink.rootDirectory",)),
        Place(BUCKET, ("transferSpec.gcsDataSource.bucketName",)),
        Place(BUCKET, ("transferSpec.gcsDataSink.bucketName",)),
        Place(BUCKET, ("replicationSpec.gcsDataSource.bucketName",)),
        Place(BUCKET, ("replicationSpec.gcsDataSink.bucketName",)),
    ),
    "bigquery.Connection": (
        Place("", ("aws.accessRole.iamRoleId",)),
        Place("", ("azure.customerTenantId",)),
        Place(PROJECT, ("cloudSql.instanceId",), ("sql.DatabaseInstance",)),
        Place(PROJECT, ("cloudSpanner.database",), ("spanner.Database",)),
        Place("", ("configuration.endpoint.hostPort",)),
        Place(PROJECT, ("configuration.asset.googleCloudResource",)),
    ),
    "bigquery.Job": (
        Place(BUCKET, ("extract.destinationUris",), lists=True),
        Place(BUCKET, ("load.sourceUris",), lists=True),
        Place(PROJECT, ("load.destinationTable.projectId",), ("organizations.Project",)),
        Place(PROJECT, ("query.destinationTable.projectId",), ("organizations.Project",)),
        Place(PROJECT, ("copy.destinationTable.projectId",), ("organizations.Project",)),
        Place(PROJECT, ("copy.sourceTables.projectId",), ("organizations.Project",)),
    ),
    "bigquery.Table": (Place(BUCKET, ("externalDataConfiguration.sourceUris",), lists=True),),
    "pubsub.Subscription": (
        Place("", ("pushConfig.pushEndpoint",), ("cloudrunv2.Service", "cloudfunctionsv2.Function")),
        Place(BUCKET, ("cloudStorageConfig.bucket",)),
        Place(TABLE, ("bigqueryConfig.table",), ("bigquery.Table",)),
    ),
}
_SOURCES: Final[Mapping[str, Place]] = {
    "google_cloud_storage": Place(BUCKET, ("data_path_template",)),
    "amazon_s3": Place("s3://", ("data_path",)),
    "azure_blob_storage": Place("azure://", ("storage_account", "container")),
    "cross_region_copy": Place(PROJECT, ("source_project_id",), ("organizations.Project",)),
}
"""For each data source, where its parameters name the place. Any other source is a partner by its id."""

_INSIDE = "scheduled_query"
_SOURCE = Path("dataSourceId")
_PARAMS = Path("params")
_SINK = Path("destinationDatasetId")
_RUNS_AS = {_TRANSFER: Path("serviceAccountName"), _JOB: Path("serviceAccount")}
_SECRET_NAME = re.compile(r"secret|passw|token|private_?key|api_?key|credential|signature", re.IGNORECASE)


def _places(*places: Place) -> Check:
    def check(resource: Resource, context: Context) -> Outcome:
        return all_of(judge(each, resource, context, resource.inputs) for each in places)

    return check


def _job(resource: Resource, context: Context) -> Outcome:
    places = _places(*_PLACES[_JOB])(resource, context)
    return all_of([places, _runs_as(_RUNS_AS[_JOB].one(resource), resource, context, absent=NOT_APPLICABLE)])


def _transfer(resource: Resource, context: Context) -> Outcome:
    account = _RUNS_AS[_TRANSFER].one(resource)
    nobody = fail("is absent, so that it runs as whoever made it", account.path)
    return all_of(
        [
            _source(resource, context),
            _sink(resource, context),
            _runs_as(account, resource, context, absent=nobody),
            *_secrets(_PARAMS.one(resource)),
        ]
    )


def _source(resource: Resource, context: Context) -> Outcome:
    source, params = _SOURCE.one(resource), _PARAMS.one(resource)
    missing = unreadable(source, absent=indeterminate("names no source", source.path))
    if missing is not None or not source.text:
        return missing or wrong_type(source, "a text")
    if source.text == _INSIDE:
        return PASS
    place = _SOURCES.get(source.text)
    if place is None:
        return judge(Place("", (_SOURCE.text,)), resource, context, resource.inputs)
    nowhere = indeterminate("do not say where the data is", params.path)
    missing = unreadable(params, absent=nowhere)
    if missing is not None or not isinstance(params.value, dict):
        return missing or wrong_type(params, "an object")
    found = judge(place, resource, context, params.value, params.path)
    return nowhere if found is NOT_APPLICABLE else found


def _sink(resource: Resource, context: Context) -> Outcome:
    named = _SINK.one(resource)
    into = dataset_of(resource, context.graph)
    if named.state in {State.ABSENT, State.EMPTY} or (into is not None and not into.external):
        return NOT_APPLICABLE
    project = context.graph.effective(resource, "project")
    if project.state is not State.KNOWN:
        return indeterminate("is in a project that nobody names", named.path)
    return judge(Place(f"{TABLE}{project.text}.", (_SINK.text,)), resource, context, resource.inputs)


def _runs_as(account: Reading, resource: Resource, context: Context, *, absent: Outcome) -> Outcome:
    if account.state is State.UNKNOWN and context.graph.made(resource, account, _ACCOUNT) is not None:
        return PASS
    missing = unreadable(account, absent=absent)
    if missing is not None or not account.text:
        return missing or wrong_type(account, "a text")
    email = account.text.lower()
    own = email.endswith(".gserviceaccount.com") and not is_default(email) and not is_agent(email)
    return PASS if own else fail("is no account of its own", account.path)


def _secrets(params: Reading) -> Iterator[Outcome]:
    for name, given in params.value.items() if isinstance(params.value, dict) else ():
        value = read_value(given, join_key(params.path, name))[0]
        if value.state is State.SECRET:
            yield fail("is a secret, in the place of a parameter that everybody reads", value.path)
        elif _SECRET_NAME.search(name) and value.state not in {State.ABSENT, State.EMPTY}:
            yield fail("holds a secret, by its name", value.path)


def _reads(type_: str, places: tuple[Place, ...]) -> Iterator[Read]:
    """Document the places of a type: without a name none applies, and what is within a partner's place is theirs."""
    nothing = Verdict.NOT_APPLICABLE if len(places) == 1 else Verdict.PASS
    for place in places:
        outer, *inner = place.paths
        yield Read(type_, outer, absent=nothing, empty=nothing)
        yield from (Read(type_, path, absent=Verdict.PASS, empty=Verdict.PASS, unknown=Verdict.PASS) for path in inner)


CONTROL = Control(
    id="DAT-24",
    title="Transfers beyond this document are allow-listed",
    why=(
        "A transfer moves whole data sets at a stroke, to a bucket that may be anybody's, or from one whose content "
        "nobody checked. Buckets, datasets and projects that this document makes, or that its providers are set to, "
        "need no leave; what it only reads or names does. Every other place, also one on premises, must be a partner "
        "of the settings. A transfer without an account runs with the rights of the person who made it, and stops when "
        "they go. A subscription that pushes messages, or writes them to a bucket or a table, is such a transfer. The "
        "parameters of a transfer are read by all who may see it. Storage transfers run as Google's agent for them, so "
        "there only an account that is shared with others fails."
    ),
    remedy="List the partner in `transfer_partners`, set `service_account_name`, and use `sensitive_params`.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("3.2.b", "5.1.f", "6.1.a"),
    clauses=(
        partial("nist-800-53-r5", "AC-4", "Flows other than transfers, exports, connections and external tables."),
        partial("nist-800-53-r5", "SR-3", "How partners were chosen."),
        evidence("eu-ai-act", "15", "Accuracy and robustness; of attacks this is data from strangers alone."),
    ),
    reads=(
        *(read for type_, places in _PLACES.items() for read in _reads(type_, places)),
        Read(_JOB, "serviceAccount", absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_TRANSFER, "dataSourceId", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read(_TRANSFER, "params", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read(_TRANSFER, "destinationDatasetId", absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_TRANSFER, "serviceAccountName"),
    ),
    checks={
        **{type_: _places(*places) for type_, places in _PLACES.items()},
        _JOB: _job,
        _TRANSFER: _transfer,
    },
    settings=("transfer_partners",),
)
