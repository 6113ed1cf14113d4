"""The key of a service account of the mock cloud: what GOOGLE_APPLICATION_CREDENTIALS points at."""

import json
from pathlib import Path
from typing import Final

ACCOUNT: Final = "owner@{project}.iam.gserviceaccount.com"
_RSA_BITS: Final = 2048
"""The least that Google's libraries sign with."""


def write_key(path: Path, url: str, project: str) -> None:
    """Write a key for a server. Its private half is new, and opens nothing but the mock cloud.

    Args:
        path: Where to. Only its owner may read it, as with a real one.
        url: The server, which gives out the tokens too, so that nobody asks Google for them.
        project: Project of the account.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    private = rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    email = ACCOUNT.format(project=project)
    content = {
        "type": "service_account",
        "project_id": project,
        "private_key_id": "mock",
        "private_key": private.decode(),
        "client_email": email,
        "client_id": "100000000000000000000",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": f"{url}/token",
        "universe_domain": "googleapis.com",
    }
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
