"""Functions that list things, and those that make something of an account: tokens, its own address, its keys."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.functions import function
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.special import lifecycle_of
from mockcloud.pulumi.specials.accounts import account_name
from mockcloud.pulumi.specials.functions import public_keys
from mockcloud.pulumi.tabled import Tabled

_IAM: Final = "iam.googleapis.com"
_KMS: Final = "cloudkms.googleapis.com"
_CREDENTIALS: Final = "iamcredentials.googleapis.com"
_RESOURCES: Final = "cloudresourcemanager.googleapis.com"


def _filtered(path: str, arguments: Mapping[str, Any]) -> str:
    given = arguments.get("filter")
    return f"{path}?filter={quote(str(given), safe='')}" if given else path


def _each(place: Place, token: str, full: str) -> dict[str, Any]:
    """Give a thing of a list."""
    life = lifecycle_of(token)
    state = life.read(place, full, {}, {}) if isinstance(life, Tabled) else None
    return {**state.outputs, "id": state.id} if state else {"name": full}


@function("secretmanager/getSecrets:getSecrets")
def _secrets(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    project = place.project(arguments)
    path = _filtered(f"v1/projects/{project}/secrets", arguments)
    found = [
        _each(place, "gcp:secretmanager/secret:Secret", f"projects/{project}/secrets/{_last(each)}")
        for each in place.api.pages("secretmanager.googleapis.com", path, "secrets")
    ]
    return {"filter": "", **arguments, "id": f"projects/{project}/secrets", "project": project, "secrets": found}


def _last(each: Mapping[str, Any]) -> str:
    return str(each["name"]).rpartition("/")[2]


@function("kms/getKeyRings:getKeyRings")
def _key_rings(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    project = place.project(arguments)
    above = f"projects/{project}/locations/{arguments['location']}/keyRings"
    found = [
        {"id": each["name"], "name": _last(each)}
        for each in place.api.pages(_KMS, _filtered(f"v1/{above}", arguments), "keyRings")
    ]
    return {**arguments, "id": above, "project": project, "keyRings": found}


@function("kms/getCryptoKeys:getCryptoKeys")
def _crypto_keys(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    path = _filtered(f"v1/{arguments['keyRing']}/cryptoKeys", arguments)
    found = [
        _each(place, "gcp:kms/cryptoKey:CryptoKey", str(each["name"]))
        for each in place.api.pages(_KMS, path, "cryptoKeys")
    ]
    return {**arguments, "id": str(arguments["keyRing"]), "keys": found}


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
    found = max(_versions_of(place, arguments), key=lambda each: int(_last(each)), default=None)
    if found is None:
        raise Refused(NOT_FOUND, "The key has no version.", "NOT_FOUND", str(arguments["cryptoKey"]))
    return {**arguments, **_version(found), "publicKeys": public_keys(place, found)}


def _versions_of(place: Place, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    path = _filtered(f"v1/{arguments['cryptoKey']}/cryptoKeyVersions", arguments)
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


@function("organizations/getFolders:getFolders")
def _folders(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    parent = str(arguments["parentId"])
    names = ("name", "parent", "displayName", "state", "createTime", "updateTime", "deleteTime", "etag")
    found = [
        {name: each.get(name, "") for name in names}
        for each in place.api.pages(_RESOURCES, f"v3/folders?parent={parent}", "folders")
    ]
    return {**arguments, "id": parent, "folders": found}


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
    name = account_name(place, str(arguments["targetServiceAccount"]), arguments)
    sent = {"audience": arguments["targetAudience"], "includeEmail": bool(arguments.get("includeEmail"))}
    delegates = {"delegates": list(arguments["delegates"])} if arguments.get("delegates") else {}
    path = f"v1/projects/-/serviceAccounts/{_account_of(name)}:generateIdToken"
    found = place.api.call("POST", _CREDENTIALS, path, {**sent, **delegates})
    return {**arguments, "id": str(arguments["targetAudience"]), "idToken": found["token"]}


def _account_of(name: str) -> str:
    return name.rpartition("/")[2]


@function("organizations/getClientOpenIdUserInfo:getClientOpenIdUserInfo")
def _who(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    email = str(place.api.call("GET", "openidconnect.googleapis.com", "v1/userinfo").get("email", ""))
    return {**arguments, "id": email, "email": email}


@function("iam/getRule:getRule")
def _role(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {**arguments, **_role_told(place, str(arguments["name"]))}


def _role_told(place: Place, name: str) -> dict[str, Any]:
    found = place.api.call("GET", _IAM, f"v1/{name}")
    told = {each: found.get(each, "") for each in ("name", "title", "description", "stage")}
    permissions = found.get("includedPermissions", [])
    return {
        **told,
        "id": name,
        "includedPermissions": permissions,
        "permissions": permissions,
        "deleted": bool(found.get("deleted")),
    }


@function("projects/getIamCustomRole:getIamCustomRole")
def _project_role(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    project = place.project(arguments)
    told = _role_told(place, f"projects/{project}/roles/{arguments['roleId']}")
    return {**arguments, **told, "project": project}


@function("organizations/getIamCustomRole:getIamCustomRole")
def _organization_role(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {**arguments, **_role_told(place, f"organizations/{arguments['orgId']}/roles/{arguments['roleId']}")}


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
            return _each(place, "gcp:monitoring/notificationChannel:NotificationChannel", str(each["name"]))
    raise Refused(NOT_FOUND, f"No notification channel has {wanted | labels}.", "NOT_FOUND", path)


@function("logging/getSink:getSink")
def _sink(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    identifier = str(arguments["id"])
    found = place.api.call("GET", "logging.googleapis.com", f"v2/{identifier}")
    names = ("name", "description", "destination", "filter", "writerIdentity")
    told = {name: found.get(name, "") for name in names}
    return {
        **told,
        "id": identifier,
        "disabled": bool(found.get("disabled")),
        "exclusions": found.get("exclusions", []),
        "bigqueryOptions": found.get("bigqueryOptions"),
    }


@function("tags/getTagKeys:getTagKeys")
def _tag_keys(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return _tags(place, arguments, "tagKeys", "keys")


@function("tags/getTagValues:getTagValues")
def _tag_values(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return _tags(place, arguments, "tagValues", "values")


def _tags(place: Place, arguments: Mapping[str, Any], collection: str, answer: str) -> dict[str, Any]:
    parent = str(arguments["parent"])
    found = [
        {**each, "name": _last(each)}
        for each in place.api.pages(_RESOURCES, f"v3/{collection}?parent={quote(parent, safe='')}", collection)
    ]
    return {**arguments, "id": parent, answer: found}
