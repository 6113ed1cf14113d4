"""IAM-19: calls between machines carry a token of identity."""

from dataclasses import replace
from urllib.parse import urlsplit

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_false, is_one_of, is_set, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import split_unknown
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
from groundplan_policies.rules import annotations
from groundplan_policies.rules.identity.accounts import ACCOUNT

_JOB, _PUSH = Path("httpTarget"), Path("pushConfig")
_URI, _HEADERS, _ENDPOINT = Path("httpTarget.uri"), Path("httpTarget.headers"), Path("pushConfig.pushEndpoint")
_ENGINE, _ENGINE_HEADERS = Path("appEngineHttpTarget"), Path("appEngineHttpTarget.headers")
_OAUTH_BLOCK = Path("httpTarget.oauthToken")
_OIDC = is_set("httpTarget.oidcToken.serviceAccountEmail", ACCOUNT, expected="an account that signs the call")
_OAUTH = is_set("httpTarget.oauthToken.serviceAccountEmail", ACCOUNT, expected="an account that signs the call")
_PUSH_OIDC = is_set("pushConfig.oidcToken.serviceAccountEmail", ACCOUNT, expected="an account that signs the call")
_INVOKERS = is_false("invokerIamDisabled")
_FIRST_INVOKERS = replace(
    is_one_of("", "false", absent=Verdict.PASS), path=annotations.of_service("invoker-iam-disabled")
)
_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "x-serverless-authorization", "x-goog-api-key"})
_GOOGLE = ".googleapis.com"


def _job(resource: Resource, context: Context) -> Outcome:
    engine = NOT_APPLICABLE if _ENGINE.one(resource).state is State.ABSENT else _headers(_ENGINE_HEADERS.one(resource))
    if _JOB.one(resource).state is State.ABSENT:
        return engine
    oauth = _OAUTH_BLOCK.one(resource).state is not State.ABSENT
    token = _OAUTH(resource, context) if oauth else _OIDC(resource, context)
    return all_of([engine, token, _headers(_HEADERS.one(resource)), _address(_URI.one(resource), google=oauth)])


def _push(resource: Resource, context: Context) -> Outcome:
    endpoint = _ENDPOINT.one(resource)
    if endpoint.state in {State.ABSENT, State.EMPTY}:
        return NOT_APPLICABLE
    return all_of([_PUSH_OIDC(resource, context), _address(endpoint, google=False)])


def _address(reading: Reading, *, google: bool) -> Outcome:
    """Ask where a token goes: over TLS, and one that opens Google's APIs to these alone."""
    text, _ = split_unknown(reading.text)
    known = reading.state is State.KNOWN or text.count("/") > len("//")
    if not known:
        nothing = fail("is absent; expected is an https address", reading.path)
        return unreadable(reading, absent=nothing) or wrong_type(reading, "an address")
    if not isinstance(reading.value, str):
        return wrong_type(reading, "an address")
    try:
        scheme, host = urlsplit(text).scheme, urlsplit(text).hostname or ""
    except ValueError:
        return indeterminate("is no address", reading.path)
    if scheme != "https":
        return fail("is no https address, so that the token can be read on the way", reading.path)
    if google and not host.endswith(_GOOGLE):
        return fail("is given a token that opens Google's APIs, and is none of them", reading.path)
    return PASS


def _headers(reading: Reading) -> Outcome:
    missing = unreadable(reading, absent=PASS)
    if missing is not None:
        return missing
    if not isinstance(reading.value, dict):
        return wrong_type(reading, "a map of headers")
    if any(name.strip().lower() in _CREDENTIALS for name in reading.value):
        return fail(
            "hold a credential that somebody wrote down; expected is a token that is made for each call", reading.path
        )
    return PASS


CONTROL = Control(
    id="IAM-19",
    title="Calls between machines carry a token of identity",
    why=(
        "What a scheduler or a subscription calls without a token has to be open to everybody, or holds a password in "
        "a header. A token is made for each call, lives for minutes, and names who called. An OAuth token opens "
        "Google's APIs to whoever receives it, so it may go only there, and all tokens go over TLS. A service that "
        "does not ask who calls accepts anybody, so `invokerIamDisabled` must be absent or false, also as an "
        "annotation of Cloud Run in its first form. App Engine knows its own calls, so that a job which calls it is "
        "asked only for headers without credentials. Other jobs without an HTTP target, and subscriptions that are "
        "pulled, call nobody."
    ),
    remedy="Set `oidc_token` with an account that may invoke the target; leave out `invoker_iam_disabled`.",
    severity=Severity.HIGH,
    objectives=("5.1.d", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "AC-3", "Whether the target asks for the token, where it is not Cloud Run."),),
    reads=(
        _OIDC.reads("cloudscheduler.Job"),
        Read("cloudscheduler.Job", _URI.text),
        Read("cloudscheduler.Job", _HEADERS.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read("cloudscheduler.Job", _ENGINE_HEADERS.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read("cloudscheduler.Job", _OAUTH_BLOCK.text, absent=Verdict.PASS),
        _PUSH_OIDC.reads("pubsub.Subscription"),
        Read("pubsub.Subscription", _ENDPOINT.text, absent=Verdict.NOT_APPLICABLE, empty=Verdict.NOT_APPLICABLE),
        _INVOKERS.reads("cloudrunv2.Service"),
        annotations.read(_FIRST_INVOKERS.path, Verdict.PASS),
    ),
    checks={
        "cloudscheduler.Job": _job,
        "pubsub.Subscription": _push,
        "cloudrunv2.Service": _INVOKERS,
        annotations.SERVICE: _FIRST_INVOKERS,
    },
)
