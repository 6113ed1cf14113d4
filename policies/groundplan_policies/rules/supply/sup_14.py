"""SUP-14: tokens that are given inline are never in clear."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import unreadable
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail

_TOKENS: Final[Mapping[str, tuple[Path, ...]]] = {
    type_: tuple(map(Path, paths))
    for type_, paths in {
        "vertex.AiEndpointWithModelGardenDeployment": ("modelConfig.huggingFaceAccessToken",),
        "developerconnect.AccountConnector": ("customOauthConfig.clientSecret",),
        "bigquery.Connection": (
            "cloudSql.credential.password",
            "configuration.authentication.usernamePassword.password.plaintext",
        ),
        "bigquery.DataTransferConfig": ("sensitiveParams.secretAccessKey",),
        "storage.TransferJob": (
            "transferSpec.awsS3DataSource.awsAccessKey.secretAccessKey",
            "transferSpec.azureBlobStorageDataSource.azureCredentials.sasToken",
        ),
        "alloydb.Cluster": ("initialUser.password",),
        "compute.BackendService": ("iap.oauth2ClientSecret", "securitySettings.awsV4Authentication.accessKey"),
        "compute.RegionBackendService": ("iap.oauth2ClientSecret",),
        "cloudbuild.BitbucketServerConfig": ("apiKey",),
    }.items()
}
"""Short name of the type -> what it takes inline, and what the provider itself does not mark as a secret."""


def _hidden(paths: tuple[Path, ...]) -> Check:
    def check(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
        return all_of(_token(each) for path in paths for each in path.read(resource))

    return check


def _token(reading: Reading) -> Outcome:
    if reading.state is State.SECRET:
        return PASS
    missing = unreadable(reading, absent=PASS)
    return missing or fail("is in clear, so that it stands in the program, the plan and the state", reading.path)


CONTROL = Control(
    id="SUP-14",
    title="Tokens that are given inline are never in clear",
    why=(
        "Google takes a token for Hugging Face, the secret of an OAuth client, and some passwords and keys for other "
        "clouds and databases inline. Pulumi encrypts it in its state where the program marks it as a secret, and only "
        "then; otherwise it stands there for everybody who may read the state, and in every plan. One that is known "
        "only after the deployment may be either: indeterminate."
    ),
    remedy="Take it from the configuration with `require_secret`, or leave it out.",
    severity=Severity.HIGH,
    objectives=("4.1.c",),
    clauses=(partial("nist-800-53-r5", "IA-5", "Where the token is kept before it comes into the program."),),
    reads=tuple(
        Read(type_, path.text, absent=Verdict.PASS, empty=Verdict.PASS, wrong=Verdict.FAIL, secret=Verdict.PASS)
        for type_, paths in _TOKENS.items()
        for path in paths
    ),
    checks={type_: _hidden(paths) for type_, paths in _TOKENS.items()},
)
