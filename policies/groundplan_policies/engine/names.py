"""Short names of resource types: `storage.Bucket` for `gcp:storage/bucket:Bucket`."""

from functools import lru_cache

PROVIDER = "pulumi:providers:gcp"
"""Type token of the provider of Google Cloud; its short name is `Provider`."""


@lru_cache(maxsize=4096)
def token(short: str) -> str:
    """Give Pulumi's type token for a short name. A name with a colon is a token already."""
    if ":" in short:
        return short
    if short == "Provider":
        return PROVIDER
    module, _, name = short.rpartition(".")
    return f"gcp:{module}/{name[:1].lower()}{name[1:]}:{name}"


@lru_cache(maxsize=4096)
def short_name(type_token: str) -> str:
    """Give the short name of a type token of Google's provider; other tokens stay as they are."""
    if type_token == PROVIDER:
        return "Provider"
    package, _, rest = type_token.partition(":")
    place, _, name = rest.partition(":")
    return f"{place.partition('/')[0]}.{name}" if package == "gcp" and name else type_token
