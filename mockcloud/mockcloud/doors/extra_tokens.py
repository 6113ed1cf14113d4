"""The token endpoint of OAuth: assertions of service accounts and refresh tokens against access tokens."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.callers import OWNER, Caller
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.credentials import GOOGLE, BadCredentials, signer
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.tokens import LIFETIME, TOKEN_PREFIX, issue

_ASSERTION: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_AUDIENCES: Final = frozenset(
    {
        "https://oauth2.googleapis.com/token",
        "https://www.googleapis.com/oauth2/v4/token",
        "https://accounts.google.com/o/oauth2/token",
    }
)

ENDPOINT_PATH: Final = "/oauth2.googleapis.com/token"
"""Path of the endpoint at a server that answers for every host: the host, and its path."""


def exchanged(cloud: Cloud, given: Mapping[str, str]) -> Mapping[str, Any]:
    """Answer the token endpoint.

    Args:
        cloud: The cloud.
        given: The parameters.

    Raises:
        ApiError: 400, its reason OAuth's word for it.
    """
    kind = given.get("grant_type", "")
    if kind == _ASSERTION:
        return _of_assertion(cloud, given.get("assertion", ""))
    if kind == "refresh_token":
        return _of_refresh_token(cloud, given)
    raise invalid(f"Invalid grant_type: {kind}", reason="unsupported_grant_type")


def _refused(message: str) -> ApiError:
    return invalid(message, reason="invalid_grant")


def _of_assertion(cloud: Cloud, assertion: str) -> Mapping[str, Any]:
    """Take what a service account has signed itself (RFC 7523)."""
    try:
        claims = cloud.credentials.verified_claims(assertion)
        cloud.credentials.expiry(assertion, claims)
    except BadCredentials as error:
        raise _refused(f"Invalid JWT. {error.message}") from None
    email = str(claims.get("iss", ""))
    account = cloud.accounts.get(email)
    if not _is_endpoint(str(claims.get("aud", ""))) or claims.get("iss") == GOOGLE:
        raise _refused("Invalid JWT: the audience must be the token endpoint.")
    is_there = account is not None or not cloud.rules.on(Rule.AUTHENTICATION)
    if email != OWNER.email and (not is_there or (account is not None and account.body.get("disabled"))):
        raise _refused("Invalid grant: account not found")
    if claims.get("sub", email) != email:
        raise invalid("Domain-wide delegation is not modelled.", reason="unauthorized_client")
    caller = Caller(signer(email), frozenset(str(claims.get("scope", "")).split()))
    audience = claims.get("target_audience")
    if audience:
        return {"id_token": _identity_token(cloud, caller, str(audience))}
    return _answer(cloud, caller)


def _is_endpoint(audience: str) -> bool:
    """Whether an audience is the token endpoint: by Google's names, or by the address of a server of this cloud."""
    return audience in _AUDIENCES or (audience.startswith("http://") and audience.endswith(ENDPOINT_PATH))


def _identity_token(cloud: Cloud, caller: Caller, audience: str) -> str:
    from mockcloud.services.iamcredentials import identity_token

    return identity_token(cloud, caller, audience, email=True)


def _of_refresh_token(cloud: Cloud, given: Mapping[str, str]) -> Mapping[str, Any]:
    """Take a mock token as a refresh token: `mock.user:alice@acme.test`. Where nobody is asked, any is the owner's."""
    token = given.get("refresh_token", "")
    caller = cloud.identify({"authorization": f"Bearer {token}"}) if token.startswith(TOKEN_PREFIX) else None
    if caller is None and cloud.rules.on(Rule.AUTHENTICATION):
        raise _refused("Token has been expired or revoked.")
    return _answer(cloud, Caller((caller or OWNER).member, frozenset(given.get("scope", "").split())))


def _answer(cloud: Cloud, caller: Caller) -> Mapping[str, Any]:
    issued, _ = issue(cloud, caller)
    found: dict[str, Any] = {
        "access_token": issued,
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
    }
    return {**found, **({"scope": " ".join(sorted(caller.scopes))} if caller.scopes else {})}
