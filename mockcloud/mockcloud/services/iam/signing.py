"""Signing as a service account, through the older methods of IAM; IAM Credentials has the newer ones."""

import base64
import json
from typing import Any

from mockcloud.cloud import keys
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.iam.service import ACCOUNTS, SERVICE
from mockcloud.services.reading import found


@SERVICE.method(f"{ACCOUNTS}.signBlob")
def sign_blob(call: Call) -> Answer | Body:
    """Sign bytes."""
    found(call)
    key_id, signature = signed(call.body.get("bytesToSign", ""))
    return {"keyId": key_id, "signature": signature}


@SERVICE.method(f"{ACCOUNTS}.signJwt")
def sign_jwt(call: Call) -> Answer | Body:
    """Sign claims as a JSON Web Token."""
    found(call)
    return signed_claims(call.body.get("payload", ""))


def signed(data: str) -> tuple[str, str]:
    """Sign bytes that are base64; give the id of the key and the signature, base64 too."""
    pem = keys.own_key()
    plain = base64.b64decode(data.replace("-", "+").replace("_", "/") + "=" * (-len(data) % 4))
    return keys.key_id(pem), base64.b64encode(keys.sign(pem, plain)).decode()


def signed_claims(payload: str) -> Body:
    """Sign claims that are JSON.

    Raises:
        ApiError: They are no JSON object.
    """
    try:
        claims: Any = json.loads(payload)
    except ValueError:
        claims = None
    if not isinstance(claims, dict):
        raise invalid("The payload must be a JSON object of claims.", Violation("payload", "It is none."))
    pem = keys.own_key()
    return {"keyId": keys.key_id(pem), "signedJwt": keys.signed_jwt(pem, claims)}
