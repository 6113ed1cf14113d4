"""Credentials of the mock cloud in files, where programs look for those of Google Cloud."""

import json
from pathlib import Path
from typing import Final

from mockcloud.cloud.callers import OWNER
from mockcloud.cloud.credentials import TOKEN_PREFIX

ACCOUNT: Final = "owner@{project}.iam.gserviceaccount.com"


def write_key(path: Path, url: str, project: str) -> None:
    """Write the key of a service account: what GOOGLE_APPLICATION_CREDENTIALS points at.

    Args:
        path: Where to. Only its owner may read it, as with a real one, though it opens nothing but the mock cloud.
        url: The server, which gives out the tokens too, so that nobody asks Google for them.
        project: Project of the account.
    """
    from mockcloud.cloud.keys import key_id, own_key

    content = {
        "type": "service_account",
        "project_id": project,
        "private_key_id": key_id(own_key()),
        "private_key": own_key(),
        "client_email": ACCOUNT.format(project=project),
        "client_id": "100000000000000000000",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": f"{url}/token",
        "universe_domain": "googleapis.com",
    }
    _write(path, json.dumps(content, indent=2) + "\n")


def write_token(path: Path) -> None:
    """Write an access token of the owner of the cloud, for tools that read one from a file."""
    _write(path, TOKEN_PREFIX + OWNER.member)


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
