"""IAM over REST: pools, denials, roles, questions, and what it refuses."""

import base64
import json
from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.keys import read_jwt
from mockcloud.cloud.organisations import ORGANISATION, found
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import ALICE, PROJECT, ask, grant, status

IAM = "iam.googleapis.com/v1"
V2 = "iam.googleapis.com/v2"
POOLS = f"{IAM}/{PROJECT}/locations/global/workloadIdentityPools"
ACCOUNTS = f"{IAM}/{PROJECT}/serviceAccounts"
EMAIL = "trainer@acme.iam.gserviceaccount.com"


@pytest.fixture
def cloud() -> Cloud:
    made = new_cloud("strict", off=["enablement"], waits="poll")
    found(made)
    made.projects.ensure("acme")
    return made


def done(cloud: Cloud, answered: tuple[int, Any]) -> Any:
    assert answered[0] == 200, answered
    code, operation = ask(cloud, "GET", f"{IAM}/{answered[1]['name']}")
    assert (code, operation["done"]) == (200, True), operation
    return operation["response"]


@pytest.mark.parametrize(
    ("base", "name", "extra"),
    [
        (POOLS, "workloadIdentityPoolId", {}),
        (f"{IAM}/locations/global/workforcePools", "workforcePoolId", {"parent": ORGANISATION}),
    ],
)
def test_a_pool_is_deleted_for_a_while(cloud: Cloud, base: str, name: str, extra: dict[str, str]) -> None:
    made = done(cloud, ask(cloud, "POST", f"{base}?{name}=p", {"displayName": "p", **extra}))
    assert made["state"] == "ACTIVE"
    query = "?parent=" + ORGANISATION if extra else ""
    collection = base.rpartition("/")[2]
    assert len(ask(cloud, "GET", f"{base}{query}")[1][collection]) == 1
    assert ask(cloud, "POST", f"{base}/p:undelete", {})[0] == 400
    gone = done(cloud, ask(cloud, "DELETE", f"{base}/p"))
    assert gone["state"] == "DELETED"
    assert ask(cloud, "DELETE", f"{base}/p")[0] == 400
    assert ask(cloud, "GET", f"{base}{query}")[1] == {}
    shown = ask(cloud, "GET", f"{base}{query or '?'}&showDeleted=true")[1]
    assert "expireTime" in shown[collection][0]
    assert done(cloud, ask(cloud, "POST", f"{base}/p:undelete", {}))["state"] == "ACTIVE"
    assert ask(cloud, "DELETE", f"{base}/none")[0] == (403 if extra else 404)


def test_a_workforce_pool_needs_an_id_of_its_own(cloud: Cloud) -> None:
    base = f"{IAM}/locations/global/workforcePools"
    assert ask(cloud, "POST", base, {"parent": ORGANISATION})[0] == 400
    assert ask(cloud, "POST", f"{base}?workforcePoolId=p", {"parent": ORGANISATION})[0] == 200
    assert ask(cloud, "POST", f"{base}?workforcePoolId=p", {"parent": ORGANISATION})[0] == 409
    provider = f"{base}/p/providers?workforcePoolProviderId=x"
    assert done(cloud, ask(cloud, "POST", provider, {"oidc": {"issuerUri": "https://i"}}))["state"] == "ACTIVE"


def denials(container: str) -> str:
    return f"{V2}/policies/cloudresourcemanager.googleapis.com%2F{container.replace('/', '%2F')}/denypolicies"


def test_a_policy_that_denies_is_attached_changed_and_detached(cloud: Cloud) -> None:
    grant(cloud, "roles/iam.serviceAccountAdmin", ALICE)
    assert status(cloud, ALICE, "GET", ACCOUNTS) == 200
    rule = {
        "deniedPrincipals": ["principal://goog/subject/alice@acme.test"],
        "deniedPermissions": ["iam.googleapis.com/serviceAccounts.list"],
    }
    body = {"displayName": "d", "rules": [{"denyRule": rule}]}
    base = denials(PROJECT)
    code, operation = ask(cloud, "POST", f"{base}?policyId=d", body)
    assert code == 200
    assert ask(cloud, "GET", f"{V2}/{operation['name']}")[1]["response"]["kind"] == "DenyPolicy"
    assert status(cloud, ALICE, "GET", ACCOUNTS) == 403
    assert ask(cloud, "POST", f"{base}?policyId=d", body)[0] == 409
    policy = ask(cloud, "GET", f"{base}/d")[1]
    assert policy["name"].endswith("/denypolicies/d")
    assert "rules" not in ask(cloud, "GET", base)[1]["policies"][0]
    changed = {**policy, "rules": []}
    assert ask(cloud, "PUT", f"{base}/d", changed)[0] == 200
    assert status(cloud, ALICE, "GET", ACCOUNTS) == 200
    assert ask(cloud, "PUT", f"{base}/d", changed)[0] == 409
    assert ask(cloud, "DELETE", f"{base}/d")[0] == 200
    assert ask(cloud, "GET", f"{base}/d")[0] == 404
    assert ask(cloud, "GET", base)[1] == {}
    assert status(cloud, ALICE, "POST", base, body) == 403
    assert ask(cloud, "POST", denials(ORGANISATION), body)[0] == 200


def test_roles_are_listed_and_asked_about(cloud: Cloud) -> None:
    first = ask(cloud, "GET", f"{IAM}/roles?pageSize=5")[1]
    assert len(first["roles"]) == 5
    assert "includedPermissions" not in first["roles"][0]
    assert ask(cloud, "GET", f"{IAM}/roles/nothing.here")[0] == 404
    grantable = {"fullResourceName": f"//cloudkms.googleapis.com/{PROJECT}/locations/l/keyRings/r", "view": "FULL"}
    roles = ask(cloud, "POST", f"{IAM}/roles:queryGrantableRoles", grantable)[1]["roles"]
    assert "roles/cloudkms.admin" in {each["name"] for each in roles}
    assert {each["name"].split(".")[0] for each in roles} == {"roles/cloudkms"}
    project = {"fullResourceName": f"//cloudresourcemanager.googleapis.com/{PROJECT}", "pageSize": 10}
    paged = ask(cloud, "POST", f"{IAM}/roles:queryGrantableRoles", project)[1]
    assert paged["nextPageToken"] == "10"
    del grantable["view"]
    testable = ask(cloud, "POST", f"{IAM}/permissions:queryTestablePermissions", grantable)[1]["permissions"]
    assert "cloudkms.cryptoKeys.create" in {each["name"] for each in testable}
    assert "services" in ask(cloud, "POST", f"{IAM}/iamPolicies:queryAuditableServices", grantable)[1]
    lint = f"{IAM}/iamPolicies:lintPolicy"
    assert ask(cloud, "POST", lint, {"condition": {"expression": "true"}})[1] == {}
    assert ask(cloud, "POST", lint, {"condition": {"expression": "frob()"}})[1]["lintResults"][0]["severity"] == "ERROR"


def test_a_custom_role_is_refused_where_it_makes_no_sense(cloud: Cloud) -> None:
    base = f"{IAM}/{PROJECT}/roles"
    assert ask(cloud, "POST", base, {"roleId": "x"})[0] == 400
    unknown = {"roleId": "mine", "role": {"includedPermissions": ["storage.objects.get", "storage.objects.frobnicate"]}}
    refused = ask(cloud, "POST", base, unknown)
    assert refused[0] == 400
    assert refused[1]["error"]["message"] == "Permission storage.objects.frobnicate is not valid."
    asked = ["storage.objects.get", "aiplatform.models.get"]
    made = ask(cloud, "POST", base, {"roleId": "mine", "role": {"title": "t", "includedPermissions": asked}})
    assert made[1]["includedPermissions"] == sorted(asked)
    lists = {"includedPermissions": ["resourcemanager.projects.list"]}
    assert ask(cloud, "PATCH", f"{base}/mine?updateMask=includedPermissions", lists)[0] == 400
    assert ask(cloud, "POST", base, {"roleId": "mine", "role": {}})[0] == 409
    assert ask(cloud, "PATCH", f"{base}/mine", {"title": "u", "etag": "c3RhbGU="})[0] == 409
    assert ask(cloud, "PATCH", f"{base}/mine", {"title": "u"})[1]["title"] == "u"
    assert ask(cloud, "GET", f"{IAM}/roles?parent={PROJECT}&view=FULL")[1]["roles"][0]["title"] == "u"
    assert ask(cloud, "GET", f"{base}/none")[0] == 404
    assert ask(cloud, "DELETE", f"{base}/mine")[1]["deleted"]
    assert ask(cloud, "DELETE", f"{base}/mine")[0] == 400
    assert "roles" not in ask(cloud, "GET", base)[1]
    assert "deleted" not in ask(cloud, "POST", f"{base}/mine:undelete", {})[1]
    assert ask(cloud, "POST", f"{base}/mine:undelete", {})[0] == 400


def test_an_account_is_changed_signed_for_and_missing(cloud: Cloud) -> None:
    assert ask(cloud, "POST", ACCOUNTS, {"accountId": "x"})[0] == 400
    made = ask(cloud, "POST", ACCOUNTS, {"accountId": "trainer"})[1]
    assert made["email"] == EMAIL
    updated = ask(cloud, "PUT", f"{ACCOUNTS}/{EMAIL}", {"displayName": "T", "description": "d"})[1]
    assert (updated["displayName"], updated["description"]) == ("T", "d")
    any_project = f"{IAM}/projects/-/serviceAccounts"
    assert ask(cloud, "GET", f"{any_project}/{made['uniqueId']}")[1]["email"] == EMAIL
    assert ask(cloud, "GET", f"{any_project}/none@acme.iam.gserviceaccount.com")[0] == 404
    blob = {"bytesToSign": base64.b64encode(b"x").decode()}
    assert ask(cloud, "POST", f"{ACCOUNTS}/{EMAIL}:signBlob", blob)[1]["signature"]
    assert ask(cloud, "POST", f"{ACCOUNTS}/{EMAIL}:signJwt", {"payload": "{}"})[1]["signedJwt"].count(".") == 2
    assert ask(cloud, "POST", f"{ACCOUNTS}/{EMAIL}:signJwt", {"payload": "[]"})[0] == 400
    assert ask(cloud, "POST", f"{ACCOUNTS}/{EMAIL}:signJwt", {"payload": "no"})[0] == 400
    assert ask(cloud, "DELETE", f"{ACCOUNTS}/{EMAIL}")[0] == 200
    assert ask(cloud, "POST", ACCOUNTS, {"accountId": "trainer"})[0] == 200
    assert ask(cloud, "POST", f"{any_project}/{made['uniqueId']}:undelete", {})[0] == 400
    assert ask(cloud, "POST", f"{any_project}/123:undelete", {})[0] == 403


def test_keys_are_real_few_and_partly_googles_own(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    from mockcloud.services.iam import account_keys

    ask(cloud, "POST", ACCOUNTS, {"accountId": "trainer"})
    base = f"{ACCOUNTS}/{EMAIL}/keys"
    assert ask(cloud, "POST", base, {"privateKeyType": "TYPE_PKCS12_FILE"})[0] == 400
    monkeypatch.setattr(account_keys, "_MOST", 1)
    made = ask(cloud, "POST", base, {"privateKeyType": "TYPE_UNSPECIFIED", "keyAlgorithm": "KEY_ALG_RSA_1024"})[1]
    assert made["keyAlgorithm"] == "KEY_ALG_RSA_1024"
    assert ask(cloud, "POST", base, {})[0] == 400
    assert ask(cloud, "POST", f"{base}:upload", {"publicKeyData": "eA=="})[0] == 400
    assert ask(cloud, "POST", f"{base}:upload", {"publicKeyData": "/w=="})[0] == 400
    own = next(e for e in ask(cloud, "GET", base)[1]["keys"] if e["keyType"] == "SYSTEM_MANAGED")
    public = ask(cloud, "GET", f"{IAM}/{own['name']}?publicKeyType=TYPE_X509_PEM_FILE")[1]["publicKeyData"]
    assert b"BEGIN CERTIFICATE" in base64.b64decode(public)
    assert ask(cloud, "DELETE", f"{IAM}/{own['name']}")[0] == 400
    assert "publicKeyData" not in ask(cloud, "GET", f"{IAM}/{made['name']}")[1]
    assert ask(cloud, "GET", f"{base}/none")[0] == 404
    assert ask(cloud, "DELETE", f"{base}/none")[0] == 404
    assert ask(cloud, "GET", f"{ACCOUNTS}/none@acme.iam.gserviceaccount.com/keys")[0] == 404


@pytest.mark.parametrize(
    ("verb", "body", "code"),
    [
        ("generateAccessToken", {}, 400),
        ("generateAccessToken", {"scope": ["s"], "lifetime": "50000s"}, 400),
        ("generateAccessToken", {"scope": ["s"], "lifetime": "1800s"}, 200),
        ("generateIdToken", {}, 400),
        ("generateIdToken", {"audience": "a"}, 200),
        ("signJwt", {"payload": "no"}, 400),
    ],
)
def test_credentials_are_asked_for_with_sense(cloud: Cloud, verb: str, body: dict[str, Any], code: int) -> None:
    ask(cloud, "POST", ACCOUNTS, {"accountId": "trainer"})
    url = f"iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{EMAIL}:{verb}"
    assert ask(cloud, "POST", url, body)[0] == code


@pytest.mark.parametrize("host", ["iam.googleapis.com/v1/projects/acme", "iamcredentials.googleapis.com/v1/projects/-"])
def test_who_signs_as_one_account_is_not_another(cloud: Cloud, host: str) -> None:
    other = "admin@acme.iam.gserviceaccount.com"
    for each in ("trainer", "admin"):
        ask(cloud, "POST", ACCOUNTS, {"accountId": each})
    whole = "iamcredentials" in host

    def entered(issuer: str) -> tuple[int, int]:
        claims = {"iss": issuer, "aud": "https://oauth2.googleapis.com/token", "iat": 1000, "exp": 4600, "scope": "s"}
        signer = f"{host}/serviceAccounts/{EMAIL}"
        token = ask(cloud, "POST", f"{signer}:signJwt", {"payload": json.dumps(claims)})[1]["signedJwt"]
        kid = read_jwt(token)[0]["kid"]
        # The parts of a token can as well be signed as plain bytes, under the id of any key.
        given = {"alg": "RS256", "kid": kid if issuer == EMAIL else cloud.credentials.own_key_id(issuer)}
        parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in (given, claims)]
        text = ".".join(parts)
        blob = {"payload" if whole else "bytesToSign": base64.b64encode(text.encode()).decode()}
        signed = ask(cloud, "POST", f"{signer}:signBlob", blob)[1]["signedBlob" if whole else "signature"]
        signature = base64.urlsafe_b64encode(base64.b64decode(signed)).decode().rstrip("=")
        return worth(cloud, token), worth(cloud, f"{text}.{signature}")

    assert entered(EMAIL) == (200, 200)
    assert entered(other) == (400, 400)
    assert entered("https://accounts.google.com") == (400, 400)


def worth(cloud: Cloud, token: str) -> int:
    """Give the status with which the token endpoint answers what an account has signed."""
    given = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": token}
    return ask(cloud, "POST", "oauth2.googleapis.com/token", given, token="", content_type="application/json")[0]


def test_nobody_acts_for_an_account_that_there_is_not(cloud: Cloud) -> None:
    url = "iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/none@acme.iam.gserviceaccount.com"
    assert ask(cloud, "POST", f"{url}:generateAccessToken", {"scope": ["s"]})[0] == 404


def test_each_of_a_chain_must_be_allowed_the_next(cloud: Cloud) -> None:
    emails = [f"{letter * 6}@acme.iam.gserviceaccount.com" for letter in "abc"]
    for email in emails:
        cloud.accounts.add("acme", email)
    members = ["user:alice@acme.test", *(f"serviceAccount:{each}" for each in emails)]
    for member, email in zip(members, emails, strict=False):
        role, name = "roles/iam.serviceAccountTokenCreator", f"{PROJECT}/serviceAccounts/{email}"
        grant(cloud, role, member, name=name, api="iam")

    def impersonated(*delegates: str) -> int:
        url = f"iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{emails[2]}:generateAccessToken"
        body = {"scope": ["s"], "delegates": [f"projects/-/serviceAccounts/{each}" for each in delegates]}
        return ask(cloud, "POST", url, body, token="mock.user:alice@acme.test")[0]

    assert impersonated(*emails[:2]) == 200
    assert [impersonated(), impersonated(emails[0]), impersonated(emails[1])] == [403, 403, 403]


def test_a_token_of_more_than_an_hour_needs_a_policy(cloud: Cloud) -> None:
    ask(cloud, "POST", ACCOUNTS, {"accountId": "trainer"})
    url = f"iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{EMAIL}:generateAccessToken"
    body = {"scope": ["s"], "lifetime": "7200s"}
    assert ask(cloud, "POST", url, body)[0] == 400
    name = "policies/iam.allowServiceAccountCredentialLifetimeExtension"
    spec = {"rules": [{"values": {"allowedValues": [EMAIL]}}]}
    made = {"name": f"{ORGANISATION}/{name}", "spec": spec}
    assert ask(cloud, "POST", f"orgpolicy.googleapis.com/v2/{ORGANISATION}/policies", made)[0] == 200
    assert ask(cloud, "POST", url, body)[1]["expireTime"].startswith("2026-01-01T02:00")


def test_a_disabled_account_is_not_impersonated(cloud: Cloud) -> None:
    ask(cloud, "POST", ACCOUNTS, {"accountId": "trainer"})
    ask(cloud, "POST", f"{ACCOUNTS}/{EMAIL}:disable", {})
    base = "iamcredentials.googleapis.com/v1/projects/-/serviceAccounts"
    assert ask(cloud, "POST", f"{base}/{EMAIL}:generateIdToken", {"audience": "a"})[0] == 400
    assert ask(cloud, "POST", f"{base}/123:generateIdToken", {"audience": "a"})[0] == 404
    assert ask(cloud, "GET", f"{base}/{EMAIL}/allowedLocations")[1]["encodedLocations"] == "0x0"
