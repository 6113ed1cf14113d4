"""google.auth: the default credentials are the open cloud's, and so are those of a file. None are looked up."""

import functools
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from mockcloud.cloud.callers import OWNER
from mockcloud.doors.environment import DEFAULT_PROJECT
from mockcloud.doors.process import sessions
from mockcloud.doors.process.foreign import Foreign

_VARIABLES: Final = ("GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT")
"""Variables of the environment that name the project (google.auth.environment_vars)."""

Loaded = tuple[object, str | None]
"""Credentials and project, as google.auth gives them."""


def install(auth: Foreign) -> None:
    """Hook `google.auth`."""
    from google.auth import _default

    for name, own in (
        ("default", _from_environment),
        ("load_credentials_from_file", _from_file),
        ("load_credentials_from_dict", _from_dict),
    ):
        hooked = _hooked(getattr(auth, name), own)
        for module in (auth, _default):
            setattr(module, name, hooked)
    # Whoever took `default` from google.auth before has the original, which asks this first.
    asked_first = "_get_explicit_environ_credentials"
    setattr(_default, asked_first, _hooked(getattr(_default, asked_first), _from_environment))


def install_async(default_async: Foreign) -> None:
    """Hook `google.auth._default_async`."""
    default_async.default_async = _hooked(default_async.default_async, _from_environment)
    default_async.load_credentials_from_file = _hooked(default_async.load_credentials_from_file, _from_file)


def _hooked(original: Foreign, own: Foreign) -> Foreign:
    @functools.wraps(original)
    def loaded(*args: Foreign, **kwargs: Foreign) -> Foreign:
        return own(*args, **kwargs) if sessions.OPEN else original(*args, **kwargs)

    return loaded


def _from_environment(
    scopes: Foreign = None,
    request: object = None,
    quota_project_id: str | None = None,
    default_scopes: Foreign = None,
) -> Loaded:
    del request
    session = sessions.choose()
    project = session.project or next(filter(None, map(os.environ.get, _VARIABLES)), DEFAULT_PROJECT)
    return _made(session, OWNER.member, scopes, default_scopes, quota_project_id), project


def _from_file(
    filename: Foreign,
    scopes: Foreign = None,
    default_scopes: Foreign = None,
    quota_project_id: str | None = None,
    request: object = None,
) -> Loaded:
    """Give the credentials that a file names. One that is not there stands for the default credentials."""
    path = Path(filename)
    info = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return _from_dict(info, scopes, default_scopes, quota_project_id, request)


def _from_dict(
    info: Mapping[str, Foreign],
    scopes: Foreign = None,
    default_scopes: Foreign = None,
    quota_project_id: str | None = None,
    request: object = None,
) -> Loaded:
    del request
    session = sessions.choose()
    project = info.get("project_id") or session.project or DEFAULT_PROJECT
    return _made(session, _member(info), scopes, default_scopes, quota_project_id), project


def _member(info: Mapping[str, Foreign]) -> str:
    """Tell who the credentials of a file are: a service account, an impersonated one, a user, else the owner."""
    if email := info.get("client_email"):
        return f"serviceAccount:{email}"
    if address := info.get("service_account_impersonation_url"):
        return f"serviceAccount:{address.rpartition('/')[2].partition(':')[0]}"
    if account := info.get("account"):
        return f"user:{account}"
    return OWNER.member


def _made(
    session: sessions.Session, member: str, scopes: Foreign, default_scopes: Foreign, quota_project: str | None
) -> object:
    from mockcloud.doors.process.credentials import MockCredentials

    return MockCredentials(session.token(member), member, quota_project, scopes, default_scopes)
