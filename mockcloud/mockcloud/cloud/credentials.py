"""Who the credentials of a call say that the caller is."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from mockcloud.cloud.callers import OWNER, Caller
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.tokens import (
    EXPIRED,
    ISSUED_PREFIX,
    TOKEN_MARK,
    TOKEN_PREFIX,
    BadCredentials,
    read_issued,
    read_mock_token,
)

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

__all__ = ["TOKEN_MARK", "TOKEN_PREFIX", "BadCredentials", "Credentials", "identify"]

_IAM: Final = "iam"
GOOGLE: Final = "https://accounts.google.com"
"""Issuer of the identity tokens that the cloud signs."""

_LONGEST: Final = 3600
"""Seconds that a token lasts at most that a service account signs itself."""
_MOST: Final = 4096


def identify(cloud: "Cloud", headers: Mapping[str, str]) -> Caller | None:
    """Find out who calls.

    Args:
        cloud: The cloud.
        headers: Headers of the call.

    Returns:
        The caller; None where the headers do not say, or say what the cloud does not take.
    """
    try:
        return cloud.credentials.caller(headers)
    except BadCredentials:
        return None


def signer(email: str) -> str:
    """Give the member who signs tokens as an address: a service account, or the owner with the key of a server."""
    return OWNER.member if email == OWNER.email else f"serviceAccount:{email}"


class Credentials:
    """What the credentials of calls say, remembered by token.

    Args:
        cloud: The cloud.
    """

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self._known: dict[str, tuple[Caller, datetime | None, int]] = {}
        self._first_seen: dict[str, datetime] = {}
        self._own_keys: dict[str, str] = {}

    def caller(self, headers: Mapping[str, str]) -> Caller | None:
        """Find out who calls; None where there are no credentials.

        Raises:
            BadCredentials: They are none that the cloud takes.
        """
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if not token:
            return None
        if scheme.lower() != "bearer":
            raise BadCredentials(f"The authorization scheme is {scheme!r}, and must be Bearer.")
        return self.of_token(token)

    def of_token(self, token: str) -> Caller:
        """Find out whose a token is.

        Raises:
            BadCredentials: It is none that the cloud takes.
        """
        # A service account can be disabled, or its key deleted: what is remembered holds while nothing of IAM changed.
        state = self._cloud.store.state(_IAM)
        known = self._known.get(token)
        if known is not None and known[2] == state:
            if known[1] is not None and known[1] <= self._cloud.clock.now:
                raise BadCredentials("The access token has expired.", EXPIRED)
            return known[0]
        caller, until = self._read(token)
        self._hold_account(caller)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[token] = (caller, until, state)
        return caller

    def lasts_until(self, token: str) -> datetime | None:
        """Give the moment until which a token lasts that was asked for already; None for ever."""
        known = self._known.get(token)
        return known[1] if known is not None else None

    def _read(self, token: str) -> tuple[Caller, datetime | None]:
        if token.startswith(TOKEN_PREFIX):
            return read_mock_token(token, self._cloud.clock.now)
        if token.startswith(ISSUED_PREFIX):
            return read_issued(self._cloud, token)
        if token.count(".") == 2:  # noqa: PLR2004 - header, claims, signature
            return self._self_signed(token)
        raise BadCredentials("The access token was not given out by this cloud.")

    def _self_signed(self, token: str) -> tuple[Caller, datetime]:
        """Read a token that a service account signed itself (https://google.aip.dev/auth/4111)."""
        claims = self.verified_claims(token)
        email = str(claims.get("iss", ""))
        if claims.get("sub", email) != email:
            raise BadCredentials("A token that a service account signs must be for itself: iss and sub differ.")
        return Caller(signer(email)), self.expiry(token, claims)

    def verified_claims(self, token: str) -> Mapping[str, object]:
        """Give the claims of a token that a service account of this cloud, or the cloud itself, has signed.

        Where nobody is asked who calls, any signature of an account will do: a test has a key that the cloud never saw.

        Raises:
            BadCredentials: Nobody that is known here has signed it.
        """
        # Cryptography is slow to import, and most clouds never see a signed token.
        from mockcloud.cloud.keys import BadToken, jwt_signed_by, read_jwt

        try:
            header, claims = read_jwt(token)
        except BadToken as error:
            raise BadCredentials(f"The token cannot be read: {error}.") from None
        issuer = str(claims.get("iss", ""))
        if issuer not in {OWNER.email, GOOGLE} and not self._cloud.rules.on(Rule.AUTHENTICATION):
            return claims
        public = self._public_key(str(header.get("kid", "")), issuer)
        if header.get("alg") != "RS256" or public is None or not jwt_signed_by(token, public):
            raise BadCredentials("The token is not signed with a key that this cloud knows.")
        return claims

    def _public_key(self, kid: str, issuer: str) -> str | None:
        """Find the public key of an issuer by its id. A key that is disabled or gone does not count."""
        from mockcloud.cloud.keys import key_id, own_key, owner_key, public_pem

        if issuer == OWNER.email:
            return public_pem(owner_key()) if kid == key_id(owner_key()) else None
        if issuer == GOOGLE:
            return public_pem(own_key())
        if kid == self.own_key_id(issuer):
            # Nothing is signed with a key that was never asked for, so none is made for a stranger's token.
            own = self._own_keys.get(self._cloud.accounts.unique_id(issuer))
            return public_pem(own) if own is not None else None
        account = self._cloud.accounts.get(issuer)
        if account is None:
            return None
        key = self._cloud.store.get(_IAM, f"{account.name}/keys/{kid}")
        if key is None or key.body.get("disabled"):
            return None
        return str(key.hidden["public"])

    def own_key_id(self, email: str) -> str:
        """Give the id of the key that Google keeps for a service account: 40 hexadecimal digits.

        It follows from the account, so that listing keys makes none.
        """
        from mockcloud.cloud.keys import key_id, own_key

        unique = self._cloud.accounts.unique_id(email)
        return hashlib.sha256(f"{key_id(own_key())}/{unique}".encode()).hexdigest()[:40]

    def own_key(self, email: str) -> str:
        """Give the private key that Google keeps for a service account, as PEM; made when first needed.

        Each account has its own: who may sign as one account must not be able to sign as another.
        """
        from mockcloud.cloud.keys import new_key

        unique = self._cloud.accounts.unique_id(email)
        return self._own_keys.get(unique) or self._own_keys.setdefault(unique, new_key())

    def expiry(self, token: str, claims: Mapping[str, object]) -> datetime:
        """Give the moment until which a signed token lasts.

        Clients stamp their tokens with the machine's clock, which is not the cloud's. So what counts is for how long a
        token was made, from the moment when the cloud first sees it.

        Raises:
            BadCredentials: It does not say, or lasts longer than an hour, or no longer.
        """
        issued, until = claims.get("iat"), claims.get("exp")
        if not isinstance(issued, (int, float)) or not isinstance(until, (int, float)):
            raise BadCredentials("The token does not say from when until when it lasts: iat and exp.")
        # Google's clients date the beginning some seconds back, for clocks that are late.
        slack = 60
        try:
            span = until - issued
        except OverflowError:
            span = 0
        if not 0 < span <= _LONGEST + slack:
            raise BadCredentials("The token lasts longer than an hour.")
        if len(self._first_seen) >= _MOST:
            self._first_seen.clear()
        end = self._first_seen.setdefault(token, self._cloud.clock.now) + timedelta(seconds=span)
        if end <= self._cloud.clock.now:
            raise BadCredentials("The token has expired.", EXPIRED)
        return end

    def _hold_account(self, caller: Caller) -> None:
        """Refuse a service account that is disabled."""
        account = self._cloud.accounts.get(caller.email) if caller.member.startswith("serviceAccount:") else None
        if account is not None and account.body.get("disabled"):
            raise BadCredentials(f"The service account {caller.email} is disabled.", "ACCOUNT_STATE_INVALID")
