"""What a body mentions, whatever the API calls the field: accounts that something runs as, and other resources."""

import re
from typing import Final

ACCOUNT_FIELDS: Final = frozenset(
    {"serviceAccount", "serviceAccountEmail", "serviceAccountName", "runtimeServiceAccount", "oauthServiceAccount"}
)
"""Fields that say as which account something runs. Where they hold messages, it is the field `email` of these."""

_ACCOUNT: Final = re.compile(r"(?:projects/[^/]+/serviceAccounts/)?([^/@\s]+@[^/@\s]+gserviceaccount\.com)")
_KEY: Final = re.compile(r"(projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+)(?:/cryptoKeyVersions/\d+)?")


def accounts(body: object) -> list[str]:
    """Give the addresses of the service accounts that a body says something will run as."""
    found: list[str] = []
    asked = [body]
    for each in asked:  # which grows meanwhile
        if isinstance(each, list):
            asked += each
        elif isinstance(each, dict):
            for name, value in each.items():
                if isinstance(value, str):
                    account = _ACCOUNT.fullmatch(value) if name in ACCOUNT_FIELDS else None
                    if account is not None:
                        found.append(account[1])
                elif name == "serviceAccounts" and isinstance(value, list):
                    found += [entry["email"] for entry in value if _is_account(entry)]
                elif name == "serviceAccount" and _is_account(value):
                    found.append(value["email"])
                else:
                    asked.append(value)
    return found


def _is_account(entry: object) -> bool:
    email = entry.get("email") if isinstance(entry, dict) else None
    return isinstance(email, str) and _ACCOUNT.fullmatch(email) is not None


def keys(body: object) -> list[str]:
    """Give the full names of the Cloud KMS keys that a body mentions, without their versions."""
    return named(body, _KEY)


def named(body: object, form: re.Pattern[str]) -> list[str]:
    """Give what the texts of a body name that have a form: the form's first group of each."""
    found: list[str] = []
    asked = [body]
    for each in asked:  # which grows meanwhile
        if isinstance(each, str):
            name = form.fullmatch(each)
            if name is not None:
                found.append(name[1])
        elif isinstance(each, dict):
            asked += each.values()
        elif isinstance(each, list):
            asked += each
    return found
