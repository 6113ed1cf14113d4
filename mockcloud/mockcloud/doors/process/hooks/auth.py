"""google.auth: the default credentials are the open cloud's; nothing is looked up."""

import functools
import os

from mockcloud.doors.process import sessions
from mockcloud.doors.process.foreign import Foreign


def install(auth: Foreign) -> None:
    """Hook `google.auth`."""
    from google.auth import _default

    original = auth.default

    @functools.wraps(original)
    def default(
        scopes: Foreign = None,
        request: object = None,
        quota_project_id: str | None = None,
        default_scopes: Foreign = None,
    ) -> Foreign:
        if not sessions.OPEN:
            return original(scopes, request, quota_project_id, default_scopes)
        from mockcloud.doors.process.credentials import credentials_of

        session = sessions.choose()
        found = credentials_of(session).with_scopes(scopes, default_scopes)
        if quota_project_id:
            found = found.with_quota_project(quota_project_id)
        return found, os.environ.get("GOOGLE_CLOUD_PROJECT") or session.project

    auth.default = default
    _default.default = default
