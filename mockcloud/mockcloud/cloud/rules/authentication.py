"""Authentication: who calls. Off, the caller owns the cloud, under the name that the credentials give."""

from mockcloud.cloud.call import Call
from mockcloud.cloud.callers import OWNER
from mockcloud.cloud.errors import unauthenticated


def check(call: Call) -> None:
    """Find out who calls.

    Raises:
        ApiError: 401, where nobody does.
    """
    caller = call.cloud.identify(call.request.headers)
    if caller is None:
        raise unauthenticated(
            "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or "
            "other valid authentication credential."
        )
    call.caller = caller


def otherwise(call: Call) -> None:
    """Take the name that the credentials give, or the owner's."""
    call.caller = call.cloud.identify(call.request.headers) or OWNER
