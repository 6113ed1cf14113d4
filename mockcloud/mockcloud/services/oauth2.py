"""OAuth 2: what a token says, whose it is."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.callers import Caller
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.credentials import BadCredentials
from mockcloud.cloud.errors import ApiError, invalid, unauthenticated
from mockcloud.cloud.ids import steady
from mockcloud.cloud.keys import BadToken, read_jwt
from mockcloud.cloud.store import Body
from mockcloud.services.service import Service

_ID_DIGITS = 21

SERVICE = Service("oauth2", modelled=False)


def user_info(cloud: Cloud, caller: Caller) -> dict[str, Any]:
    """Say whose a token is, as the userinfo endpoints do."""
    email = caller.email
    found: dict[str, Any] = {"sub": subject(cloud, caller)}
    if email:
        found |= {"email": email, "email_verified": True}
    if caller.member.startswith("user:"):
        found |= {"name": email.partition("@")[0], "hd": email.partition("@")[2]}
    return found


def subject(cloud: Cloud, caller: Caller) -> str:
    """Give the unique id of a caller."""
    if caller.member.startswith("serviceAccount:"):
        return cloud.accounts.unique_id(caller.email)
    return steady(f"subject/{caller.member}", _ID_DIGITS)


@SERVICE.method("userinfo.get", "userinfo.v2.me.get")
def user(call: Call) -> Answer | Body:
    """Say whose the call's token is, in the older words."""
    if not call.caller.member:
        raise unauthenticated("Request is missing required authentication credential.")
    found = user_info(call.cloud, call.caller)
    found["id"] = found.pop("sub")
    if "email_verified" in found:
        found["verified_email"] = found.pop("email_verified")
    return found


@SERVICE.method("tokeninfo")
def token(call: Call) -> Answer | Body:
    """Say what a token says."""
    found = token_info(call.cloud, call.text("access_token"), call.text("id_token"))
    return {
        "issued_to": found.get("azp", found.get("aud", "")),
        "audience": found.get("aud", ""),
        "user_id": found.get("sub", ""),
        "scope": found.get("scope", ""),
        "expires_in": int(found.get("expires_in", 0)),
        **({"email": found["email"], "verified_email": True} if "email" in found else {}),
    }


def token_info(cloud: Cloud, access_token: str, id_token: str) -> dict[str, Any]:
    """Say what an access token or an identity token says.

    Raises:
        ApiError: 400. It is none that the cloud takes.
    """
    try:
        if id_token:
            _, claims = read_jwt(id_token)
            cloud.credentials.verified_claims(id_token)
            return {key: value if isinstance(value, str) else str(value) for key, value in claims.items()}
        caller = cloud.credentials.of_token(access_token)
    except (BadCredentials, BadToken):
        raise _invalid_token() from None
    until = cloud.credentials.lasts_until(access_token)
    left = int((until - cloud.clock.now).total_seconds()) if until is not None else 3600
    found = {"azp": subject(cloud, caller), "aud": subject(cloud, caller), "sub": subject(cloud, caller)}
    found |= {"scope": " ".join(sorted(caller.scopes)), "expires_in": str(left), "access_type": "online"}
    if caller.email:
        found |= {"email": caller.email, "email_verified": "true"}
    return found


def _invalid_token() -> ApiError:
    return invalid("Invalid Value", reason="invalid_token")
