"""Access tokens: those that a test writes, and those that the cloud gives out.

A *mock token* is text that anybody can write: `mock.user:alice@acme.test`. A token that the cloud gives out begins as
Google's do and says, signed, who it is for and until when, so that none needs to be kept.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, quote, unquote, urlencode

from mockcloud.cloud.callers import Caller
from mockcloud.cloud.clock import parse_stamp, stamp
from mockcloud.errors import Error

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

TOKEN_PREFIX: Final = "mock."  # noqa: S105 - everybody may know it
"""How mock tokens begin."""

TOKEN_MARK: Final = "~"  # noqa: S105 - everybody may know it
"""What follows it in a mock token is for the door that gave it out: `mock.user:alice@acme.test~3`."""

ISSUED_PREFIX: Final = "ya29.mock-"
"""How tokens begin that the cloud gives out."""

LIFETIME: Final = timedelta(hours=1)
"""How long a token lasts that does not say otherwise."""

EXPIRED: Final = "ACCESS_TOKEN_EXPIRED"
"""Google's word for credentials that have expired."""

_CALLERS: Final = ("user:", "serviceAccount:", "principal://")


class NoSuchCaller(Error):
    """A mock token is asked for somebody who cannot call."""


class BadCredentials(Exception):
    """Credentials that the cloud does not take.

    Args:
        message: Why.
        reason: Why, in the word that programs read (google/api/error_reason.proto).
    """

    def __init__(self, message: str, reason: str = "ACCESS_TOKEN_TYPE_UNSUPPORTED") -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason


def mock_token(
    member: str,
    *,
    scopes: Iterable[str] = (),
    until: datetime | None = None,
    ip: str = "",
    project: str = "",
    network: str = "",
) -> str:
    """Write an access token of the mock cloud. It can be used wherever an access token can.

    Args:
        member: Who calls, as IAM names them: `user:alice@acme.test`, `serviceAccount:…`, `principal://…`.
        scopes: OAuth scopes of the token; none stands for all.
        until: When it expires, in virtual time; None for never.
        ip: Address from which the call comes, for access levels.
        project: Id of the project from whose network it comes, for service perimeters.
        network: Full name of that network: `projects/acme/global/networks/core`.

    Raises:
        NoSuchCaller: The member is not somebody who can call.
    """
    if not member.startswith(_CALLERS):
        raise NoSuchCaller(
            "A token cannot be written for this member",
            given=repr(member),
            allowed="user:ADDRESS, serviceAccount:ADDRESS, principal://…",
            remedy="Name one who can call. A group is a member of policies, and nobody.",
        )
    said = {
        "scope": " ".join(scopes),
        "until": stamp(until) if until is not None else "",
        "ip": ip,
        "project": project,
        "network": network,
    }
    said = {key: value for key, value in said.items() if value}
    name = f"{TOKEN_PREFIX}{quote(member, safe=':@/.-_')}"
    return f"{name}?{urlencode(said)}" if said else name


def read_mock_token(token: str, now: datetime) -> tuple[Caller, datetime | None]:
    """Read a mock token, and until when it lasts; None for ever.

    Raises:
        BadCredentials: It has expired, or names nobody.
    """
    text = token.removeprefix(TOKEN_PREFIX).partition(TOKEN_MARK)[0]
    member, _, query = text.partition("?")
    member = unquote(member)
    if not member.startswith(_CALLERS):
        raise BadCredentials("The mock token names nobody.")
    if not query:
        return Caller(member), None
    said = {key: values[-1] for key, values in parse_qs(query).items()}
    caller = Caller(
        member,
        scopes=frozenset(said.get("scope", "").split()),
        origin={key: said[key] for key in ("ip", "project", "network") if key in said},
    )
    try:
        until = parse_stamp(said["until"]) if "until" in said else None
        over = until is not None and until <= now
    except (ValueError, TypeError):
        raise BadCredentials("The mock token does not say until when it lasts.") from None
    if over:
        raise BadCredentials("The access token has expired.", EXPIRED)
    return caller, until


def issue(cloud: "Cloud", caller: Caller, lifetime: timedelta = LIFETIME) -> tuple[str, datetime]:
    """Give out a token for a caller; and the moment until which it lasts."""
    until = cloud.clock.now + lifetime
    said = {
        "member": caller.member,
        "until": stamp(until),
        "scopes": sorted(caller.scopes),
        "via": list(caller.via),
        "claims": dict(caller.claims),
        "origin": dict(caller.origin),
    }
    body = base64.urlsafe_b64encode(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).decode()
    body = body.rstrip("=")
    return f"{ISSUED_PREFIX}{body}.{_seal(cloud, body)}", until


def read_issued(cloud: "Cloud", token: str) -> tuple[Caller, datetime]:
    """Read a token that this cloud gave out, and until when it lasts.

    Raises:
        BadCredentials: It is another's, or has expired.
    """
    body, _, seal = token.removeprefix(ISSUED_PREFIX).rpartition(".")
    # Only ASCII can be compared as text, and a token may hold anything.
    if not hmac.compare_digest(seal.encode("utf-8", "surrogatepass"), _seal(cloud, body).encode()):
        raise BadCredentials("The access token was not given out by this cloud.")
    said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    until = parse_stamp(said["until"])
    if until <= cloud.clock.now:
        raise BadCredentials("The access token has expired.", EXPIRED)
    caller = Caller(
        said["member"],
        scopes=frozenset(said["scopes"]),
        via=tuple(said["via"]),
        claims=said["claims"],
        origin=said["origin"],
    )
    return caller, until


def _seal(cloud: "Cloud", body: str) -> str:
    key = f"mock cloud {cloud.ids.seed}".encode()
    return hmac.new(key, body.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]
