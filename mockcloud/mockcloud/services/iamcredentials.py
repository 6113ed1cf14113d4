"""IAM Credentials: short-lived credentials of service accounts, for whoever may impersonate them.

Behaviour as https://cloud.google.com/iam/docs/create-short-lived-credentials-direct tells it (2026-11).
"""

import json
from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud import keys
from mockcloud.cloud.access.members import project_of_account
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.callers import Caller
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.constraints.policies import effective
from mockcloud.cloud.credentials import GOOGLE
from mockcloud.cloud.errors import failed_precondition, invalid, not_found
from mockcloud.cloud.rules.access import refusal
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body
from mockcloud.cloud.tokens import LIFETIME, issue
from mockcloud.discovery.schemas import Violation
from mockcloud.services.iam.signing import signed, signed_claims
from mockcloud.services.service import Service

_ACCOUNTS: Final = "projects.serviceAccounts"
_LONGEST: Final = timedelta(hours=12)
"""With the organisation policy that allows more than an hour."""

_EXTENSION: Final = "iam.allowServiceAccountCredentialLifetimeExtension"

SERVICE = Service("iamcredentials", modelled=False)


def impersonated(call: Call, permission: str) -> Caller:
    """Give the service account that a call names, if the caller may impersonate it.

    Each account of a chain of delegates must be allowed to act for the next one, the last for the account itself.

    Raises:
        ApiError: 403, or 404 for an account that there is not.
    """
    target = _email(call, call.name)
    chain = [_email(call, each) for each in call.body.get("delegates", ())]
    actor = call.caller
    for email, asked in [*((each, "iam.serviceAccounts.implicitDelegation") for each in chain), (target, permission)]:
        _hold(call, actor, asked, email)
        actor = Caller(f"serviceAccount:{email}", via=(*actor.via, actor.member))
    account = call.cloud.accounts.get(target)
    if account is None and call.cloud.rules.on(Rule.ACCESS) and _is_gone(call, target):
        raise not_found(call.name, what="Service account")
    if account is not None and account.body.get("disabled"):
        raise failed_precondition(f"The service account {target} is disabled.")
    return actor


def _email(call: Call, name: str) -> str:
    """Read whom `projects/-/serviceAccounts/ADDRESS` means; the address may be a unique id."""
    named = name.rpartition("/")[2]
    account = call.cloud.accounts.get(named)
    if account is not None:
        return str(account.body["email"])
    if named.isdigit():
        raise not_found(name, what="Service account")
    return named


def _is_gone(call: Call, email: str) -> bool:
    """Whether an address is one of a project of this cloud that has no such account."""
    project = email.rpartition("@")[2].partition(".")[0]
    own = email.endswith(f"@{project}.iam.gserviceaccount.com")
    return own and call.cloud.projects.get(project) is not None and not call.cloud.accounts.get(email)


def _hold(call: Call, actor: Caller, permission: str, email: str) -> None:
    if not call.cloud.rules.on(Rule.ACCESS):
        return
    name = f"projects/{project_of_account(call.cloud, email)}/serviceAccounts/{email}"
    if not call.cloud.access.allows(actor, permission, "iam", name):
        call.caller = actor
        raise refusal(call, permission, f"//iam.googleapis.com/{name}")


@SERVICE.method(f"{_ACCOUNTS}.generateAccessToken")
def access_token(call: Call) -> Answer | Body:
    """Give an access token of an account."""
    if not call.body.get("scope"):
        raise invalid("The scope must be set.", Violation("scope", "It is not set."))
    lifetime = _lifetime(call.body.get("lifetime", ""))
    caller = impersonated(call, "iam.serviceAccounts.getAccessToken")
    if lifetime > LIFETIME:
        _hold_extension(call, caller.email)
    scoped = Caller(caller.member, frozenset(call.body["scope"]), caller.via, {}, call.caller.origin)
    token, until = issue(call.cloud, scoped, lifetime)
    return {"accessToken": token, "expireTime": stamp(until.replace(microsecond=0))}


def _hold_extension(call: Call, email: str) -> None:
    """Hold a token of more than an hour to the organisation policy that allows it for some accounts."""
    if not call.cloud.rules.on(Rule.ORGANISATION):
        return
    policy = effective(call.cloud, f"projects/{project_of_account(call.cloud, email)}", _EXTENSION)
    allowed = (
        [each for rule in policy.rules for each in rule.get("values", {}).get("allowedValues", ())] if policy else []
    )
    if email not in allowed and not (policy and any(rule.get("allowAll") for rule in policy.rules)):
        raise failed_precondition(f"Constraint constraints/{_EXTENSION} does not allow {email} more than 3600s.")


def _lifetime(text: str) -> timedelta:
    span = timedelta(seconds=float(text.removesuffix("s"))) if text else LIFETIME
    if not timedelta() < span <= _LONGEST:
        raise invalid(
            "The lifetime of a token is at most 3600s, or 43200s where an organisation policy allows it.",
            Violation("lifetime", "It is out of range."),
        )
    return span


@SERVICE.method(f"{_ACCOUNTS}.generateIdToken")
def id_token(call: Call) -> Answer | Body:
    """Give an identity token of an account."""
    audience = call.body.get("audience", "")
    if not audience:
        raise invalid("The audience must be set.", Violation("audience", "It is not set."))
    caller = impersonated(call, "iam.serviceAccounts.getOpenIdToken")
    return {"token": identity_token(call.cloud, caller, audience, email=bool(call.body.get("includeEmail")))}


def identity_token(cloud: Cloud, caller: Caller, audience: str, *, email: bool) -> str:
    """Sign an identity token (OpenID Connect) of a service account.

    Args:
        cloud: The cloud.
        caller: The account.
        audience: For whom it is.
        email: Whether it says the account's address.
    """
    now = int(cloud.clock.now.timestamp())
    unique = cloud.accounts.unique_id(caller.email)
    claims: dict[str, Any] = {"iss": GOOGLE, "aud": audience, "azp": unique, "sub": unique, "iat": now}
    claims["exp"] = now + int(LIFETIME.total_seconds())
    if email:
        claims |= {"email": caller.email, "email_verified": True}
    return keys.signed_jwt(keys.own_key(), claims)


@SERVICE.method(f"{_ACCOUNTS}.signBlob")
def sign_blob(call: Call) -> Answer | Body:
    """Sign bytes as an account."""
    caller = impersonated(call, "iam.serviceAccounts.signBlob")
    key_id, signature = signed(call.cloud, caller.email, call.body.get("payload", ""))
    return {"keyId": key_id, "signedBlob": signature}


@SERVICE.method(f"{_ACCOUNTS}.signJwt")
def sign_jwt(call: Call) -> Answer | Body:
    """Sign claims as an account."""
    caller = impersonated(call, "iam.serviceAccounts.signJwt")
    payload = call.body.get("payload", "")
    try:
        json.loads(payload)
    except (ValueError, RecursionError):
        raise invalid("The payload must be JSON.", Violation("payload", "It is none.")) from None
    return signed_claims(call.cloud, caller.email, payload)


@SERVICE.method(f"{_ACCOUNTS}.getAllowedLocations", "projects.locations.workloadIdentityPools.getAllowedLocations")
def allowed_locations(call: Call) -> Answer | Body:
    """Say from where an account's tokens may be used: from everywhere."""
    del call
    return {"locations": [], "encodedLocations": "0x0"}
