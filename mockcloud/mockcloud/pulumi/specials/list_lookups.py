"""Functions that list accounts and the versions of keys, and those that make tokens and keys of an account."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.functions import function
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.lookup import read_type
from mockcloud.pulumi.specials.accounts import account_name
from mockcloud.pulumi.specials.functions import public_keys
from mockcloud.pulumi.templates import fill

_IAM: Final = "iam.googleapis.com"
_KMS: Final = "cloudkms.googleapis.com"
_CREDENTIALS: Final = "iamcredentials.googleapis.com"


@function("kms/getCryptoKeyVersions:getCryptoKeyVersions")
def _versions(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    found = _versions_of(place, arguments)
    told = f"/filter={arguments['filter']}" if arguments.get("filter") else ""
    return {
        **arguments,
        "id": f"{arguments['cryptoKey']}/cryptoKeyVersions{told}",
        "versions": [_version(each) for each in found],
        "publicKeys": public_keys(place, found[0]) if found else [],
    }


@function("kms/getCryptoKeyLatestVersion:getCryptoKeyLatestVersion")
def _latest_version(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    found = max(_versions_of(place, arguments), key=lambda each: int(_version(each)["version"]), default=None)
    if found is None:
        raise Refused(NOT_FOUND, "The key has no version.", "NOT_FOUND", str(arguments["cryptoKey"]))
    return {**arguments, **_version(found), "publicKeys": public_keys(place, found)}


def _versions_of(place: Place, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    path = fill("v1/{cryptoKey}/cryptoKeyVersions?filter={filter}", arguments)
    return list(place.api.pages(_KMS, path, "cryptoKeyVersions"))


def _version(found: Mapping[str, Any]) -> dict[str, Any]:
    name = str(found["name"])
    return {
        "id": name,
        "name": name,
        "cryptoKey": name.partition("/cryptoKeyVersions/")[0],
        "version": int(name.rpartition("/")[2]),
        "state": found.get("state", ""),
        "algorithm": found.get("algorithm", ""),
        "protectionLevel": found.get("protectionLevel", ""),
    }


@function("serviceaccount/getS:getS")
def _accounts(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    project = place.project(arguments)
    prefix, pattern = str(arguments.get("prefix") or ""), str(arguments.get("regex") or "")
    found = [
        {
            "accountId": str(each["email"]).partition("@")[0],
            "email": each["email"],
            "member": f"serviceAccount:{each['email']}",
            "name": each["name"],
            "displayName": each.get("displayName", ""),
            "disabled": bool(each.get("disabled")),
            "uniqueId": each.get("uniqueId", ""),
        }
        for each in place.api.pages(_IAM, f"v1/projects/{project}/serviceAccounts", "accounts")
        if str(each["email"]).startswith(prefix) and re.search(pattern, str(each["email"]))
    ]
    return {**arguments, "id": f"projects/{project}", "project": project, "accounts": found}


@function("serviceaccount/getAccountKey:getAccountKey")
def _account_key(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    kind = arguments.get("publicKeyType") or "TYPE_X509_PEM_FILE"
    found = place.api.call("GET", _IAM, f"v1/{arguments['name']}?publicKeyType={kind}")
    told = {"keyAlgorithm": found.get("keyAlgorithm", ""), "publicKey": found.get("publicKeyData", "")}
    return {**arguments, **told, "id": str(arguments["name"])}


@function("serviceaccount/getAccountAccessToken:getAccountAccessToken")
def _access_token(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    name = account_name(place, str(arguments["targetServiceAccount"]), arguments)
    sent = {"scope": list(arguments["scopes"]), "lifetime": arguments.get("lifetime") or "3600s"}
    delegates = {"delegates": list(arguments["delegates"])} if arguments.get("delegates") else {}
    path = f"v1/projects/-/serviceAccounts/{_account_of(name)}:generateAccessToken"
    found = place.api.call("POST", _CREDENTIALS, path, {**sent, **delegates})
    return {**arguments, "id": name, "accessToken": found["accessToken"]}


@function("serviceaccount/getAccountIdToken:getAccountIdToken")
def _id_token(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    # Without an account the provider's own makes the token.
    name = account_name(place, str(arguments.get("targetServiceAccount") or _caller(place)), arguments)
    sent = {"audience": arguments["targetAudience"], "includeEmail": bool(arguments.get("includeEmail"))}
    delegates = {"delegates": list(arguments["delegates"])} if arguments.get("delegates") else {}
    path = f"v1/projects/-/serviceAccounts/{_account_of(name)}:generateIdToken"
    found = place.api.call("POST", _CREDENTIALS, path, {**sent, **delegates})
    return {**arguments, "id": str(arguments["targetAudience"]), "idToken": found["token"]}


def _account_of(name: str) -> str:
    return name.rpartition("/")[2]


@function("organizations/getClientOpenIdUserInfo:getClientOpenIdUserInfo")
def _who(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    email = _caller(place)
    return {**arguments, "id": email, "email": email}


def _caller(place: Place) -> str:
    """Give the address of the account that the provider works as."""
    return str(place.api.call("GET", "openidconnect.googleapis.com", "v1/userinfo").get("email", ""))


@function("monitoring/getNotificationChannel:getNotificationChannel")
def _channel(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {name: arguments[name] for name in ("displayName", "type") if arguments.get(name)}
    labels = {
        name: dict(arguments[name]) for name in ("labels", "userLabels") if isinstance(arguments.get(name), Mapping)
    }
    path = f"v3/projects/{place.project(arguments)}/notificationChannels"
    for each in place.api.pages("monitoring.googleapis.com", path, "notificationChannels"):
        fits = all(each.get(name) == value for name, value in wanted.items())
        if fits and all(value.items() <= (each.get(name) or {}).items() for name, value in labels.items()):
            kind = "gcp:monitoring/notificationChannel:NotificationChannel"
            return read_type(place, "monitoring/getNotificationChannel", kind, each)
    raise Refused(NOT_FOUND, f"No notification channel has {wanted | labels}.", "NOT_FOUND", path)
