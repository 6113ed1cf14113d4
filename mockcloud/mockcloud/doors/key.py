"""Credentials of the mock cloud in files, where programs look for those of Google Cloud."""

import json
from pathlib import Path

from mockcloud.cloud.callers import OWNER
from mockcloud.cloud.credentials import TOKEN_PREFIX
from mockcloud.doors.extra_tokens import ENDPOINT_PATH


def write_key(path: Path, url: str, project: str) -> None:
    """Write the key of the cloud's owner, in the form of a service account's: for GOOGLE_APPLICATION_CREDENTIALS.

    Args:
        path: Where to. Only its owner may read it, as with a real one, though it opens nothing but the mock cloud.
        url: The server, which gives out the tokens too, so that nobody asks Google for them.
        project: Project where a program names none.
    """
    from mockcloud.cloud.keys import key_id, owner_key

    content = {
        "type": "service_account",
        "project_id": project,
        "private_key_id": key_id(owner_key()),
        "private_key": owner_key(),
        "client_email": OWNER.email,
        "client_id": "100000000000000000000",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": f"{url}{ENDPOINT_PATH}",
        "universe_domain": "googleapis.com",
    }
    _write(path, json.dumps(content, indent=2) + "\n")


def write_token(path: Path) -> None:
    """Write an access token of the owner of the cloud, for tools that read one from a file."""
    _write(path, TOKEN_PREFIX + OWNER.member)


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
