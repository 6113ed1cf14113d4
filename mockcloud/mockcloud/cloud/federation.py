"""Identities of other providers: their tokens verified, their claims mapped to a member of policies."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.access import cel
from mockcloud.cloud.credentials import BadCredentials
from mockcloud.cloud.errors import not_modelled
from mockcloud.cloud.keys import BadToken, jwt_signed_by, own_key, public_of_jwk, public_pem, read_jwt, signed_jwt
from mockcloud.cloud.store import Record

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

_LONGEST_SUBJECT: Final = 127
"""Characters of a subject (https://cloud.google.com/iam/docs/workload-identity-federation)."""


class Refused(Exception):
    """A subject token that is not taken.

    Args:
        message: Why, for people.
        reason: Why, in OAuth's word for it.
    """

    def __init__(self, message: str, reason: str = "invalid_grant") -> None:
        super().__init__(message)
        self.reason = reason


def subject_token(
    cloud: "Cloud", *, issuer: str, subject: str, audience: str, seconds: int = 3600, **claims: object
) -> str:
    """Make a token of another identity provider, which the cloud plays.

    Args:
        cloud: The cloud.
        issuer: Address of the provider: `https://token.actions.githubusercontent.com`.
        subject: Whom it is about.
        audience: For whom it is: what the provider lists, or `https://iam.googleapis.com/` with the provider's name.
        seconds: For how long.
        claims: What else it says: `repository="acme/models"`.
    """
    now = int(cloud.clock.now.timestamp())
    standard = {"iss": issuer, "sub": subject, "aud": audience, "iat": now, "exp": now + seconds}
    return signed_jwt(own_key(), {**standard, **claims})


def verified_subject(cloud: "Cloud", provider: Record, token: str) -> Mapping[str, Any]:
    """Give the claims of a subject token, held to its provider.

    Raises:
        Refused: It is not signed as it must be, by another issuer, for another audience, or has expired.
    """
    oidc = provider.body.get("oidc")
    if oidc is None:
        raise not_modelled("identity providers other than OpenID Connect")
    try:
        header, claims = read_jwt(token)
    except BadToken as error:
        raise Refused(f"The subject token cannot be read: {error}.") from None
    if header.get("alg") != "RS256" or not _signed(token, oidc, str(header.get("kid", ""))):
        raise Refused("The subject token is not signed with a key of the provider.")
    if claims.get("iss") != oidc.get("issuerUri"):
        raise Refused(f"The issuer in the ID token {claims.get('iss')} does not match the expected one.")
    _hold_audience(provider, oidc, claims.get("aud"))
    try:
        cloud.credentials.expiry(token, claims)
    except BadCredentials as error:
        raise Refused(f"The subject token is not valid: {error.message}") from None
    return claims


def _signed(token: str, oidc: Mapping[str, Any], kid: str) -> bool:
    try:
        listed: Any = json.loads(oidc["jwksJson"])["keys"] if oidc.get("jwksJson") else []
        keys = [public_of_jwk(each) for each in listed if each.get("kty") == "RSA" and each.get("kid", kid) == kid]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused("The keys of the provider cannot be read.") from None
    return any(jwt_signed_by(token, each) for each in [*keys, public_pem(own_key())])


def _hold_audience(provider: Record, oidc: Mapping[str, Any], given: object) -> None:
    name = provider.body["name"]
    allowed = oidc.get("allowedAudiences") or [f"https://iam.googleapis.com/{name}", f"//iam.googleapis.com/{name}"]
    audiences = given if isinstance(given, list) else [given]
    if not any(each in allowed for each in audiences):
        raise Refused("The audience in the ID token does not match the expected audience.")


def identity(pool: Record, provider: Record, claims: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Map claims to a member of policies, and to the attributes that sets of members are made of.

    Args:
        pool: The pool.
        provider: The provider, with its mapping and its condition.
        claims: The claims of the subject token.

    Raises:
        Refused: The mapping gives no subject, or the condition does not hold.
        ApiError: 501. A mapping or the condition uses what is not modelled.
    """
    mapping = provider.body.get("attributeMapping") or {"google.subject": "assertion.sub"}
    given: dict[str, Any] = {"assertion": claims}
    try:
        mapped = {key: cel.expression(text)(given) for key, text in mapping.items()}
        subject = mapped.pop("google.subject", "")
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
            raise Refused("The mapping gives no google.subject, or one of more than 127 characters.")
        _hold_condition(provider.body.get("attributeCondition", ""), given, {"google.subject": subject, **mapped})
    except cel.CelError as error:
        raise Refused(f"The mapping cannot be evaluated: {error}.") from None
    except cel.Unsupported as error:
        raise not_modelled(error.what) from None
    return f"principal://iam.googleapis.com/{pool.body['name']}/subject/{subject}", mapped


def _hold_condition(condition: str, given: Mapping[str, Any], mapped: Mapping[str, Any]) -> None:
    if not condition:
        return
    nested: dict[str, dict[str, Any]] = {"google": {}, "attribute": {}}
    for key, value in mapped.items():
        family, _, name = key.partition(".")
        nested.setdefault(family, {})[name] = value
    if not cel.holds(condition, {**given, **nested}):
        raise Refused("The given credential is rejected by the attribute condition.", "unauthorized_client")
