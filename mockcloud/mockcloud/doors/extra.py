"""What Google answers beside its described methods: tokens, who a token is, certificates, the metadata server."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from mockcloud.cloud.call import Request
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError, not_found, unauthenticated
from mockcloud.discovery.catalogue import description
from mockcloud.doors.extra_tokens import exchanged
from mockcloud.doors.metadata_server import metadata_answer
from mockcloud.doors.wire.messages import HttpRequest, HttpResponse

Parameters = Mapping[str, str]
_Endpoint = Callable[[Cloud, HttpRequest], HttpResponse]

_METADATA: Final = frozenset({"metadata.google.internal", "metadata", "169.254.169.254"})
_SHARED: Final = frozenset({"www.googleapis.com", "oauth2.googleapis.com", "accounts.google.com", "", "127.0.0.1"})
_OAUTH_ERRORS: Final = frozenset(
    {"invalid_grant", "invalid_request", "invalid_target", "unauthorized_client", "unsupported_grant_type"}
)


def extra_answer(cloud: Cloud, request: HttpRequest) -> HttpResponse | None:
    """Answer what is no described method; None for everything else."""
    host, path = request.host.lower(), request.path
    if host in _METADATA or path.startswith("/computeMetadata/") or (path == "/" and _is_probe(request)):
        return metadata_answer(cloud, request)
    if not host and path.startswith(_PREFIXES):
        # A loopback address: the first part of the path is the host.
        host, _, rest = path[1:].partition("/")
        path = f"/{rest}"
    endpoint = _ENDPOINTS.get((host, path)) or (_ENDPOINTS.get(("*", path)) if host in _SHARED else None)
    if endpoint is not None:
        return endpoint(cloud, request)
    if host == "www.googleapis.com" and path.startswith(_ROBOT):
        return _certificates_of_account(cloud, unquote(path.removeprefix(_ROBOT)))
    return None


def _is_probe(request: HttpRequest) -> bool:
    """Whether a request asks if there is a metadata server, at whatever address it was told."""
    return request.headers.get("metadata-flavor", "").lower() == "google"


def answered(body: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """Write JSON."""
    return HttpResponse(status, {"Content-Type": "application/json; charset=UTF-8"}, json.dumps(body).encode())


def parameters_of(request: HttpRequest) -> Parameters:
    """Give the parameters of the query and of a body that is a form or JSON."""
    found = dict(parse_qsl(request.query, keep_blank_values=True))
    if "json" in request.headers.get("content-type", ""):
        try:
            body = json.loads(request.body or b"{}")
        except (ValueError, RecursionError):
            raise ApiError(
                400, "INVALID_ARGUMENT", "Invalid JSON payload received.", reason="invalid_request"
            ) from None
        return {**found, **{key: str(value) for key, value in body.items()}} if isinstance(body, dict) else found
    return {**found, **dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))}


def _oauth(answer: Callable[[], Mapping[str, Any]]) -> HttpResponse:
    """Answer as OAuth has it: a refusal says `error` and `error_description` (RFC 6749, 5.2)."""
    try:
        return answered(answer())
    except ApiError as error:
        reason = error.reason if error.reason in _OAUTH_ERRORS else "invalid_request"
        return answered({"error": reason, "error_description": error.message}, error.code)


def _token(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    return _oauth(lambda: exchanged(cloud, parameters_of(request)))


def _exchange(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    """Exchange a token of another provider: the described method, but as OAuth's clients send it, a form."""
    method = description("sts", "v1").routes.by_id["token"]
    call = Request(method=method, body=dict(parameters_of(request)), headers=request.headers, door=request.door)
    return _oauth(lambda: cloud.dispatch(call).body)


def _introspect(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    """Say whether a token counts (RFC 7662)."""
    caller = cloud.identify({"authorization": f"Bearer {parameters_of(request).get('token', '')}"})
    if caller is None:
        return answered({"active": False})
    return answered({"active": True, "sub": caller.member, "scope": " ".join(sorted(caller.scopes))})


def _revoke(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    """Take note that a token is not needed any more. It lasts as long as it would have: nothing here keeps tokens."""
    del cloud, request
    return answered({})


def _user_info(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    from mockcloud.cloud.callers import OWNER
    from mockcloud.cloud.rules.chain import Rule
    from mockcloud.services.oauth2 import user_info

    token = parameters_of(request).get("access_token", "")
    headers = {"authorization": f"Bearer {token}"} if token else request.headers
    caller = cloud.identify(headers)
    if caller is None and cloud.rules.on(Rule.AUTHENTICATION):
        raise unauthenticated("Invalid Credentials")
    found = user_info(cloud, caller or OWNER)
    # Version 1 of the older endpoint calls the subject an id.
    return answered({**found, "id": found["sub"]} if "/v1/" in request.path and "oauth2" in request.path else found)


def _token_info(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    from mockcloud.services.oauth2 import token_info

    given = parameters_of(request)
    access = given.get("access_token", "") or request.headers.get("authorization", "").partition(" ")[2]
    try:
        return answered(token_info(cloud, access, given.get("id_token", "")))
    except ApiError as error:
        return answered({"error": "invalid_token", "error_description": error.message}, 400)


def _certificates(cloud: Cloud, request: HttpRequest) -> HttpResponse:
    """Give the certificate with which identity tokens can be verified."""
    from mockcloud.cloud.keys import certificate, jwk, key_id, own_key

    del cloud
    pem = own_key()
    if "/v3/" in request.path:
        return answered({"keys": [jwk(pem)]})
    return answered({key_id(pem): certificate(pem, "mock cloud")})


def _certificates_of_account(cloud: Cloud, email: str) -> HttpResponse:
    """Give the public keys of a service account, those that users made and Google's own."""
    from mockcloud.cloud.keys import certificate

    account = cloud.accounts.get(email)
    if account is None:
        raise not_found(email, what="Service account")
    own = cloud.credentials.own_key(email)
    found = {cloud.credentials.own_key_id(email): certificate(own, email)}
    for key in cloud.store.page("iam", f"{account.name}/keys"):
        found[key.id] = key.hidden["public"]
    return answered(found)


_ROBOT: Final = "/robot/v1/metadata/x509/"
_ENDPOINTS: Final[Mapping[tuple[str, str], _Endpoint]] = {
    ("oauth2.googleapis.com", "/token"): _token,
    ("accounts.google.com", "/o/oauth2/token"): _token,
    ("www.googleapis.com", "/oauth2/v4/token"): _token,
    ("oauth2.googleapis.com", "/revoke"): _revoke,
    ("oauth2.googleapis.com", "/tokeninfo"): _token_info,
    ("*", "/oauth2/v1/tokeninfo"): _token_info,
    ("*", "/oauth2/v3/tokeninfo"): _token_info,
    ("openidconnect.googleapis.com", "/v1/userinfo"): _user_info,
    ("*", "/oauth2/v1/userinfo"): _user_info,
    ("*", "/oauth2/v3/userinfo"): _user_info,
    ("*", "/oauth2/v1/certs"): _certificates,
    ("*", "/oauth2/v3/certs"): _certificates,
    ("sts.googleapis.com", "/v1/token"): _exchange,
    ("sts.googleapis.com", "/v1/introspect"): _introspect,
}
"""What is answered: host (`*` for those that several share) and path."""
_PREFIXES: Final = tuple(sorted({f"/{host}/" for host, _ in _ENDPOINTS if host != "*"}))
