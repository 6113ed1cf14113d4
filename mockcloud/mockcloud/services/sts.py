"""Security Token Service: a token of another identity provider against one of Google's (workload identity federation).

The cloud reaches no other provider. So a subject token counts if it is signed with a key that the provider's own
`oidc.jwksJson` lists, or by the cloud itself, which plays every issuer: `federation.subject_token` makes such a one.
Behaviour as https://cloud.google.com/iam/docs/workload-identity-federation tells it (2026-11).
"""

from typing import Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.callers import Caller
from mockcloud.cloud.errors import ApiError, invalid, not_modelled
from mockcloud.cloud.federation import Refused, identity, verified_subject
from mockcloud.cloud.keys import jwk, own_key
from mockcloud.cloud.store import Body, Record
from mockcloud.cloud.tokens import LIFETIME, issue
from mockcloud.services.service import Service

_EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
_ACCESS: Final = "urn:ietf:params:oauth:token-type:access_token"
_READ: Final = frozenset({"urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token"})
_PREFIX: Final = "//iam.googleapis.com/"

SERVICE = Service("sts", modelled=False)


@SERVICE.method("token")
def token(call: Call) -> Answer | Body:
    """Exchange a token."""
    body = call.body
    if body.get("grantType") != _EXCHANGE:
        raise invalid(f"The grant type must be {_EXCHANGE}.", reason="unsupported_grant_type")
    if body.get("requestedTokenType", _ACCESS) != _ACCESS:
        raise invalid(f"The requested token type must be {_ACCESS}.", reason="invalid_request")
    kind = body.get("subjectTokenType", "")
    if kind == _ACCESS:
        return _downscoped(call)
    if kind not in _READ:
        raise not_modelled(f"subject tokens of the type '{kind}'")
    pool, provider = _provider(call, body.get("audience", ""))
    try:
        claims = verified_subject(call.cloud, provider, body.get("subjectToken", ""))
        member, mapped = identity(pool, provider, claims)
    except Refused as error:
        raise invalid(str(error), reason=error.reason) from None
    caller = Caller(member, frozenset(body.get("scope", "").split()), claims=mapped, origin=call.caller.origin)
    return _answer(call, caller)


def _answer(call: Call, caller: Caller) -> Body:
    issued, _ = issue(call.cloud, caller)
    return {
        "access_token": issued,
        "issued_token_type": _ACCESS,
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
    }


def _downscoped(call: Call) -> Body:
    """Give a token like another one. Credential access boundaries are not modelled."""
    if call.body.get("options"):
        raise not_modelled("credential access boundaries")
    caller = call.cloud.identify({"authorization": f"Bearer {call.body.get('subjectToken', '')}"})
    if caller is None:
        raise invalid("The subject token is invalid.", reason="invalid_grant")
    return _answer(call, caller)


def _provider(call: Call, audience: str) -> tuple[Record, Record]:
    """Find the pool and the provider that an audience names."""
    parts = audience.removeprefix(_PREFIX).split("/")
    if not audience.startswith(_PREFIX) or "providers" not in parts:
        raise invalid(f"Invalid value for 'audience': '{audience}' names no provider.", reason="invalid_request")
    if parts[0] == "projects":
        parts[1] = call.cloud.projects.id_of(parts[1])
    name = "/".join(parts)
    provider = call.cloud.store.get("iam", name)
    pool = call.cloud.store.get("iam", name.partition("/providers/")[0])
    if provider is None or pool is None:
        raise _invalid_target(audience)
    for each in (provider, pool):
        if each.body.get("disabled") or each.body.get("state") == "DELETED":
            raise _invalid_target(audience)
    return pool, provider


def _invalid_target(audience: str) -> ApiError:
    return invalid(f"The target service indicated by the 'audience' '{audience}' is invalid.", reason="invalid_target")


@SERVICE.method(
    "projects.locations.workloadIdentityPools.openid.getJwks",
    "organizations.locations.workloadIdentityPools.openid.getJwks",
)
def jwks(call: Call) -> Answer | Body:
    """Give the keys with which the cloud signs."""
    del call
    return {"keys": [jwk(own_key())]}
