"""Short names of resource types: `storage.Bucket` for `gcp:storage/bucket:Bucket`."""

from functools import lru_cache
from typing import Final

PROVIDER = "pulumi:providers:gcp"
"""Type token of the provider of Google Cloud; its short name is `Provider`."""

_ODD: Final = {"privilegedaccessmanager.Entitlement": "gcp:privilegedaccessmanager/entitlement:entitlement"}
"""Short name -> token of the types that the provider does not name as all others (pulumi_gcp 10.2)."""
_ODD_NAMES: Final = {token: short for short, token in _ODD.items()}


@lru_cache(maxsize=4096)
def token(short: str) -> str:
    """Give Pulumi's type token for a short name. A name with a colon is a token already."""
    if ":" in short:
        return short
    if short == "Provider":
        return PROVIDER
    if short in _ODD:
        return _ODD[short]
    module, _, name = short.rpartition(".")
    return f"gcp:{module}/{name[:1].lower()}{name[1:]}:{name}"


@lru_cache(maxsize=4096)
def short_name(type_token: str) -> str:
    """Give the short name of a type token of Google's provider; other tokens stay as they are."""
    if type_token == PROVIDER:
        return "Provider"
    if type_token in _ODD_NAMES:
        return _ODD_NAMES[type_token]
    package, _, rest = type_token.partition(":")
    place, _, name = rest.partition(":")
    return f"{place.partition('/')[0]}.{name}" if package == "gcp" and name else type_token
