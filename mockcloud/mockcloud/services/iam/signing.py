"""Signing as a service account, through the older methods of IAM; IAM Credentials has the newer ones."""

import base64
import json
from typing import Any

from mockcloud.cloud import keys
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.iam.service import ACCOUNTS, SERVICE
from mockcloud.services.reading import found


@SERVICE.method(f"{ACCOUNTS}.signBlob")
def sign_blob(call: Call) -> Answer | Body:
    """Sign bytes."""
    email = str(found(call).body["email"])
    key_id, signature = signed(call.cloud, email, call.body.get("bytesToSign", ""))
    return {"keyId": key_id, "signature": signature}


@SERVICE.method(f"{ACCOUNTS}.signJwt")
def sign_jwt(call: Call) -> Answer | Body:
    """Sign claims as a JSON Web Token."""
    return signed_claims(call.cloud, str(found(call).body["email"]), call.body.get("payload", ""))


def signed(cloud: Cloud, email: str, data: str) -> tuple[str, str]:
    """Sign bytes that are base64 as an account; give the id of the key and the signature, base64 too."""
    plain = base64.b64decode(data.replace("-", "+").replace("_", "/") + "=" * (-len(data) % 4))
    signature = keys.sign(cloud.credentials.own_key(email), plain)
    return cloud.credentials.own_key_id(email), base64.b64encode(signature).decode()


def signed_claims(cloud: Cloud, email: str, payload: str) -> Body:
    """Sign claims that are JSON as an account.

    Raises:
        ApiError: They are no JSON object.
    """
    try:
        claims: Any = json.loads(payload)
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise invalid("The payload must be a JSON object of claims.", Violation("payload", "It is none."))
    kid = cloud.credentials.own_key_id(email)
    return {"keyId": kid, "signedJwt": keys.signed_jwt(cloud.credentials.own_key(email), claims, kid=kid)}
