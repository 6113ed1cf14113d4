"""Tokens, who a token is, certificates and the metadata server, over plain HTTP."""

import base64
from typing import Any
from urllib.parse import urlencode

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.federation import Refused, identity, subject_token, verified_subject
from mockcloud.cloud.instance import Instance
from mockcloud.cloud.keys import BadToken, jwk, new_key, read_jwt, signed_jwt, verified
from mockcloud.cloud.store import Record
from mockcloud.cloud.tokens import mock_token
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import ALICE, PROJECT, ask

EMAIL = "a@acme.iam.gserviceaccount.com"
TOKEN = "oauth2.googleapis.com/token"
ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"
METADATA = "metadata.google.internal/computeMetadata/v1"
FORM = "application/x-www-form-urlencoded"


DEEP = base64.urlsafe_b64encode(b"[" * 30_000).decode()
"""JSON that is nested too deeply to be read."""


@pytest.fixture
def cloud() -> Cloud:
    made = new_cloud("strict", off=["enablement"])
    made.projects.ensure("acme")
    made.accounts.add("acme", EMAIL)
    return made


def post(cloud: Cloud, url: str, **given: str) -> tuple[int, Any]:
    return ask(cloud, "POST", url, urlencode(given).encode(), token="", content_type=FORM)


def assertion(cloud: Cloud, **more: Any) -> str:
    """Sign as the account, with Google's own key of it."""
    claims = {
        "iss": EMAIL,
        "aud": "https://oauth2.googleapis.com/token",
        "iat": 1000,
        "exp": 4600,
        "scope": "s",
        **more,
    }
    kept = {key: value for key, value in claims.items() if value is not None}
    return signed_jwt(cloud.credentials.own_key(EMAIL), kept, kid=cloud.credentials.own_key_id(EMAIL))


def test_an_assertion_is_worth_a_token(cloud: Cloud) -> None:
    code, answered = post(cloud, TOKEN, grant_type=ASSERTION, assertion=assertion(cloud))
    assert (code, answered["scope"]) == (200, "s")
    assert cloud.credentials.of_token(answered["access_token"]).email == EMAIL
    told = ask(cloud, "GET", f"oauth2.googleapis.com/tokeninfo?access_token={answered['access_token']}", token="")[1]
    assert (told["email"], told["expires_in"]) == (EMAIL, "3600")
    _, answered = post(
        cloud,
        "www.googleapis.com/oauth2/v4/token",
        grant_type=ASSERTION,
        assertion=assertion(cloud, target_audience="x"),
    )
    assert read_jwt(answered["id_token"])[1]["aud"] == "x"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"assertion": "nonsense"}, "invalid_grant"),
        ({"assertion": "W10.W10.x"}, "invalid_grant"),
        ({"assertion": "x.y.z"}, "invalid_grant"),
        ({"assertion": {"exp": 9999}}, "invalid_grant"),
        ({"assertion": {"iat": None}}, "invalid_grant"),
        ({"assertion": {"iat": 10**400, "exp": 1.5}}, "invalid_grant"),
        ({"assertion": f"{DEEP}.{DEEP}.x"}, "invalid_grant"),
        ({"assertion": {"aud": "https://evil.test"}}, "invalid_grant"),
        ({"assertion": {"iss": "b@acme.iam.gserviceaccount.com"}}, "invalid_grant"),
        ({"assertion": {"sub": "alice@acme.test"}}, "unauthorized_client"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "mock.nobody"}, "invalid_grant"),
    ],
)
def test_what_is_worth_nothing_is_refused_as_oauth_does(cloud: Cloud, given: dict[str, Any], error: str) -> None:
    given = {"grant_type": ASSERTION, **given}
    if isinstance(given.get("assertion"), dict):
        given["assertion"] = assertion(cloud, **given["assertion"])
    code, answered = post(cloud, TOKEN, **given)
    assert (code, answered["error"]) == (400, error)


def test_tokens_and_bodies_that_cannot_be_read_are_refused(cloud: Cloud) -> None:
    url = f"aiplatform.googleapis.com/v1/{PROJECT}/locations/l/models"
    assert ask(cloud, "GET", url, token="ya29.mock-x.é")[0] == 401
    assert ask(cloud, "GET", url, token=f"{DEEP}.{DEEP}.x")[0] == 401
    assert ask(cloud, "POST", TOKEN, b"[" * 30_000, token="", content_type="application/json")[0] == 400


def test_a_key_of_another_signs_nothing(cloud: Cloud) -> None:
    foreign = signed_jwt(new_key(), {"iss": EMAIL, "aud": "x", "iat": 1, "exp": 2})
    assert post(cloud, TOKEN, grant_type=ASSERTION, assertion=foreign)[1]["error"] == "invalid_grant"
    assert ask(cloud, "GET", f"aiplatform.googleapis.com/v1/{PROJECT}/locations/l/models", token=foreign)[0] == 401


def test_any_refresh_token_is_the_owners_where_nobody_asks() -> None:
    cloud = new_cloud()
    _, answered = post(cloud, TOKEN, grant_type="refresh_token", refresh_token="1//whatever")
    assert cloud.credentials.of_token(answered["access_token"]).member == "user:owner@mock.test"
    assert ask(cloud, "GET", "openidconnect.googleapis.com/v1/userinfo", token="")[1]["email"] == "owner@mock.test"


def test_a_signed_token_lasts_as_long_as_it_says_from_when_it_is_first_seen(cloud: Cloud) -> None:
    token = assertion(cloud, aud="https://aiplatform.googleapis.com/")
    url = f"aiplatform.googleapis.com/v1/{PROJECT}/locations/l/models"
    assert ask(cloud, "GET", url, token=token)[0] == 403
    cloud.advance(3599)
    assert ask(cloud, "GET", url, token=token)[0] == 403
    cloud.advance(1)
    assert ask(cloud, "GET", url, token=token)[0] == 401
    assert ask(cloud, "GET", url, token=assertion(cloud, sub="alice@acme.test"))[0] == 401


def test_who_a_token_is_is_told_in_three_ways(cloud: Cloud) -> None:
    token = mock_token(ALICE)
    assert ask(cloud, "GET", "openidconnect.googleapis.com/v1/userinfo", token=token)[1]["hd"] == "acme.test"
    older = ask(cloud, "GET", "www.googleapis.com/oauth2/v1/userinfo", token=token)[1]
    assert older["id"] == older["sub"]
    assert ask(cloud, "GET", f"www.googleapis.com/oauth2/v3/userinfo?access_token={token}", token="")[0] == 200
    assert ask(cloud, "GET", "www.googleapis.com/oauth2/v3/userinfo", token="")[0] == 401
    assert ask(cloud, "GET", "www.googleapis.com/oauth2/v2/userinfo", token=token)[1]["verified_email"]
    assert ask(cloud, "GET", "www.googleapis.com/oauth2/v2/userinfo", token="")[0] == 401
    described = ask(cloud, "POST", f"www.googleapis.com/oauth2/v2/tokeninfo?access_token={token}", token="")[1]
    assert described["email"] == "alice@acme.test"
    assert ask(cloud, "GET", "www.googleapis.com/oauth2/v3/tokeninfo?access_token=x", token="")[0] == 400
    workload = mock_token("principal://iam.googleapis.com/x/subject/s", scopes=["a"])
    assert (
        "email" not in ask(cloud, "GET", f"www.googleapis.com/oauth2/v1/tokeninfo?access_token={workload}", token="")[1]
    )
    json_body = ask(
        cloud, "POST", "sts.googleapis.com/v1/introspect", {"token": token}, token="", content_type="application/json"
    )
    assert json_body[1] == {"active": True, "sub": ALICE, "scope": ""}
    assert post(cloud, "sts.googleapis.com/v1/introspect", token="x")[1] == {"active": False}
    assert ask(cloud, "POST", TOKEN, b"{", token="", content_type="application/json")[0] == 400
    assert post(cloud, "oauth2.googleapis.com/revoke", token=token) == (200, {})


def test_a_loopback_address_has_the_host_in_its_path(cloud: Cloud) -> None:
    answered = ask(cloud, "GET", "/openidconnect.googleapis.com/v1/userinfo", token=mock_token(ALICE))
    assert answered[1]["email"] == "alice@acme.test"


def test_the_keys_of_an_account_are_public(cloud: Cloud) -> None:
    url = f"www.googleapis.com/robot/v1/metadata/x509/{EMAIL.replace('@', '%40')}"
    assert list(ask(cloud, "GET", url, token="")[1]) == [cloud.credentials.own_key_id(EMAIL)]
    made = ask(cloud, "POST", f"iam.googleapis.com/v1/{PROJECT}/serviceAccounts/{EMAIL}/keys", {})[1]
    assert made["name"].rpartition("/")[2] in ask(cloud, "GET", url, token="")[1]
    assert ask(cloud, "GET", "www.googleapis.com/robot/v1/metadata/x509/none", token="")[0] == 404
    jwks = ask(cloud, "GET", f"sts.googleapis.com/v1/{PROJECT}/locations/global/workloadIdentityPools/p/openid/jwks")
    assert jwks[0] in {200, 404}


def test_keys_refuse_what_they_cannot_read() -> None:
    assert not verified("nonsense", b"x", b"y")
    for text in ("a.b", "W10.W10.x", "!.!.!"):
        with pytest.raises(BadToken):
            read_jwt(text)


# Machines
# ---------------------------------------------------------------------------------------------------------------------


def look(cloud: Cloud, path: str, *, flavor: str = "Google") -> tuple[int, Any]:
    return ask(cloud, "GET", f"{METADATA}/{path}", token="", metadata_flavor=flavor)


def test_a_machine_asks_for_itself(cloud: Cloud) -> None:
    cloud.instance = Instance(project="acme", zone="europe-west4-b", name="vm")
    number = cloud.projects.number_of("acme")
    default = f"{number}-compute@developer.gserviceaccount.com"
    assert ask(cloud, "GET", "metadata.google.internal/", token="") == (200, "computeMetadata/\n")
    assert ask(cloud, "GET", "metadata.google.internal/other", token="")[0] == 404
    assert look(cloud, "project/project-id", flavor="")[0] == 403
    assert look(cloud, "project/project-id") == (200, "acme")
    assert look(cloud, "project/numeric-project-id")[1] == int(number)
    assert look(cloud, "instance/zone")[1] == f"projects/{number}/zones/europe-west4-b"
    assert look(cloud, "instance/region")[1] == f"projects/{number}/regions/europe-west4"
    assert look(cloud, "instance/service-accounts/") == (200, f"default/\n{default}/\n")
    assert look(cloud, "instance/service-accounts/default/email") == (200, default)
    shown = look(cloud, "instance/service-accounts/?recursive=true")[1]
    assert shown["default"]["aliases"] == ["default"]
    one = look(cloud, "instance/service-accounts/default/?recursive=true")[1]
    assert one["scopes"] == ["https://www.googleapis.com/auth/cloud-platform"]
    assert look(cloud, "universe/universe-domain") == (200, "googleapis.com")
    for missing in ("instance/none", "instance/service-accounts/other/token", "instance/service-accounts/default/none"):
        assert look(cloud, missing)[0] == 404
    token = look(cloud, "instance/service-accounts/default/token?scopes=a,b")[1]["access_token"]
    caller = cloud.credentials.of_token(token)
    assert (caller.email, set(caller.scopes), dict(caller.origin)) == (default, {"a", "b"}, {"project": "acme"})
    assert look(cloud, "instance/service-accounts/default/identity")[0] == 400
    identity_ = look(cloud, "instance/service-accounts/default/identity?audience=x")[1]
    assert read_jwt(identity_)[1]["email"] == default


# Federation
# ---------------------------------------------------------------------------------------------------------------------

POOL = f"{PROJECT}/locations/global/workloadIdentityPools/p"
AUDIENCE = f"//iam.googleapis.com/{POOL}/providers/x"
ISSUER = "https://issuer.test"


def provider(cloud: Cloud, **more: Any) -> Record:
    body = {"name": f"{POOL}/providers/x", "oidc": {"issuerUri": ISSUER}, **more}
    cloud.store.put(Record("iam", POOL, {"name": POOL}))
    return cloud.store.put(Record("iam", f"{POOL}/providers/x", body))


def exchange(cloud: Cloud, **more: str) -> tuple[int, Any]:
    token = subject_token(cloud, issuer=ISSUER, subject="s", audience=AUDIENCE)
    given = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "audience": AUDIENCE,
        "scope": "a b",
        "subject_token": token,
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        **more,
    }
    return post(cloud, "sts.googleapis.com/v1/token", **given)


def test_a_token_is_exchanged_and_exchanged_again(cloud: Cloud) -> None:
    provider(cloud)
    code, answered = exchange(cloud)
    assert (code, answered["token_type"]) == (200, "Bearer")
    caller = cloud.credentials.of_token(answered["access_token"])
    assert caller.member == f"principal://iam.googleapis.com/{POOL}/subject/s"
    assert caller.scopes == {"a", "b"}
    access = "urn:ietf:params:oauth:token-type:access_token"
    again = exchange(cloud, subject_token_type=access, subject_token=answered["access_token"])
    assert cloud.credentials.of_token(again[1]["access_token"]).member == caller.member
    assert exchange(cloud, subject_token_type=access, subject_token="x")[1]["error"] == "invalid_grant"
    assert exchange(cloud, subject_token_type=access, options="{}")[0] == 501


@pytest.mark.parametrize(
    ("more", "code", "error"),
    [
        ({"grant_type": "other"}, 400, "unsupported_grant_type"),
        ({"requested_token_type": "other"}, 400, "invalid_request"),
        ({"subject_token_type": "urn:ietf:params:aws:token-type:aws4_request"}, 501, "invalid_request"),
        ({"audience": "nonsense"}, 400, "invalid_request"),
        ({"audience": AUDIENCE.replace("/x", "/none")}, 400, "invalid_target"),
        ({"subject_token": "nonsense"}, 400, "invalid_grant"),
        ({"subject_token": "e30.e30.x"}, 400, "invalid_grant"),
    ],
)
def test_an_exchange_is_refused(cloud: Cloud, more: dict[str, str], code: int, error: str) -> None:
    provider(cloud)
    answered = exchange(cloud, **more)
    assert (answered[0], answered[1]["error"]) == (code, error)


def test_a_provider_lists_its_own_keys(cloud: Cloud) -> None:
    import json

    pem = new_key()
    keys = json.dumps({"keys": [jwk(pem), {"kty": "EC"}]})
    made = provider(cloud, oidc={"issuerUri": ISSUER, "jwksJson": keys, "allowedAudiences": ["mine"]})
    claims = {"iss": ISSUER, "sub": "s", "aud": ["mine", "other"], "iat": 1, "exp": 100}
    assert verified_subject(cloud, made, signed_jwt(pem, claims))["sub"] == "s"
    with pytest.raises(Refused, match=r"not signed"):
        verified_subject(cloud, made, signed_jwt(new_key(), claims))
    with pytest.raises(Refused, match=r"cannot be read"):
        verified_subject(cloud, provider(cloud, oidc={"issuerUri": ISSUER, "jwksJson": "[]"}), signed_jwt(pem, claims))
    with pytest.raises(Refused, match=r"not valid"):
        verified_subject(cloud, made, signed_jwt(pem, {**claims, "exp": 99_999}))


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"attributeMapping": {"attribute.x": "assertion.sub"}}, "google.subject"),
        ({"attributeMapping": {"google.subject": "assertion.none"}}, "mapping cannot be evaluated"),
        ({"attributeMapping": {"google.subject": "assertion.long"}}, "127"),
        ({"attributeCondition": "google.subject == 'other'"}, "condition"),
    ],
)
def test_a_mapping_gives_a_subject(cloud: Cloud, more: dict[str, Any], problem: str) -> None:
    made = provider(cloud, **more)
    with pytest.raises(Refused, match=problem):
        identity(Record("iam", POOL, {"name": POOL}), made, {"sub": "s", "long": "x" * 200})


def test_what_is_not_modelled_of_federation_is_named(cloud: Cloud) -> None:
    from mockcloud.cloud.errors import ApiError

    pool = Record("iam", POOL, {"name": POOL})
    with pytest.raises(ApiError, match=r"OpenID Connect"):
        verified_subject(cloud, Record("iam", "x", {"aws": {}}), "x")
    with pytest.raises(ApiError, match=r"frob"):
        identity(pool, Record("iam", "x", {"attributeMapping": {"google.subject": "frob(1)"}}), {"sub": "s"})
