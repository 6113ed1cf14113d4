"""Keys of service accounts: real RSA keys, so that what is signed with them can be verified."""

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud import keys
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.errors import failed_precondition, invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.iam.service import API, SERVICE

_KEYS: Final = "projects.serviceAccounts.keys"
_NEVER: Final = "9999-12-31T23:59:59Z"
_MOST: Final = 10
"""Keys that users may have for one account (https://cloud.google.com/iam/quotas)."""
_BITS: Final[Mapping[str, int]] = {"KEY_ALG_RSA_1024": 1024, "KEY_ALG_RSA_2048": 2048}

SERVICE.collection(_KEYS, state=None, items="keys")


def _account(call: Call) -> Record:
    name = call.name.partition("/keys")[0]
    record = call.cloud.store.get(API, name)
    if record is None:
        raise not_found(name, what="Service account")
    return record


def _own(call: Call, account: Record) -> dict[str, Any]:
    """Give the key that Google keeps for an account."""
    return {
        "name": f"{account.name}/keys/{call.cloud.credentials.own_key_id(account.body['email'])}",
        "validAfterTime": stamp(call.cloud.clock.now),
        "validBeforeTime": _NEVER,
        "keyAlgorithm": "KEY_ALG_RSA_2048",
        "keyOrigin": "GOOGLE_PROVIDED",
        "keyType": "SYSTEM_MANAGED",
    }


@SERVICE.method(f"{_KEYS}.create")
def create(call: Call) -> Answer | Body:
    """Make a key. Its private half is in this answer and never again."""
    account = _account(call)
    kind = call.body.get("privateKeyType", "TYPE_GOOGLE_CREDENTIALS_FILE")
    algorithm = call.body.get("keyAlgorithm", "KEY_ALG_RSA_2048")
    if kind == "TYPE_UNSPECIFIED":
        kind = "TYPE_GOOGLE_CREDENTIALS_FILE"
    if kind == "TYPE_PKCS12_FILE":
        raise invalid("Keys as PKCS 12 files are not made here.", Violation("private_key_type", "Ask for a JSON file."))
    pem = keys.new_key(_BITS.get(algorithm, 2048))
    algorithm = algorithm if algorithm in _BITS else "KEY_ALG_RSA_2048"
    record = _add(call, account, keys.public_pem(pem), keys.key_id(pem), algorithm, "GOOGLE_PROVIDED")
    file = base64.b64encode(json.dumps(_file(account, record.id, pem), indent=2).encode()).decode()
    return {**record.body, "privateKeyType": kind, "privateKeyData": file}


def _file(account: Record, kid: str, pem: str) -> dict[str, str]:
    """Give the credentials file, as Google's libraries read it."""
    email = account.body["email"]
    return {
        "type": "service_account",
        "project_id": account.body["projectId"],
        "private_key_id": kid,
        "private_key": pem,
        "client_email": email,
        "client_id": account.body["uniqueId"],
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_x509_cert_url": f"https://www.googleapis.com/robot/v1/metadata/x509/{email.replace('@', '%40')}",
        "universe_domain": "googleapis.com",
    }


@SERVICE.method(f"{_KEYS}.upload")
def upload(call: Call) -> Answer | Body:
    """Take the public half of a key that its owner made."""
    account = _account(call)
    try:
        public = base64.b64decode(call.body.get("publicKeyData", "")).decode()
    except ValueError:
        public = ""
    if "BEGIN CERTIFICATE" not in public:
        raise invalid("The public key must be an X.509 certificate.", Violation("public_key_data", "It is none."))
    kid = call.cloud.ids.hexadecimal(f"{account.name}/keys", 40)
    return _add(call, account, public, kid, "KEY_ALG_RSA_2048", "USER_PROVIDED").body


def _add(call: Call, account: Record, public: str, kid: str, algorithm: str, origin: str) -> Record:
    if len(call.cloud.store.page(API, f"{account.name}/keys")) >= _MOST:
        raise failed_precondition(f"A service account has at most {_MOST} keys.")
    body = {
        "name": f"{account.name}/keys/{kid}",
        "validAfterTime": stamp(call.cloud.clock.now),
        "validBeforeTime": _NEVER,
        "keyAlgorithm": algorithm,
        "keyOrigin": origin,
        "keyType": "USER_MANAGED",
    }
    return call.cloud.create(Record(API, body["name"], body, {"public": public}))


@SERVICE.method(f"{_KEYS}.get")
def get(call: Call) -> Answer | Body:
    """Give a key, with its public half if the call asks for it."""
    account = _account(call)
    record = call.cloud.store.get(API, call.name)
    if record is None and call.name == _own(call, account)["name"]:
        email = account.body["email"]
        own = call.cloud.credentials.own_key(email)
        return _shown(call, _own(call, account), keys.certificate(own, email))
    if record is None:
        raise not_found(call.name, what="Service account key")
    return _shown(call, record.body, record.hidden["public"])


def _shown(call: Call, body: Body, public: str) -> Body:
    asked = call.text("publicKeyType")
    if asked in {"TYPE_X509_PEM_FILE", "TYPE_RAW_PUBLIC_KEY"}:
        return {**body, "publicKeyData": base64.b64encode(public.encode()).decode()}
    return body


@SERVICE.method(f"{_KEYS}.list")
def list_(call: Call) -> Answer | Body:
    """Give the keys of an account, with the one that Google keeps."""
    account = _account(call)
    asked = call.query.get("keyTypes", [])
    kinds = {asked} if isinstance(asked, str) else set(asked)
    kinds.discard("KEY_TYPE_UNSPECIFIED")
    found = [each.body for each in call.cloud.store.page(API, call.name)]
    return {"keys": [each for each in [*found, _own(call, account)] if not kinds or each["keyType"] in kinds]}


@SERVICE.method(f"{_KEYS}.disable", f"{_KEYS}.enable")
def switch(call: Call) -> Answer | Body:
    """Switch a key off or on."""
    record = _managed(call)
    body = {key: value for key, value in record.body.items() if key not in {"disabled", "disableReason"}}
    off = {"disabled": True, "disableReason": "SERVICE_ACCOUNT_KEY_DISABLE_REASON_USER_INITIATED"}
    call.cloud.change(record, {**body, **off} if call.method.id.endswith("disable") else body)
    return {}


@SERVICE.method(f"{_KEYS}.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a key. Tokens that were made with it count no more."""
    call.cloud.delete(_managed(call))
    return {}


def _managed(call: Call) -> Record:
    account = _account(call)
    record = call.cloud.store.get(API, call.name)
    if record is None:
        if call.name == _own(call, account)["name"]:
            raise failed_precondition("A key that Google keeps cannot be changed.")
        raise not_found(call.name, what="Service account key")
    return record
