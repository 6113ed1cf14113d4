"""Signed addresses: who signed one, and whether it still holds.

A signature is checked against the keys that IAM knows of the account: those that were made or uploaded there, and those
with which the cloud signs for it. The signature of an account that IAM does not know is taken as it is.
Sources: https://cloud.google.com/storage/docs/authentication/canonical-requests and signatures (2026-11).
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, quote, unquote

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.doors.wire.messages import HttpRequest

_LONGEST: Final = 7 * 86_400
"""Seconds that an address of version 4 holds at most."""


def signer(cloud: Cloud, request: HttpRequest) -> str:
    """Give the e-mail address of who signed a request's address; "" for one that is not signed.

    Raises:
        ApiError: The signature is another's, or its time is over.
    """
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    lowered = {key.lower(): value for key, value in query.items()}
    if "x-goog-signature" in lowered:
        return _version_4(cloud, request, lowered)
    if {"signature", "googleaccessid", "expires"} <= lowered.keys():
        return _version_2(cloud, request, lowered)
    return ""


def _version_4(cloud: Cloud, request: HttpRequest, query: Mapping[str, str]) -> str:
    account, _, scope = query.get("x-goog-credential", "").partition("/")
    moment, algorithm = query.get("x-goog-date", ""), query.get("x-goog-algorithm", "")
    expires = query.get("x-goog-expires", "")
    try:
        begins = datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        until = begins + timedelta(seconds=int(expires))
    except (ValueError, OverflowError):
        until = None
    if until is None or not re.fullmatch(r"\d{8}T\d{6}Z", moment) or not 0 <= int(expires) <= _LONGEST:
        raise invalid("The signed address has no valid date, or holds for longer than a week.", reason="malformed")
    _hold_time(cloud, until)
    digest = hashlib.sha256(_canonical(request, query).encode()).hexdigest()
    text = f"{algorithm}\n{moment}\n{scope}\n{digest}"
    try:
        signature = bytes.fromhex(query["x-goog-signature"])
    except ValueError:
        signature = b""
    _hold_signature(cloud, account, signature, text.encode())
    return account


def _canonical(request: HttpRequest, query: Mapping[str, str]) -> str:
    """Write a request as its signature covers it."""
    pairs = parse_qsl(request.query, keep_blank_values=True)
    kept = sorted(
        (quote(name, safe="~"), quote(value, safe="~")) for name, value in pairs if name.lower() != "x-goog-signature"
    )
    names = query.get("x-goog-signedheaders", "host").lower().split(";")
    host = {"host": request.headers.get("host") or request.host}
    lines = [f"{name}:{' '.join({**request.headers, **host}.get(name, '').split())}" for name in names]
    payload = request.headers.get("x-goog-content-sha256", "UNSIGNED-PAYLOAD")
    path = quote(unquote(request.path), safe="/~")
    return "\n".join(
        [request.verb, path, "&".join(f"{name}={value}" for name, value in kept), *lines, "", ";".join(names), payload]
    )


def _version_2(cloud: Cloud, request: HttpRequest, query: Mapping[str, str]) -> str:
    account, expires = query["googleaccessid"], query["expires"]
    try:
        until = datetime.fromtimestamp(int(expires), UTC)
    except (ValueError, OverflowError, OSError):
        raise invalid("The signed address has no valid time.", reason="malformed") from None
    _hold_time(cloud, until)
    extensions = sorted(
        f"{name}:{value}"
        for name, value in request.headers.items()
        if name.startswith("x-goog-") and name not in {"x-goog-api-client", "x-goog-encryption-key"}
    )
    host = request.host
    bucket = host.removesuffix(".storage.googleapis.com") if host.endswith(".storage.googleapis.com") else ""
    path = f"/{bucket}{request.path}" if bucket else request.path
    headers = request.headers
    front = [request.verb, headers.get("content-md5", ""), headers.get("content-type", ""), expires]
    try:
        signature = base64.b64decode(query["signature"])
    except ValueError:
        signature = b""
    text = "\n".join([*front, *extensions, path])
    _hold_signature(cloud, account, signature, text.encode())
    return account


def _hold_time(cloud: Cloud, until: datetime) -> None:
    """Hold an address to its time. It is the machine's, at which it was signed; the cloud's is mostly behind it."""
    if until < cloud.clock.now:
        raise ApiError(400, "INVALID_ARGUMENT", "The provided token has expired.", reason="expiredToken")


def _hold_signature(cloud: Cloud, account: str, signature: bytes, text: bytes) -> None:
    known = [each for each in cloud.store.of("iam") if each.body.get("email") == account]
    if not known:
        return
    of_account = cloud.store.page("iam", f"{known[0].name}/keys")
    # Cryptography is slow to import, and most servers never see a signed address.
    from mockcloud.cloud import keys

    public = [each.hidden["public"] for each in of_account if "public" in each.hidden]
    own = [keys.public_pem(cloud.credentials.own_key(account)), keys.public_pem(keys.owner_key())]
    if not any(keys.verified(each, signature, text) for each in [*public, *own]):
        raise ApiError(
            403,
            "PERMISSION_DENIED",
            "The request signature we calculated does not match the signature you provided. Check your Google secret "
            "key and signing method.",
            reason="signatureDoesNotMatch",
        )
