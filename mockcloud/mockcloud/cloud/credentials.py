"""Who the credentials of a call say that the caller is."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mockcloud.cloud.callers import Caller

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

TOKEN_PREFIX = "mock."
"""How the access tokens of the mock cloud begin: `mock.user:alice@acme.test`."""

TOKEN_MARK = "~"
"""What follows it in a token is for the door that gave it out: `mock.user:alice@acme.test~3`."""


def identify(cloud: "Cloud", headers: Mapping[str, str]) -> Caller | None:
    """Find out who calls.

    Args:
        cloud: The cloud.
        headers: Headers of the call.
    """
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.startswith(TOKEN_PREFIX):
        return None
    return Caller(token.removeprefix(TOKEN_PREFIX).partition(TOKEN_MARK)[0])
