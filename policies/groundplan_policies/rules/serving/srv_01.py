"""SRV-01: callers of private indexes are authenticated."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_true, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, all_of, fail

_DEPLOYED = "vertex.AiIndexEndpointDeployedIndex"
_ISSUERS = Path("deployedIndexAuthConfig.authProvider.allowedIssuers")
_AUDIENCES = Path("deployedIndexAuthConfig.authProvider.audiences")
_LOGGED = is_true("enableAccessLogging")
_ENDPOINT = Path("indexEndpoint")
_PUBLIC = Path("publicEndpointEnabled")


def _check(resource: Resource, context: Context) -> Outcome:
    endpoint = context.graph.resolve(resource, _ENDPOINT.one(resource), "vertex.AiIndexEndpoint")
    if endpoint is not None and _PUBLIC.one(endpoint).value is True:
        return NOT_APPLICABLE
    named = [_names(resource, path.one(resource), context) for path in (_ISSUERS, _AUDIENCES)]
    return all_of([*named, _LOGGED(resource, context)])


def _names(resource: Resource, reading: Reading, context: Context) -> Outcome:
    nobody = fail("is absent, so anybody in the network may ask", reading.path)
    missing = unreadable(reading, absent=nobody)
    if missing is not None:
        return missing
    return all_of([_name(resource, each, context) for each in entries(reading)])


def _name(resource: Resource, reading: Reading, context: Context) -> Outcome:
    if reading.state is State.UNKNOWN and context.graph.resolve(resource, reading, "serviceaccount.Account"):
        return PASS
    missing = unreadable(reading, absent=fail("names nobody", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    return PASS if reading.value.strip() else fail("names nobody", reading.path)


CONTROL = Control(
    id="SRV-01",
    title="Callers of private indexes are authenticated",
    why=(
        "An index gives away what was embedded in it. In a private network it answers whoever reaches it, unless it "
        "asks for a token: of a service account that it knows, for an audience that it knows; both lists are needed. "
        "Its access log tells who asked. An index on a public endpoint asks IAM instead and is NET-07's matter."
    ),
    remedy="Set `deployed_index_auth_config` with `allowed_issuers` and `audiences`, and `enable_access_logging`.",
    severity=Severity.HIGH,
    objectives=("4.2.b", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "AC-3", "Access to all else: these are vector indexes alone."),),
    reads=(
        Read(_DEPLOYED, _ISSUERS.text),
        Read(_DEPLOYED, _AUDIENCES.text),
        _LOGGED.reads(_DEPLOYED),
        Read.aside(_DEPLOYED, _ENDPOINT.text),
    ),
    checks={_DEPLOYED: _check},
)
