"""What a body mentions, whatever the API calls the field: accounts that something runs as, and other resources."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

ACCOUNT_FIELDS: Final = frozenset(
    {"serviceAccount", "serviceAccountEmail", "serviceAccountName", "runtimeServiceAccount", "oauthServiceAccount"}
)
"""Fields that say as which account something runs. In a list `serviceAccounts` it is the field `email`."""

_ACCOUNT: Final = re.compile(r"(?:projects/[^/]+/serviceAccounts/)?([^/@\s]+@[^/@\s]+gserviceaccount\.com)")
_KEY: Final = re.compile(r"(projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+)(?:/cryptoKeyVersions/\d+)?")


def accounts(body: object) -> Iterator[str]:
    """Give the addresses of the service accounts that a body says something will run as."""
    if isinstance(body, list):
        for each in body:
            yield from accounts(each)
    elif isinstance(body, dict):
        for name, value in body.items():
            if name in ACCOUNT_FIELDS and isinstance(value, str):
                found = _ACCOUNT.fullmatch(value)
                if found is not None:
                    yield found[1]
            elif name == "serviceAccounts" and isinstance(value, list):
                yield from (each["email"] for each in value if isinstance(each, dict) and _is_account(each))
            elif isinstance(value, (list, dict)):
                yield from accounts(value)


def _is_account(entry: Mapping[str, object]) -> bool:
    email = entry.get("email")
    return isinstance(email, str) and _ACCOUNT.fullmatch(email) is not None


def keys(body: object) -> Iterator[str]:
    """Give the full names of the Cloud KMS keys that a body mentions, without their versions."""
    return named(body, _KEY)


def named(body: object, form: re.Pattern[str]) -> Iterator[str]:
    """Give what the texts of a body name that have a form: the form's first group of each."""
    if isinstance(body, str):
        found = form.fullmatch(body)
        if found is not None:
            yield found[1]
    elif isinstance(body, list):
        for each in body:
            yield from named(each, form)
    elif isinstance(body, dict):
        for value in body.values():
            yield from named(value, form)
