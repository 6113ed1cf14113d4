"""Authentication: who calls. Off, the caller owns the cloud, under the name that the credentials give."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.callers import NOBODY, OWNER
from mockcloud.cloud.credentials import BadCredentials
from mockcloud.cloud.errors import info, unauthenticated
from mockcloud.cloud.rules.access import takes_anybody

_ENTRANCES: Final = frozenset({"sts", "oauth2"})
"""APIs whose calls bring the credentials in the body, as they are there to get others."""


_EXPECTED: Final = (
    "Expected OAuth 2 access token, login cookie or other valid authentication credential. See "
    "https://developers.google.com/identity/sign-in/web/devconsole-project."
)


def _info(call: Call, reason: str) -> Mapping[str, Any]:
    return info(reason, call.api, method=call.request.rpc or call.method.full_id)


def check(call: Call) -> None:
    """Find out who calls.

    Raises:
        ApiError: 401, where nobody does.
    """
    try:
        caller = call.cloud.credentials.caller(call.request.headers)
    except BadCredentials as error:
        raise unauthenticated(
            f"Request had invalid authentication credentials. {error.message} {_EXPECTED}",
            _info(call, error.reason),
            challenge='error="invalid_token"',
        ) from None
    if caller is None and not takes_anybody(call) and call.api not in _ENTRANCES:
        raise unauthenticated(
            f"Request is missing required authentication credential. {_EXPECTED}",
            _info(call, "CREDENTIALS_MISSING"),
        )
    call.caller = caller or NOBODY


def otherwise(call: Call) -> None:
    """Take the name that the credentials give, or the owner's."""
    call.caller = call.cloud.identify(call.request.headers) or OWNER
